import { describe, expect, test } from "vitest";
import type { GateView, Snapshot } from "../../../src/serve/api.ts";
import { view } from "../../../src/serve/view.ts";
import { cardsOf } from "../../../src/wall/cards/cards.ts";
import { gateCards } from "../../../src/wall/cards/gate.ts";
import { wordsIn } from "../../../src/wall/text.ts";
import { again, begin, burning, calmPlant, cycle, info } from "../../serve/plants.ts";

const en = wordsIn("en", "Asia/Seoul");
const quiet: GateView = { maintenance: null, disarmed: [], armedFor: [], twoPeople: [], open: [], broken: null };
const kim = { by: "Kim", why: "new PDUs" };

function snapshot(values = {}): Snapshot {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  return view(plant, info, { build: "1", hasHistory: false });
}

const said = (gate: Partial<GateView> | "away" | null, values = {}) =>
  gateCards(typeof gate === "string" || gate === null ? gate : { ...quiet, ...gate }, snapshot(values), en);

describe("the gate's card", () => {
  test("is not there while the site file alone says what is armed, nor before the gate has answered", () => {
    expect(said({})).toEqual([]);
    expect(said(null)).toEqual([]);
  });

  test("counts maintenance down, with who said so and how many orders are held", () => {
    const open = [
      { id: "a", sentAt: null },
      { id: "b", sentAt: 1 },
    ];
    expect(said({ maintenance: { ...kim, until: begin + 60_000 }, open })).toMatchObject([
      {
        title: "Nothing is written for",
        big: { kind: "countdown", until: begin + 60_000 },
        line: "Kim · 1 held",
        marked: true,
      },
    ]);
  });

  test("tells what is disarmed before what is armed for a time, and of each what ends first", () => {
    const disarmed = [
      { ...kim, response: "move-tier-0" },
      { ...kim, response: "drain-site", until: begin + 5000 },
    ];
    const armedFor = [{ by: "Ahn", why: "drill", response: "dark-hall-1", until: begin + 1000 }];
    expect(said({ disarmed, armedFor }, burning)).toMatchObject([
      {
        title: "Disarmed for",
        big: { kind: "countdown", until: begin + 5000 },
        line: "Everything else moves · Kim · 2 more",
        marked: true,
      },
    ]);
    expect(said({ armedFor })).toMatchObject([{ title: "Armed for", line: "dark-hall-1 · Ahn", marked: false }]);
    expect(said({ disarmed: disarmed.slice(0, 1) })).toMatchObject([{ big: { kind: "text", text: "no end" } }]);
    const both = said({ maintenance: { ...kim, until: begin + 60_000 }, armedFor });
    expect(both.map(({ key }) => key)).toEqual(["gate", "armings"]);
  });

  test("says that a gate cannot write, or has not answered any more", () => {
    expect(said({ broken: "the ledger is full" })).toMatchObject([
      { big: { text: "no writes" }, line: "the ledger is full" },
    ]);
    expect(said("away")).toMatchObject([{ big: { kind: "unknown" }, line: "nothing is written until it is back" }]);
  });

  test("comes before all that will not be done while it holds", () => {
    const gate = { ...quiet, maintenance: { ...kim, until: begin + 60_000 } };
    const keys = cardsOf(snapshot(burning), 4, en, gate).map(({ key }) => key);
    expect(keys.slice(0, 2)).toEqual(["gate", "empty-ups-a"]);
    expect(keys).toHaveLength(4);
  });
});

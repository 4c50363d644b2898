import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/serve/api.ts";
import { view } from "../../../src/serve/view.ts";
import { cardsOf, progressOf } from "../../../src/wall/cards/cards.ts";
import { countdownText } from "../../../src/wall/format.ts";
import { wordsIn } from "../../../src/wall/text.ts";
import { again, begin, burning, calmPlant, cycle, info, stretch } from "../../serve/plants.ts";

const en = wordsIn("en", "Asia/Seoul");

function later(...stories: readonly (readonly [after: number, values: Readonly<Record<string, number>>])[]): Snapshot {
  const plant = calmPlant();
  for (const [after, values] of stories) cycle(plant, begin + after, again(values));
  return view(plant, info, { build: "1", hasHistory: false });
}

/** What the cards say, with countdowns as they stand at the snapshot's instant. */
const said = (snapshot: Snapshot, max = 4): readonly (readonly string[])[] =>
  cardsOf(snapshot, max, en).map(({ title, big, line }) => [
    title,
    big.kind === "countdown" ? countdownText(big.until - snapshot.at) : big.text,
    line,
  ]);

describe("the cards", () => {
  test("of a calm day are margins", () => {
    expect(said(later())).toEqual([
      ["Margin if one feed fails", "21 kW", "51 of 80 kW"],
      ["Battery if supply fails", "11:40", "UPS A is the first"],
      ["Cooling margin", "5.4 K", "Hall 1 24.6 °C, limit 30"],
      ["Next drill", "15 Jun", "Move tier 0"],
    ]);
  });

  test("of an event count down what runs out, what runs and what begins next", () => {
    expect(said(later([1000, burning]))).toEqual([
      ["UPS A: battery empty", "11:40", "charge 80 % · 26 kW"],
      ["Login → Anyang", "01:30", "step 1/2 · 0 confirmed"],
      ["Stretch the batteries in", "00:25", "move normal −8.5 kW"],
      ["Everything else moves in", "06:00", "Everything else → Anyang"],
    ]);
  });

  test("put what waits for a yes before what runs", () => {
    const keys = cardsOf(later([1000, burning], [27_000, burning]), 4, en).map(({ key }) => key);
    expect(keys).toEqual(["empty-ups-a", stretch, "move-tier-0", "drain-site"]);
    expect(said(later([1000, burning], [27_000, burning]))[1]).toEqual([
      "Stretch the batteries",
      "Approve?",
      "move normal −8.5 kW",
    ]);
  });

  test("never pretend to know a runtime that nobody reports", () => {
    const snapshot = later([1000, { "ups-a/ups.mode": 3 }]);
    const blind = {
      ...snapshot,
      nodes: { ...snapshot.nodes, "ups-a": { ...snapshot.nodes["ups-a"]!, emptyAt: null, runtimeS: null } },
    };
    expect(cardsOf(blind, 4, en)[0]).toMatchObject({ title: "UPS A: on battery", big: { kind: "unknown" } });
  });

  test("say that a margin is not known when a feed's meter is silent", () => {
    const snapshot = later();
    const blind = { ...snapshot, nodes: { ...snapshot.nodes, "ups-b": { ...snapshot.nodes["ups-b"]!, kw: null } } };
    expect(cardsOf(blind, 4, en)[0]).toMatchObject({ big: { kind: "unknown", text: "no answer" }, bar: null });
  });

  test("mark a margin that is gone", () => {
    const card = cardsOf(later([1000, { "ups-b/output.power": 60 }]), 4, en)[0];
    expect(card).toMatchObject({ title: "Margin if one feed fails", big: { text: "−14 kW" }, marked: true });
  });

  test("reckon with what is left when a feed is dead", () => {
    const dead = {
      "ups-a/ups.mode": 0,
      "ups-a/output.power": 0,
      "pdu-a1/power.active": 0,
      "pdu-a2/power.active": 0,
      "ups-b/output.power": 51,
    };
    expect(said(later([1000, dead])).slice(0, 2)).toEqual([
      ["Margin on what is left", "21 kW", "51 of 80 kW"],
      ["Battery if supply fails", "12:25", "UPS B"],
    ]);
  });

  test("fit into as few as there is room for, the most pressing first", () => {
    expect(cardsOf(later([1000, burning]), 2, en).map(({ key }) => key)).toEqual(["empty-ups-a", "move-tier-0"]);
  });

  test("name the step that failed when a response is over", () => {
    const snapshot = later(
      [1000, burning],
      [96_000, burning],
      [191_000, burning],
      [287_000, burning],
      [383_000, burning],
      [480_000, burning],
    );
    const over = cardsOf(snapshot, 6, en).find(({ key }) => key === "move-tier-0");
    expect(over).toMatchObject({
      title: "Move tier 0",
      big: { text: "done" },
      line: "not confirmed: Login → Anyang, Messaging → Anyang",
      marked: true,
    });
  });

  test("count the steps of the failovers that are in effect", () => {
    expect(progressOf(later())).toBeNull();
    expect(progressOf(later([1000, burning], [3000, { ...burning, "login/service.site": 1 }]))).toEqual({
      done: 1,
      all: 2,
    });
  });
});

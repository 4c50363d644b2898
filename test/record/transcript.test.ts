import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import type { ScanOutput, Transition } from "../../src/core/plant.ts";
import { instant, seconds } from "../../src/core/time.ts";
import { lineWriter, tell } from "../../src/record/transcript.ts";
import { alarm, alarmId, point, responseId, site, t0 } from "../core/fixture.ts";

const model = site({
  alarms: [alarm("hot", { title: { en: "Hall: hot" }, priority: "critical" })],
  points: {
    "relay/state": { maxAge: seconds(3), states: ["off", "on"] },
    "meter/kw": { maxAge: seconds(3), unit: "kW" },
  },
});
const at = instant(t0);
const moved: Transition = {
  alarm: alarmId("hot"),
  at,
  priority: "critical",
  from: "normal",
  to: "unacknowledged",
  because: "x = 20",
};
const order: Command = {
  id: "c" as Command["id"],
  response: responseId("shed"),
  point: point("relay/state"),
  value: 0,
  why: "r1 goes dark",
  issued: at,
  expires: at,
  expect: { point: point("relay/state"), is: "=", value: 0, within: seconds(10) },
};

const textOf = (output: Partial<ScanOutput>): readonly string[] =>
  tell(model, { transitions: [], commands: [], notices: [], ...output }, at).map(({ kind, text }) => `${kind} ${text}`);

describe("a transcript", () => {
  test("says an alarm by its title, with its priority, its states and the readings behind it", () => {
    expect(textOf({ transitions: [moved] })).toEqual(["alarm 1 Hall: hot: normal → unacknowledged (x = 20)"]);
  });

  test("says blindness in its own right, and beside a change of state", () => {
    const blind: Transition = { ...moved, to: "normal", blind: true, because: "x stale" };
    expect(textOf({ transitions: [blind] })).toEqual(["blind 1 Hall: hot: cannot be judged (x stale)"]);
    expect(textOf({ transitions: [{ ...blind, blind: false, because: "" }] })).toEqual([
      "blind 1 Hall: hot: seen again",
    ]);
    const both: Transition = { ...moved, blind: false };
    expect(textOf({ transitions: [both] })).toEqual([
      "alarm 1 Hall: hot: normal → unacknowledged, seen again (x = 20)",
    ]);
  });

  test("leaves out a quiet alarm that is suppressed or released, and not one that stands", () => {
    const quiet: Transition = { ...moved, from: "normal", to: "suppressedByDesign" };
    const released: Transition = { ...moved, from: "suppressedByDesign", to: "normal" };
    expect(textOf({ transitions: [quiet, released] })).toEqual([]);
    expect(textOf({ transitions: [{ ...released, to: "unacknowledged" }] })).toHaveLength(1);
    expect(textOf({ transitions: [{ ...quiet, blind: true }] })).toHaveLength(1);
  });

  test("says a command in the words of its point, and the effect where that shows elsewhere", () => {
    expect(textOf({ commands: [order] })).toEqual(["command relay/state := off within 10 s; r1 goes dark"]);
    const shown: Command = {
      ...order,
      expect: { point: point("meter/kw"), is: "<", value: 0.05, within: seconds(10) },
    };
    expect(textOf({ commands: [shown] })).toEqual([
      "command relay/state := off within 10 s, shown by meter/kw < 0.05; r1 goes dark",
    ]);
  });

  test("says notices by what they are about, and those of nothing known by their id", () => {
    const notice = { at, id: "hot", event: "refused", text: "no" };
    expect(
      textOf({
        notices: [
          { ...notice, about: "request" },
          { ...notice, about: "fault", id: "ghost", text: "" },
        ],
      }),
    ).toEqual(["request Hall: hot: refused: no", "fault ghost: refused"]);
  });

  test("has the site's own wall time on every line", () => {
    const told = { at: instant(Date.UTC(2022, 9, 15, 6, 19, 2)), kind: "alarm", text: "1 fire" } as const;
    expect(lineWriter("Asia/Seoul")(told)).toBe("15:19:02  alarm     1 fire");
    expect(lineWriter("UTC")(told)).toBe("06:19:02  alarm     1 fire");
    expect(lineWriter("UTC")({ ...told, at: instant(Date.UTC(2022, 9, 15)) })).toMatch(/^00:00:00 /);
  });
});

import { describe, expect, test } from "vitest";
import { formatProblem } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { changed, library } from "./fixture.ts";

/** What is advised about the small site with pieces of its text replaced, each as "line:column path: message". */
function adviceAfter(...changes: readonly (readonly [from: string, to: string])[]): readonly string[] {
  const loaded = parseSite("site.yaml", changed(...changes), library());
  if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return loaded.advice.map((piece) => formatProblem(piece).replace("site.yaml:", ""));
}

describe("advice", () => {
  test("is given on a site that holds, and on none that does not", () => {
    expect(adviceAfter()).toEqual([]);
    const wrong = parseSite("site.yaml", changed(["onDelay: 10s", "onDelay: 1s"], ["L: 10", "L: 31"]), library());
    expect(wrong).not.toHaveProperty("advice");
  });

  test.each([
    [
      "an on-delay shorter than two polls",
      "onDelay: 10s",
      "onDelay: 3s",
      "63:14 alarms.hot.onDelay: 3 s is shorter than two polls of crac/temperature.inlet (2 x 2 s): a reading or two raise it",
    ],
    [
      "one of a single limit",
      "H: 30",
      "H: { limit: 30, onDelay: 3s }",
      "61:79 alarms.hot.limits.H.onDelay: 3 s is shorter than two polls of crac/temperature.inlet (2 x 2 s): a reading or two raise it",
    ],
    [
      "one of a vote, by the point that is asked most seldom",
      "suppressedBy: [fire]",
      "onDelay: 1s",
      "53:14 alarms.low.onDelay: 1 s is shorter than two polls of ups-a/battery.runtime (2 x 1 s): a reading or two raise it",
    ],
    [
      "a shed that cannot be confirmed in its time",
      "within: 10s",
      "within: 1s",
      "103:60 responses.shed.shed.within: 1 s is shorter than two polls of pdu-a/outlet[2].state (2 x 2 s), which confirms it",
    ],
    [
      "a shed that plans from an old meter",
      "settle: 10s",
      "settle: 0s",
      "103:73 responses.shed.shed.settle: 0 s is shorter than two polls of ups-a/output.power (2 x 2 s), by which the next stage is planned",
    ],
    [
      "a change that is meant for inlets",
      "point: crac/temperature.inlet\n    rising: 0.5\n    window: 60s",
      "point: crac/temperature.return\n    change: { by: 5, within: 15min }",
      "68:5 alarms.heating: 5 K within 15 min is ASHRAE's for the inlets of servers, which crac/temperature.return is not",
    ],
  ])("is given on %s", (_, from, to, said) => {
    expect(adviceAfter([from, to])).toEqual([said]);
  });

  test.each([
    ["no on-delay at all", "onDelay: 10s", "onDelay: 0s"],
    [
      "an on-delay that no limit goes by",
      "{ HH: { limit: 35, priority: critical }, H: 30, L: 10, LL: 5 }\n    deadband: 1\n    onDelay: 10s",
      "{ H: { limit: 30, onDelay: 10s } }\n    onDelay: 1s",
    ],
    [
      "the delay of a silence, which nobody reads",
      "- { point: bat-a/battery.voltage, flatline: { window: 1h, band: 0.1 } }",
      "- { point: bat-a/battery.voltage, stale: true }\n    onDelay: 100ms",
    ],
    ["a change at an inlet", "rising: 0.5\n    window: 60s", "change: { by: 5, within: 15min }"],
    [
      "a change of a return by other numbers",
      "point: crac/temperature.inlet\n    rising: 0.5\n    window: 60s",
      "point: crac/temperature.return\n    change: { by: 8, within: 15min }",
    ],
  ])("is not given on %s", (_, from, to) => {
    expect(adviceAfter([from, to])).toEqual([]);
  });

  describe("about the sensors that start a response", () => {
    const inlet =
      "  inlet: { profile: environment/comet-websensor, space: hall, snmp: { host: 10.0.0.9, version: 2c, community: public }, fitted: { n: [1] } }\n";
    const alarmOf = (point: string): string =>
      `alarms:\n  warm:\n    title: { en: Warm }\n    priority: high\n    point: "${point}"\n    above: 40\n    cause: c\n    consequence: d\n    response: e\n`;
    const started = (when: string) => ["when: [low]", `when: ${when}\n    accept: the hall is lost otherwise`] as const;

    test("is given where the cooling's control tells all temperatures that start it", () => {
      expect(adviceAfter(started("[hot.HH, heating]"))).toEqual([
        expect.stringContaining(
          "responses.shed.when: every temperature that starts it comes through the cooling's own control (crac/temperature.inlet); add a sensor at the inlets that is read without it",
        ),
      ]);
    });

    test("is not where another instrument tells one of them", () => {
      const changes = [
        started("[hot.HH, warm]"),
        ["power:\n", `${inlet}power:\n`],
        ["alarms:\n", alarmOf("inlet/temperature.ambient[1]")],
      ] as const;
      expect(adviceAfter(...changes)).toEqual([]);
    });

    test("is all the same where the other temperature is a battery's own", () => {
      expect(
        adviceAfter(started("[hot.HH, warm]"), ["alarms:\n", alarmOf("bat-a/module.temperature.max")]),
      ).toHaveLength(1);
    });
  });
});

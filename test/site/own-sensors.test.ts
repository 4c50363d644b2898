import { describe, expect, test } from "vitest";
import { adviceOnSensors } from "../../src/site/own-sensors.ts";
import { siteAfter } from "./fixture.ts";

const inlet =
  "  inlet: { profile: environment/comet-websensor, space: hall, snmp: { host: 10.0.0.9, version: 2c, community: public }, fitted: { n: [1] } }\n";
const alarmOf = (point: string): string =>
  `alarms:\n  warm:\n    title: { en: Warm }\n    priority: high\n    point: "${point}"\n    above: 40\n    cause: c\n    consequence: d\n    response: e\n`;
const started = (when: string) => ["when: [low]", `when: ${when}`] as const;

describe("a response that temperatures start", () => {
  test("is advised of a sensor of its own where the cooling's control tells all of them", () => {
    expect(adviceOnSensors(siteAfter(started("[hot.HH, heating]")))).toEqual([
      "responses.shed: every temperature that starts it comes through the cooling's own control (crac/temperature.inlet); add a sensor at the inlets that is read without it",
    ]);
  });

  test("is not where another instrument tells one of them", () => {
    const site = siteAfter(
      started("[hot.HH, warm]"),
      ["power:\n", `${inlet}power:\n`],
      ["alarms:\n", alarmOf("inlet/temperature.ambient[1]")],
    );
    expect(adviceOnSensors(site)).toEqual([]);
  });

  test("is advised all the same where the other temperature is a battery's own", () => {
    const site = siteAfter(started("[hot.HH, warm]"), ["alarms:\n", alarmOf("bat-a/module.temperature.max")]);
    expect(adviceOnSensors(site)).toHaveLength(1);
  });
});

test("a response that no temperature starts needs no advice", () => {
  expect(adviceOnSensors(siteAfter())).toEqual([]);
});

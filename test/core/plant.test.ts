import { describe, expect, test } from "vitest";
import type { AlarmStatus } from "../../src/core/alarm/lifecycle.ts";
import { isRaising, start } from "../../src/core/plant.ts";
import { instant } from "../../src/core/time.ts";
import { alarm, alarmId, site, t0 } from "./fixture.ts";

describe("a plant that begins", () => {
  test("knows nothing, leads nothing and has lost nothing", () => {
    const plant = start(site({ alarms: [alarm("hot")] }), instant(t0));
    expect(plant.newest.values()).toEqual([]);
    expect(plant.leads).toBe(false);
    expect(plant.causes).toMatchObject({ lost: [], events: [] });
    expect(plant.alarms).toMatchObject([{ verdicts: ["unknown"], isolated: [false], degraded: null }]);
  });

  test("knows how far each alarm stands below those that no other suppresses, by its longest way", () => {
    const alarms = [
      alarm("leaf", { suppressedBy: ["middle", "root"] }),
      alarm("middle", { suppressedBy: ["root"] }),
      alarm("root"),
    ];
    expect(start(site({ alarms }), instant(t0)).index.depths).toEqual([2, 1, 0]);
  });

  test("comes to an end over alarms that suppress one another, which no site file may hold", () => {
    const alarms = [alarm("hen", { suppressedBy: ["egg"] }), alarm("egg", { suppressedBy: ["hen"] })];
    expect(start(site({ alarms }), instant(t0)).index.depths).toEqual([2, 1]);
  });
});

test.each<[AlarmStatus, AlarmStatus, boolean]>([
  ["normal", "unacknowledged", true],
  ["acknowledged", "unacknowledged", true],
  ["unacknowledged", "unacknowledged", false],
  ["unacknowledged", "acknowledged", false],
  ["normal", "shelved", false],
])("a transition from %s to %s puts its alarm before people: %s", (from, to, raises) => {
  const transition = { alarm: alarmId("hot"), at: instant(t0), priority: "high", from, to, because: "" } as const;
  expect(isRaising(transition)).toBe(raises);
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { assert } from "../../src/core/assert.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Rehearsed } from "../../src/simulation/rehearsal.ts";
import { castOf, play, scenariosDir } from "./rehearsed.ts";

const fireOf = ({ transitions }: Rehearsed["record"]): unknown =>
  transitions.find(({ alarm }) => alarm === "battery-room-fire");

/** A venting module of string A, whose charger a relay stops, or does not. */
async function vented(wired: "yes" | "no") {
  const params = new Map([["wired", wired]]);
  const loaded = loadScenario(join(scenariosDir, "battery-charge-stop"), { params });
  assert("scenario" in loaded, "the scenario has no mistakes");
  const { starts } = loaded.scenario;
  const { record } = await play(castOf({ ...loaded.scenario, ends: (starts + 9 * 60_000) as typeof starts }));
  const order = record.commands.find(({ point }) => point === "relay-charge/relay[0].state")!;
  const said = record.notices.filter(({ id }) => id === "stop-charge").map(({ event, text }) => `${event}: ${text}`);
  /** What a point of string A said, by the time since the stop was ordered, s. */
  const seen = (name: string): readonly (readonly [atS: number, value: number])[] => {
    const { at, values } = record.samples.get(`bat-a/${name}` as PointId)!;
    return at.flatMap((when, i) => (values[i] === null ? [] : [[(when - order.issued) / 1000, values[i]!] as const]));
  };
  return { record, said, seen };
}

/** Two runs of nine minutes take a busy machine many seconds. */
const longMs = 120_000;

describe("the charge of a string that vents", { timeout: longMs }, () => {
  test("ends within a second of its order, is confirmed by what the string is seen to take, and the string cools without a fire", async () => {
    const { said, seen, record } = await vented("yes");
    const current = seen("battery.current");
    const before = current.filter(([atS]) => atS > -5 && atS <= 0);
    expect(before.length).toBeGreaterThan(2);
    expect(Math.max(...before.map(([, amperes]) => amperes))).toBeLessThan(-5);
    const afterwards = current.filter(([atS]) => atS > 0);
    expect(afterwards[0]![0]).toBeLessThanOrEqual(1);
    expect(Math.min(...afterwards.map(([, amperes]) => amperes))).toBeGreaterThan(-1);
    expect(said).toContain(
      "confirmed: relay-charge/relay[0].state := 1: relay-charge/relay[0].state = 1, bat-a/battery.current > -1",
    );
    expect(said.at(-1)).toBe("done: every step is confirmed");
    expect(fireOf(record)).toBeUndefined();
    const warmest = seen("module.temperature.max");
    const peak = Math.max(...warmest.map(([, celsius]) => celsius));
    expect(warmest.at(-1)![1]).toBeLessThan(peak - 2);
  });

  test("goes on where the relay is wired to nothing: that it is on is not enough, a second attempt is made, and the room burns", async () => {
    const { said, seen, record } = await vented("no");
    expect(said.filter((line) => line.startsWith("failed: relay-charge/relay[0].state"))).toHaveLength(2);
    expect(said.at(-1)).toBe("done: not confirmed: string-a");
    expect(seen("battery.current").some(([atS, amperes]) => atS > 45 && amperes < -5)).toBe(true);
    expect(fireOf(record)).toBeDefined();
    const warmest = seen("module.temperature.max");
    expect(Math.max(...warmest.map(([, celsius]) => celsius))).toBeGreaterThan(60);
  });
});

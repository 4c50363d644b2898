import { describe, expect, test } from "vitest";
import type { KpiFigures } from "../../../src/core/alarm/kpi.ts";
import { beginKpi, kpiOver } from "../../../src/core/alarm/kpi.ts";
import type { Standing } from "../../../src/core/alarm/standing.ts";
import { standingOf } from "../../../src/core/alarm/standing.ts";
import { targetsOf } from "../../../src/core/alarm/targets.ts";
import { instant } from "../../../src/core/time.ts";
import { alarm, alarmId, bench, site, t0 } from "../fixture.ts";

const day = 24 * 3600 * 1000;

test("what stands is counted, each alarm where people find it", () => {
  const plant = bench(site({ alarms: ["a", "b", "c", "d"].map((id) => alarm(id, { on: [id] })) }));
  plant.read(1000, { a: 20, b: 20, c: 20, d: 1 });
  plant.ask(2000, "b", { kind: "outOfService", by: "x", why: "y", permit: "W-1", until: instant(t0 + 2000 + day) });
  plant.ask(3000, "c", { kind: "acknowledge", by: "x", why: "y" });
  expect(standingOf(plant.plant)).toEqual({
    active: 2,
    unacknowledged: 1,
    stale: [],
    shelved: 0,
    suppressed: 0,
    outOfService: 1,
    blind: 0,
  });
  plant.read(1000 + day, { a: 20, b: 20, c: 20, d: 1 });
  expect(standingOf(plant.plant).stale).toEqual([]);
  plant.read(1001 + day, { a: 20, b: 20, c: 20, d: 1 });
  expect(standingOf(plant.plant).stale).toEqual(["a", "c"]);
});

test("what is shelved is counted as that and not as unacknowledged, and what nobody sees as blind", () => {
  const plant = bench(site({ alarms: ["a", "b", "c", "d"].map((id) => alarm(id, { on: [id] })) }));
  plant.read(1000, { a: 20, b: 20, c: "sensorFailure", d: 20 });
  plant.ask(2000, "a", { kind: "shelve", by: "x", why: "y", until: instant(t0 + 3_000_000) });
  expect(standingOf(plant.plant)).toMatchObject({ active: 2, unacknowledged: 2, shelved: 1, blind: 1 });
});

test("a suppressed alarm counts where it would stand", () => {
  const plant = bench(site({ alarms: [alarm("root"), alarm("leaf", { on: ["y"], suppressedBy: ["root"] })] }));
  plant.read(1000, { x: 20, y: 1 });
  expect(standingOf(plant.plant).suppressed).toBe(0);
  plant.read(2000, { x: 20, y: 20 });
  expect(standingOf(plant.plant)).toMatchObject({ active: 1, suppressed: 1 });
});

test("targets are met by a quiet site, and missed by name", () => {
  const plant = bench(site({ alarms: [alarm("a")] })).plant;
  const quiet = kpiOver(beginKpi(instant(t0))).read(instant(t0 + day));
  expect(targetsOf(quiet, standingOf(plant)).every(({ isMet }) => isMet)).toBe(true);
  const kpi = kpiOver(beginKpi(instant(t0)));
  kpi.take(
    Array.from({ length: 12 }, (_, i) => ({
      alarm: plant.site.alarms[0]!.id,
      at: instant(t0 + i * 30_000),
      priority: "critical" as const,
      from: "normal" as const,
      to: "unacknowledged" as const,
      because: "",
    })),
  );
  const missed = targetsOf(kpi.read(instant(t0 + 3_600_000)), standingOf(plant)).filter(({ isMet }) => !isMet);
  expect(missed.map(({ name }) => name)).toEqual([
    "alarms in 10 min, on average",
    "alarms in 10 min, at most",
    "time in flood",
    "critical and high",
    "the ten most frequent",
    "alarms that chattered",
  ]);
});

describe("a target", () => {
  const standing = standingOf(bench(site()).plant);
  const quiet = kpiOver(beginKpi(instant(t0))).read(instant(t0 + day));
  const share = (critical: number, high: number, medium: number): KpiFigures => ({
    ...quiet,
    byPriority: {
      critical: { count: 0, share: critical },
      high: { count: 0, share: high },
      medium: { count: 0, share: medium },
      low: { count: 0, share: 0 },
    },
  });
  const stale = (count: number): Standing => ({
    ...standing,
    stale: Array.from({ length: count }, (_, i) => alarmId(`a${i}`)),
  });
  const of = (name: string, figures: KpiFigures, stands: Standing = standing) =>
    targetsOf(figures, stands).find((target) => target.name === name);

  test("has a limit and a unit, as EEMUA 191 and ISA-18.2 ask", () => {
    expect(targetsOf(quiet, standing).map(({ name, most, unit }) => `${name}: ${most}${unit}`)).toEqual([
      "alarms in 10 min, on average: 1",
      "alarms in 10 min, at most: 10",
      "time in flood: 1%",
      "critical and high: 5%",
      "medium: 15%",
      "the ten most frequent: 5%",
      "alarms that chattered: 0",
      "alarms that stand for more than a day: 4",
    ]);
  });

  test.each([
    ["time in flood", { ...quiet, flood: { ...quiet.flood, share: 0.5 } }, 50],
    ["critical and high", share(0.25, 0.5, 0), 75],
    ["medium", share(0, 0, 0.5), 50],
    ["the ten most frequent", { ...quiet, topShare: 0.25 }, 25],
  ])("of a share is held to percent: %s", (name, figures, value) => {
    expect(of(name, figures)).toMatchObject({ value, isMet: false });
  });

  test("is met up to its limit", () => {
    expect(of("medium", share(0, 0, 0.15))).toMatchObject({ value: 15, isMet: true });
    const old = (count: number) => of("alarms that stand for more than a day", quiet, stale(count))?.isMet;
    expect([4, 5].map(old)).toEqual([true, false]);
  });
});

import { expect, test } from "vitest";
import { beginKpi, kpiOver } from "../../../src/core/alarm/kpi.ts";
import { standingOf } from "../../../src/core/alarm/standing.ts";
import { targetsOf } from "../../../src/core/alarm/targets.ts";
import { instant } from "../../../src/core/time.ts";
import { alarm, bench, site, t0 } from "../fixture.ts";

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

import { expect, test } from "vitest";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import { redrawn } from "../../src/drill/redrawn.ts";
import { assumedReadings } from "../../src/site/index.ts";
import { demoSite } from "../simulators/demo-site.ts";

const { power } = demoSite().model;
const shown = new Map(assumedReadings({ power }, 1, instant(0)).map((reading) => [reading.point, reading]));
const valueOf = (point: PointId | null, in_: ReadonlyMap<PointId, Reading>): number => {
  const reading = point === null ? undefined : in_.get(point);
  return reading && reading.quality !== "bad" ? reading.value : 0;
};

test("an outlet that opens takes its load's draw off the meters above it, and puts it on the other feed where there is one", () => {
  const doubled = power.loads.find(
    ({ feeds }) => feeds.length === 2 && feeds.every(({ outlet, power: kw }) => outlet && kw),
  )!;
  const [a, b] = doubled.feeds;
  const changed = redrawn(power, a!.outlet!, shown);
  expect(changed.get(a!.power!)).toBe(0);
  expect(changed.get(b!.power!)).toBeCloseTo(doubled.ratedKw, 9);
  const meters = [...power.nodes.values()].flatMap((node) => node.power ?? []);
  const [before, after] = [
    shown,
    new Map([
      ...shown,
      ...[...changed].map(([point, value]): [PointId, Reading] => [
        point,
        { point, at: instant(0), quality: "good", value },
      ]),
    ]),
  ];
  const sum = (of: ReadonlyMap<PointId, Reading>): number => meters.reduce((kw, meter) => kw + valueOf(meter, of), 0);
  expect(sum(after)).toBeCloseTo(sum(before), 6);
  expect(redrawn(power, "nobody/outlet" as PointId, shown).size).toBe(0);
});

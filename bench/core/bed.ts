/** What the benchmarks of the core stand on: many points, and one alarm on each of some of them. */
import type { AlarmDefinition, AlarmId } from "../../src/core/alarm/definition.ts";
import type { PointId } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import type { Duration } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";

const pointsPerDevice = 50;
export const period = ms(100);
export const epoch = instant(1_700_000_000_000);
/** Cel. */
export const limit = 40;

export const inlets = (count: number): readonly PointId[] =>
  Array.from({ length: count }, (_, i) =>
    pointId(`d${Math.floor(i / pointsPerDevice)}`, `temperature.inlet[${i % pointsPerDevice}]`),
  );

export const hotAlarm = (point: PointId, offDelay: Duration): AlarmDefinition => ({
  id: `hot-${point}` as AlarmId,
  title: { en: "Hot" },
  channels: [{ point, detect: { kind: "limit", side: "above", limit, deadband: 1 } }],
  need: 1,
  priority: "low",
  onDelay: ms(0),
  offDelay,
  latch: false,
  suppressedBy: [],
  cause: "The inlet is warm.",
  consequence: "Servers slow down.",
  response: "Look at the cooler.",
});

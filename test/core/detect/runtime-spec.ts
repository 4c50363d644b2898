import type { Chemistry } from "../../../simulators/plant/battery/chemistry.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { seconds } from "../../../src/core/time.ts";
import { point } from "../fixture.ts";

export type Spec = Extract<DetectorSpec, { kind: "runtime" }>;

export const ratedKw = 80;
export const promisedS = 45;
/** States of `ups.mode`. */
export const [online, battery] = [1, 3];

/** An alarm below 45 s of a simulated bank's runtime, by its charge and its warmth. */
export const specOf = (chemistry: Chemistry, more: Partial<Spec> = {}): Spec => ({
  kind: "runtime",
  below: seconds(promisedS),
  onBattery: { point: point("ups/ups.mode"), at: ["battery"] },
  chemistry: chemistry.kind,
  rated: { lasts: seconds(chemistry.kind === "lead" ? 600 : 360), load: ratedKw },
  charge: point("charge"),
  temperature: point("warmth"),
  onMains: false,
  ...more,
});

/** The voltage of such a bank, with that at which its UPS lets go of it. */
export const volts = ({ emptyV, modules, cellsPerModule }: Chemistry): NonNullable<Spec["voltage"]> => ({
  point: point("volts"),
  empty: emptyV * modules * cellsPerModule,
});

import type { z } from "zod";
import type { PointId } from "../reading.ts";
import { baseline } from "./baseline.ts";
import { change } from "./change.ts";
import { coolingLoss } from "./cooling-loss.ts";
import type { Detector } from "./detector.ts";
import { deviation } from "./deviation.ts";
import { flatline } from "./flatline.ts";
import { forecast } from "./forecast.ts";
import { generatorStart } from "./generator-start.ts";
import { heatBalance } from "./heat-balance.ts";
import type { Input } from "./kind.ts";
import { leadAcidRunaway } from "./lead-acid-runaway.ts";
import { limit } from "./limit.ts";
import { lostWith } from "./lost-with.ts";
import { mismatch } from "./mismatch.ts";
import { overload } from "./overload.ts";
import { rate } from "./rate.ts";
import { runaway } from "./runaway.ts";
import { runback } from "./runback.ts";
import { runtime } from "./runtime.ts";
import { stale } from "./stale.ts";
import { state } from "./state.ts";

/** Kinds with a form of their own in a site file (`above: 30`, `at: [fire1]`), which look at one point. */
const plain = {
  limit: { make: limit },
  state: { make: state },
  rate: { make: rate },
  stale: { make: stale, isOfInstrument: true },
} as const;

/** Kinds that are written in a site file under their own name. */
export const detectorKinds = {
  flatline,
  deviation,
  lostWith,
  baseline,
  forecast,
  change,
  mismatch,
  coolingLoss,
  heatBalance,
  runtime,
  overload,
  generatorStart,
  runback,
  runaway,
  leadAcidRunaway,
} as const;

const kinds = { ...plain, ...detectorKinds };

type Named = typeof detectorKinds;
type Kinds = typeof kinds;
type Kind = keyof Kinds;
type SettingsOf<K extends Kind> = Kinds[K]["make"] extends (settings: infer S, ...rest: never[]) => unknown
  ? S
  : unknown;
type SpecOf<K extends Kind> = { readonly kind: K } & Readonly<SettingsOf<K>>;

/** How a channel is judged, as data. */
export type DetectorSpec = { [K in Kind]: SpecOf<K> }[Kind];

/** A kind, whatever its settings are. */
type AnyKind = {
  readonly isOfInstrument?: true;
  inputs?(settings: DetectorSpec): readonly Input[];
  make(settings: DetectorSpec, memory?: unknown): Detector;
};

const kindOf = (spec: DetectorSpec): AnyKind => kinds[spec.kind] as unknown as AnyKind;

/** A detector of this kind, over a saved memory where one is given. */
export const makeDetector = (spec: DetectorSpec, memory?: unknown): Detector => kindOf(spec).make(spec, memory);

/** The points that a detector looks at beside its channel's own, each once. */
export const inputsOf = (spec: DetectorSpec): readonly PointId[] => {
  const inputs = kindOf(spec).inputs?.(spec);
  return inputs ? [...new Set(inputs.map(({ point }) => point))] : [];
};

/** Whether a detector speaks of the instrument and not of the plant: no response may act on its word. */
export const speaksOfInstrument = (spec: DetectorSpec): boolean => kindOf(spec).isOfInstrument ?? false;

/** The forms of the named kinds in a site file. */
export const detectorForms = Object.fromEntries(
  Object.entries(detectorKinds).map(([kind, { settings }]) => [kind, settings.optional()]),
) as { [K in keyof Named]: z.ZodOptional<Named[K]["settings"]> };

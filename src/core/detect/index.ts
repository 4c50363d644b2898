import type { Detector } from "./detector.ts";
import type { FlatlineSpec } from "./flatline.ts";
import { flatline } from "./flatline.ts";
import type { LimitSpec } from "./limit.ts";
import { limit } from "./limit.ts";
import type { RateSpec } from "./rate.ts";
import { rate } from "./rate.ts";
import { stale } from "./stale.ts";
import type { StateSpec } from "./state.ts";
import { state } from "./state.ts";

/** Every kind of detector and what it needs to be told. */
interface Specs {
  limit: LimitSpec;
  state: StateSpec;
  rate: RateSpec;
  stale: object;
  flatline: FlatlineSpec;
}

type Kind = keyof Specs;
type SpecOf<K extends Kind> = { readonly [P in K]: { readonly kind: P } & Specs[P] }[K];

/** How one point is judged, as data. */
export type DetectorSpec = SpecOf<Kind>;

type Make<K extends Kind> = (spec: SpecOf<K>, memory?: never) => Detector;

const detectors: { [K in Kind]: Make<K> } = { limit, state, rate, stale, flatline };

/** A detector of this kind, over a saved memory where one is given. */
export const makeDetector = <K extends Kind>(spec: SpecOf<K>, memory?: unknown): Detector =>
  (detectors[spec.kind] as Make<K>)(spec, memory as never);

/** Whether a detector speaks of the instrument and not of the plant: no response may act on its word. */
export const speaksOfInstrument = (spec: DetectorSpec): boolean => spec.kind === "stale" || spec.kind === "flatline";

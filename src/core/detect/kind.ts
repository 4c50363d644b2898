/** What a kind of detector is, whole: its form in a site file, the points that it needs, and how it is made. */
import { z } from "zod";
import { durationSchema } from "../duration.ts";
import type { PointId } from "../reading.ts";
import type { Duration } from "../time.ts";
import type { Detector } from "./detector.ts";
import type { Tolerance } from "./tolerance.ts";

/** A point that a detector looks at beside its channel's own. */
export interface Input {
  /** Where it stands in the settings. */
  readonly path: readonly (string | number)[];
  readonly point: PointId;
  /** What it has to be: a number, a state that knows these, or anything. */
  readonly is: "number" | "any" | readonly string[];
}

/** A stretch of time that is too short while fewer readings than `readings` fall into it; three where it is not said. */
export interface Stretch {
  readonly path: readonly string[];
  readonly lasts: Duration;
  readonly readings?: number;
}

/** What a device's profile knows of it beside its points. */
export interface Known {
  readonly overload?: Tolerance;
}

export interface DetectorKind<Settings extends object = never, Memory = unknown> {
  /** Its settings as a site file writes them under the kind's name, and as plain data once they are read. */
  readonly settings: z.ZodType<Settings>;
  /** What the channel's own point has to be: a number, a state that knows these, or anything. */
  readonly own: Input["is"] | ((settings: Settings) => Input["is"]);
  /** The settings with what the device's profile knows, where they do not say it themselves. */
  usual?(settings: Settings, known: Known): Settings;
  /** The points that it looks at beside the channel's own. */
  inputs?(settings: Settings): readonly Input[];
  /** A stretch of time of which it must see several readings, and where it stands in the settings; null where it has none. */
  window?(settings: Settings): Stretch | null;
  /** What does not hold between the settings; null where all does. */
  wrong?(settings: Settings): { readonly path: readonly (string | number)[]; readonly message: string } | null;
  /** It speaks of the instrument and not of the plant: no response may act on its word. */
  readonly isOfInstrument?: true;
  /** A detector over a saved memory where one is given. */
  make(settings: Settings, memory?: Memory): Detector<Memory>;
}

/** `device/point` in a detector's settings. */
export const pointSchema = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, "a point is written device/point, as in ups-a/ups.mode")
  .transform((text) => text as PointId);

/** A stretch of time in a detector's settings, of more than nothing and at most `max`. */
export const stretchSchema = (max: Duration) =>
  durationSchema
    .refine((duration) => duration > 0, "must be more than 0")
    .refine((duration) => duration <= max, `must be at most ${max / 1000} s`);

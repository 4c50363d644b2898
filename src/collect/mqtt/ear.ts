import type { Fault } from "../../core/reading.ts";
import type { Sample } from "../../profiles/index.ts";

/** Who is told what a device publishes. */
export interface Ear {
  /** Values, as they were published. Samples of a device that is heard, be they good or not. */
  heard(samples: readonly Sample[]): void;
  /** None of the device's values holds any longer. */
  lost(reason: Fault): void;
  /** The broker hears us. That says nothing of the device. */
  up(): void;
  /** The broker does not. */
  down(reason: Fault): void;
}

/** The sample of a value of which nobody knows how old it is: the last one there was. */
export const doubted = (sample: Sample): Sample =>
  "fault" in sample || sample.doubt !== undefined ? sample : { ...sample, doubt: "lastUsable" };

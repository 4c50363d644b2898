/**
 * Whether what a device said is to be believed. A value may be well formed, in its range, and still
 * be no measurement: it means nothing in the state that the device is in, has stood still for too
 * long, has jumped, or is contradicted by a second reading of the same thing. Each of these is one
 * file here; they are asked in turn, and the first that has no belief left ends the value.
 */
import type { Instant } from "../../core/time.ts";
import type { PointModel, Sample } from "../../profiles/model.ts";
import { Agreement } from "./agreement.ts";
import { Frozen } from "./frozen.ts";
import { Jump } from "./jump.ts";
import { isShifted } from "./shifted.ts";
import { Validity } from "./validity.ts";

/** The quality of one device's values, from poll to poll. It is told the time and keeps no clock. */
export class Quality {
  readonly #validity = new Validity();
  readonly #agreement = new Agreement();
  readonly #jump = new Jump();
  readonly #frozen = new Frozen();

  /** The samples of a poll as far as they are to be believed; those of second bindings end here. */
  judge(samples: readonly Sample[], now: Instant): readonly Sample[] {
    if (!samples.some(({ point }) => point.doubts)) return this.#unlessStill(samples, now);
    this.#validity.see(samples);
    const believed = this.#agreement
      .settle(samples)
      .map((sample) => this.#jump.judge(this.#frozen.judge(this.#validity.judge(sample), now)));
    return this.#unlessStill(isShifted(believed) ? believed.map(shifted) : believed, now);
  }

  /** A device whose heart has stopped says nothing new, whatever it says. */
  #unlessStill(samples: readonly Sample[], now: Instant): readonly Sample[] {
    if (!this.#frozen.isStill(now)) return samples;
    return samples.map((sample) => ("fault" in sample ? sample : { point: sample.point, fault: "frozen" }));
  }
}

const shifted = (sample: Sample): Sample => ("fault" in sample ? sample : { ...sample, doubt: "shifted" });

/** Points, with the second bindings that are read beside them. */
export const withSeconds = (points: readonly PointModel[]): readonly PointModel[] =>
  points.flatMap((point) => (point.doubts?.agrees ? [point, point.doubts.agrees.point] : [point]));

/**
 * Links between devices and the service, and what faults do to the readings that travel over them.
 * It works on readings as they leave a device; faults of real wires (bytes, frames, sockets) are
 * another matter and have their own simulator.
 */
import type { Reading } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { LinkFault } from "./deed.ts";

interface Standing {
  readonly how: LinkFault["how"];
  readonly until: number;
}

interface OnTheWay {
  readonly due: number;
  readonly readings: readonly Reading[];
}

export class Links {
  readonly #faults = new Map<string, Standing>();
  #onTheWay: OnTheWay[] = [];

  /** From `at` on a device's readings fare as told. A later fault takes the place of an earlier one. */
  disturb({ device, how, forMs }: LinkFault, at: number): void {
    this.#faults.set(device, { how, until: at + forMs });
  }

  /** When the next delayed readings arrive; null when none are on the way. */
  next(): number | null {
    return this.#onTheWay.length === 0 ? null : Math.min(...this.#onTheWay.map(({ due }) => due));
  }

  /** What arrives now, of what devices say now and of what they said before. */
  carry(said: readonly Reading[], now: number): readonly Reading[] {
    if (this.#faults.size === 0 && this.#onTheWay.length === 0) return said;
    const arrived = this.#onTheWay.filter(({ due }) => due <= now).flatMap(({ readings }) => readings);
    this.#onTheWay = this.#onTheWay.filter(({ due }) => due > now);
    for (const reading of said) arrived.push(...this.#fate(reading, now));
    return arrived;
  }

  #fate(reading: Reading, now: number): readonly Reading[] {
    const device = deviceOf(reading.point);
    const fault = this.#faults.get(device);
    if (!fault) return [reading];
    if (fault.until > now) return this.#meet(reading, fault.how, now);
    this.#faults.delete(device);
    return [reading];
  }

  #meet(reading: Reading, how: LinkFault["how"], now: number): readonly Reading[] {
    switch (how.kind) {
      case "lost":
        return [];
      case "late":
        this.#onTheWay.push({ due: now + how.byMs, readings: [reading] });
        return [];
      case "repeated":
        this.#onTheWay.push({ due: now + how.byMs, readings: [reading] });
        return [reading];
      case "bad":
        return [{ point: reading.point, at: reading.at, quality: "bad", reason: how.reason }];
      case "doubtful":
        return reading.quality === "good" ? [{ ...reading, quality: "uncertain", reason: "notAccurate" }] : [reading];
      case "ahead":
        return [{ ...reading, at: instant(reading.at + how.byMs) }];
      case "wild":
        return reading.quality === "bad" ? [reading] : [{ ...reading, value: Number.NaN }];
    }
  }
}

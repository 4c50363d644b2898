/** One of two sets of rules at work on what has been. */
import type { Kpi, KpiFigures } from "../core/alarm/kpi.ts";
import { beginKpi, kpiOver } from "../core/alarm/kpi.ts";
import { isShown } from "../core/alarm/lifecycle.ts";
import type { Standing } from "../core/alarm/standing.ts";
import { standingOf } from "../core/alarm/standing.ts";
import type { Target } from "../core/alarm/targets.ts";
import { targetsOf } from "../core/alarm/targets.ts";
import type { Checkpoint } from "../core/checkpoint.ts";
import { restore } from "../core/checkpoint.ts";
import type { Plant, ScanInput, SiteModel, Transition } from "../core/plant.ts";
import { start } from "../core/plant.ts";
import { passTime, scan } from "../core/scan.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";

/** Told when an alarm comes before people, and when it no longer stands there. */
export interface Watching {
  begins(alarm: string, at: Instant, because: string): void;
  ends(alarm: string, at: Instant): void;
}

/** How a set of rules has fared. */
export interface Fared {
  readonly figures: KpiFigures;
  readonly standing: Standing;
  readonly targets: readonly Target[];
}

/**
 * A set of rules without its responses: what they would have done to the plant, no history tells. Time passes for it as
 * it did, also where nothing is known of it.
 */
export class Side {
  readonly model: SiteModel;
  readonly #watching: Watching;
  #plant: Plant;
  #kpi: Kpi;
  readonly #shown = new Set<string>();

  constructor(model: SiteModel, at: Instant, watching: Watching) {
    this.model = { ...model, responses: [] };
    this.#watching = watching;
    this.#plant = start(this.model, at);
    this.#kpi = kpiOver(beginKpi(at));
  }

  /** Goes on from what a service remembered. What stood until then is over: nobody has seen what became of it. */
  goOn(saved: Checkpoint): void {
    const left = this.#plant.now;
    for (const alarm of this.#shown) this.#watching.ends(alarm, left);
    this.#shown.clear();
    this.#plant = restore(this.model, { ...saved, site: this.model.id });
    if (this.#kpi.memory.count === 0 && this.#kpi.memory.since === left) this.#kpi = kpiOver(beginKpi(this.#plant.now));
    else this.#kpi.skip(left, instant(Math.max(left, this.#plant.now)));
  }

  /** Scans what arrived, and before it whatever fell due in between. */
  take(input: ScanInput): void {
    this.passTo(input.at);
    this.#scan(input);
  }

  /** Lets time pass up to an instant, and not through it. */
  passTo(until: Instant): void {
    passTime(this.#plant, until, (input) => this.#scan(input));
  }

  fared(now: Instant): Fared {
    const [figures, standing] = [this.#kpi.read(now), standingOf(this.#plant)];
    return { figures, standing, targets: targetsOf(figures, standing) };
  }

  #scan(input: ScanInput): void {
    const { transitions } = scan(this.#plant, input);
    if (transitions.length === 0) return;
    this.#kpi.take(transitions);
    for (const transition of transitions) this.#note(transition);
  }

  #note({ alarm, at, to, because }: Transition): void {
    const isNow = isShown(to);
    if (isNow === this.#shown.has(alarm)) return;
    if (isNow) {
      this.#shown.add(alarm);
      this.#watching.begins(alarm, at, because);
    } else {
      this.#shown.delete(alarm);
      this.#watching.ends(alarm, at);
    }
  }
}

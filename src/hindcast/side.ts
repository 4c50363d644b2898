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
import type { Campaign } from "../core/respond/campaign.ts";
import { passTime, scan } from "../core/scan.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";

/** Told when something begins, why, and when it is over. */
interface Told {
  begins(id: string, at: Instant, because: string): void;
  ends(id: string, at: Instant): void;
}

/** What is told of alarms: while they stand before people; and of responses: while they are called for and would have begun. */
export interface Watching {
  readonly alarms: Told;
  readonly responses: Told;
}

/** How a set of rules has fared. */
export interface Fared {
  readonly figures: KpiFigures;
  readonly standing: Standing;
  readonly targets: readonly Target[];
}

/**
 * A set of rules whose responses only say when they would have begun: what they would have done to the plant, no history
 * tells. Time passes for it as it did, also where nothing is known of it.
 */
export class Side {
  readonly model: SiteModel;
  readonly #watching: Watching;
  #plant: Plant;
  #kpi: Kpi;
  readonly #shown = new Set<string>();
  readonly #begun = new Set<string>();

  constructor(model: SiteModel, at: Instant, watching: Watching) {
    this.model = { ...model, responses: observed(model) };
    this.#watching = watching;
    this.#plant = start(this.model, at);
    this.#kpi = kpiOver(beginKpi(at));
  }

  /** Goes on from what a service remembered. What stood until then is over: nobody has seen what became of it. */
  goOn(saved: Checkpoint): void {
    const left = this.#plant.now;
    for (const alarm of this.#shown) this.#watching.alarms.ends(alarm, left);
    for (const response of this.#begun) this.#watching.responses.ends(response, left);
    this.#shown.clear();
    this.#begun.clear();
    // What responses were doing then they did by rules and modes that are not held against each other here.
    this.#plant = restore(this.model, { ...saved, site: this.model.id, campaigns: [] });
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
    for (const campaign of this.#plant.campaigns) this.#noteResponse(campaign);
    if (transitions.length === 0) return;
    this.#kpi.take(transitions);
    for (const transition of transitions) this.#note(transition);
  }

  /** One that is only observed is done as soon as it would have begun, for as long as it is called for. */
  #noteResponse({ response, phase, startedBy }: Campaign): void {
    const isBegun = phase === "done";
    if (isBegun === this.#begun.has(response)) return;
    if (isBegun) {
      this.#begun.add(response);
      this.#watching.responses.begins(response, this.#plant.now, startedBy);
    } else {
      this.#begun.delete(response);
      this.#watching.responses.ends(response, this.#plant.now);
    }
  }

  #note({ alarm, at, to, because }: Transition): void {
    const isNow = isShown(to);
    if (isNow === this.#shown.has(alarm)) return;
    if (isNow) {
      this.#shown.add(alarm);
      this.#watching.alarms.begins(alarm, at, because);
    } else {
      this.#shown.delete(alarm);
      this.#watching.alarms.ends(alarm, at);
    }
  }
}

/** The responses of a set of rules, with what calls for them among its alarms; none of them does anything. */
const observed = ({ alarms, responses }: SiteModel): SiteModel["responses"] => {
  const known = new Set(alarms.map(({ id }) => id));
  return responses.map((response) => ({
    ...response,
    mode: "observe",
    when: response.when.filter((id) => known.has(id)),
  }));
};

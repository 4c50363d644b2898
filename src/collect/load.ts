/**
 * What is given up when this process cannot keep up: too many devices, too slow a machine. Every poll
 * would then come late, those that guard safety with all others. So turns of the slow classes are left
 * out, at first every other one, which leaves their points fresh; where that is not enough more of
 * them, and of the fast class. No class is left out for good, and what guards safety never.
 */
import { performance } from "node:perf_hooks";
import type { Group } from "../profiles/group.ts";
import type { ScanClass } from "../profiles/model.ts";

/** How often it is looked how busy the process is: one stop, be it long, is one look. ms */
const LOOK_MS = 500;
/** The share of its time that a process works which has no rest: what waits for it only grows. */
const FULL = 0.97;
/** Below this share there is room for what was left out. */
const ROOM = 0.85;
/** Looks in a row of which each says the same before anything changes, and then again before more does. */
const LOOKS = 3;

/** Turns left out for each that is taken, by how hard pressed the process is. */
const LEFT_OUT: Readonly<Record<ScanClass, readonly number[]>> = {
  safety: [0, 0, 0],
  fast: [0, 0, 1],
  normal: [0, 1, 3],
  slow: [0, 1, 3],
};
const STAGE_MOST = 2;
/** Of the group that carries the health of its device no more are: what is known of the link is to stay fresh. */
const OF_LEADING = 1;

/** How hard pressed this process is: 0 where it keeps up, 1 or 2 where it does not. */
export class Load {
  #stage = 0;
  /** Looks in a row that found it full, or below zero: that found room. */
  #looks = 0;

  get stage(): number {
    return this.#stage;
  }

  /** Told the share of its time that the process has worked since the last look. */
  look(share: number): void {
    if (share > FULL) this.#looks = Math.max(0, this.#looks) + 1;
    else this.#looks = share < ROOM ? Math.min(0, this.#looks) - 1 : 0;
    if (Math.abs(this.#looks) < LOOKS) return;
    this.#stage = Math.min(STAGE_MOST, Math.max(0, this.#stage + Math.sign(this.#looks)));
    this.#looks = 0;
  }
}

/** Watches how busy this process is, until `stop` aborts. */
export function watchLoad(stop: AbortSignal): Load {
  const load = new Load();
  if (stop.aborted) return load;
  let before = performance.eventLoopUtilization();
  const looks = setInterval(() => {
    const now = performance.eventLoopUtilization();
    load.look(performance.eventLoopUtilization(now, before).utilization);
    before = now;
  }, LOOK_MS);
  stop.addEventListener("abort", () => clearInterval(looks), { once: true });
  return load;
}

/** Which turns of one device are left out. */
export class Shedding {
  readonly #load: Load;
  /** Turns left out since the last that was taken; a group that has had none yet is not here, and has it. */
  readonly #leftOut = new Map<Group, number>();

  constructor(load: Load) {
    this.#load = load;
  }

  /** Whether a turn that is due is left out; asked once for each. */
  leavesOut(group: Group, leads: boolean): boolean {
    const before = this.#leftOut.get(group);
    const most = LEFT_OUT[group.scan][this.#load.stage] ?? 0;
    const isLeftOut = before !== undefined && before < (leads ? Math.min(most, OF_LEADING) : most);
    this.#leftOut.set(group, isLeftOut ? before + 1 : 0);
    return isLeftOut;
  }
}

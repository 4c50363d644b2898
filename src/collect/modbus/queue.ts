/**
 * Who is asked next on a connection: the most urgent class; within a class the unit whose last turn
 * is longest ago, and its requests in the order in which they came. Two rules keep that from
 * starving anybody: a unit that fell silent lets others go first, because each of its turns may cost
 * them a time-out, and now and then the request that has waited longest goes whatever its class.
 */

/** Classes of requests, the most urgent first. A guest reads through our connection, and waits for all of our own. */
const URGENCIES = ["safety", "confirmation", "fast", "normal", "slow", "guest"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Requests that may wait: some for every unit that one byte can name, and more than a minute's work of a serial line. */
export const WAITING_MOST = 1024;
/** Turns after which the longest wait goes first. */
const PATIENCE_TURNS = 16;
/** Turns that a unit which stays silent lets others have before its own; they double from two with every silence. */
const PASSES_MOST = 32;

/** What waits for its turn. */
export interface Waiting {
  readonly unit: number;
  readonly urgency: Urgency;
}

interface Place<T> {
  readonly item: T;
  readonly number: number;
}

export class Queue<T extends Waiting> {
  readonly #lanes: readonly Place<T>[][] = URGENCIES.map(() => []);
  /** The number of each unit's last turn. */
  readonly #turns = new Map<number, number>();
  readonly #silent = new Map<number, { silences: number; passes: number }>();
  #size = 0;
  #came = 0;
  #turn = 0;

  get size(): number {
    return this.#size;
  }

  /** False when too many wait already. */
  push(item: T): boolean {
    if (this.#size >= WAITING_MOST) return false;
    this.#lanes[URGENCIES.indexOf(item.urgency)]!.push({ item, number: this.#came++ });
    this.#size += 1;
    return true;
  }

  /** Takes out the one whose turn it is; null when none waits. */
  take(): T | null {
    if (this.#size === 0) return null;
    this.#turn += 1;
    const isOld = this.#turn % PATIENCE_TURNS === 0;
    const [lane, at] = (isOld && this.#oldest()) || this.#fairest();
    const [{ item }] = lane.splice(at, 1) as [Place<T>];
    this.#size -= 1;
    this.#had(item.unit);
    return item;
  }

  /** A unit has its turn without having waited, because nothing waits. */
  pass(unit: number): void {
    this.#turn += 1;
    this.#had(unit);
  }

  /** Takes out all of them, in the order in which they came. */
  drain(): readonly T[] {
    const all = this.#lanes.flatMap((lane) => lane.splice(0)).toSorted((a, b) => a.number - b.number);
    this.#size = 0;
    return all.map(({ item }) => item);
  }

  /** A unit did not answer: the next of its turns are put off. */
  fellSilent(unit: number): void {
    const silences = (this.#silent.get(unit)?.silences ?? 0) + 1;
    this.#silent.set(unit, { silences, passes: Math.min(2 ** silences, PASSES_MOST) });
  }

  spoke(unit: number): void {
    if (this.#silent.size > 0) this.#silent.delete(unit);
  }

  /** Whether a unit did not answer when it was last asked. */
  isSilent(unit: number): boolean {
    return this.#silent.has(unit);
  }

  #oldest(): [Place<T>[], number] | null {
    const heads = this.#lanes.filter((lane) => lane.length > 0 && this.#owes(lane[0]!.item.unit) === 0);
    const [first] = heads.toSorted((a, b) => a[0]!.number - b[0]!.number);
    return first ? [first, 0] : null;
  }

  /** Those who let others go first come last of all, whatever their class. */
  #fairest(): [Place<T>[], number] {
    let putOff: [Place<T>[], number] | null = null;
    for (const lane of this.#lanes) {
      if (lane.length === 0) continue;
      const at = lane.length === 1 ? 0 : this.#fairestIn(lane);
      if (this.#silent.size === 0 || this.#owes(lane[at]!.item.unit) === 0) return [lane, at];
      putOff ??= [lane, at];
    }
    return putOff!;
  }

  #fairestIn(lane: readonly Place<T>[]): number {
    let best = 0;
    for (let at = 1; at < lane.length; at += 1)
      if (this.#isBefore(lane[at]!.item.unit, lane[best]!.item.unit)) best = at;
    return best;
  }

  #isBefore(unit: number, other: number): boolean {
    const owed = this.#silent.size === 0 ? 0 : this.#owes(unit) - this.#owes(other);
    return owed !== 0 ? owed < 0 : (this.#turns.get(unit) ?? 0) < (this.#turns.get(other) ?? 0);
  }

  #owes(unit: number): number {
    return this.#silent.get(unit)?.passes ?? 0;
  }

  #had(unit: number): void {
    this.#turns.set(unit, this.#turn);
    if (this.#silent.size > 0) this.#passedOver(unit);
  }

  #passedOver(taken: number): void {
    for (const [unit, silent] of this.#silent) if (unit !== taken && silent.passes > 0) silent.passes -= 1;
  }
}

/**
 * Which times that one set of rules put an alarm before people are which of another set's. Two are the same when they
 * overlap, or begin within ten minutes of each other. What is decided is counted and forgotten: a year of a chattering
 * alarm costs no more memory than a day.
 */
import type { Duration, Instant } from "../core/time.ts";
import { elapsed, minutes } from "../core/time.ts";

/** Two alarms of one cause are no farther apart. */
const near: Duration = minutes(10);
/** More than this that wait to be decided, beside one that does not end, are decided as they stand. */
const waitingMost = 1000;
/** Instants that are remembered of each kind, for people to look at. */
const examplesMost = 5;

/** A time for which an alarm stood before people; it may still. */
export interface Episode {
  readonly from: Instant;
  readonly to: Instant | null;
  readonly because: string;
}

/** How often the new rules were otherwise, and when first. Spans in ms. */
export interface Tally {
  oldCount: number;
  newCount: number;
  both: number;
  /** Raised by the old rules alone, or by the new alone. */
  onlyOld: number;
  onlyNew: number;
  earlier: number;
  later: number;
  /** Over all that both raised: how much later the new rules did, in sum and at the ends. */
  shiftMs: number;
  earliestMs: number;
  latestMs: number;
  longer: number;
  shorter: number;
  /** How much longer they stood, in sum. */
  lengthMs: number;
  readonly missed: { readonly at: Instant; readonly because: string }[];
  readonly added: { readonly at: Instant; readonly because: string }[];
}

type Side = "old" | "new";

/** One alarm under two sets of rules. */
export interface Pairing {
  readonly tally: Tally;
  begin(side: Side, at: Instant, because: string): void;
  end(side: Side, at: Instant): void;
  /** Decides what can be decided at an instant; at the end, everything. */
  settle(now: Instant, isOver: boolean): void;
}

export function pairing(): Pairing {
  const tally: Tally = {
    oldCount: 0,
    newCount: 0,
    both: 0,
    onlyOld: 0,
    onlyNew: 0,
    earlier: 0,
    later: 0,
    shiftMs: 0,
    earliestMs: 0,
    latestMs: 0,
    longer: 0,
    shorter: 0,
    lengthMs: 0,
    missed: [],
    added: [],
  };
  const queues: Record<Side, Episode[]> = { old: [], new: [] };
  /** What was paired last on each side: another one that overlaps it is its repetition, and no alarm of its own. */
  const last: Record<Side, Episode | null> = { old: null, new: null };

  const alone = (side: Side, episode: Episode): void => {
    const other = last[side === "old" ? "new" : "old"];
    if (other && touches(episode, other)) return;
    const { from: at, because } = episode;
    if (side === "old") tally.onlyOld += 1;
    else tally.onlyNew += 1;
    const examples = side === "old" ? tally.missed : tally.added;
    if (examples.length < examplesMost) examples.push({ at, because });
  };
  const take = (side: Side): Episode => queues[side].shift()!;

  return {
    tally,
    begin(side, from, because) {
      if (side === "old") tally.oldCount += 1;
      else tally.newCount += 1;
      queues[side].push({ from, to: null, because });
    },
    end(side, to) {
      const open = queues[side].at(-1);
      if (open?.to === null) queues[side][queues[side].length - 1] = { ...open, to };
    },
    settle(now, isEnd) {
      const isOver = isEnd || queues.old.length + queues.new.length > waitingMost;
      for (;;) {
        const [old, young] = [queues.old[0], queues.new[0]];
        if (old && young && touches(old, young)) {
          if (!isOver && (old.to === null || young.to === null)) return;
          [last.old, last.new] = [take("old"), take("new")];
          count(tally, old, young, now);
          continue;
        }
        const side: Side | null = !old ? (young ? "new" : null) : !young || old.from <= young.from ? "old" : "new";
        if (side === null) return;
        const first = queues[side][0]!;
        // Until it is over, and for a while after it has begun, the other rules may still come to it.
        if (!isOver && (first.to === null || elapsed(first.from, now) <= near)) return;
        alone(side, take(side));
      }
    },
  };
}

const endOf = ({ to }: Episode): number => to ?? Number.POSITIVE_INFINITY;

const touches = (a: Episode, b: Episode): boolean =>
  (a.from <= endOf(b) && b.from <= endOf(a)) || Math.abs(a.from - b.from) <= near;

function count(tally: Tally, old: Episode, young: Episode, now: Instant): void {
  const shift = young.from - old.from;
  const length = (young.to ?? now) - young.from - ((old.to ?? now) - old.from);
  tally.both += 1;
  if (shift < 0) tally.earlier += 1;
  if (shift > 0) tally.later += 1;
  tally.shiftMs += shift;
  tally.earliestMs = Math.min(tally.earliestMs, shift);
  tally.latestMs = Math.max(tally.latestMs, shift);
  if (length > 0) tally.longer += 1;
  if (length < 0) tally.shorter += 1;
  tally.lengthMs += length;
}

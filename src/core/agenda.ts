/**
 * What falls due when. A scan's work grows with this and with what changed, not with the number of
 * points. Entries that have lost their meaning are let fall due and found idle: that is cheaper
 * than finding them in the heap.
 */
import type { AlarmId } from "./alarm/definition.ts";
import type { ResponseId } from "./command.ts";
import type { PointId } from "./reading.ts";
import type { Instant } from "./time.ts";

export type Entry =
  | { readonly kind: "age"; readonly point: PointId }
  | { readonly kind: "alarm"; readonly alarm: AlarmId }
  | { readonly kind: "response"; readonly response: ResponseId }
  | { readonly kind: "cause" }
  | { readonly kind: "flood" };

export interface Due {
  readonly at: Instant;
  /** Order of adding: entries of one instant fall due in it. */
  readonly order: number;
  readonly entry: Entry;
}

export interface Agenda {
  add(at: Instant, entry: Entry): void;
  /** The earliest instant at which something falls due; null when nothing will. */
  next(): Instant | null;
  /** Takes out what is due by then, in order. */
  take(now: Instant): readonly Entry[];
  /**
   * Moves on what stands first and is due by then, for as long as all that falls due at its instant may wait: `later` says
   * until when, and null of what may not.
   */
  postpone(until: Instant, later: (entry: Entry, due: Instant) => Instant | null): void;
  /** All that is to fall due, as plain data, in order. */
  entries(): readonly Due[];
  replace(entries: readonly Due[]): void;
}

/** What falls due at one instant, in the order of adding. */
interface Turn {
  readonly at: Instant;
  readonly entries: Entry[];
  readonly orders: number[];
}

/** A device's points are read together and grow old together: what is kept sorted are instants, and they are few. */
export function agenda(): Agenda {
  const turns = new Map<Instant, Turn>();
  let heap: Instant[] = [];
  let order = 0;
  let latest: Turn | null = null;

  const turnOf = (at: Instant): Turn => {
    if (latest?.at === at) return latest;
    const known = turns.get(at);
    if (known) return known;
    const turn: Turn = { at, entries: [], orders: [] };
    turns.set(at, turn);
    push(heap, at);
    return turn;
  };
  const put = (at: Instant, entry: Entry, its: number): void => {
    const turn = turnOf(at);
    turn.entries.push(entry);
    turn.orders.push(its);
    latest = turn;
  };
  const add = (at: Instant, entry: Entry): void => {
    put(at, entry, order);
    order += 1;
  };
  const takeFirst = (): readonly Entry[] => {
    const at = pop(heap);
    const { entries } = turns.get(at)!;
    turns.delete(at);
    latest = null;
    return entries;
  };
  return {
    add,
    next: () => heap[0] ?? null,
    take(now) {
      const due: Entry[] = [];
      while (heap[0] !== undefined && heap[0] <= now) for (const entry of takeFirst()) due.push(entry);
      return due;
    },
    postpone(until, later) {
      for (let due = heap[0]; due !== undefined && due <= until; due = heap[0]) {
        const moved: Instant[] = [];
        for (const entry of turns.get(due)!.entries) {
          const to = later(entry, due);
          if (to === null) return;
          moved.push(to);
        }
        takeFirst().forEach((entry, i) => add(moved[i]!, entry));
      }
    },
    entries: () => [...turns.values()].toSorted((a, b) => a.at - b.at).flatMap(duesOf),
    replace(entries) {
      turns.clear();
      [heap, latest, order] = [[], null, 0];
      for (const due of entries.toSorted(compare)) put(due.at, due.entry, due.order);
      order = entries.reduce((most, due) => Math.max(most, due.order + 1), 0);
    },
  };
}

const duesOf = ({ at, entries, orders }: Turn): readonly Due[] =>
  entries.map((entry, i) => ({ at, order: orders[i]!, entry: plainOf(entry) }));

/** A point's place on the agenda may be all that is known of the point. */
const plainOf = (entry: Entry): Entry => (entry.kind === "age" ? { kind: "age", point: entry.point } : entry);

const compare = (a: Due, b: Due): number => a.at - b.at || a.order - b.order;

function push(heap: Instant[], at: Instant): void {
  let i = heap.push(at) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]! <= at) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = at;
}

function pop(heap: Instant[]): Instant {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) sink(heap, last);
  return top;
}

function sink(heap: Instant[], at: Instant): void {
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
    if (at <= heap[child]!) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = at;
}

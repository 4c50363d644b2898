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
  | { readonly kind: "response"; readonly response: ResponseId };

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
  entries(): readonly Due[];
  replace(entries: readonly Due[]): void;
}

export function agenda(): Agenda {
  let heap: Due[] = [];
  let order = 0;
  return {
    add(at, entry) {
      push(heap, { at, order, entry });
      order += 1;
    },
    next: () => heap[0]?.at ?? null,
    take(now) {
      const due: Entry[] = [];
      while (heap[0] && heap[0].at <= now) due.push(pop(heap).entry);
      return due;
    },
    entries: () => heap.toSorted(compare),
    replace(entries) {
      heap = entries.toSorted(compare);
      order = entries.reduce((most, due) => Math.max(most, due.order + 1), 0);
    },
  };
}

const compare = (a: Due, b: Due): number => a.at - b.at || a.order - b.order;

function push(heap: Due[], due: Due): void {
  let i = heap.push(due) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (compare(heap[parent]!, due) <= 0) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = due;
}

function pop(heap: Due[]): Due {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) sink(heap, last);
  return top;
}

function sink(heap: Due[], due: Due): void {
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child += 1;
    if (compare(due, heap[child]!) <= 0) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = due;
}

/**
 * When something must have happened: by a time, before it, or within so long of something else. What it is counted from
 * is a time, an entry of the timeline by its label, or an alarm by its id, which means when that is first raised.
 */
import { isRaising } from "../../src/core/plant.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import { after, instant } from "../../src/core/time.ts";
import type { Record } from "./record.ts";

/** A moment that a run may have to find out; a sentence where it never came. */
export type Moment = (record: Record) => Instant | string;

/** The span in which it must happen; a sentence where there is none, because what it is counted from never happened. */
export type When = (record: Record) => { readonly from: Instant; readonly to: Instant } | string;

export const by =
  (to: Instant): When =>
  ({ starts }) => ({ from: starts, to });

/** The last millisecond before an instant: nothing is finer than that. */
export const before = (to: Instant): When => by(instant(to - 1));

export const within =
  (wait: Duration, of: Moment): When =>
  (record) => {
    const from = of(record);
    return typeof from === "string" ? from : { from, to: after(from, wait) };
  };

/** When an alarm was first put before people. */
export const raising =
  (alarm: string): Moment =>
  ({ transitions }) =>
    transitions.find((t) => t.alarm === alarm && isRaising(t))?.at ?? `${alarm} was never raised`;

/** How a failure is said: "it was raised" 3 s too late, or "it was never raised". */
export interface Words {
  readonly late: string;
  readonly never: string;
}

/** Null where one of the instants, which stand in order, lies in the span that is meant. */
export function falls(record: Record, when: When, instants: readonly Instant[], words: Words): string | null {
  const span = when(record);
  if (typeof span === "string") return span;
  const hits = instants.filter((at) => at >= span.from);
  if (hits.some((at) => at <= span.to)) return null;
  if (hits[0] !== undefined) return `${words.late} ${(hits[0] - span.to) / 1000} s too late`;
  return instants.length > 0 ? `${words.late} only before that` : words.never;
}

/** What has been, out of a journal or a history, as the moments that rules are held to. */
import type { Reading } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { RecordedScan, RecordedState, replay } from "../record/record.ts";
import { reviveState } from "../record/record.ts";
import type { Stretch } from "../record/recorded.ts";
import type { Past } from "../store/index.ts";
import { slicesOf } from "../store/index.ts";
import type { Moment } from "./hindcast.ts";

type Recorded = Parameters<typeof replay>[0] extends Iterable<infer R> ? R : never;

/**
 * A journal's moments. It begins with the checkpoint before the stretch, so that what the service knew then is known;
 * a checkpoint that follows from the scan before it is passed over, and one that does not is where nobody had watched.
 */
export function* journalMoments(records: Iterable<Recorded>, { from, to }: Stretch): Generator<Moment> {
  let waiting: Moment[] = [];
  let hasBegun = false;
  let last: Instant | null = null;
  for (const record of records) {
    if (record.kind === "checkpoint") {
      const state = record.state as RecordedState;
      if (hasBegun && last === state.plant.now) continue;
      const moment = { state: state.plant, site: reviveState(state).site, timezone: state.timezone };
      if (hasBegun) yield moment;
      else waiting = [moment];
      continue;
    }
    const { scanned } = record.input as RecordedScan;
    if (to !== null && scanned.at > to) return;
    last = scanned.at;
    if (hasBegun) {
      yield { scanned };
      continue;
    }
    if (waiting.length === 0) continue;
    waiting.push({ scanned });
    if (scanned.at < (from ?? scanned.at)) continue;
    hasBegun = true;
    yield* waiting;
    waiting = [];
  }
}

/** A service takes what has come once a period. */
const periodMs = 100;

/** A history's moments: its readings as a service would have taken them, and no requests, for a history keeps none. */
export async function* historyMoments(past: Past, from: Instant, to: Instant): AsyncGenerator<Moment> {
  for await (const readings of slicesOf(past, from, to)) yield* scansOf(readings);
}

function* scansOf(readings: readonly Reading[]): Generator<Moment> {
  const turnOf = ({ at }: Reading): number => Math.ceil(at / periodMs);
  for (let begin = 0; begin < readings.length; ) {
    const turn = turnOf(readings[begin]!);
    let end = begin + 1;
    while (end < readings.length && turnOf(readings[end]!) === turn) end += 1;
    const at = instant(turn * periodMs);
    yield { scanned: { at, readings: readings.slice(begin, end), requests: [], outcomes: [], leads: true } };
    begin = end;
  }
}

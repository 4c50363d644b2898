/**
 * How many alarms are put before people, and whether that is a flood: more than ten in ten minutes
 * begin one and fewer than five end it, the rule of EEMUA 191 and ISA-18.2. They are counted in slots
 * of ten seconds, so that the memory is bounded however many there are.
 */
import type { Instant } from "../time.ts";
import { after, elapsed, minutes, seconds } from "../time.ts";

/** Alarms that were put before people within ten seconds from an instant. */
interface Slot {
  readonly from: Instant;
  count: number;
}

/** What a plant remembers of the alarms that it has put before people. */
export interface Flood {
  /** The slots of the last ten minutes in which there were any, the oldest first. */
  slots: Slot[];
  /** When the flood began that goes on; null where there is none. */
  since: Instant | null;
  /** When alarms next leave the window of a flood; null where none does. */
  due: Instant | null;
}

export const noFlood = (): Flood => ({ slots: [], since: null, due: null });

/** The span in which alarms are counted (EEMUA 191). */
export const floodSpan = minutes(10);
/** A flood begins with more than so many in it, and ends with fewer than so many (EEMUA 191). */
export const floodAbove = 10;
export const floodBelow = 5;
const slot = seconds(10);

/** Counts an alarm that is put before people now. */
export function annunciate(flood: Flood, now: Instant): void {
  forget(flood, now);
  const last = flood.slots.at(-1);
  if (last && elapsed(last.from, now) < slot) last.count += 1;
  else flood.slots.push({ from: now, count: 1 });
}

/** How many alarms were put before people in the last ten minutes, to ten seconds. */
export const annunciated = ({ slots }: Flood, now: Instant): number =>
  slots.reduce((sum, { from, count }) => (leaves(from) > now ? sum + count : sum), 0);

/** Begins a flood or ends it; null where neither happens. */
export function moveFlood(flood: Flood, now: Instant): "began" | "ended" | null {
  const count = annunciated(flood, now);
  if (flood.since === null && count > floodAbove) {
    flood.since = now;
    return "began";
  }
  if (flood.since === null || count >= floodBelow) return null;
  flood.since = null;
  forget(flood, now);
  return "ended";
}

/** When the next alarms leave the window of a flood; null where none does. */
export function floodDue({ slots, since }: Flood, now: Instant): Instant | null {
  if (since === null) return null;
  const next = slots.find(({ from }) => leaves(from) > now);
  return next ? leaves(next.from) : null;
}

const leaves = (from: Instant): Instant => after(after(from, slot), floodSpan);

function forget(flood: Flood, now: Instant): void {
  flood.slots = flood.slots.filter(({ from }) => leaves(from) > now);
}

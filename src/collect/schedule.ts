/**
 * When which points of one device are asked for. Points with one scan class and period form a
 * group; the most urgent group that is due goes first. Devices are spread over the period by their
 * share, so that a thousand of them do not ask in the same millisecond.
 */
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, ms } from "../core/time.ts";
import type { PointModel, ScanClass } from "../profiles/model.ts";

const URGENCY: readonly ScanClass[] = ["safety", "fast", "normal", "slow"];

/** Points that are asked for together. */
export interface Group {
  readonly scan: ScanClass;
  readonly period: Duration;
  readonly points: readonly PointModel[];
}

interface Slot {
  readonly group: Group;
  /** Where in the period this device's turns fall. */
  readonly anchor: Instant;
  dueAt: Instant;
  taken: boolean;
}

/** A device's share of every period, in [0, 1): multiples of the golden ratio spread any number of devices evenly. */
export const shareOf = (index: number): number => (index * 0.618_033_988_749_895) % 1;

/** Deterministic: it is told the time and keeps no clock. */
export class Schedule {
  readonly #slots: readonly Slot[];

  /** Every group has its first turn within the most urgent group's period after `start`. */
  constructor(points: readonly PointModel[], start: Instant, share: number) {
    const groups = grouped(points);
    const first = groups[0]?.period ?? ms(0);
    this.#slots = groups.map((group) => ({
      group,
      anchor: after(start, ms(group.period * share)),
      dueAt: after(start, ms(Math.min(first, group.period) * share)),
      taken: false,
    }));
  }

  /** The group whose polls carry the device's health: the most urgent one; null for a device without points. */
  get leading(): Group | null {
    return this.#slots[0]?.group ?? null;
  }

  /** The most urgent group that is due; only such as are more urgent than `than`, if given. */
  due(now: Instant, than?: Group): Group | null {
    for (const { group, dueAt } of this.#slots) {
      if (group === than) return null;
      if (dueAt <= now) return group;
    }
    return null;
  }

  /** Takes a group's turn. Returns how many of its turns were lost because it came so late. */
  take(group: Group, now: Instant): number {
    const slot = this.#slot(group);
    if (slot.taken || slot.anchor <= slot.dueAt) {
      slot.taken = true;
      return skip(slot, Math.floor(elapsed(slot.dueAt, now) / group.period));
    }
    slot.taken = true;
    slot.dueAt = slot.anchor;
    return 0;
  }

  /** Ends a group's poll. Turns that came while it ran are lost; returns how many. */
  finish(group: Group, now: Instant): number {
    const slot = this.#slot(group);
    if (slot.dueAt > now) return 0;
    const lost = Math.floor(elapsed(slot.dueAt, now) / group.period) + 1;
    slot.dueAt = after(slot.dueAt, ms(lost * group.period));
    return lost;
  }

  /** How long nothing is due; null for a device without points. */
  untilNext(now: Instant): Duration | null {
    if (this.#slots.length === 0) return null;
    const next = Math.min(...this.#slots.map((slot) => slot.dueAt));
    return ms(Math.max(0, next - now));
  }

  #slot(group: Group): Slot {
    return this.#slots.find((slot) => slot.group === group)!;
  }
}

function skip(slot: Slot, lost: number): number {
  const turns = Math.max(0, lost);
  slot.dueAt = after(slot.dueAt, ms((turns + 1) * slot.group.period));
  return turns;
}

function grouped(points: readonly PointModel[]): readonly Group[] {
  const groups = new Map<string, { scan: ScanClass; period: Duration; points: PointModel[] }>();
  for (const point of points) {
    const key = `${point.scan} ${point.period}`;
    const group = groups.get(key);
    if (group) group.points.push(point);
    else groups.set(key, { scan: point.scan, period: point.period, points: [point] });
  }
  const order = (group: Group): number => URGENCY.indexOf(group.scan);
  return [...groups.values()].sort((a, b) => order(a) - order(b) || a.period - b.period);
}

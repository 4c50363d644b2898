/**
 * When which points of one device are asked for. Points with one scan class and period form a
 * group; the most urgent group that is due goes first. Devices are spread over the period by their
 * share, so that a thousand of them do not ask in the same millisecond.
 */
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, instant, ms } from "../core/time.ts";
import { type Group, grouped, urgencyOf } from "../profiles/group.ts";
import type { Boost, PointModel } from "../profiles/model.ts";
import { Hurry } from "./hurry.ts";

interface Slot {
  readonly group: Group;
  /** The group's own period, or a shorter one while the device is boosted. */
  period: Duration;
  /** Where in the period this device's turns fall. */
  readonly anchor: Instant;
  dueAt: Instant;
  taken: boolean;
}

/** A process that wakes up for each device by itself spends more on waking than on asking: few devices share so many turns a period, and many those of all periods. */
const TURNS = 10;
/** From so many devices on there is somebody in every turn anyway, and all of them at once would be a burst. */
const FEW_DEVICES = 200;
const GOLDEN_RATIO = 0.618_033_988_749_895;

/** A device's share of every period, in [0, 1), by its number among so many: multiples of the golden ratio spread any number of devices evenly. */
export function shareOf(index: number, among: number): number {
  const share = (index * GOLDEN_RATIO) % 1;
  return among < FEW_DEVICES ? Math.floor(share * TURNS) / TURNS : share;
}

/** Turns lie so far apart, by the clock that all devices have, where a period has ten of them or more. ms */
const BETWEEN_TURNS = 10;

/** A device's turn in the period that begins at `start`, together with whoever else has it. */
function turnIn(period: Duration, start: Instant, share: number): Instant {
  const step = period >= TURNS * BETWEEN_TURNS ? BETWEEN_TURNS : 1;
  const at = Math.ceil(after(start, ms(period * share)) / step) * step;
  return instant(at < start + period ? at : at - period);
}

/** Deterministic: it is told the time and keeps no clock. */
export class Schedule {
  readonly #slots: readonly Slot[];
  readonly #hurry: Hurry;

  /** Every group has its first turn within the most urgent group's period after `start`. */
  constructor(points: readonly PointModel[], start: Instant, share: number) {
    this.#hurry = new Hurry(points, start);
    const groups = grouped(points);
    const first = groups[0]?.period ?? ms(0);
    this.#slots = groups.map((group) => ({
      group,
      period: group.period,
      anchor: turnIn(group.period, start, share),
      dueAt: turnIn(ms(Math.min(first, group.period)), start, share),
      taken: false,
    }));
  }

  /** The group whose polls carry the device's health: the most urgent one; null for a device without points. */
  get leading(): Group | null {
    return this.#slots[0]?.group ?? null;
  }

  /** How often a group is asked for now. */
  periodOf(group: Group): Duration {
    return this.#slot(group).period;
  }

  /** Has points asked for once, before all others. The turns that they have anyway stay where they are. */
  hurry(names: readonly string[]): void {
    this.#hurry.add(names);
  }

  /** The most urgent group that is due, hurried points first; only such as are more urgent than `than`, if given. */
  due(now: Instant, than?: Group): Group | null {
    const hurried = this.#hurry.due(now);
    if (hurried) return hurried;
    const isHurried = this.#hurry.runs(than);
    for (const { group, dueAt } of this.#slots) {
      if (group === than || (isHurried && than && urgencyOf(group) >= urgencyOf(than))) return null;
      if (dueAt <= now) return group;
    }
    return null;
  }

  /** From now on scan classes are asked at these periods where they are shorter than their own; null: at their own again. */
  boost(periods: Boost["periods"] | null, now: Instant): void {
    for (const slot of this.#slots) {
      const { scan, period } = slot.group;
      slot.period = ms(Math.min(period, periods?.[scan] ?? period));
      slot.dueAt = instant(Math.min(slot.dueAt, after(now, slot.period)));
    }
  }

  /** Takes a group's turn. Returns how many of its turns were lost because it came so late. */
  take(group: Group, now: Instant): number {
    if (this.#hurry.take(group)) return 0;
    const slot = this.#slot(group);
    if (slot.taken || slot.anchor <= slot.dueAt) {
      slot.taken = true;
      return skip(slot, Math.floor(elapsed(slot.dueAt, now) / slot.period));
    }
    slot.taken = true;
    slot.dueAt = slot.anchor;
    return 0;
  }

  /** Lets a turn pass that is due. Returns how many are lost by it; null for what is hurried, which waits for its poll. */
  pass(group: Group, now: Instant): number | null {
    return this.#slots.some((slot) => slot.group === group) ? this.take(group, now) + 1 : null;
  }

  /** Ends a group's poll. Turns that came while it ran are lost; returns how many. */
  finish(group: Group, now: Instant): number {
    if (this.#hurry.finish(group, now)) return 0;
    const slot = this.#slot(group);
    if (slot.dueAt > now) return 0;
    const lost = Math.floor(elapsed(slot.dueAt, now) / slot.period) + 1;
    slot.dueAt = after(slot.dueAt, ms(lost * slot.period));
    return lost;
  }

  /** How long nothing is due; null for a device without points. */
  untilNext(now: Instant): Duration | null {
    if (this.#slots.length === 0) return null;
    const next = Math.min(...this.#slots.map((slot) => slot.dueAt));
    return ms(Math.max(0, Math.min(next - now, this.#hurry.untilNext(now) ?? Number.POSITIVE_INFINITY)));
  }

  #slot(group: Group): Slot {
    return this.#slots.find((slot) => slot.group === group)!;
  }
}

function skip(slot: Slot, lost: number): number {
  const turns = Math.max(0, lost);
  slot.dueAt = after(slot.dueAt, ms((turns + 1) * slot.period));
  return turns;
}

/**
 * What a device shows that stands alone, with no plant behind it: each number at a sensible place of its range, moving
 * slowly about it, each state at rest. All of it follows from the seed and the time.
 */
import type { DeviceModel, PointModel } from "../../src/profiles/index.ts";
import { between, dice } from "../plant/dice.ts";
import type { PlantAccess } from "../wire/access.ts";
import type { Faults } from "../wire/faults.ts";
import { placeIn } from "./place.ts";
import { restsAt } from "./rest.ts";

/** A device's values, and a hand on them. */
export interface Shown extends PlantAccess {
  /** Holds a point at a value from now on; false where it has no such point. */
  set(point: string, value: number): boolean;
}

interface Clock {
  readonly seed: number;
  /** Milliseconds from any instant. */
  readonly now: () => number;
  readonly faults?: Faults;
}

interface Course {
  readonly middle: number;
  readonly swing: number;
  readonly periodMs: number;
  /** Part of its period that it begins at. */
  readonly phase: number;
}

/** A value goes up and down once in this long. */
const periodsMs = [120_000, 600_000] as const;
/** Of the room that a value has to either side. */
const swingShare = 0.03;

/** The values of a device whose tables' rows are among its points. */
export function shownBy(model: DeviceModel, { seed, now, faults }: Clock): Shown {
  const courses = new Map(model.points.map((point, i) => [point.name, courseOf(point, seed + i)]));
  const held = new Map<string, number>();
  const frozen = new Map<string, number>();
  const begun = now();
  const shows = (point: string): number | null => {
    const course = courses.get(point);
    return held.get(point) ?? (course ? at(course, now() - begun) : null);
  };
  const set = (point: string, value: number): boolean => {
    if (!courses.has(point)) return false;
    held.set(point, value);
    return true;
  };
  return {
    measure(_, point) {
      if (!faults?.frozen()) {
        frozen.clear();
        return shows(point);
      }
      const before = frozen.get(point) ?? shows(point);
      if (before !== null) frozen.set(point, before);
      return before;
    },
    answers: () => true,
    actuate: (_, point, value) => (set(point, value) ? "done" : "refused"),
    service: () => null,
    set,
  };
}

function courseOf(point: PointModel, seed: number): Course {
  const chance = dice(Math.imul(seed, 0x9e37_79b1));
  const periodMs = between(chance, ...periodsMs);
  const phase = between(chance, 0, 1);
  if (point.map) return { middle: restsAt(point), swing: 0, periodMs, phase };
  const { middle, room } = placeIn(point);
  const shifted = middle + room * swingShare * between(chance, -1, 1);
  return { middle: shifted, swing: room * swingShare, periodMs, phase };
}

const at = ({ middle, swing, periodMs, phase }: Course, sinceMs: number): number =>
  middle + swing * Math.sin(2 * Math.PI * (sinceMs / periodMs + phase));

/**
 * What a device shows that stands alone, with no plant behind it: each number at a sensible place of its range, moving
 * slowly about it, each state at rest. All of it follows from the seed and the time.
 */
import type { DeviceModel } from "../../src/profiles/index.ts";
import type { PlantAccess } from "../wire/access.ts";
import { type Course, coursesOf } from "./course.ts";

/** A device's values, and a hand on them. */
export interface Shown extends PlantAccess {
  /** Holds a point at a value from now on; false where it has no such point. */
  set(point: string, value: number): boolean;
}

interface Clock {
  readonly seed: number;
  /** Milliseconds from any instant. */
  readonly now: () => number;
}

/** The values of a device whose tables' rows are among its points. */
export function shownBy(model: DeviceModel, { seed, now }: Clock): Shown {
  const courses = coursesOf(model.points, seed);
  const held = new Map<string, number>();
  const begun = now();
  const set = (point: string, value: number): boolean => {
    if (!courses.has(point)) return false;
    held.set(point, value);
    return true;
  };
  return {
    look(_, point) {
      const course = courses.get(point);
      return () => held.get(point) ?? (course ? at(course, now() - begun) : null);
    },
    answers: () => true,
    actuate: (_, point, value) => (set(point, value) ? "done" : "refused"),
    service: () => null,
    target: () => null,
    set,
  };
}

const at = ({ middle, swing, periodMs, phase }: Course, sinceMs: number): number =>
  middle + swing * Math.sin(2 * Math.PI * (sinceMs / periodMs + phase));

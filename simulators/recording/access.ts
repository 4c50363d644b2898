/**
 * A recording in place of a plant: each device shows what was read of it at that moment of the recording. One that did
 * not answer then is silent, one whose sensor had failed gives its "no reading"; before a point's first reading it shows that one.
 */
import type { Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import { targetKind } from "../../src/core/target.ts";
import type { Instant } from "../../src/core/time.ts";
import type { Look, PlantAccess } from "../wire/access.ts";
import type { Recording } from "./recording.ts";

/** What a point showed from an instant on: null where it gave no value. */
interface Shown {
  readonly at: Instant;
  readonly value: number | null;
}

/** A device's values and its answers over time, the oldest first. */
type Course = Shown[];

/** All that a wire asks of a plant, from a recording. `now` is the moment of the recording. Nothing in it can be written. */
export function recordedAccess(recording: Recording, now: () => Instant): PlantAccess {
  const points = new Map<string, Course>();
  const answering = new Map<string, Course>();
  for (const { input } of recording.lines) for (const reading of input.readings) note(reading, points, answering);
  const lookAt = (point: string): Look => {
    const course = points.get(point);
    return () => at(course, now());
  };
  return {
    look: (device, point) => lookAt(pointId(device, point)),
    answers: (device) => at(answering.get(device), now()) !== 0,
    actuate: () => "refused",
    target: (id) => {
      const { point } = targetKind("http");
      const state = lookAt(pointId(id, point))();
      return state === null ? null : { point, state, answers: true };
    },
    service: (id) => {
      const site = lookAt(pointId(id, "service.site"))();
      return site === null ? null : { site, state: site === 0 ? "here" : "moved" };
    },
  };
}

function note(reading: Reading, points: Map<string, Course>, answering: Map<string, Course>): void {
  const [device = ""] = reading.point.split("/", 1);
  const isSilent = reading.quality === "bad" && reading.reason === "noCommunication";
  // What a device's link measures of itself says nothing of whether the device answered.
  if (!/\/link\./.test(reading.point)) add(answering, device, { at: reading.at, value: isSilent ? 0 : 1 });
  if (!isSilent)
    add(points, reading.point, { at: reading.at, value: reading.quality === "bad" ? null : reading.value });
}

function add(courses: Map<string, Course>, name: string, shown: Shown): void {
  const course = courses.get(name);
  if (!course) courses.set(name, [shown]);
  else if (course.at(-1)!.value !== shown.value) course.push(shown);
}

/** What stood last at an instant. */
function at(course: Course | undefined, now: Instant): number | null {
  if (!course) return null;
  let low = 0;
  let high = course.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (course[middle]!.at <= now) low = middle + 1;
    else high = middle;
  }
  return course[Math.max(0, low - 1)]!.value;
}

/** The course that a value of a device at rest takes: about a place of its own, slowly, from a seed. */
import type { PointModel } from "../../src/profiles/index.ts";
import { decodeSnmp, encodeSnmp } from "../../src/profiles/index.ts";
import { between, dice } from "../plant/dice.ts";
import { placeIn } from "./place.ts";
import { restsAt } from "./rest.ts";

export interface Course {
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
/** Makes the courses of neighbouring points unlike. */
const spread = 0x9e37_79b1;

/** Courses of a device's points by name. Points that stand for one object are at rest together. */
export function coursesOf(points: readonly PointModel[], seed: number): ReadonlyMap<string, Course> {
  const sharing = new Map<string, PointModel[]>();
  for (const point of points) sharing.set(wholeOf(point), [...(sharing.get(wholeOf(point)) ?? []), point]);
  return new Map(
    points.map((point, i) => [
      point.name,
      courseOf(sharing.get(wholeOf(point)) ?? [point], dice(Math.imul(seed + i, spread))),
    ]),
  );
}

/** What a point stands for all of; itself, where that is a part of something. */
function wholeOf({ name, at }: PointModel): string {
  return at.protocol === "snmp" && at.bit === undefined && at.char === undefined ? at.oid : name;
}

function courseOf(points: readonly PointModel[], chance: ReturnType<typeof dice>): Course {
  const [point] = points as [PointModel];
  const periodMs = between(chance, ...periodsMs);
  const phase = between(chance, 0, 1);
  const { middle, room } = point.states === null ? placeIn(point) : { middle: 0, room: 0 };
  const shifted = middle + room * swingShare * between(chance, -1, 1);
  const wanted = point.states === null ? [shifted, ...otherwise(points, room)] : restsAt(point);
  const settled = wanted.find((value) => isGood(points, value)) ?? wanted[0] ?? 0;
  return {
    middle: settled,
    swing: settled === shifted && points.length === 1 ? room * swingShare : 0,
    periodMs,
    phase,
  };
}

/** Where a sentinel, or another point of the same object, stands in the way. */
function otherwise([point, ...others]: readonly PointModel[], room: number): readonly number[] {
  const { scale, offset, range } = point!;
  const raws = others.flatMap(({ map }) => [...(map?.keys() ?? [])]);
  return [...raws, 1, 2, 3].map((raw) => raw * scale + offset).concat(range[0] + room, range[1] - room);
}

/** Whether all points of an object believe what the first of them says there. */
const isGood = (points: readonly PointModel[], value: number): boolean =>
  points.every((point) => {
    if (point.at.protocol !== "snmp") return true;
    const sample = decodeSnmp(point, encodeSnmp(points[0]!, value));
    return "value" in sample && sample.doubt === undefined;
  });

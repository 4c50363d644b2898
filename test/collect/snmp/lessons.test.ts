import { describe, expect, test } from "vitest";
import { type Batch, Lessons } from "../../../src/collect/snmp/lessons.ts";
import { Tables } from "../../../src/collect/snmp/tables.ts";
import { rules, snmpPoint } from "../fixture.ts";
import { OID } from "./fixture.ts";

const points = Array.from({ length: 8 }, (_, n) => snmpPoint(`p${n + 1}`, `${OID}.${n + 1}`));
const lessonsFor = (oids: number): Lessons => new Lessons(rules({ oids }), new Tables(oids));
const namesOf = (batches: readonly Batch[]): string[] =>
  batches.map((batch) => batch.points.map(({ name }) => name).join(" "));

/** A poll as the line makes it, of an agent that answers what it is said to; gives what was asked. */
function poll(lessons: Lessons, answers: (batch: Batch) => boolean): string[] {
  const batches = lessons.plan(points, points);
  const asked: Batch[] = [];
  for (const batch of batches) {
    asked.push(batch);
    if (answers(batch)) {
      lessons.answered(batch);
      continue;
    }
    lessons.silent(batch, asked.length > 1);
    break;
  }
  return namesOf(asked);
}

describe("what an agent teaches", () => {
  test("is one plan for an array of points, made once", () => {
    const lessons = lessonsFor(4);
    const plan = lessons.plan(points, points);
    expect(namesOf(plan)).toEqual(["p1 p2 p3 p4", "p5 p6 p7 p8"]);
    expect(lessons.plan(points, points)).toBe(plan);
    expect(lessons.plan(points, [...points])).toBe(plan);
    expect(namesOf(lessons.plan(points, points.slice(5)))).toEqual(["p6 p7 p8"]);
    expect(lessons.learned()).toEqual([]);
  });

  test("is to ask for half of what would be too big, and to say so", () => {
    const lessons = lessonsFor(8);
    lessons.tooBig(8);
    expect(namesOf(lessons.plan(points, points))).toEqual(["p1 p2 p3 p4", "p5 p6 p7 p8"]);
    lessons.tooBig(8);
    expect(lessons.learned()).toEqual(["it is asked for at most 4 objects at once: an answer for 8 would be too big"]);
  });

  test("by one silence is nothing: a datagram may have been lost", () => {
    const lessons = lessonsFor(4);
    const first = lessons.plan(points, points)[0]!;
    lessons.answered(first);
    lessons.silent(lessons.plan(points, points)[1]!, true);
    expect(poll(lessons, () => true)).toEqual(["p1 p2 p3 p4", "p5 p6 p7 p8"]);
    expect(lessons.learned()).toEqual([]);
  });

  test("by silence to every long question, beside short ones that it answers, is to ask for less", () => {
    const lessons = lessonsFor(6);
    const short = (batch: Batch): boolean => batch.points.length <= 3;
    const history = Array.from({ length: 6 }, () => poll(lessons, short));
    expect(history.at(-1)).toEqual(["p1 p2 p3", "p4 p5 p6", "p7 p8"]);
    expect(lessons.learned()).toEqual(["it is asked for at most 3 objects at once: it is silent to 6"]);
  });

  test("by silence to whatever has one object in it is to leave that one out, and no more than that", () => {
    const lessons = lessonsFor(4);
    const without = (batch: Batch): boolean => !batch.points.includes(points[2]!);
    for (let polls = 0; polls < 16; polls += 1) poll(lessons, without);
    const { ask, refused } = lessons.refusals.sift(points);
    expect(refused).toEqual([{ point: points[2], fault: "noCommunication" }]);
    expect(namesOf(lessons.plan(points, ask)).toSorted()).toEqual(["p1 p2 p4 p5", "p6 p7 p8"]);
    expect(lessons.learned()).toEqual(["it is silent to p3"]);
  });

  test("by silence to everything is nothing but that it may be away: one object is asked for first, another each time", () => {
    const lessons = lessonsFor(8);
    const batches = lessons.plan(points, points);
    const batch = batches[0]!;
    expect(lessons.knock(batches)).toBeNull();
    lessons.silent(batch, false);
    const knocks = [lessons.knock(batches), lessons.knock(batches)].map((question) => question?.oids);
    expect(knocks.map((oids) => oids?.length)).toEqual([1, 1]);
    expect(knocks[0]).not.toEqual(knocks[1]);
    lessons.answered(batch);
    expect(lessons.knock(batches)).toBeNull();
  });

  test("by name is said until the object is answered again", () => {
    const lessons = lessonsFor(8);
    for (const point of points.slice(0, 7)) lessons.refuse(point, "notFitted");
    expect(lessons.learned()).toEqual(["it refuses p1, p2, p3, p4, p5 and 2 more"]);
    lessons.answered(lessons.plan(points, points)[0]!);
    expect(lessons.learned()).toEqual([]);
  });
});

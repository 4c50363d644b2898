import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/core/agenda.ts";
import { agenda } from "../../src/core/agenda.ts";
import { instant } from "../../src/core/time.ts";
import { alarmId, point } from "./fixture.ts";

const entry = (i: number): Entry => ({ kind: "age", point: point(`p${i}`) });
const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });

/** What a sorted list would give: by instant, and in the order of adding within one. */
const inOrder = (added: readonly number[]): readonly Entry[] =>
  added
    .map((at, i) => ({ at, i }))
    .toSorted((a, b) => a.at - b.at || a.i - b.i)
    .map(({ i }) => entry(i));

describe("the agenda", () => {
  test("gives back what is due by instant, and in the order of adding within one (property)", () => {
    fc.assert(
      fc.property(times, (added) => {
        const a = agenda();
        added.forEach((at, i) => a.add(instant(at), entry(i)));
        expect(a.next()).toBe(added.length === 0 ? null : Math.min(...added));
        expect(a.take(instant(20))).toEqual(inOrder(added));
        expect(a.next()).toBeNull();
      }),
    );
  });

  test("takes out what is due and leaves the rest, whenever it is asked (property)", () => {
    fc.assert(
      fc.property(times, times, (added, asked) => {
        const a = agenda();
        added.forEach((at, i) => a.add(instant(at), entry(i)));
        const taken = asked
          .toSorted((x, y) => x - y)
          .flatMap((now) => {
            const due = a.take(instant(now));
            expect(a.next() ?? 99).toBeGreaterThan(now);
            return due;
          });
        expect([...taken, ...a.take(instant(20))]).toEqual(inOrder(added));
      }),
    );
  });

  test("goes on identically over its saved entries, ties and later additions included (property)", () => {
    fc.assert(
      fc.property(times, times, fc.integer({ min: 0, max: 20 }), (before, later, now) => {
        const [one, other] = [agenda(), agenda()];
        before.forEach((at, i) => one.add(instant(at), entry(i)));
        one.take(instant(now));
        other.replace(JSON.parse(JSON.stringify(one.entries())));
        for (const a of [one, other]) later.forEach((at, i) => a.add(instant(at), entry(100 + i)));
        expect(other.take(instant(20))).toEqual(one.take(instant(20)));
      }),
    );
  });

  test("saves what stands on it by instant, each with its order of adding", () => {
    const a = agenda();
    for (const [i, at] of [7, 5, 7, 6].entries()) a.add(instant(at), entry(i));
    expect(a.entries()).toEqual([
      { at: 5, order: 1, entry: entry(1) },
      { at: 6, order: 3, entry: entry(3) },
      { at: 7, order: 0, entry: entry(0) },
      { at: 7, order: 2, entry: entry(2) },
    ]);
  });

  test("goes on over entries that were saved, added to and saved again, in whatever order they lie (property)", () => {
    fc.assert(
      fc.property(times, times, (before, later) => {
        const [one, other] = [agenda(), agenda()];
        before.forEach((at, i) => one.add(instant(at), entry(i)));
        other.replace(one.entries().toReversed());
        for (const a of [one, other]) later.forEach((at, i) => a.add(instant(at), entry(100 + i)));
        other.replace(other.entries().toReversed());
        expect(other.entries()).toEqual(one.entries());
        expect(other.take(instant(20))).toEqual(one.take(instant(20)));
      }),
    );
  });

  test("what may wait falls due later, behind what stands there already", () => {
    const a = agenda();
    for (const [i, at] of [7, 5, 5].entries()) a.add(instant(at), entry(i));
    a.postpone(instant(5), (_, due) => instant(due + 2));
    expect(a.entries()).toEqual([
      { at: 7, order: 0, entry: entry(0) },
      { at: 7, order: 3, entry: entry(1) },
      { at: 7, order: 4, entry: entry(2) },
    ]);
    a.add(instant(7), entry(3));
    expect(a.take(instant(7))).toEqual([entry(0), entry(1), entry(2), entry(3)]);
  });

  test("an instant at which anything may not wait stands with all that falls due at it, and what comes behind it too", () => {
    const a = agenda();
    const own = [0, 1, 2, 3].map(entry);
    for (const [i, at] of [4, 5, 5, 6].entries()) a.add(instant(at), own[i]!);
    const before = a.entries().slice(1);
    a.postpone(instant(6), (one, due) => (one === own[2] ? null : instant(due + 3)));
    expect(a.entries()).toEqual([...before, { at: 7, order: 4, entry: entry(0) }]);
  });

  test("nothing is asked to wait that falls due after the instant given", () => {
    const a = agenda();
    a.add(instant(6), entry(0));
    a.postpone(instant(5), () => {
      throw new Error("asked");
    });
    expect(a.next()).toBe(6);
    a.postpone(instant(6), () => instant(9));
    expect(a.next()).toBe(9);
  });

  test("lists a point's place as plain data, whatever else stands for it there", () => {
    const a = agenda();
    a.add(instant(5), Object.assign(new Date(0), entry(0)));
    expect(a.entries()).toEqual([{ at: 5, order: 0, entry: entry(0) }]);
    expect(Object.keys(a.entries()[0]!.entry)).toEqual(["kind", "point"]);
    a.replace([]);
    a.add(instant(5), { kind: "alarm", alarm: alarmId("hot") });
    expect(a.entries()).toEqual([{ at: 5, order: 0, entry: { kind: "alarm", alarm: "hot" } }]);
  });

  test("is not changed by what is done with a saved list", () => {
    const a = agenda();
    a.add(instant(5), entry(0));
    const saved = a.entries();
    a.take(instant(5));
    expect(saved).toHaveLength(1);
    expect(a.entries()).toHaveLength(0);
  });
});

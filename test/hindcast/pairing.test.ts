import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/time.ts";
import { pairing, type Tally } from "../../src/hindcast/pairing.ts";

type Spell = readonly [from: number, to: number | null];

const at = (s: number) => instant(s * 1000);

/** Both sides' spells, in seconds, told in the order of time and settled every `everyS`. */
function tallied(old: readonly Spell[], young: readonly Spell[], everyS = 1000, endS = 100_000): Tally {
  const pair = pairing();
  const events = [
    ...old.flatMap(([from, to]) => [
      { s: from, tell: () => pair.begin("old", at(from), "") },
      ...(to === null ? [] : [{ s: to, tell: () => pair.end("old", at(to)) }]),
    ]),
    ...young.flatMap(([from, to]) => [
      { s: from, tell: () => pair.begin("new", at(from), "") },
      ...(to === null ? [] : [{ s: to, tell: () => pair.end("new", at(to)) }]),
    ]),
  ].toSorted((a, b) => a.s - b.s);
  let settled = 0;
  for (const { s, tell } of events) {
    for (; settled + everyS <= s; settled += everyS) pair.settle(at(settled + everyS), false);
    tell();
  }
  pair.settle(at(endS), true);
  return pair.tally;
}

describe("an alarm under two sets of rules", () => {
  test("is the same where it overlaps, however much earlier and longer", () => {
    expect(tallied([[1000, 5000]], [[940, 5060]])).toMatchObject({
      both: 1,
      onlyOld: 0,
      onlyNew: 0,
      earlier: 1,
      shiftMs: -60_000,
      longer: 1,
      lengthMs: 120_000,
    });
  });

  test("is the same where it begins within ten minutes, though the one was over before the other began", () => {
    expect(tallied([[1000, 1010]], [[1600, 1610]])).toMatchObject({ both: 1, later: 1, latestMs: 600_000 });
    expect(tallied([[1000, 1010]], [[1601, 1610]])).toMatchObject({ both: 0, onlyOld: 1, onlyNew: 1 });
  });

  test("that only one of them raises is missed or added, with when", () => {
    const tally = tallied([[1000, 1100]], [[9000, null]]);
    expect(tally).toMatchObject({ onlyOld: 1, onlyNew: 1, missed: [{ at: at(1000) }], added: [{ at: at(9000) }] });
  });

  test("that comes in pieces is one with repetitions, and not added", () => {
    const pieces = [0, 1, 2, 3].map((i): Spell => [1000 + i * 1000, 1500 + i * 1000]);
    expect(tallied([[1000, 5000]], pieces)).toMatchObject({ both: 1, onlyNew: 0, oldCount: 1, newCount: 4 });
    expect(tallied(pieces, [[1000, null]])).toMatchObject({ both: 1, onlyOld: 0 });
  });

  test("that goes on for a year beside one that chatters is decided as it stands", () => {
    const pieces = Array.from({ length: 3000 }, (_, i): Spell => [1000 + i * 20, 1010 + i * 20]);
    expect(tallied([[1000, null]], pieces)).toMatchObject({ both: 1, onlyNew: 0, newCount: 3000 });
  });

  test("is tallied alike however often it is settled", () => {
    const spells = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 })), { maxLength: 12 })
      .map((steps) => {
        let s = 0;
        return steps.map(([wait, lasts]): Spell => {
          const from = s + wait;
          s = from + lasts;
          return [from, s];
        });
      });
    fc.assert(
      fc.property(spells, spells, fc.integer({ min: 1, max: 5000 }), (old, young, every) => {
        const often = tallied(old, young, every);
        const rest = [often.missed.length, often.added.length];
        expect(often).toEqual(tallied(old, young, 1_000_000));
        expect(rest.every((n) => n <= 5)).toBe(true);
      }),
    );
  });
});

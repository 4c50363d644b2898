import { describe, expect, test } from "vitest";
import { pricesOf } from "../../../src/core/respond/bound.ts";
import type { Choice, Problem } from "../../../src/core/respond/draft.ts";
import { costOf, emptyDraft, put, shortHarm } from "../../../src/core/respond/draft.ts";
import { searched } from "../../../src/core/respond/search.ts";
import { chance } from "../../chaos/chance.ts";
import { bruteForce, problemOf } from "./exact.ts";
import { free, loadsOf } from "./sketches.ts";

const bestCost = (problem: Problem): number => {
  const { harm, shortKw } = bruteForce(problem);
  return harm + shortKw * shortHarm;
};
/** Whether two costs are the same, as far as sums of readings tell. */
const near = (cost: number): number => Math.abs(cost) * 1e-9 + 1e-6;

const drop = (load: number, harm: number, kw: number, takes: Choice["takes"] = []): Choice => ({
  load,
  harm,
  rank: 0,
  isMove: false,
  kw,
  gives: [{ of: 0, kw }],
  takes,
});
const onlyDrops = (need: number, all: readonly Choice[], rooms: readonly number[] = []): Problem => ({
  needs: [need],
  rooms,
  choices: all.map((one) => [one]),
  isListed: false,
});

describe("a search of all plans", () => {
  test.each([
    ["with nothing known of what things cost", free],
    ["by prices that tell early what cannot be better", (of: Problem) => pricesOf(of, emptyDraft(of))],
  ])("finds the best there is, %s", (_, pricesFor) => {
    for (let seed = 0; seed < 40; seed += 1) {
      const problem = problemOf(chance(seed), 3 + (seed % 5));
      const { draft, isExact } = searched(problem, emptyDraft(problem), pricesFor(problem));
      const best = bestCost(problem);
      expect(isExact, `seed ${seed}`).toBe(true);
      expect(Math.abs(costOf(draft) - best), `seed ${seed}`).toBeLessThanOrEqual(near(best));
    }
  });

  test("takes of two sets that do, the one that does less harm, and nothing that is not needed", () => {
    const problem = onlyDrops(6, [drop(0, 5, 3), drop(1, 5, 3), drop(2, 9, 6), drop(3, 20, 20)]);
    const { draft } = searched(problem, emptyDraft(problem), free(problem));
    expect([loadsOf(draft), costOf(draft)]).toEqual([[2], 9]);
  });

  test("keeps to what is scarce", () => {
    const room = (kw: number): Choice["takes"] => [{ of: 0, kw }];
    const problem = onlyDrops(6, [drop(0, 1, 3, room(1)), drop(1, 1, 3, room(1)), drop(2, 9, 6)], [1]);
    const { draft } = searched(problem, emptyDraft(problem), free(problem));
    expect(loadsOf(draft)).toEqual([2]);
  });

  test("keeps what was known where nothing is better", () => {
    const problem = onlyDrops(6, [drop(0, 9, 6), drop(1, 9, 6)]);
    const known = emptyDraft(problem);
    put(known, 0, problem.choices[0]![0]!);
    const { draft, isExact } = searched(problem, known, free(problem));
    expect([loadsOf(draft), isExact]).toEqual([[0], true]);
    expect([...draft.left]).toEqual([0]);
  });

  test("leaves out nothing that could be better by what the prices like best of a load", () => {
    const move: Choice = { ...drop(0, 1, 5), isMove: true };
    const problem: Problem = { needs: [5], rooms: [], choices: [[move, drop(0, 6, 5)]], isListed: false };
    const known = emptyDraft(problem);
    put(known, 0, problem.choices[0]![1]!);
    const prices = { ...free(problem), need: Float64Array.from([2]) };
    expect(costOf(searched(problem, known, prices).draft)).toBe(1);
  });

  // Each of these looks at nearly as many places as it may: what is left out later, or in another order, is too late.
  test.each([
    [24, 42, 34276278],
    [24, 72, 530625014527625.9],
    [24, 121, 213.5],
    [24, 128, 148.5],
    [30, 81, 42342.75],
    [30, 194, 30766467.25],
    [30, 197, 236],
    [30, 254, 31580.5],
  ])("of %i loads is over in its time, for what cannot be better is left out early (seed %i)", (loads, seed, cost) => {
    const problem = problemOf(chance(seed), loads);
    const nothing = emptyDraft(problem);
    const { draft, isExact } = searched(problem, nothing, pricesOf(problem, nothing));
    expect([costOf(draft), isExact]).toEqual([cost, true]);
  });

  test("finds what does by sums of readings, though they miss the need by less than can be read", () => {
    // What is left of 0.8 without 0.7 and 0.1 is no nought to a computer, and would weigh more than what this is better by.
    const problem = onlyDrops(0.8, [drop(0, 4, 0.7), drop(1, 1, 0.1), drop(2, 5.001, 0.8)]);
    const known = emptyDraft(problem);
    put(known, 2, problem.choices[2]![0]!);
    expect(loadsOf(searched(problem, known, free(problem)).draft)).toEqual([0, 1]);
  });

  test("that is not over in its time says so, and is no worse than what was known", () => {
    // Forty loads, of which any twenty do: too many ways, and no price tells them apart.
    const problem = onlyDrops(
      20,
      Array.from({ length: 40 }, (_, load) => drop(load, 10 + load / 1000, 1)),
    );
    const known = emptyDraft(problem);
    for (let load = 20; load < 40; load += 1) put(known, load, problem.choices[load]![0]!);
    const { draft, isExact } = searched(problem, known, free(problem));
    expect(isExact).toBe(false);
    expect(costOf(draft)).toBeLessThanOrEqual(costOf(known));
  });
});

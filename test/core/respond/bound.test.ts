import { describe, expect, test } from "vitest";
import { pricedAt, pricesOf } from "../../../src/core/respond/bound.ts";
import type { Choice, Draft, Problem } from "../../../src/core/respond/draft.ts";
import { costOf, emptyDraft, put, shortHarm } from "../../../src/core/respond/draft.ts";
import { byHarm, rivalsIn } from "../../../src/core/respond/greed.ts";
import { chance } from "../../chaos/chance.ts";
import { bruteForce, problemOf } from "./exact.ts";
import { type Amounts, amounts, problem } from "./sketches.ts";

const choice = (load: number, harm: number, gives: Amounts, takes: Amounts = {}): Choice => ({
  load,
  harm,
  rank: 0,
  isMove: false,
  kw: Object.values(gives).reduce((sum, kw) => sum + kw, 0),
  gives: amounts(gives),
  takes: amounts(takes),
});

const drafted = (of: Problem): Draft => byHarm(of, rivalsIn(of));
const boundOf = (of: Problem): number => pricesOf(of, drafted(of)).least;

describe("the bound of a plan", () => {
  test("is never more than the best plan costs", () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const of = problemOf(chance(seed), 3 + (seed % 5));
      const { harm, shortKw } = bruteForce(of);
      const best = harm + shortKw * shortHarm;
      expect(boundOf(of), `seed ${seed}`).toBeLessThanOrEqual(best * (1 + 1e-9) + 1e-6);
    }
  });

  test("is what the cheapest kilowatts cost, the last of them by its part", () => {
    // 5 kW at 2 and 5 of the 10 kW at 3: no plan by whole loads does less.
    const one = problem([10], [], [choice(0, 10, { 0: 5 }), choice(1, 30, { 0: 10 }), choice(2, 50, { 0: 10 })]);
    expect(boundOf(one)).toBeGreaterThan(24.9);
    expect(boundOf(one)).toBeLessThanOrEqual(25);
  });

  test("is the price of what is short where all together is too little", () => {
    const little = problem([10], [], [choice(0, 10, { 0: 5 })]);
    const bound = boundOf(little);
    expect(bound).toBeGreaterThan(0.999 * 5 * shortHarm);
    expect(bound).toBeLessThanOrEqual(10 + 5 * shortHarm);
  });

  test("counts what a scarce room costs: what has none of it is dearer", () => {
    // Each may be moved for 1 or darkened for 100; there is room for one move of two.
    const both = [0, 1].flatMap((load) => [choice(load, 1, { 0: 5 }, { 0: 5 }), choice(load, 100, { 0: 5 })]);
    const scarce = boundOf(problem([10], [5], both));
    expect(scarce).toBeGreaterThan(100);
    expect(scarce).toBeLessThanOrEqual(101);
    // Where both have room neither is.
    const wide = boundOf(problem([10], [10], both));
    expect(wide).toBeGreaterThan(1.9);
    expect(wide).toBeLessThanOrEqual(2);
  });

  test("is of several needs their sum", () => {
    const two = problem([5, 5], [], [choice(0, 10, { 0: 5 }), choice(1, 1000, { 1: 5 })]);
    expect(boundOf(two)).toBeGreaterThan(1000);
    expect(boundOf(two)).toBeLessThanOrEqual(1010);
  });

  test("is nothing where nothing is proved, and its prices are nothing then", () => {
    const easy = problem([1], [], [choice(0, 0, { 0: 100 })]);
    const prices = pricesOf(easy, drafted(easy));
    expect(prices.least).toBe(0);
    expect([...prices.need]).toEqual([0]);
  });

  test("is more than nothing of any problem that cannot be had for nothing, however its needs hang together", () => {
    for (let seed = 0; seed < 40; seed += 1)
      expect(boundOf(problemOf(chance(seed), 120)), `seed ${seed}`).toBeGreaterThan(0);
  });

  test("is no more for a node that already carries too much: nothing can be put on it, and nothing has to be taken off", () => {
    const both = [choice(0, 10, { 0: 5 }), choice(1, 20, { 0: 5 })];
    expect(boundOf(problem([7], [-3], both))).toBe(boundOf(problem([7], [], both)));
  });

  test("proves nearly all of what a good plan for many loads costs, where one node has too much", () => {
    const all = Array.from({ length: 12 }, (_, seed) => problemOf(chance(seed), 120));
    const parts = all
      .filter(({ needs }) => needs.length === 1)
      .map((of) => {
        const draft = drafted(of);
        return pricesOf(of, draft).least / costOf(draft);
      })
      .toSorted((a, b) => a - b);
    expect(parts.length).toBeGreaterThan(6);
    expect(parts[0]).toBeGreaterThan(0.75);
    expect(parts[1]).toBeGreaterThan(0.93);
    expect(parts[4]).toBeGreaterThan(0.97);
    expect(parts.at(-1)).toBeLessThanOrEqual(1 + 1e-9);
  });
});

describe("a choice at prices", () => {
  test("costs its harm and what it takes, less what it gives", () => {
    const prices = { need: Float64Array.from([2, 3]), room: Float64Array.from([5, 7]), least: 0 };
    expect(pricedAt(prices, choice(0, 100, { 0: 4, 1: 1 }, { 0: 2, 1: 1 }))).toBe(100 - 8 - 3 + 10 + 7);
    expect(pricedAt(prices, choice(0, 100, {}))).toBe(100);
  });

  test("that a draft pays the most for sets the price of a need, and a need that is short has the highest", () => {
    const of = problem([8], [], [choice(0, 10, { 0: 5 }), choice(1, 90, { 0: 3 }), choice(2, 1000, { 0: 10 })]);
    const draft = emptyDraft(of);
    put(draft, 0, of.choices[0]![0]!);
    put(draft, 1, of.choices[1]![0]!);
    // By parts of loads 5 kW cost 2 and 3 kW cost 30 each.
    const { need, least } = pricesOf(of, draft);
    expect(least).toBeGreaterThan(99);
    expect(least).toBeLessThanOrEqual(100);
    expect(need[0]).toBeGreaterThan(29);
    expect(need[0]).toBeLessThan(101);
  });
});

describe("the bounds of known problems with forty loads", () => {
  // A higher one proves more, and is written down here; a lower one leaves people with less to judge a plan by.
  test("prove what they proved", () => {
    const bounds = Array.from({ length: 24 }, (_, seed) => boundOf(problemOf(chance(1000 + seed), 40)));
    expect(bounds.map((least) => Math.round(least * 100) / 100)).toEqual([
      39.47, 104.52, 193.9, 622.55, 75410.86, 1318.24, 68786.56, 170.03, 59.47, 166.98, 27206.12, 215.1, 19376.66,
      103.11, 79.4, 30395.32, 16595.53, 108.64, 200.95, 21829.91, 4438284056.61, 199.84, 217.62, 114.14,
    ]);
  });
});

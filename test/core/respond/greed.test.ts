import { describe, expect, test } from "vitest";
import type { Prices } from "../../../src/core/respond/bound.ts";
import type { Choice, Draft, Problem } from "../../../src/core/respond/draft.ts";
import { costOf, harmOf, isCovered, shortHarm } from "../../../src/core/respond/draft.ts";
import { byHarm, byPrices, inListOrder, rivalsIn } from "../../../src/core/respond/greed.ts";
import { chance } from "../../chaos/chance.ts";
import { bruteForce, problemOf } from "./exact.ts";
import { type Amounts, amounts, free, loadsOf, problem } from "./sketches.ts";

interface Sketch {
  readonly rank?: number;
  readonly takes?: Amounts;
  readonly gives?: Amounts;
}

const choice = (
  load: number,
  harm: number,
  kw: number,
  { rank = 0, takes = {}, gives = { 0: kw } }: Sketch = {},
): Choice => ({
  load,
  harm,
  rank,
  isMove: rank < 3,
  kw,
  gives: amounts(gives),
  takes: amounts(takes),
});
const draftOf = (of: Problem): Draft => byHarm(of, rivalsIn(of));

describe("a list that is gone through", () => {
  test("takes loads as they stand, each by its first choice that has room, until nothing has too much", () => {
    const of = problem(
      [8],
      [3],
      [
        choice(0, 1, 4, { takes: { 0: 4 } }),
        choice(0, 9, 3),
        choice(1, 1, 3, { takes: { 0: 3 } }),
        choice(1, 9, 3),
        choice(2, 5, 3),
        choice(3, 1, 8),
      ],
    );
    const draft = inListOrder(of);
    expect(loadsOf(draft)).toEqual([0, 1, 2]);
    expect(draft.picked.map((one) => one?.harm)).toEqual([9, 1, 5, undefined]);
  });

  test("leaves alone what would help nobody any more", () => {
    const of = problem([4, 4], [], [choice(0, 1, 4), choice(1, 1, 9), choice(2, 1, 4, { gives: { 1: 4 } })]);
    expect(loadsOf(inListOrder(of))).toEqual([0, 2]);
  });
});

describe("the choices of a problem as they are looked for", () => {
  test("stand by rank with the largest first, and by need and by scarcity with the smallest first", () => {
    const [a, b, c, d] = [
      choice(0, 1, 4, { rank: 0 }),
      choice(1, 1, 9, { rank: 0, takes: { 0: 1 } }),
      choice(2, 1, 4, { rank: 0, takes: { 0: 2 } }),
      choice(3, 1, 5, { rank: 4, gives: { 1: 5 } }),
    ] as const;
    const { ranks, givers, takers } = rivalsIn(problem([1, 1], [9], [a, b, c, d]));
    expect(ranks).toEqual([[b, a, c], [], [], [], [d], []]);
    expect(givers).toEqual([[c, a, b], [d]]);
    expect(takers).toEqual([[c, b]]);
  });
});

describe("a draft by harm", () => {
  test("takes the lower rank first, and of one rank no more than it has to", () => {
    const of = problem([6], [], [choice(0, 100, 6, { rank: 3 }), choice(1, 3, 3), choice(2, 3, 3)]);
    expect(loadsOf(draftOf(of))).toEqual([1, 2]);
    const one = problem([3], [], [choice(0, 5, 5), choice(1, 3, 3)]);
    expect(loadsOf(draftOf(one))).toEqual([1]);
  });

  test("gives the scarce room to what matters most", () => {
    const room = { takes: { 0: 5 } };
    const of = problem(
      [10],
      [5],
      [
        choice(0, 1, 5, room),
        choice(0, 1000, 5, { rank: 3 }),
        choice(1, 3, 5, { ...room, rank: 2 }),
        choice(1, 1e9, 5, { rank: 5 }),
      ],
    );
    const draft = draftOf(of);
    expect(harmOf(draft)).toBe(1003);
    expect(isCovered(draft)).toBe(true);
  });

  test("spares what others have made needless, and takes the milder of two choices where that is enough", () => {
    // 7 and 2 cover the need of 8; with 6 beside them 2 is needless only after 7.
    const of = problem([8], [], [choice(0, 7, 7), choice(1, 6, 6), choice(2, 2, 2)]);
    expect(harmOf(draftOf(of))).toBe(8);
    const milder = problem([4], [4], [choice(0, 50, 9, { rank: 0 }), choice(0, 4, 4, { rank: 1, takes: { 0: 4 } })]);
    expect(harmOf(draftOf(milder))).toBe(4);
  });

  test("does less to a load whose room another one gives free by something else", () => {
    // There is room for one of them. The dearer one goes over, and the other one goes dark in its place.
    const room = { takes: { 0: 5 } };
    const of = problem(
      [10],
      [5],
      [
        choice(0, 2, 5, room),
        choice(0, 40, 5, { rank: 3 }),
        choice(1, 2, 5, { ...room, rank: 0 }),
        choice(1, 60, 5, { rank: 3 }),
      ],
    );
    const draft = draftOf(of);
    expect(draft.picked.map((one) => one?.harm)).toEqual([40, 2]);
  });

  test("comes near the best there is of small problems, and of most it is the best", () => {
    let best = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const of = problemOf(chance(seed), 4 + (seed % 4));
      const { harm, shortKw } = bruteForce(of);
      const draft = draftOf(of);
      expect(costOf(draft), `seed ${seed}`).toBeGreaterThanOrEqual((harm + shortKw * shortHarm) * (1 - 1e-9) - 1e-3);
      if (Math.abs(costOf(draft) - (harm + shortKw * shortHarm)) <= 1e-6 + harm * 1e-9) best += 1;
    }
    expect(best).toBeGreaterThan(30);
  });
});

describe("a draft by prices", () => {
  test("takes first what costs least at those prices, the largest where they cost the same", () => {
    const of = problem([5], [9], [choice(0, 10, 5, { takes: { 0: 1 } }), choice(1, 12, 5), choice(2, 12, 6)]);
    const costly = { ...free(of), room: Float64Array.from([5]) };
    expect(loadsOf(byPrices(of, free(of), rivalsIn(of)))).toEqual([0]);
    const draft = byPrices(of, costly, rivalsIn(of));
    expect(harmOf(draft)).toBeLessThanOrEqual(12);
    expect(isCovered(draft)).toBe(true);
  });
});

describe("drafts of known problems with forty loads", () => {
  /** In the harm of the dearest; what is left short is harm as well. Nobody has found the best of these by hand. */
  const of = (make: (one: Problem) => Draft): readonly number[] =>
    Array.from({ length: 24 }, (_, seed) => Math.round(costOf(make(problemOf(chance(1000 + seed), 40)))));
  const scarce = (one: Problem): Prices => ({
    need: Float64Array.from(one.needs, () => 1),
    room: Float64Array.from(one.rooms, (_, i) => i + 1),
    least: 0,
  });

  // A better one is welcome, and is written down here; a worse one darkens racks that were left alone until now.
  test("do the harm that they did, by harm", () => {
    expect(of(draftOf)).toEqual([
      43, 108, 205, 985048525773328, 79474, 14963, 74435, 175, 67, 179, 30376, 15424, 20509, 116, 82, 52545, 18109,
      2114, 207, 36055, 13515534057, 259, 283, 128,
    ]);
  });

  test.each([
    [600, 11, 10490147439.5],
    [600, 25, 570973163.25],
    [1500, 4, 954507.5],
    [1500, 12, 1959145.25],
    [1500, 18, 1977570.25],
  ])(
    "do the harm that they did, of so many loads that not every exchange is tried (%i, seed %i)",
    (loads, seed, cost) => {
      expect(costOf(draftOf(problemOf(chance(seed), loads)))).toBe(cost);
    },
  );

  test("do the harm that they did, by prices of nothing and of what is scarce", () => {
    expect(of((one) => byPrices(one, free(one), rivalsIn(one)))).toEqual([
      43, 124, 15944, 2397540272770858, 17317677, 11232, 17056138, 204, 90, 217, 12275083, 17674, 20509, 105, 114,
      42036698, 22583, 5881, 211, 36532, 17265532059, 7449, 14459, 136,
    ]);
    expect(of((one) => byPrices(one, scarce(one), rivalsIn(one)))).toEqual([
      43, 124, 9014968, 2397540272770858, 17317677, 11232, 9064646, 226, 85, 238, 6281349, 17674, 20509, 105, 114,
      42036698, 22583, 5881, 211, 36532, 17265532059, 7465, 284, 131,
    ]);
  });

  test("do the harm that they did, as they are listed", () => {
    expect(of(inListOrder)).toEqual([
      13250011557, 25521772111, 1503765071, 897558525520834, 34277799189, 12032019675, 30006287385, 5006263212,
      7771500062, 13506008207, 26035014028, 8779027591, 6758275553, 16760360, 11513131, 59297742, 31276500028,
      15515500101, 26750049127, 9771036489, 40750031342, 22766010195, 37011021412, 15514759886,
    ]);
  });
});

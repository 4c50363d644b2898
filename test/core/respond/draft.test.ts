import { describe, expect, test } from "vitest";
import type { Choice, Problem } from "../../../src/core/respond/draft.ts";
import {
  amountOf,
  costOf,
  emptyDraft,
  fits,
  harmOf,
  helps,
  isCovered,
  isSound,
  put,
  shortHarm,
  shortOf,
  tryChanges,
} from "../../../src/core/respond/draft.ts";
import { amounts } from "./sketches.ts";

interface Sketch {
  readonly harm?: number;
  readonly gives?: Readonly<Record<number, number>>;
  readonly takes?: Readonly<Record<number, number>>;
}

const choice = (load: number, { harm = 1, gives = {}, takes = {} }: Sketch = {}): Choice => ({
  load,
  harm,
  rank: 0,
  isMove: true,
  kw: Object.values(gives).reduce((sum, kw) => sum + kw, 0),
  gives: amounts(gives),
  takes: amounts(takes),
});

const problem = (needs: readonly number[], rooms: readonly number[], choices: readonly Choice[]): Problem => ({
  needs,
  rooms,
  choices: [0, 1, 2].map((load) => choices.filter((one) => one.load === load)),
  isListed: false,
});

describe("a draft", () => {
  const [a, b] = [
    choice(0, { harm: 3, gives: { 0: 4, 1: 2 }, takes: { 0: 5 } }),
    choice(1, { harm: 5, gives: { 0: 6 }, takes: { 0: 2, 1: 1 } }),
  ];
  const two = problem([8, 2], [6, 1], [a, b]);

  test("begins with nothing done, all needed and all free", () => {
    const draft = emptyDraft(two);
    expect([draft.picked, [...draft.left], [...draft.room]]).toEqual([
      [null, null, null],
      [8, 2],
      [6, 1],
    ]);
    expect([harmOf(draft), shortOf(draft), isCovered(draft)]).toEqual([0, [8, 2], false]);
  });

  test("takes off needs and uses up room by what is picked, and gives back what is picked no more", () => {
    const draft = emptyDraft(two);
    put(draft, 0, a);
    expect([[...draft.left], [...draft.room], harmOf(draft)]).toEqual([[4, 0], [1, 1], 3]);
    put(draft, 1, b);
    expect([[...draft.left], [...draft.room], harmOf(draft)]).toEqual([[-2, 0], [-1, 0], 8]);
    expect([shortOf(draft), isCovered(draft)]).toEqual([[0, 0], true]);
    put(draft, 0, null);
    expect([[...draft.left], [...draft.room], draft.picked[0]]).toEqual([[2, 2], [4, 0], null]);
  });

  test("costs the harm of what is picked, and for every kilowatt that is short more than any harm", () => {
    const draft = emptyDraft(two);
    put(draft, 0, a);
    expect(costOf(draft)).toBe(3 + 4 * shortHarm);
    put(draft, 1, b);
    expect(costOf(draft)).toBe(8);
  });

  test("has room for a choice to within what sums of readings differ by", () => {
    const of = (room: number): boolean => fits(emptyDraft(problem([1], [room, 1], [])), b);
    expect([of(2), of(2 - 1e-9), of(1.9)]).toEqual([true, true, false]);
    expect(fits(emptyDraft(problem([1], [2, 0.5], [])), b)).toBe(false);
    expect(fits(emptyDraft(problem([1], [0], [])), choice(0, { gives: { 0: 1 } }))).toBe(true);
  });

  test("is helped by what takes off a node that still has too much, by more than sums of readings differ", () => {
    const helped = (left: number, gives: Sketch["gives"]): boolean =>
      helps(emptyDraft(problem([left, 0], [], [])), choice(0, { ...(gives && { gives }) }));
    expect(helped(1, { 0: 1 })).toBe(true);
    expect(helped(1, { 1: 1 })).toBe(false);
    expect(helped(1, { 1: 1, 0: 1 })).toBe(true);
    expect(helped(1, { 0: 0 })).toBe(false);
    expect(helped(1e-9, { 0: 1 })).toBe(false);
  });

  test("is covered, and short of nothing, at the very figure of a need", () => {
    const draft = emptyDraft(problem([1e-9, 2], [], [choice(0, { gives: { 1: 2 } })]));
    expect([isCovered(draft), shortOf(draft)]).toEqual([false, [0, 2]]);
    put(draft, 0, draft.problem.choices[0]![0]!);
    expect([isCovered(draft), shortOf(draft)]).toEqual([true, [0, 0]]);
  });

  test("knows what a choice gives to each need and takes of each scarcity, and nothing of no choice", () => {
    expect([amountOf(a, "gives", 0), amountOf(a, "gives", 1), amountOf(a, "takes", 0)]).toEqual([4, 2, 5]);
    expect([amountOf(a, "takes", 1), amountOf(null, "gives", 0)]).toEqual([0, 0]);
  });
});

describe("changes of a draft", () => {
  const big = choice(0, { harm: 9, gives: { 0: 10 }, takes: { 0: 3 } });
  const less = choice(0, { harm: 4, gives: { 0: 6 }, takes: { 0: 5 } });
  const other = choice(1, { harm: 3, gives: { 0: 4 }, takes: { 0: 2 } });
  const third = choice(2, { harm: 1, gives: { 1: 1 } });
  /** `big` is picked, and this is needed and free. */
  const draftOf = (need: number, room: number) => {
    const draft = emptyDraft(problem([need, 0], [room], [big, less, other, third]));
    put(draft, 0, big);
    return draft;
  };

  test("are made where they do less harm, leave nothing short and take no more than there is", () => {
    const draft = draftOf(6, 5);
    expect(tryChanges(draft, [{ load: 0, to: less }])).toBe(true);
    expect(draft.picked[0]).toBe(less);
    expect([[...draft.left], [...draft.room]]).toEqual([[0, 0], [0]]);
  });

  test("are not made, and change nothing, where they do as much harm", () => {
    const draft = draftOf(6, 5);
    const same = { ...less, harm: 9 };
    expect(tryChanges(draft, [{ load: 0, to: same }])).toBe(false);
    expect(draft.picked[0]).toBe(big);
    expect(tryChanges(draft, [{ load: 2, to: third }])).toBe(false);
  });

  test("are not made where a node would have too much, or more of it than it has", () => {
    expect(tryChanges(draftOf(6.1, 5), [{ load: 0, to: less }])).toBe(false);
    expect(tryChanges(draftOf(6 + 5e-10, 5), [{ load: 0, to: less }])).toBe(true);
    // Two kilowatts are short already, and none may be added.
    expect(tryChanges(draftOf(12, 5), [{ load: 0, to: less }])).toBe(false);
    expect(tryChanges(draftOf(12, 5), [{ load: 0, to: { ...less, gives: big.gives } }])).toBe(true);
    expect(tryChanges(draftOf(1, 5), [{ load: 0, to: null }])).toBe(false);
    expect(tryChanges(draftOf(0, 5), [{ load: 0, to: null }])).toBe(true);
  });

  test("are not made where they take more than there is, of anything that they take of", () => {
    expect(tryChanges(draftOf(6, 4.9), [{ load: 0, to: less }])).toBe(false);
    expect(tryChanges(draftOf(6, 5 - 5e-10), [{ load: 0, to: less }])).toBe(true);
  });

  test("are weighed together: what one gives up another makes up for, and both take of the same room", () => {
    const both = [
      { load: 0, to: less },
      { load: 1, to: other },
    ];
    const draft = draftOf(10, 7);
    expect(tryChanges(draft, both)).toBe(true);
    expect([[...draft.left], [...draft.room], harmOf(draft)]).toEqual([[0, 0], [0], 7]);
    expect(isSound(draftOf(10, 6.9), both)).toBe(false);
    // A tenth is short already, and stays so.
    expect(isSound(draftOf(10.1, 7), both)).toBe(true);
    expect(isSound(draftOf(10, 7), [both[0]!, { load: 1, to: { ...other, gives: amounts({ 0: 3.9 }) } }])).toBe(false);
    expect(isSound(draftOf(10, 7), [both[0]!])).toBe(false);
  });
});

import type { Choice, Problem } from "../../../src/core/respond/draft.ts";
import type { Chance } from "../../chaos/chance.ts";

/** Every way to pick, tried: the least that is left short, and the least harm that it takes. */
export function bruteForce({ needs, rooms, choices }: Problem): { readonly shortKw: number; readonly harm: number } {
  let best = { shortKw: Number.POSITIVE_INFINITY, harm: Number.POSITIVE_INFINITY };
  const given = needs.map(() => 0);
  const taken = rooms.map(() => 0);
  const add = ({ gives, takes }: Choice, sign: number): void => {
    for (const { of, kw } of gives) given[of]! += sign * kw;
    for (const { of, kw } of takes) taken[of]! += sign * kw;
  };
  const walk = (load: number, harm: number): void => {
    if (load === choices.length) {
      const touched = choices.flat().flatMap(({ takes }) => takes.map(({ of }) => of));
      if (touched.some((of) => taken[of]! > 1e-9 && taken[of]! > rooms[of]! + 1e-9)) return;
      const short = needs.reduce((sum, kw, t) => sum + Math.max(0, kw - given[t]!), 0);
      const shortKw = short < 1e-8 ? 0 : short;
      const isBetter = shortKw < best.shortKw - 1e-8 || (shortKw <= best.shortKw + 1e-8 && harm < best.harm);
      if (isBetter) best = { shortKw, harm };
      return;
    }
    walk(load + 1, harm);
    for (const choice of choices[load]!) {
      add(choice, 1);
      walk(load + 1, harm + choice.harm);
      add(choice, -1);
    }
  };
  walk(0, 0);
  return best;
}

const darkHarm = [1e3, 1e6, 1e9];

/** Any small problem in which room is scarce: loads of three classes, two nodes that have too much, a way over for most. */
export function problemOf(by: Chance, loads: number): Problem {
  const needsCount = by.pick([1, 1, 2]);
  const choices = Array.from({ length: loads }, (_, load): readonly Choice[] => {
    const kw = by.whole(1, 60) / 4;
    const rank = by.whole(0, 2);
    const of = by.whole(0, needsCount - 1);
    const gives = by.odds(0.2) && needsCount > 1 ? [0, 1].map((each) => ({ of: each, kw: kw / 2 })) : [{ of, kw }];
    const group = by.odds(0.3) ? [{ of: 3, kw: 1 }] : [];
    const room = [{ of: by.whole(0, 1), kw }, ...(by.odds(0.5) ? [{ of: 2, kw }] : [])];
    const move: Choice = { load, harm: (rank + 1) * (kw + 1), rank, isMove: true, kw, gives, takes: room };
    const drop: Choice = { ...move, harm: darkHarm[rank]! * (kw + 1), rank: 3 + rank, isMove: false, takes: group };
    return [...(by.odds(0.7) ? [move] : []), ...(by.odds(0.85) ? [drop] : [])];
  });
  const all = choices.flat().reduce((sum, { kw }) => sum + kw, 0) / 2;
  const part = (): number => (all * by.whole(1, 8)) / 10 / needsCount;
  const rooms = [...Array.from({ length: 3 }, () => (all * by.whole(0, 6)) / 10), by.whole(0, 3)];
  return { needs: Array.from({ length: needsCount }, part), rooms, choices, isListed: false };
}

/**
 * The shed planner: of all sets of choices that take enough off every node, one that does the least
 * harm. Two drafts are filled greedily and bettered by exchanges; Lagrange's prices tell how little
 * harm any plan must do; where a draft does more and the loads are few, branch and bound looks at
 * every other way and the plan is exact. Else the plan says its bound: it does at most `harm / least`
 * times the harm of the best one, and the best one cannot be told from it by that.
 */
import { pricesOf } from "./bound.ts";
import type { Choice, Draft, Problem } from "./draft.ts";
import { costOf, harmOf, shortOf } from "./draft.ts";
import { byHarm, byPrices, inListOrder, rivalsIn } from "./greed.ts";
import { searched, searchedMax } from "./search.ts";

export interface Solution {
  /** One choice for each load that is not left alone, by the loads' numbers. */
  readonly picked: readonly Choice[];
  readonly harm: number;
  /** No plan that takes as much off does less harm than this. Of many loads it is worked out when it is asked for. */
  readonly least: () => number;
  /** Nothing better is left out: the harm is the least, or the order was written down. */
  readonly isExact: boolean;
  /** What is still too much on each node, kW: nothing that may be done takes it off. */
  readonly shortKw: readonly number[];
}

/** Harms are equal within this part of them. */
const equal = 1e-9;

/** Of more loads than this no second draft is made: it takes as long as the first, and gains two parts in a hundred at best. */
const pricedMax = 1000;

const cheaper = (one: Draft, other: Draft): Draft => (costOf(other) < costOf(one) ? other : one);

export function solve(problem: Problem): Solution {
  if (problem.isListed) return solutionOf(inListOrder(problem), null);
  const rivals = rivalsIn(problem);
  const greedy = byHarm(problem, rivals);
  const choosing = problem.choices.filter((of) => of.length > 0).length;
  // What proves how good a plan is takes nearly as long as the plan, and outlets do not wait for it.
  if (choosing > pricedMax) return solutionOf(greedy, () => pricesOf(problem, greedy).least);
  const prices = pricesOf(problem, greedy);
  const draft = cheaper(greedy, byPrices(problem, prices, rivals));
  const isBest = costOf(draft) - prices.least <= harmOf(draft) * equal;
  if (isBest || choosing > searchedMax) return solutionOf(draft, isBest ? null : () => prices.least);
  const found = searched(problem, draft, prices);
  return solutionOf(found.draft, found.isExact ? null : () => prices.least);
}

/** `least` is null where the draft is the best there is. */
function solutionOf(draft: Draft, least: (() => number) | null): Solution {
  const harm = harmOf(draft);
  const cost = costOf(draft);
  return {
    picked: draft.picked.filter((choice) => choice !== null),
    harm,
    // What is short costs the same in both: what is left of the bound is about harm.
    least: () => (least === null ? harm : Math.max(0, harm - (cost - least()))),
    isExact: least === null,
    shortKw: shortOf(draft),
  };
}

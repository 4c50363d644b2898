/** Branch and bound over a shed plan: every way to pick, less those that cannot be better than what is known. */
import type { Prices } from "./bound.ts";
import { pricedAt } from "./bound.ts";
import type { Choice, Draft, Problem } from "./draft.ts";
import { costOf, emptyDraft, fits, put, shortHarm } from "./draft.ts";

/** More loads than this are not searched: the end would not be reached. */
export const searchedMax = 60;
/** Places that are visited: some 20 ms. */
const visitsMax = 30_000;
/** Costs are equal within this part of them: what a number of 53 bits can tell. */
const equal = 1e-15;

interface Search {
  readonly draft: Draft;
  /** The dearest loads first, and of each its choices, what the prices like best first. */
  readonly order: readonly (readonly (Choice | null)[])[];
  readonly loads: readonly number[];
  /** What the loads from each place on cost at least at these prices, and the most that they can give to each need. */
  readonly leastFrom: Float64Array;
  readonly mostFrom: readonly Float64Array[];
  readonly prices: Prices;
  best: { readonly cost: number; readonly picked: readonly (Choice | null)[] };
  visits: number;
}

/** The best draft found, and whether every other way was ruled out. */
export function searched(
  problem: Problem,
  known: Draft,
  prices: Prices,
): { readonly draft: Draft; readonly isExact: boolean } {
  const search = begin(problem, known, prices);
  visit(search, { at: 0, harm: 0, priced: limitsAt(problem, prices) });
  const draft = emptyDraft(problem);
  for (const [load, choice] of search.best.picked.entries()) put(draft, load, choice);
  return { draft, isExact: search.visits < visitsMax };
}

const limitsAt = ({ needs, rooms }: Problem, { need, room }: Prices): number =>
  needs.reduce((sum, kw, t) => sum + kw * need[t]!, 0) - rooms.reduce((sum, kw, r) => sum + kw * room[r]!, 0);

function begin(problem: Problem, known: Draft, prices: Prices): Search {
  const dearest = (load: number): number => Math.max(0, ...problem.choices[load]!.map(({ harm }) => harm));
  const loads = [...problem.choices.keys()].toSorted((a, b) => dearest(b) - dearest(a) || a - b);
  const costAt = (choice: Choice | null): number => (choice ? pricedAt(prices, choice) : 0);
  const order = loads.map((load) => [null, ...problem.choices[load]!].toSorted((a, b) => costAt(a) - costAt(b)));
  const leastFrom = new Float64Array(loads.length + 1);
  const mostFrom = problem.needs.map(() => new Float64Array(loads.length + 1));
  for (let at = loads.length - 1; at >= 0; at -= 1) {
    leastFrom[at] = leastFrom[at + 1]! + costAt(order[at]![0]!);
    for (const [t, most] of mostFrom.entries()) {
      const given = order[at]!.map((choice) => choice?.gives.find(({ of }) => of === t)?.kw ?? 0);
      most[at] = most[at + 1]! + Math.max(...given);
    }
  }
  const best = { cost: costOf(known), picked: known.picked };
  return { draft: emptyDraft(problem), order, loads, leastFrom, mostFrom, prices, best, visits: 0 };
}

interface Place {
  readonly at: number;
  readonly harm: number;
  /** What has been decided so far costs at these prices, limits and all. */
  readonly priced: number;
}

function visit(search: Search, { at, harm, priced }: Place): void {
  const { draft, order, loads } = search;
  search.visits += 1;
  if (search.visits >= visitsMax || isHopeless(search, { at, harm, priced })) return;
  if (at === loads.length) {
    const cost = costOf(draft);
    if (cost < search.best.cost) search.best = { cost, picked: [...draft.picked] };
    return;
  }
  const load = loads[at]!;
  for (const choice of order[at]!) {
    if (choice && !fits(draft, choice)) continue;
    put(draft, load, choice);
    const cost = choice ? pricedAt(search.prices, choice) : 0;
    visit(search, { at: at + 1, harm: harm + (choice?.harm ?? 0), priced: priced + cost });
    put(draft, load, null);
  }
}

/** Whether nothing that could still be decided makes this better than the best that is known. */
function isHopeless({ draft, best, leastFrom, mostFrom }: Search, { at, harm, priced }: Place): boolean {
  const limit = best.cost * (1 - equal);
  if (priced + leastFrom[at]! >= limit) return true;
  const short = mostFrom.reduce((sum, most, t) => sum + Math.max(0, draft.left[t]! - most[at]! - 1e-9), 0);
  return harm + short * shortHarm >= limit;
}

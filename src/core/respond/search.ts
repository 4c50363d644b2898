/** Branch and bound over a shed plan: every way to pick, less those that cannot be better than what is known. */
import type { Prices } from "./bound.ts";
import { limitsAt, pricedAt } from "./bound.ts";
import type { Choice, Draft, Problem } from "./draft.ts";
import { amountOf, costOf, emptyDraft, fits, put, shortHarm, slackKw } from "./draft.ts";

/** More loads than this are not searched: the end would not be reached. */
export const searchedMax = 60;
/** Places that are visited: some 20 ms. */
const visitsMax = 30_000;

/** What may be done to one load, if anything. */
interface Way {
  readonly choice: Choice | null;
  readonly harm: number;
  /** What it costs at the prices. */
  readonly priced: number;
}

interface Search {
  readonly draft: Draft;
  /** The dearest first. */
  readonly loads: readonly number[];
  /** Of each of those, what the prices like best first. */
  readonly ways: readonly (readonly Way[])[];
  /** What the loads from each place on cost at least at these prices, and the most that they can give to each need. */
  readonly leastFrom: Float64Array;
  readonly mostFrom: readonly Float64Array[];
  best: { readonly cost: number; readonly picked: Draft["picked"] };
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

function begin(problem: Problem, known: Draft, prices: Prices): Search {
  const dearest = (load: number): number => Math.max(0, ...problem.choices[load]!.map(({ harm }) => harm));
  const loads = [...problem.choices.keys()].sort((a, b) => dearest(b) - dearest(a));
  const ways = loads.map((load) => waysOf(problem.choices[load]!, prices));
  const leastFrom = new Float64Array(loads.length + 1);
  const mostFrom = problem.needs.map(() => new Float64Array(loads.length + 1));
  for (let at = loads.length - 1; at >= 0; at -= 1) {
    leastFrom[at] = leastFrom[at + 1]! + ways[at]![0]!.priced;
    for (const [t, most] of mostFrom.entries())
      most[at] = most[at + 1]! + Math.max(...ways[at]!.map(({ choice }) => amountOf(choice, "gives", t)));
  }
  const best = { cost: costOf(known), picked: known.picked };
  return { draft: emptyDraft(problem), loads, ways, leastFrom, mostFrom, best, visits: 0 };
}

function waysOf(choices: readonly Choice[], prices: Prices): readonly Way[] {
  const ways = choices.map((choice): Way => ({ choice, harm: choice.harm, priced: pricedAt(prices, choice) }));
  return [{ choice: null, harm: 0, priced: 0 }, ...ways].sort((a, b) => a.priced - b.priced);
}

interface Place {
  readonly at: number;
  readonly harm: number;
  /** What has been decided so far costs at these prices, limits and all. */
  readonly priced: number;
}

function visit(search: Search, place: Place): void {
  const { draft, loads, ways } = search;
  const { at, harm, priced } = place;
  search.visits += 1;
  const cost = leastAt(search, place);
  if (search.visits >= visitsMax || cost >= search.best.cost) return;
  const load = loads[at];
  if (load === undefined) {
    search.best = { cost, picked: [...draft.picked] };
    return;
  }
  for (const way of ways[at]!) {
    if (way.choice && !fits(draft, way.choice)) continue;
    put(draft, load, way.choice);
    visit(search, { at: at + 1, harm: harm + way.harm, priced: priced + way.priced });
    put(draft, load, null);
  }
}

/** What it costs at least, whatever could still be decided: by the prices, and by what nothing can take off any more. */
function leastAt({ draft, leastFrom, mostFrom }: Search, { at, harm, priced }: Place): number {
  let cost = harm;
  for (const [t, most] of mostFrom.entries()) {
    const short = draft.left[t]! - most[at]!;
    if (short > slackKw) cost += short * shortHarm;
  }
  return Math.max(cost, priced + leastFrom[at]!);
}

/** Drafts of a shed plan: made by trying choices in an order, and made better by changes of one load or of two. */
import type { Prices } from "./bound.ts";
import { pricedAt } from "./bound.ts";
import type { Choice, Draft, Problem } from "./draft.ts";
import { costOf, emptyDraft, fits, helps, put, tryChanges } from "./draft.ts";

/** Rounds of betterment: what another one would find is less than the bound can tell. */
const rounds = 2;
/** Of loads that might take another's place, so many are tried. */
const othersMax = 12;
/** And so many are looked at for them. */
const seenMax = 48;
/** Exchanges of two loads that are tried in one round: what keeps a plan of ten thousand outlets within its time. */
const triesMax = 6000;

/** The list as it is written: each load moved where there is room, else darkened, until nothing has too much. */
export const inListOrder = (problem: Problem): Draft => filled(problem, problem.choices.flat());

/** The choices of a problem as they are looked for: largest first, by rank, and those that give to a need or take of a scarcity, the smallest first. */
export interface Rivals {
  readonly ranks: readonly (readonly Choice[])[];
  readonly givers: readonly (readonly Choice[])[];
  readonly takers: readonly (readonly Choice[])[];
}

export function rivalsIn({ needs, rooms, choices }: Problem): Rivals {
  const all = choices.flat().sort(largerFirst);
  const ranks = [0, 1, 2, 3, 4, 5].map((rank) => all.filter((choice) => choice.rank === rank));
  const givers = needs.map((): Choice[] => []);
  const takers = rooms.map((): Choice[] => []);
  for (const choice of all.reverse()) {
    for (const { of } of choice.gives) givers[of]!.push(choice);
    for (const { of } of choice.takes) takers[of]!.push(choice);
  }
  return { ranks, givers, takers };
}

/**
 * The better of two drafts, bettered. One begins with what matters least. The other moves what matters
 * most, for room on the other feed is worth most to what must not go dark.
 */
export function byHarm(problem: Problem, rivals: Rivals): Draft {
  const { ranks } = rivals;
  const orders = [ranks, [...ranks.slice(0, 3).reverse(), ...ranks.slice(3)]];
  const drafts = orders.map((order) => filled(problem, order.flat()));
  const [one, other] = drafts as [Draft, Draft];
  return bettered(costOf(other) < costOf(one) ? other : one, rivals);
}

/** A draft by what prices make of each choice, bettered: prices know of all that is scarce at once. */
export function byPrices(problem: Problem, prices: Prices, rivals: Rivals): Draft {
  const priced = problem.choices.flat().map((choice) => ({ choice, price: pricedAt(prices, choice) }));
  priced.sort((a, b) => a.price - b.price || largerFirst(a.choice, b.choice));
  const order = priced.map(({ choice }) => choice);
  return bettered(filled(problem, order), rivals);
}

/** Those that are as large stay by their loads' numbers. */
const largerFirst = (a: Choice, b: Choice): number => b.kw - a.kw;

function filled(problem: Problem, order: readonly Choice[]): Draft {
  const draft = emptyDraft(problem);
  for (const choice of order)
    if (draft.picked[choice.load] === null && helps(draft, choice) && fits(draft, choice))
      put(draft, choice.load, choice);
  return draft;
}

function bettered(draft: Draft, rivals: Rivals): Draft {
  spare(draft);
  for (let round = 0; round < rounds; round += 1) {
    exchange(draft, rivals);
    spare(draft);
  }
  return draft;
}

const dearestFirst = ({ picked }: Draft): readonly Choice[] =>
  picked.filter((choice) => choice !== null).sort((a, b) => b.harm - a.harm);

/** Leaves alone, or does less to, whatever need not be as it is: the dearest first. */
function spare(draft: Draft): void {
  for (const { load } of dearestFirst(draft))
    for (const to of [null, ...draft.problem.choices[load]!]) tryChanges(draft, [{ load, to }]);
}

/** Does less to one load and more to another one, where the two together come out better. */
function exchange(draft: Draft, rivals: Rivals): void {
  let tries = 0;
  for (const choice of dearestFirst(draft)) {
    if (draft.picked[choice.load] !== choice) continue;
    const milder = draft.problem.choices[choice.load]!.filter(({ harm }) => harm < choice.harm);
    for (const to of [null, ...milder]) {
      const others = to ? inItsRoom(draft, rivals, to) : inItsPlace(draft, rivals, choice);
      tries += others.length;
      const mine = { load: choice.load, to };
      if (others.some((other) => tryChanges(draft, [mine, { load: other.load, to: other }]))) break;
    }
    if (tries > triesMax) return;
  }
}

/** Loads that are left alone so far, and would make up for what another one gives, less what is over. */
function inItsPlace(draft: Draft, { givers }: Rivals, { kw, harm, gives }: Choice): readonly Choice[] {
  const [{ of }] = gives as [Choice["gives"][number]];
  const rivals = givers[of]!;
  const found: Choice[] = [];
  const from = firstOf(rivals, kw + draft.left[of]!);
  for (const other of rivals.slice(from, from + seenMax)) {
    if (other.harm < harm && draft.picked[other.load] === null) found.push(other);
    if (found.length === othersMax) break;
  }
  return found;
}

/** Loads that take the room that another one would need, and would do something else instead. */
function inItsRoom(draft: Draft, { takers }: Rivals, to: Choice): readonly Choice[] {
  const tight = to.takes.find(({ of, kw }) => kw > draft.room[of]!);
  if (!tight) return [];
  const rivals = takers[tight.of]!;
  const found: Choice[] = [];
  const from = firstOf(rivals, to.kw - draft.room[tight.of]!);
  for (const rival of rivals.slice(from, from + seenMax)) {
    if (draft.picked[rival.load] !== rival || rival.load === to.load) continue;
    for (const other of draft.problem.choices[rival.load]!) if (other !== rival) found.push(other);
    if (found.length >= othersMax) break;
  }
  return found;
}

/** The first of some choices, the smallest first, that gives as much. */
function firstOf(choices: readonly Choice[], leastKw: number): number {
  let [from, to] = [0, choices.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (choices[middle]!.kw < leastKw - 1e-9) from = middle + 1;
    else to = middle;
  }
  return from;
}

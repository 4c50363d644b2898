/** Drafts of a shed plan: made by trying choices in an order, and made better by changes of one load or of two. */
import type { Prices } from "./bound.ts";
import { pricedAt } from "./bound.ts";
import type { Choice, Draft, Problem } from "./draft.ts";
import { costOf, emptyDraft, fits, helps, put, slackKw, tryChanges } from "./draft.ts";

/** Rounds of exchanges: what another one would find is less than the bound can tell. */
const rounds = 3;
/** Of loads that might take another's place, so many are looked at. */
const seenMax = 48;
/** Exchanges of two loads that are tried in one round: what keeps a plan of ten thousand outlets within its time. */
const triesMax = 4000;

/** The list as it is written: each load moved where there is room, else darkened, until nothing has too much. */
export const inListOrder = (problem: Problem): Draft => filled(problem, problem.choices.flat());

/** The choices of a problem as they are looked for: largest first, by rank, and those that give to a need or take of a scarcity, the smallest first. */
export interface Rivals {
  readonly ranks: readonly (readonly Choice[])[];
  readonly givers: readonly (readonly Choice[])[];
  readonly takers: readonly (readonly Choice[])[];
}

/**
 * The orders in which ranks are gone through. One begins with what matters least. The other moves what
 * matters most, for room on the other feed is worth most to what must not go dark.
 */
const orders = [
  [0, 1, 2, 3, 4, 5],
  [2, 1, 0, 3, 4, 5],
];

export function rivalsIn({ needs, rooms, choices }: Problem): Rivals {
  const all = choices.flat().sort(largerFirst);
  const ranks = orders[0]!.map((rank) => all.filter((choice) => choice.rank === rank));
  const givers = needs.map((): Choice[] => []);
  const takers = rooms.map((): Choice[] => []);
  for (const choice of all.reverse()) {
    for (const { of } of choice.gives) givers[of]!.push(choice);
    for (const { of } of choice.takes) takers[of]!.push(choice);
  }
  return { ranks, givers, takers };
}

/** The better of two drafts, bettered. */
export function byHarm(problem: Problem, rivals: Rivals): Draft {
  const drafts = orders.map((order) =>
    filled(
      problem,
      order.flatMap((rank) => rivals.ranks[rank]!),
    ),
  );
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

/** What is over makes exchanges easier, and so it is spared last. */
function bettered(draft: Draft, rivals: Rivals): Draft {
  for (let round = 0; round < rounds; round += 1) exchange(draft, rivals);
  spare(draft);
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
function inItsPlace({ picked, left }: Draft, { givers }: Rivals, { kw, harm, gives }: Choice): readonly Choice[] {
  const [{ of }] = gives as [Choice["gives"][number]];
  return from(givers[of]!, kw + left[of]!).filter((other) => other.harm < harm && picked[other.load] === null);
}

/** Loads that take the room that another one would need, and would do something else instead. */
function inItsRoom({ problem, picked, room }: Draft, { takers }: Rivals, to: Choice): readonly Choice[] {
  const tight = to.takes.find(({ of, kw }) => kw > room[of]!);
  if (!tight) return [];
  return from(takers[tight.of]!, to.kw - room[tight.of]!)
    .filter((rival) => picked[rival.load] === rival && rival.load !== to.load)
    .flatMap((rival) => problem.choices[rival.load]!.filter((other) => other !== rival));
}

/** Those of some choices, the smallest first, that are looked at for what gives as much. */
function from(choices: readonly Choice[], leastKw: number): readonly Choice[] {
  let [first, end] = [0, choices.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (choices[middle]!.kw < leastKw - slackKw) first = middle + 1;
    else end = middle;
  }
  return choices.slice(first, first + seenMax);
}

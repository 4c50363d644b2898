/**
 * How little harm a shed plan could do at best. Every need, and every scarcity that a draft has used
 * up, is given a price; with prices in place of limits every load can be decided by itself, and no
 * plan that keeps the limits costs less than what comes of that (Lagrange's relaxation). The prices
 * that prove the most are sought one at a time: what they prove is concave in each.
 */
import type { Choice, Draft, Problem } from "./draft.ts";
import { amountOf, costOf, shortHarm, shortOf } from "./draft.ts";

/** What a kilowatt of each need is worth, and what a unit of each scarcity costs. */
interface Rates {
  readonly need: Float64Array;
  readonly room: Float64Array;
}

export interface Prices extends Rates {
  /** No plan does less harm. */
  readonly least: number;
}

/** Times that every price is sought anew. */
const rounds = 2;
/** Halvings of the span of a price, in its logarithm: what is left of it is a part in a thousand. */
const halvings = 16;
/** Harm for a kilowatt that is as good as none. */
const priceMin = 1e-3;
/** What is left to more than this part is not scarce, and a price of it would be next to nothing. */
const scarceTo = 0.25;
/** Part of the dearest kilowatt that a draft pays for: where whole loads are few, a plan by parts of loads ends before it. */
const cheaper = 0.8;
/** What is proved of a draft's cost when no more is sought. */
const enough = 0.95;

/** One need or one scarcity, and all that its price weighs upon. */
interface Coordinate {
  readonly kind: "need" | "room";
  readonly at: number;
  /** Choices that have something of it, load after load with all choices of each. */
  readonly choices: readonly Choice[];
  /** Where each load's choices end. */
  readonly ends: Int32Array;
  /** What each has of it: more than 0 where a higher price makes the choice better. */
  readonly amounts: Float64Array;
  /** What each costs but for this price: worked out whenever it is sought. */
  readonly base: Float64Array;
  /** How much there is of it: more than 0 where a higher price proves more. */
  readonly limit: number;
}

/**
 * The prices that prove the most. They are sought from near those at which the draft's dearest choices
 * just pay: needs and rooms that all are too cheap, or too dear, cannot be set right one at a time.
 * From nothing something is proved in any case.
 */
export function pricesOf(problem: Problem, draft: Draft): Prices {
  const coordinates = coordinatesOf(problem, draft);
  const margins = marginsOf(draft);
  const from = (part: number): Prices => {
    const rates: Rates = { need: margins.map((margin) => margin * part), room: new Float64Array(problem.rooms.length) };
    for (let round = 0; round < rounds; round += 1) for (const coordinate of coordinates) seek(rates, coordinate);
    return { ...rates, least: leastAt(problem, rates) };
  };
  let best = from(1);
  for (const part of [cheaper, 0]) {
    if (best.least >= costOf(draft) * enough) break;
    const other = from(part);
    if (other.least > best.least) best = other;
  }
  return best;
}

/** The harm of a kilowatt of each need where a draft pays the most for it. */
function marginsOf(draft: Draft): Float64Array {
  const margins = Float64Array.from(shortOf(draft), (kw) => (kw > 0 ? shortHarm : 0));
  for (const choice of draft.picked)
    if (choice) for (const { of, kw } of choice.gives) margins[of] = Math.max(margins[of]!, choice.harm / kw);
  return margins;
}

/** The scarcest come first, for a price on what is wider would stand in for theirs; and the needs last, for theirs hang on those. */
function coordinatesOf({ needs, rooms, choices }: Problem, { room }: Draft): readonly Coordinate[] {
  const scarce = [...rooms.keys()]
    .filter((at) => rooms[at]! >= 0 && room[at]! <= rooms[at]! * scarceTo)
    .sort((a, b) => room[a]! - room[b]!);
  const [givers, takers] = [having(choices, "gives", needs), having(choices, "takes", rooms)];
  return [
    ...scarce.map((at) => coordinateOf({ kind: "room", at, limit: -rooms[at]! }, takers[at]!)),
    ...needs.map((kw, at) => coordinateOf({ kind: "need", at, limit: kw }, givers[at]!)),
  ];
}

/** The loads, as their choices, that have something of each need or of each scarcity. */
function having(
  choices: Problem["choices"],
  what: "gives" | "takes",
  all: readonly number[],
): readonly Problem["choices"][] {
  const loads = all.map((): (readonly Choice[])[] => []);
  for (const of of choices)
    for (const at of new Set(of.flatMap((choice) => choice[what].map((one) => one.of)))) loads[at]!.push(of);
  return loads;
}

function coordinateOf(one: Pick<Coordinate, "kind" | "at" | "limit">, loads: Problem["choices"]): Coordinate {
  const choices = loads.flat();
  const ends = new Int32Array(loads.length);
  for (const [n, of] of loads.entries()) ends[n] = (ends[n - 1] ?? 0) + of.length;
  const amount = (choice: Choice): number =>
    one.kind === "need" ? amountOf(choice, "gives", one.at) : -amountOf(choice, "takes", one.at);
  const amounts = Float64Array.from(choices, amount);
  return { ...one, choices, ends, amounts, base: new Float64Array(choices.length) };
}

/** What all limits are worth: no plan costs less than this and what the choices of it cost. */
export const limitsAt = ({ needs, rooms }: Problem, { need, room }: Rates): number =>
  needs.reduce((sum, kw, t) => sum + kw * need[t]!, 0) - rooms.reduce((sum, kw, r) => sum + kw * room[r]!, 0);

/** What a choice costs at these prices: its harm and what it takes, less what it gives. */
export function pricedAt({ need, room }: Rates, { harm, gives, takes }: Choice): number {
  let cost = harm;
  for (const { of, kw } of gives) cost -= need[of]! * kw;
  for (const { of, kw } of takes) cost += room[of]! * kw;
  return cost;
}

/** What prices prove: every load does what costs the least at them. */
function leastAt(problem: Problem, rates: Rates): number {
  const costs = problem.choices.map((of) => of.reduce((least, one) => Math.min(least, pricedAt(rates, one)), 0));
  return costs.reduce((sum, cost) => sum + cost, limitsAt(problem, rates));
}

/** Sets one price to what proves the most, the others being as they are. */
function seek(rates: Rates, coordinate: Coordinate): void {
  const { kind, at, choices, amounts, base } = coordinate;
  const price = rates[kind];
  const own = price[at]!;
  for (let n = 0; n < choices.length; n += 1) base[n] = pricedAt(rates, choices[n]!) + own * amounts[n]!;
  // The slope falls as the price rises, so that the highest place is where it turns.
  let [low, high] = [priceMin, shortHarm];
  for (let n = 0; n < halvings; n += 1) {
    const middle = Math.sqrt(low * high);
    if (proofAt(coordinate, middle).slope > 0) low = middle;
    else high = middle;
  }
  let most = Number.NEGATIVE_INFINITY;
  for (const one of [own, 0, low, high]) {
    const { proof } = proofAt(coordinate, one);
    if (proof > most) [most, price[at]] = [proof, one];
  }
}

/** What is proved by a price, less what does not hang on it, and how much more by a little more of it. */
function proofAt(
  { ends, amounts, base, limit }: Coordinate,
  price: number,
): { readonly proof: number; readonly slope: number } {
  let [proof, slope] = [price * limit, limit];
  let n = 0;
  for (const end of ends) {
    let [least, has] = [0, 0];
    for (; n < end; n += 1) {
      const cost = base[n]! - price * amounts[n]!;
      if (cost < least) [least, has] = [cost, amounts[n]!];
    }
    proof += least;
    slope -= has;
  }
  return { proof, slope };
}

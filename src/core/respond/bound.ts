/**
 * How little harm a shed plan could do at best. Every need, and every scarcity that a draft has used
 * up, is given a price; with prices in place of limits every load can be decided by itself, and no
 * plan that keeps the limits costs less than what comes of that (Lagrange's relaxation). The prices
 * that prove the most are sought one at a time: what they prove is concave in each.
 */
import type { Choice, Draft, Problem } from "./draft.ts";
import { amountOf, costOf, shortHarm } from "./draft.ts";

/** What a kilowatt of each need is worth, and what a unit of each scarcity costs. */
export interface Prices {
  readonly need: Float64Array;
  readonly room: Float64Array;
  /** No plan does less harm. */
  least: number;
}

/** Times that every price is sought anew. */
const roundsMax = 2;
/** A round that proves less than this part more is the last. */
const gainMin = 1e-2;
/** Halvings of the span of a price, in its logarithm: what is left of it is a part in a thousand. */
const halvings = 16;
/** Harm for a kilowatt that is as good as none. */
const priceMin = 1e-3;
/** What is used less than this is not scarce, and a price of it would be next to nothing. */
const scarceFrom = 0.75;

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

/** Part of the dearest kilowatt that a draft pays for: where whole loads are few, a plan by parts of loads ends before it. */
const cheaper = 0.8;
/** What is proved of a draft's cost when no more is sought. */
const enough = 0.95;

/**
 * The prices that prove the most. They are sought from near those at which the draft's dearest choices
 * just pay: needs and rooms that all are too cheap, or too dear, cannot be set right one at a time.
 */
export function pricesOf(problem: Problem, draft: Draft): Prices {
  const coordinates = coordinatesOf(problem, draft);
  const margins = problem.needs.map((_, need) => marginOf(draft, need));
  const from = (part: number): Prices =>
    bettered(
      coordinates,
      pricesFrom(
        problem,
        margins.map((margin) => margin * part),
      ),
    );
  let prices = from(1);
  if (prices.least < costOf(draft) * enough) {
    const other = from(cheaper);
    if (other.least > prices.least) prices = other;
  }
  return prices.least > 0
    ? prices
    : pricesFrom(
        problem,
        problem.needs.map(() => 0),
      );
}

function bettered(coordinates: readonly Coordinate[], prices: Prices): Prices {
  for (let round = 0; round < roundsMax; round += 1) {
    const before = prices.least;
    for (const coordinate of coordinates) seek(prices, coordinate);
    if (prices.least - before <= Math.abs(prices.least) * gainMin) break;
  }
  return prices;
}

function pricesFrom({ needs, rooms, choices }: Problem, margins: readonly number[]): Prices {
  const prices: Prices = { need: Float64Array.from(margins), room: new Float64Array(rooms.length), least: 0 };
  for (const [need, kw] of needs.entries()) prices.least += kw * margins[need]!;
  for (const of of choices) prices.least += of.reduce((least, choice) => Math.min(least, pricedAt(prices, choice)), 0);
  return prices;
}

/** The harm of a kilowatt where a draft pays the most for it. */
function marginOf({ picked, left }: Draft, need: number): number {
  if (left[need]! > 0) return shortHarm;
  return picked.reduce((most, choice) => {
    const kw = amountOf(choice, "gives", need);
    return choice && kw > 0 ? Math.max(most, choice.harm / kw) : most;
  }, 0);
}

function coordinatesOf({ needs, rooms, choices }: Problem, { room }: Draft): readonly Coordinate[] {
  const usedOf = (at: number): number => (rooms[at]! > 0 ? 1 - room[at]! / rooms[at]! : 1);
  const scarce = [...rooms.keys()].filter((at) => usedOf(at) > scarceFrom);
  const [givers, takers] = [needs.map(() => new Set<number>()), rooms.map(() => new Set<number>())];
  for (const { load, gives, takes } of choices.flat()) {
    for (const { of } of gives) givers[of]!.add(load);
    for (const { of } of takes) takers[of]!.add(load);
  }
  const loadsAt = (numbers: ReadonlySet<number>): readonly (readonly Choice[])[] =>
    [...numbers].map((load) => choices[load]!);
  return [
    // The scarcest first: a price on what is wider would stand in for theirs.
    ...scarce
      .toSorted((a, b) => usedOf(b) - usedOf(a) || a - b)
      .map((at) => coordinateOf("room", { at, limit: -rooms[at]!, loads: loadsAt(takers[at]!) })),
    ...needs.map((kw, at) => coordinateOf("need", { at, limit: kw, loads: loadsAt(givers[at]!) })),
  ];
}

function coordinateOf(
  kind: Coordinate["kind"],
  { at, limit, loads }: { readonly at: number; readonly limit: number; readonly loads: readonly (readonly Choice[])[] },
): Coordinate {
  const choices = loads.flat();
  const [what, sign] = kind === "need" ? (["gives", 1] as const) : (["takes", -1] as const);
  const amounts = new Float64Array(choices.length);
  for (let n = 0; n < choices.length; n += 1) amounts[n] = sign * amountOf(choices[n]!, what, at);
  const ends = new Int32Array(loads.length);
  for (let n = 0, end = 0; n < loads.length; n += 1) {
    end += loads[n]!.length;
    ends[n] = end;
  }
  return { kind, at, choices, ends, amounts, base: new Float64Array(choices.length), limit };
}

/** What a choice costs at these prices: its harm and what it takes, less what it gives. */
export function pricedAt({ need, room }: Prices, { harm, gives, takes }: Choice): number {
  let cost = harm;
  for (const { of, kw } of gives) cost -= need[of]! * kw;
  for (const { of, kw } of takes) cost += room[of]! * kw;
  return cost;
}

/** Sets one price to what proves the most, the others being as they are. */
function seek(prices: Prices, coordinate: Coordinate): void {
  const { kind, at, choices, amounts, base } = coordinate;
  const price = prices[kind];
  const own = price[at]!;
  for (let n = 0; n < choices.length; n += 1) base[n] = pricedAt(prices, choices[n]!) + own * amounts[n]!;
  let [low, high] = [priceMin, shortHarm];
  // The slope falls as the price rises, so that the highest place is where it turns.
  if (slopeAt(coordinate, low) <= 0) [low, high] = [0, 0];
  for (let n = 0; n < halvings && high > low; n += 1) {
    const middle = Math.sqrt(low * high);
    if (slopeAt(coordinate, middle) > 0) low = middle;
    else high = middle;
  }
  const before = proofAt(coordinate, own);
  const proofs = [low, high].map((one) => ({ one, gain: proofAt(coordinate, one) - before }));
  const [best] = proofs.toSorted((a, b) => b.gain - a.gain);
  if (best!.gain <= 0) return;
  price[at] = best!.one;
  prices.least += best!.gain;
}

/** How much more is proved by a little more of a price. */
function slopeAt({ ends, amounts, base, limit }: Coordinate, price: number): number {
  let slope = limit;
  let n = 0;
  for (const end of ends) {
    let [least, has] = [0, 0];
    for (; n < end; n += 1) {
      const cost = base[n]! - price * amounts[n]!;
      if (cost < least) [least, has] = [cost, amounts[n]!];
    }
    slope -= has;
  }
  return slope;
}

/** What is proved by a price, less what does not hang on it. */
function proofAt({ ends, amounts, base, limit }: Coordinate, price: number): number {
  let proof = price * limit;
  let n = 0;
  for (const end of ends) {
    let least = 0;
    for (; n < end; n += 1) least = Math.min(least, base[n]! - price * amounts[n]!);
    proof += least;
  }
  return proof;
}

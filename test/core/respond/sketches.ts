/** Problems of the shed planner as tests write them down, and what is read from a draft. */
import type { Prices } from "../../../src/core/respond/bound.ts";
import type { Amount, Choice, Draft, Problem } from "../../../src/core/respond/draft.ts";

/** kW by the number of a need or of a room. */
export type Amounts = Readonly<Record<number, number>>;

export const amounts = (all: Amounts): readonly Amount[] =>
  Object.entries(all).map(([of, kw]) => ({ of: Number(of), kw }));

/** A problem of these choices, by their loads. */
export function problem(needs: readonly number[], rooms: readonly number[], choices: readonly Choice[]): Problem {
  const loads = Math.max(...choices.map(({ load }) => load)) + 1;
  return {
    needs,
    rooms,
    choices: Array.from({ length: loads }, (_, load) => choices.filter((one) => one.load === load)),
    isListed: false,
  };
}

/** Prices at which nothing is scarce. */
export const free = ({ needs, rooms }: Problem): Prices => ({
  need: new Float64Array(needs.length),
  room: new Float64Array(rooms.length),
  least: 0,
});

/** The loads that a draft does something to. */
export const loadsOf = ({ picked }: Draft): readonly number[] =>
  [...picked.keys()].filter((load) => picked[load] !== null);

/** The gate killed between any two of its steps, and the one after it between any two of those that follow. */
import { killedOnce, killedTwice } from "../../test/gate/kills.ts";

/** Steps over all runs that were done twice, and that were taken and came to no end. */
export async function killFigures(): Promise<Record<string, number>> {
  const tallies = [await killedOnce(), await killedTwice(Number.POSITIVE_INFINITY)];
  const total = (count: (tally: (typeof tallies)[number]) => number): number =>
    tallies.reduce((sum, tally) => sum + count(tally), 0);
  return {
    doubled_steps: total(({ doubled }) => doubled.length),
    forgotten_steps: total(({ forgotten }) => forgotten.length),
    killed_runs: total(({ runs }) => runs),
  };
}

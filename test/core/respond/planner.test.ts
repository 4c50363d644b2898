import { describe, expect, test } from "vitest";
import type { Choice, Problem } from "../../../src/core/respond/draft.ts";
import { pricesOf } from "../../../src/core/respond/bound.ts";
import { byHarm, byPrices } from "../../../src/core/respond/greed.ts";
import { costOf, harmOf, shortOf } from "../../../src/core/respond/draft.ts";
import { solve } from "../../../src/core/respond/planner.ts";
import { planShed } from "../../../src/core/respond/shed.ts";
import { chance } from "../../chaos/chance.ts";
import { bruteForce, problemOf } from "./exact.ts";
import { carriedIn, groundOf, isLit, overloadedBy } from "./grounds.ts";

const sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0);
test("probe", () => {
  let worst = 0, inexact = 0, greedyWorst = 0, greedyBad = 0, bad = 0;
  const n = 400;
  for (let seed = 0; seed < n; seed += 1) {
    const problem = problemOf(chance(seed), 4 + (seed % 6));
    const exact = bruteForce(problem);
    const s = solve(problem);
    const short = sum(s.shortKw);
    if (short > exact.shortKw + 1e-6) { console.log("short", seed, short, exact); bad++; }
    const gap = exact.harm === 0 ? 0 : s.harm / exact.harm - 1;
    if (s.least > exact.harm * (1 + 1e-9) && short <= exact.shortKw + 1e-6) console.log("bound", seed, s, exact);
    if (!s.isExact) inexact++;
    worst = Math.max(worst, gap);
    const d1 = byHarm(problem);
    const d2 = byPrices(problem, pricesOf(problem, d1));
    const d = costOf(d1) < costOf(d2) ? d1 : d2;
    if (sum(shortOf(d)) > exact.shortKw + 1e-6) greedyBad++;
    else greedyWorst = Math.max(greedyWorst, exact.harm === 0 ? 0 : harmOf(d) / exact.harm - 1), greedyBad += harmOf(d) > exact.harm * 1.0001 ? 1 : 0;
  }
  console.log({ worst, inexact, greedyWorst, greedyBad, bad });
});

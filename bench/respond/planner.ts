/**
 * The shed planner: how long it takes over ten thousand outlets, how far from the best its plans are
 * on small sites, and whether any plan for any plant ever overloads another node.
 */
import { solve } from "../../src/core/respond/planner.ts";
import { prospectOf } from "../../src/core/respond/prospect.ts";
import type { ShedAction } from "../../src/core/respond/response.ts";
import type { Scene } from "../../src/core/respond/scene.ts";
import { viewOf } from "../../src/core/respond/scene.ts";
import { planShed } from "../../src/core/respond/shed.ts";
import { seconds } from "../../src/core/time.ts";
import { bruteForce } from "../../test/core/respond/exact.ts";
import { groundOf, overloadedBy } from "../../test/core/respond/grounds.ts";
import { median, timed } from "../median.ts";
import type { Hall } from "./hall.ts";
import { hallOf } from "./hall.ts";

/** Two outlets each. */
const racks = 5000;
const rounds = 15;
/** What a UPS may still carry of what it does, from a nudge to most of it. */
const parts = [0.9, 0.7, 0.5, 0.3];
const trees = Number(process.env["HAECHI_BENCH_TREES"] ?? 100_000);
const smallSites = 200;
/** Choices that a site must offer to be worth holding to every way there is. */
const choicesMin = 6;

/** Medians over `rounds` plans of each size of shed, the slowest size; gaps are the largest there was. */
export function plannerFigures(): Record<string, number> {
  const hall = hallOf(racks, 1);
  const one = sheds(hall, 1);
  const all = sheds(hall, hall.upsOfA.length);
  const time = (actions: readonly ShedAction[]): number => Math.max(...actions.map((action) => planMs(hall, action)));
  // The first plans are made while the machine still learns the program.
  for (const action of [...one, ...all]) planShed(sceneOf(hall), action);
  return {
    planner_10k_ms: time(all),
    planner_10k_one_ups_ms: time(one),
    planner_10k_bound_gap_percent: median(
      [...one, ...all]
        .map((action) => planShed(sceneOf(hall), action))
        .map((plan) => gapPercent(plan.harm, plan.least())),
    ),
    ...smallFigures(),
    other_feed_trees: trees,
    other_feed_overloads: overloads(),
  };
}

const sceneOf = ({ tree, image }: Hall): Scene => ({ tree, image, taken: new Set(), mute: new Set(), writesOf: null });

const sheds = (hall: Hall, upses: number): readonly ShedAction[] =>
  parts.map((part) => ({
    kind: "shed",
    relieve: hall.upsOfA.slice(0, upses).map((node) => ({ node, toKw: hall.carriedKw(node) * part })),
    within: seconds(60),
    settle: seconds(2),
  }));

const planMs = (hall: Hall, action: ShedAction): number =>
  median(Array.from({ length: rounds }, () => timed(() => void planShed(sceneOf(hall), action))));

const gapPercent = (harm: number, least: number): number => (harm === 0 ? 0 : (harm / least - 1) * 100);

/** Small sites, held to every way there is to shed. */
function smallFigures(): Record<string, number> {
  let [worst, held, slowest] = [0, 0, 0];
  for (let seed = 0; held < smallSites; seed += 1) {
    const { scene, action } = groundOf(seed, { loadsMax: 10, silent: 0.03, lacking: 0.05 });
    const { problem } = prospectOf(viewOf(scene, action), action, "seen");
    if (problem.choices.flat().length < choicesMin) continue;
    held += 1;
    const best = bruteForce(problem);
    slowest = Math.max(
      slowest,
      timed(() => void solve(problem)),
    );
    const plan = solve(problem);
    const shortKw = plan.shortKw.reduce((sum, kw) => sum + kw, 0);
    // A plan that takes less off than can be taken is no plan: it counts as one that does all the harm there is.
    const gap = shortKw > best.shortKw + 1e-6 ? Number.POSITIVE_INFINITY : gapPercent(plan.harm, best.harm);
    worst = Math.max(worst, gap);
  }
  return { planner_gap_percent: worst, planner_small_sites: held, planner_small_slowest_ms: slowest };
}

function overloads(): number {
  let count = 0;
  for (let seed = 0; seed < trees; seed += 1) {
    const ground = groundOf(seed);
    const { deeds } = planShed(ground.scene, ground.action);
    const opened = deeds.flatMap(({ opens }) => opens.map(({ outlet }) => outlet!));
    if (overloadedBy(ground, opened).length > 0) count += 1;
  }
  return count;
}

/** Seeded swarms over the demo's site, on every core of the machine: how many seeds, and how many of them break a law. */
import { mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { demoGround } from "../../test/chaos/demo-ground.ts";
import { quarries } from "../../test/chaos/hunt.ts";
import { judge } from "../../test/chaos/judge.ts";
import { keep } from "../../test/chaos/keep.ts";
import { shrink } from "../../test/chaos/shrink.ts";
import { playSwarm } from "../../test/chaos/stage.ts";
import { swarmOf } from "../../test/chaos/swarm.ts";

/** What one thread does: every `step`-th seed, or planted bug, from `first` to `last`. */
interface Share {
  readonly work: "seeds" | "bugs";
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Seeds of a whole run, and seeds within which each planted bug is to be found. */
const seedsUsual = 10_000;
const seedsPerBug = 1000;

/** Runs as many seeds as HAECHI_BENCH_SEEDS says, or ten thousand; hunts every planted bug. */
export async function swarmFigures(): Promise<Record<string, number>> {
  const seeds = Number(process.env["HAECHI_BENCH_SEEDS"] ?? seedsUsual);
  if (!Number.isInteger(seeds) || seeds < 1) throw new Error("HAECHI_BENCH_SEEDS is a number of seeds, 1 or more");
  const bugs = quarries(demoGround()).length;
  return {
    seeds_run: seeds,
    safety_violations: await shared({ work: "seeds", last: seeds }),
    planted_bugs_found: await shared({ work: "bugs", last: bugs }),
    planted_bugs_total: bugs,
  };
}

async function shared({ work, last }: Pick<Share, "work" | "last">): Promise<number> {
  const step = availableParallelism();
  const counts = Array.from({ length: step }, (_, i) => inThread({ work, first: i + 1, last, step }));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function inThread(share: Share): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share });
    let count = 0;
    worker.on("message", (found: number) => {
      count = found;
    });
    worker.once("error", reject);
    worker.once("exit", (code) => (code === 0 ? resolve(count) : reject(new Error(`a thread ended with ${code}`))));
  });
}

async function countOf({ work, first, last, step }: Share): Promise<number> {
  let count = 0;
  for (let n = first; n <= last; n += step) if (await (work === "seeds" ? breaks(n) : isFound(n))) count += 1;
  return count;
}

/** Whether a seed breaks a law. One that does is shrunk and kept, and it is said where. */
async function breaks(seed: number): Promise<boolean> {
  const ground = groundOnce();
  const breachesOf = async (swarm: Parameters<typeof playSwarm>[1]) => judge(await playSwarm(ground, swarm));
  const whole = swarmOf(seed, ground.names);
  const [first] = await breachesOf(whole);
  if (!first) return false;
  const small = await shrink(whole, async (swarm) => (await breachesOf(swarm)).some(({ law }) => law === first.law));
  const run = await playSwarm(ground, small);
  const folder = keep(mkdtempSync(join(tmpdir(), "haechi-kept-")), ground.siteText, run, judge(run));
  console.error(`seed ${seed} breaks law ${first.law}: ${first.what}\n  kept, shrunk, in ${folder}`);
  return true;
}

let theGround: ReturnType<typeof demoGround> | null = null;

function groundOnce(): ReturnType<typeof demoGround> {
  theGround ??= demoGround();
  return theGround;
}

async function isFound(number: number): Promise<boolean> {
  const { bug, hunt } = quarries(groundOnce())[number - 1]!;
  const found = await hunt(seedsPerBug);
  if (found === null) console.error(`not found within ${seedsPerBug} seeds: ${bug.is}`);
  return found !== null;
}

if (!isMainThread && (workerData as Share | null)?.work) parentPort?.postMessage(await countOf(workerData as Share));

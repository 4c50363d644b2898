/** The same scenario from many seeds: chance falls otherwise in each, and what is told is how many kept each promise. */
import type { Otherwise } from "../../simulators/scenario.ts";
import { rehearse } from "../simulation/rehearsal.ts";
import { exit, Refusal } from "./exit.ts";
import { openScenario } from "./scenario-files.ts";
import type { Progress } from "./scenario-progress.ts";
import type { ScenarioRunWords } from "./scenario-words.ts";

/** More runs than this are hours of somebody's machine. */
const seedsMax = 10_000;

interface Tally {
  readonly text: string;
  kept: number;
  /** The seeds that broke it, and how the first of them did. */
  readonly brokenBy: number[];
  why: string | null;
}

interface Tried {
  readonly scenario: string;
  readonly runs: number;
  readonly promises: readonly Tally[];
}

export interface SeedsPlaying {
  readonly words: ScenarioRunWords;
  readonly otherwise: Otherwise;
  readonly progress: Progress;
}

export async function playSeeds(names: readonly string[], playing: SeedsPlaying): Promise<number> {
  const { words, progress } = playing;
  const seeds = seedsOf(words.seeds!);
  if (words.on !== "core") throw new Refusal("--seeds runs in virtual time, --on core", exit.usage);
  for (const one of ["html", "junit", "out", "seed"] as const)
    if (words[one] !== undefined) throw new Refusal(`--seeds tells of many runs, and --${one} is of one`, exit.usage);
  const tried: Tried[] = [];
  for (const [i, name] of names.entries()) {
    const onSeed = (part: number, seed: number): void =>
      progress.show((i + part) / names.length, `${name}, seed ${seed}`);
    tried.push(await trySeeds(name, seeds, { otherwise: playing.otherwise, onSeed }));
  }
  progress.clear();
  if (words.json) console.log(JSON.stringify(tried.length === 1 ? tried[0] : tried, null, 2));
  else for (const one of tried) say(one);
  return tried.every(({ promises }) => promises.every(({ brokenBy }) => brokenBy.length === 0))
    ? exit.done
    : exit.failed;
}

async function trySeeds(
  name: string,
  seeds: readonly number[],
  { otherwise, onSeed }: { readonly otherwise: Otherwise; readonly onSeed: (part: number, seed: number) => void },
): Promise<Tried> {
  // By place: a promise whose sentence holds a draw reads otherwise in each run.
  const tallies: Tally[] = [];
  let called = name;
  for (const [i, seed] of seeds.entries()) {
    onSeed(i / seeds.length, seed);
    const scenario = openScenario(name, { ...otherwise, seed });
    called = scenario.name;
    const { broken } = await rehearse(scenario.site, scenario, { siteText: scenario.siteText });
    const why = new Map(broken.map((b) => [b.text, b.why]));
    scenario.promises.forEach(({ text }, at) => {
      tallies[at] ??= { text, kept: 0, brokenBy: [], why: null };
      const tally = tallies[at];
      const failure = why.get(text);
      if (failure === undefined) tally.kept += 1;
      else {
        tally.brokenBy.push(seed);
        tally.why ??= failure;
      }
    });
  }
  return { scenario: called, runs: seeds.length, promises: tallies };
}

const seedsShown = 8;

function say({ scenario, runs, promises }: Tried): void {
  console.log(`${scenario}: ${runs} seeds`);
  for (const { text, kept, brokenBy, why } of promises) {
    console.log(`${brokenBy.length === 0 ? "kept  " : "BROKEN"}  ${kept} of ${runs}  ${text}`);
    if (brokenBy.length === 0) continue;
    const more = brokenBy.length > seedsShown ? ` and ${brokenBy.length - seedsShown} more` : "";
    console.log(`        seed ${brokenBy.slice(0, seedsShown).join(", ")}${more}; first: ${why}`);
  }
}

/** "1..100" or "7". */
function seedsOf(text: string): readonly number[] {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (!(to >= from) || to > 0xffff_ffff)
    throw new Refusal(`--seeds takes a range such as 1..100, and not "${text}"`, exit.usage);
  if (to - from >= seedsMax) throw new Refusal(`--seeds takes up to ${seedsMax} at once`, exit.usage);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

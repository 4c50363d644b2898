/** Hunts for a breach, seed after seed: in the product itself, or in a copy of it that a bug was planted in. */
import type * as FramingModule from "../../src/collect/modbus/framing.ts";
import type * as SpoolModule from "../../src/store/spool.ts";
import { judge } from "./judge.ts";
import { lateReplies } from "./late-replies.ts";
import { copyOf } from "./mutant.ts";
import type { Names } from "./names.ts";
import type { PlantedBug } from "./planted.ts";
import { lateReplyBugs, plantedBugs, spoolBugs } from "./planted.ts";
import { spooledLines } from "./spooled-lines.ts";
import type * as StageModule from "./stage.ts";
import type { Grounds } from "./stage.ts";
import { swarmOf } from "./swarm.ts";

/** Where a hunt was successful. */
export interface Found {
  readonly seed: number;
  readonly what: string;
}

interface Ground extends Grounds {
  readonly names: Names;
}

/** What is hunted in, and by what. */
export interface Quarry {
  readonly bug: PlantedBug;
  readonly hunt: (seeds: number) => Promise<Found | null>;
}

/** All planted bugs, each with the hunt that is to find it within so many seeds. */
export const quarries = (ground: Ground): readonly Quarry[] => [
  ...plantedBugs.map((bug) => ({ bug, hunt: (seeds: number) => huntSwarms(ground, bug, seeds) })),
  ...lateReplyBugs.map((bug) => ({ bug, hunt: (seeds: number) => huntLateReplies(bug, seeds) })),
  ...spoolBugs.map((bug) => ({ bug, hunt: (seeds: number) => huntSpool(bug, seeds) })),
];

/** The first of so many swarms that breaks a law in a copy of the product; null where none does. */
export function huntSwarms(ground: Ground, bug: PlantedBug, seeds: number): Promise<Found | null> {
  return inCopy<typeof StageModule>("test/chaos/stage.ts", bug, seeds, async ({ playSwarm }, seed) => {
    const breaches = judge(await playSwarm(ground, swarmOf(seed, ground.names)));
    return breaches[0] ? `law ${breaches[0].law}: ${breaches[0].what}` : null;
  });
}

/** The first of so many connections on which a late reply is believed. */
export const huntLateReplies = (bug: PlantedBug, seeds: number): Promise<Found | null> =>
  inCopy<typeof FramingModule>("src/collect/modbus/framing.ts", bug, seeds, async (framing, seed) =>
    lateReplies(framing, seed),
  );

/** The first of so many spools in which a line is passed over. */
export const huntSpool = (bug: PlantedBug, seeds: number): Promise<Found | null> =>
  inCopy<typeof SpoolModule>("src/store/spool.ts", bug, seeds, spooledLines);

type Trial<Module> = (module: Module, seed: number) => Promise<string | null>;

async function inCopy<Module>(
  entry: string,
  { edits, knownSeed }: PlantedBug,
  seeds: number,
  trial: Trial<Module>,
): Promise<Found | null> {
  const { module, dispose } = await copyOf<Module>(entry, edits);
  try {
    for (const seed of inTurn(seeds, knownSeed)) {
      const what = await trial(module, seed);
      if (what !== null) return { seed, what };
    }
    return null;
  } finally {
    dispose();
  }
}

function* inTurn(seeds: number, first?: number): Generator<number> {
  if (first !== undefined && first <= seeds) yield first;
  for (let seed = 1; seed <= seeds; seed += 1) yield seed;
}

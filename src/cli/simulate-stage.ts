/** What `haechi simulate` puts on the wire: the plant of a site, or a recording of one, with what befalls either. */
import { demoPlant } from "../../simulators/plant/index.ts";
import type { Recording } from "../../simulators/recording/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { Clock } from "../clock.ts";
import { realClock } from "../clock.ts";
import type { PlantOnWire } from "../simulation/plant-on-wire.ts";
import { openPlantOnWire } from "../simulation/plant-on-wire.ts";
import { openRecordingOnWire } from "../simulation/recording-on-wire.ts";
import type { SiteOnWire, SiteOnWireOptions } from "../simulation/site-on-wire.ts";
import { orTaken } from "./or-taken.ts";
import { faultsAskedFor } from "./simulate-faults.ts";
import { playOn } from "./simulate-play.ts";
import { openPublishing, type Unpublished } from "./simulate-publish.ts";
import type { Ready } from "./simulate-ready.ts";
import type { SimulateSiteWords } from "./simulate-words.ts";

type Say = (kind: string, text: string) => void;

/** A site on the wire, and what it is said to be. */
export interface Stage {
  readonly wire: SiteOnWire;
  /** Null where no physics stands behind it. */
  readonly plant: PlantOnWire | null;
  readonly unpublished: readonly Unpublished[];
  /** Of what stands behind the devices' points: as data, in words, and which lines it takes. */
  readonly behind: { readonly data: object; readonly text: string; readonly lines: string };
  /** Resolves when there is nothing more to show; it may never. */
  readonly over: Promise<void>;
  /** Lets happen what is to happen, and says it. */
  begin(say: Say): void;
  close(): Promise<void>;
}

const usualSeed = 1;

/** Opens the plant of a site, and the scenario that is to befall it. */
export async function openPlant(ready: Ready, words: SimulateSiteWords, scenario: Scenario | null): Promise<Stage> {
  const clock = realClock(words.speed);
  const seed = words.seed ?? scenario?.seed ?? usualSeed;
  const plant = demoPlant(seed, ready.made.text);
  const { rows } = words;
  const wire = await orTaken(openPlantOnWire({ ...ready, ...portsOf(words), clock, seed, plant, rows }), withCode);
  const { known, thoughtUp } = wire.counts;
  return {
    ...(await outfitted(wire, { ready, words, clock })),
    plant: wire,
    behind: {
      data: { points: wire.counts },
      text: `the plant knows ${known} of their points, ${thoughtUp} are thought up`,
      lines: "DEVICE/POINT=VALUE sets a point, {utility: fail} lets something happen",
    },
    over: new Promise(() => undefined),
    begin: (say) => (scenario ? playOn(wire, scenario, { clock, say }) : sayFaults(wire, say)),
  };
}

/** Opens a recording of a site. */
export async function openRecorded(ready: Ready, words: SimulateSiteWords, recording: Recording): Promise<Stage> {
  const clock = realClock(words.speed);
  const { seed = usualSeed, loop: isLooped = false } = words;
  const wire = await orTaken(
    openRecordingOnWire({ ...ready, ...portsOf(words), clock, seed, recording, isLooped }),
    withCode,
  );
  const { starts, ends, timezone } = recording;
  const at = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const atEnd = isLooped ? "at its end it begins anew" : "it ends with the recording";
  return {
    ...(await outfitted(wire, { ready, words, clock })),
    plant: null,
    behind: {
      data: { points: { recorded: wire.recorded }, recording: { starts, ends } },
      text: `${wire.recorded} of their points show what was recorded from ${at.format(starts)} to ${at.format(ends)}`,
      lines: `{fault: drop, on: DEVICE} lets something go wrong; ${atEnd}`,
    },
    over: new Promise((resolve) => wire.onMoved(() => wire.isOver && resolve())),
    begin: (say) => sayFaults(wire, say),
  };
}

const portsOf = ({ portBase }: SimulateSiteWords): Pick<SiteOnWireOptions, "ports"> => ({
  ports: portBase === undefined ? "free" : { from: portBase },
});

interface Outfit {
  readonly ready: Ready;
  readonly words: SimulateSiteWords;
  readonly clock: Clock;
}

/** The site with the faults that are asked for, and with what it publishes. Nothing is left open where that cannot be. */
async function outfitted(
  wire: SiteOnWire,
  { ready: { site, keys }, words, clock }: Outfit,
): Promise<Pick<Stage, "wire" | "unpublished" | "close">> {
  try {
    if (words.faults !== undefined) wire.board.plan(faultsAskedFor(words.faults, wire.board.devices, words));
    const publishing = await openPublishing(site, wire, { keys, clock });
    return {
      wire,
      unpublished: publishing.unpublished,
      async close() {
        await publishing.close();
        await wire.stop();
      },
    };
  } catch (error) {
    await wire.stop();
    throw error;
  }
}

/** Says faults as they begin and end. */
function sayFaults(wire: SiteOnWire, say: Say): void {
  wire.onMoved(() => {
    for (const text of wire.board.move()) say("fault", text);
  });
}

const withCode = ({ message }: Error, code: string): string => `${message}: ${code}`;

/** A scenario's site on the wire: its plant, the site file by which it is watched, and the scenario that befalls it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apply, demoPlant } from "../../simulators/plant/index.ts";
import type { Stage } from "../../simulators/scenario/player.ts";
import { player } from "../../simulators/scenario/player.ts";
import type { Arming, Scenario } from "../../simulators/scenario.ts";
import type { Served, TrapReceiver } from "../../simulators/wire/index.ts";
import type { Clock } from "../clock.ts";
import type { Request } from "../core/plant.ts";
import { instant } from "../core/time.ts";
import { packagedProfiles } from "../profiles/index.ts";
import type { Told } from "../record/transcript.ts";
import type { Keys } from "../secrets.ts";
import type { Site } from "../site/index.ts";
import type { PlantOnWire } from "./plant-on-wire.ts";
import { openPlantOnWire } from "./plant-on-wire.ts";
import { withPlaces } from "./simulated-site.ts";

export interface SimulationOptions {
  readonly site: Site;
  readonly siteText: string;
  readonly keys: Keys;
  readonly clock: Clock;
  /** What befalls the plant; its times count from when the simulation begins. */
  readonly scenario: Scenario;
  /** Where the site file with the simulator's addresses is written. */
  readonly folder: string;
  /** Where trap storms go. */
  readonly traps?: TrapReceiver;
}

/** Where a playing scenario puts what is told, and what is asked of the service that watches. */
export interface SimulationOutlets {
  told(told: Told): void;
  ask(request: Request): void;
  /** Rejects where no gate answers. */
  arm?(arming: Arming): Promise<void>;
}

/** A scenario that plays. */
export interface Playing {
  /** How much later than the scenario's time the wire's is, ms. */
  readonly shiftMs: number;
  /** Whether all of the scenario has happened. */
  readonly isOver: boolean;
}

export interface Simulation {
  /** The site file with the addresses at which the devices answer. */
  readonly siteFile: string;
  readonly served: Served;
  /** Begins to play the scenario. */
  play(outlets: SimulationOutlets): Playing;
  stop(): Promise<void>;
}

export async function openSimulation(options: SimulationOptions): Promise<Simulation> {
  const { site, siteText, clock, scenario, folder } = options;
  const { seed } = scenario;
  const { profiles } = packagedProfiles(site.devices.map(({ model }) => model.profile));
  const plant = demoPlant(seed, siteText);
  // What the scenario's own core knows of the site are the points of its file, and no rows beside them.
  const wire = await openPlantOnWire({ ...options, plant, profiles, seed, rows: 0, ports: "free" });
  const siteFile = join(folder, "site.yaml");
  try {
    writeFileSync(siteFile, withPlaces(siteText, site, wire));
  } catch (error) {
    await wire.stop();
    throw error;
  }
  return {
    siteFile,
    served: wire.served,
    play: (outlets) => playScenario(wire, scenario, { clock, outlets }),
    stop: () => wire.stop(),
  };
}

/** Plays a scenario on a plant that knows every name in it, from now on. What was at work before ends in its own time. */
export function playScenario(
  wire: PlantOnWire,
  scenario: Scenario,
  { clock, outlets }: { readonly clock: Clock; readonly outlets: SimulationOutlets },
): Playing {
  const shiftMs = clock.now() - scenario.starts;
  const stage: Stage = {
    board: wire.board,
    tell: (told) => outlets.told({ ...told, at: clock.now() }),
    apply: (event) => apply(wire.plant, event),
    ask: (request) => outlets.ask(request),
    arm: (arming, refused) => void outlets.arm?.(arming).catch((error: unknown) => refused(String(error))),
  };
  const playing = player(scenario.timeline, stage, shiftMs);
  wire.onMoved(() => void playing.playTo(instant(clock.now() - shiftMs)));
  return {
    shiftMs,
    get isOver() {
      return clock.now() - shiftMs >= scenario.ends;
    },
  };
}

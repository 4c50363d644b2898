/**
 * A simulated site on the wire: the plant runs on the machine's time, faster if it is told so, its
 * devices answer over real Modbus and SNMP on loopback, and a scenario's events befall it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { advance, apply, demoPlant } from "../simulators/plant/index.ts";
import type { Arming, Happening, Scenario } from "../simulators/scenario.ts";
import type { Served, ServedServices } from "../simulators/wire/index.ts";
import { accessTo, serveDevices, serveServices } from "../simulators/wire/index.ts";
import type { Clock } from "./clock.ts";
import type { Request } from "./core/plant.ts";
import { elapsed, ms } from "./core/time.ts";
import type { Keys } from "./secrets.ts";
import type { Site } from "./site/index.ts";
import type { Told } from "./transcript.ts";

export interface SimulationOptions {
  readonly site: Site;
  readonly siteText: string;
  readonly keys: Keys;
  readonly clock: Clock;
  /** What befalls the plant; its times count from when the simulation begins. */
  readonly scenario: Scenario;
  /** Where the site file with the simulator's addresses is written. */
  readonly folder: string;
}

/** Where a playing scenario puts what is told, and what is asked of the service that watches. */
export interface SimulationOutlets {
  told(told: Told): void;
  ask(request: Request): void;
  arm?(arming: Arming): void;
}

export interface Simulation {
  /** The site file with the addresses at which the devices answer. */
  readonly siteFile: string;
  readonly served: Served;
  /** Begins to play the scenario. */
  play(outlets: SimulationOutlets): void;
  /** How much later than the scenario's time the simulation's is, ms; null before it plays. */
  readonly shiftMs: number | null;
  /** Whether all of the scenario has happened. */
  readonly isOver: boolean;
  stop(): Promise<void>;
}

/** The plant moves this often, wall time, and faster where its time is faster. */
const stepMs = 100;
const shortestStepMs = 10;

export async function openSimulation(options: SimulationOptions): Promise<Simulation> {
  const { site, siteText, keys, clock, scenario, folder } = options;
  const plant = demoPlant(scenario.seed, siteText);
  const devices = site.devices.map((device) => ({ ...device, address: keys.addresses.get(device.id)! }));
  const access = accessTo(plant);
  const served = await serveDevices(devices, access, { ports: "free" });
  const services = await serveServices(access, {
    sites: site.sites,
    secrets: keys.services,
    now: () => clock.now(),
  });
  const siteFile = join(folder, "site.yaml");
  writeFileSync(siteFile, withPorts(site, siteText, { served, services }));
  let happenings: Happening[] = [];
  let outlets: SimulationOutlets | null = null;
  let shift = 0;
  let last = clock.now();
  const timer = setInterval(
    () => {
      const now = clock.now();
      advance(plant, ms(elapsed(last, now)));
      last = now;
      while (outlets && happenings[0] && happenings[0].at + shift <= now) {
        const { does, event, asks, arming } = happenings.shift()!;
        if (event) apply(plant, event);
        if (does !== null) outlets.told({ at: now, kind: "plant", text: does });
        if (asks) outlets.ask(asks);
        if (arming) outlets.arm?.(arming);
      }
    },
    Math.max(shortestStepMs, stepMs / clock.speed),
  );
  return {
    siteFile,
    served,
    play(to) {
      shift = clock.now() - scenario.starts;
      happenings = [...scenario.timeline];
      outlets = to;
    },
    get shiftMs() {
      return outlets === null ? null : shift;
    },
    get isOver() {
      return outlets !== null && clock.now() - shift >= scenario.ends;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([served.close(), services.close()]);
    },
  };
}

/** The site file's text with the ports at which the simulator serves; all else, comments too, stays as it is. */
function withPorts(site: Site, text: string, at: { served: Served; services: ServedServices }): string {
  const document = parseDocument(text);
  for (const { id, model } of site.devices) {
    document.setIn(["devices", id, model.protocol, "port"], at.served.addresses.get(id)?.port);
  }
  for (const { id } of site.services)
    document.setIn(["services", id, "move", "url"], `${at.services.url}/services/${id}`);
  return document.toString({ lineWidth: 0 });
}

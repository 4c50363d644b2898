/**
 * Any site's plant on the wire: physics behind its devices, which answer over real Modbus and SNMP on the loopback, and
 * faults that befall them and their links. It moves on the clock that it is given until it is stopped.
 */
import type { Furnished } from "../simulators/device/index.ts";
import { furnish } from "../simulators/device/index.ts";
import type { Plant, PlantEvent } from "../simulators/plant/index.ts";
import { advance, apply } from "../simulators/plant/index.ts";
import type { FaultBoard, Served, ServedServices, TrapReceiver } from "../simulators/wire/index.ts";
import { faultBoard, linkOf, serveDevices, serveServices } from "../simulators/wire/index.ts";
import type { Clock } from "./clock.ts";
import { elapsed, ms } from "./core/time.ts";
import type { Profile } from "./profiles/index.ts";
import type { Keys } from "./secrets.ts";
import type { Site } from "./site/index.ts";

export interface PlantOnWireOptions {
  readonly site: Site;
  readonly plant: Plant;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly seed: number;
  /** Rows of each table that only the device can fill. */
  readonly rows: number;
  readonly ports: "free" | { readonly from: number };
  /** Where trap storms go. */
  readonly traps?: TrapReceiver;
}

export interface PlantOnWire {
  readonly furnished: Furnished;
  readonly served: Served;
  readonly services: ServedServices;
  readonly board: FaultBoard;
  /** Calls back whenever the plant has moved. */
  onMoved(moved: () => void): void;
  /** Holds a point at a value from now on; false where no device has such a point. */
  set(device: string, point: string, value: number): boolean;
  stop(): Promise<void>;
}

/** The plant moves this often, wall time, and faster where its time is faster. */
const stepMs = 100;
const shortestStepMs = 10;

/** Puts a plant on the wire. Rejects, with nothing left open, where a port is taken. */
export async function openPlantOnWire(options: PlantOnWireOptions): Promise<PlantOnWire> {
  const { site, plant, keys, clock, seed } = options;
  const withKeys = site.devices.map((device) => ({ ...device, address: keys.addresses.get(device.id)! }));
  const furnished = furnish(withKeys, plant, options);
  const { devices, access } = furnished;
  const board = faultBoard(
    devices.map((device) => ({ ...device, link: linkOf(device) })),
    { seed, now: () => clock.now() },
  );
  const { ports, traps } = options;
  const faults = (device: string) => board.of(device);
  // What publishes is asked by nobody.
  const asked = devices.filter(({ model }) => model.protocol !== "mqtt");
  const served = await serveDevices(asked, access, { ports, faults, ...(traps ? { traps } : {}) });
  const movers = { sites: site.sites, secrets: keys.services, now: () => clock.now() };
  const services = await serveServices(access, movers).catch(async (error: unknown) => {
    await served.close();
    throw error;
  });
  const listeners: (() => void)[] = [];
  let last = clock.now();
  const timer = setInterval(
    () => {
      const now = clock.now();
      advance(plant, ms(elapsed(last, now)));
      last = now;
      for (const moved of listeners) moved();
    },
    Math.max(shortestStepMs, stepMs / clock.speed),
  );
  return {
    furnished,
    served,
    services,
    board,
    onMoved: (moved) => void listeners.push(moved),
    set(device, point, value) {
      if (!furnished.isKnown(device, point)) return furnished.set(device, point, value);
      const event: PlantEvent = { reading: `${device}/${point}`, shows: value };
      apply(plant, event);
      return true;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all([served.close(), services.close()]);
    },
  };
}

/**
 * A simulated site on the wire, whatever stands behind it: its devices answer over real Modbus and SNMP on the loopback,
 * its services' movers take orders, and faults befall devices and links. What stands behind moves on the clock that it is
 * given until it is stopped.
 */
import type {
  DeviceOnWire,
  FaultBoard,
  PlantAccess,
  Served,
  ServedServices,
  ServedTarget,
} from "../../simulators/wire/index.ts";
import { faultBoard, linkOf, serveDevices, serveServices, type TrapReceiver } from "../../simulators/wire/index.ts";
import type { Clock } from "../clock.ts";
import type { Duration } from "../core/time.ts";
import { elapsed, ms } from "../core/time.ts";
import type { Keys } from "../secrets.ts";
import type { Site } from "../site/index.ts";

/** What any site on the wire is opened with. */
export interface SiteOnWireOptions {
  readonly site: Site;
  readonly keys: Keys;
  readonly clock: Clock;
  /** What the chance of faults follows from. */
  readonly seed: number;
  readonly ports: "free" | { readonly from: number };
  /** Where trap storms go. */
  readonly traps?: TrapReceiver;
}

/** What stands behind the wire. */
export interface Behind {
  readonly devices: readonly DeviceOnWire[];
  readonly access: PlantAccess;
  /** Moves it on by so much of its own time. */
  move(by: Duration): void;
}

export interface SiteOnWire {
  readonly devices: readonly DeviceOnWire[];
  readonly access: PlantAccess;
  readonly served: Served;
  readonly services: ServedServices;
  readonly board: FaultBoard;
  /** Calls back whenever what stands behind has moved. */
  onMoved(moved: () => void): void;
  stop(): Promise<void>;
}

/** It moves this often, wall time, and faster where its time is faster. */
const stepMs = 100;
const shortestStepMs = 10;

/** The devices of a site with the secrets that they are spoken to with. */
export const withKeys = ({ devices }: Site, { addresses }: Keys): Site["devices"] =>
  devices.map((device) => ({ ...device, address: addresses.get(device.id)! }));

/** Targets that are asked over HTTP, with what their orders are signed with. */
const targetsOf = ({ targets }: Site, { targets: secrets }: Keys): ReadonlyMap<string, ServedTarget> =>
  new Map(
    targets.flatMap(({ id, kind, states }) => {
      const secret = secrets?.get(id);
      return kind === "http" && secret !== undefined ? [[id, { states, secret }] as const] : [];
    }),
  );

/** Puts a site on the wire. Rejects, with nothing left open, where a port is taken. */
export async function openSiteOnWire(
  { site, keys, clock, seed, ports, traps }: SiteOnWireOptions,
  behind: Behind,
): Promise<SiteOnWire> {
  const { devices, access } = behind;
  const board = faultBoard(
    devices.map((device) => ({ ...device, link: linkOf(device) })),
    { seed, now: () => clock.now() },
  );
  const faults = (device: string) => board.of(device);
  // What publishes is asked by nobody.
  const asked = devices.filter(({ model }) => model.protocol !== "mqtt");
  const served = await serveDevices(asked, access, { ports, faults, ...(traps ? { traps } : {}) });
  const movers = { sites: site.sites, secrets: keys.services, targets: targetsOf(site, keys), now: () => clock.now() };
  const services = await serveServices(access, movers).catch(async (error: unknown) => {
    await served.close();
    throw error;
  });
  const listeners: (() => void)[] = [];
  let last = clock.now();
  const timer = setInterval(
    () => {
      const now = clock.now();
      behind.move(ms(elapsed(last, now)));
      last = now;
      for (const moved of listeners) moved();
    },
    Math.max(shortestStepMs, stepMs / clock.speed),
  );
  return {
    devices,
    access,
    served,
    services,
    board,
    onMoved: (moved) => void listeners.push(moved),
    async stop() {
      clearInterval(timer);
      await Promise.all([served.close(), services.close()]);
    },
  };
}

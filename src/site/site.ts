import type { SiteModel } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Premises } from "../core/topology/premises.ts";
import type { DeviceAddress, Place } from "../profiles/index.ts";
import type { Device } from "./devices.ts";
import type { GateRules } from "./gate.ts";
import type { NotifyRules, ServeRules, StoreRules } from "./outlets.ts";
import type { PointInfo } from "./points.ts";
import type { TrapReception } from "./reception.ts";
import type { SelfRules } from "./self.ts";
import type { Service } from "./services.ts";
import type { Space } from "./spaces.ts";
import type { Target } from "./targets.ts";

/** A site file in which everything holds. Secrets in it are still only references to where they are kept. */
export interface Site {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly timezone: string;
  /** Sites that services may move to. */
  readonly elsewhere: readonly string[];
  /** This site and those elsewhere: the value of a service's point is a place in this list. */
  readonly sites: readonly string[];
  readonly spaces: readonly Space[];
  readonly devices: readonly Device[];
  /** What the core is told. */
  readonly model: SiteModel;
  /** Those that can be moved. */
  readonly services: readonly Service[];
  readonly targets: readonly Target[];
  /** The site as answers about it are worked out from. */
  readonly premises: Premises;
  readonly gate: GateRules;
  readonly serve: ServeRules;
  readonly store: StoreRules;
  readonly notify: NotifyRules;
  readonly self: SelfRules;
  /** When the chain is tested at length, in the site's time: "04:00". */
  readonly selfTest: { readonly at: string };
  /** Null where the site does not listen for traps. */
  readonly traps: TrapReception | null;
  /** What people call a power node, where the file says so. */
  readonly nodeNames: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What to do about an alarm, in every language of the file. */
  readonly alarmResponses: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly pointInfo: ReadonlyMap<PointId, PointInfo>;
  /** Where each response stands in the file. */
  readonly responsePlaces: ReadonlyMap<string, Place>;
}

/** The same site with some devices found elsewhere, such as simulators on ports of their own. What an address leaves out stays. */
export const withAddresses = (site: Site, addresses: ReadonlyMap<string, Partial<DeviceAddress>>): Site => ({
  ...site,
  devices: site.devices.map((device) => ({ ...device, address: { ...device.address, ...addresses.get(device.id) } })),
});

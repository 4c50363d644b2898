import type { Plant } from "../../../simulators/plant/index.ts";
import { measure } from "../../../simulators/plant/index.ts";
import { layoutOf } from "../../../simulators/plant/layout.ts";
import { makePlant } from "../../../simulators/plant/make.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";

/** A node of a site file's power tree, as far as tests write it. */
export interface WrittenNode {
  readonly kind: PowerNode["kind"];
  readonly from?: readonly string[];
  readonly ratedKw: number;
  readonly battery?: string;
  readonly device?: string;
}

/** A load of so many kW on some nodes. */
export interface WrittenLoad {
  readonly ratedKw: number;
  readonly on: readonly string[];
}

/** A plant of a power tree, its loads, and devices by their profiles. */
export function plantOf(
  power: Readonly<Record<string, WrittenNode>>,
  loads: Readonly<Record<string, WrittenLoad>> = {},
  devices: Readonly<Record<string, string>> = {},
): Plant {
  const site = {
    site: {},
    spaces: { hall: { kind: "hall" }, room: { kind: "ups-room" } },
    devices: Object.fromEntries(
      Object.entries(devices).map(([id, profile]) => [id, { profile, space: "room", fitted: { n: 3 } }]),
    ),
    power: Object.fromEntries(Object.entries(power).map(([id, node]) => [id, { ...node, space: "room" }])),
    loads: Object.fromEntries(
      Object.entries(loads).map(([id, { ratedKw, on }]) => [
        id,
        { space: "hall", ratedKw, importance: "normal", feeds: on.map((node) => ({ node })) },
      ]),
    ),
  };
  return makePlant(layoutOf(JSON.stringify(site)), 5);
}

/** What a node carries, whether it is live, and whether its breaker has tripped. */
export function node(plant: Plant, id: string): { kw: number; live: boolean; tripped: boolean } {
  const at = plant.grid.ids.indexOf(id);
  const { kw, live, breakers } = plant.grid;
  return { kw: kw[at]!, live: live[at] === 1, tripped: breakers.tripped[at] === 1 };
}

/** A UPS of a plant. */
export const upsOf = (plant: Plant, id: string): Plant["ups"][number] => plant.ups.find((ups) => ups.id === id)!;

/** What every rack of a plant draws, near the kilowatt that a test wants, out in the cold where no heat stops it. */
export function drawAbout(plant: Plant, kw: number): void {
  for (const rack of plant.racks) Object.assign(rack, { room: -1, meanKw: kw, ratedKw: kw, wanderKw: 0 });
}

/** Every point of a device. */
export const shown = (plant: Plant, device: string) => (point: string) => measure(plant)(device, point);

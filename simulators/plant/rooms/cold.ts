/**
 * The cooling that a site's devices stand for. A device of class cooling or cdu is a unit of its room; where the site has
 * chillers all units hang on their water, else each has a compressor of its own. One unit in a room is a quarter larger than
 * what stands in it; of several, one could fail. A hall for which no unit is named has two that nobody can see.
 */

import type { Layout } from "../layout.ts";
import type { ChilledWater } from "./chilled-water.ts";
import { makeChilledWater } from "./chilled-water.ts";
import type { Cooler } from "./cooling.ts";
import { makeCooler } from "./cooling.ts";
import type { Room } from "./room.ts";

const margin = 1.25;
const smallestKw = 10;
/** Heat of a UPS at its rating, by share of it. */
const upsLoss = 0.05;
/** What racks usually draw of their rating. */
const usual = 0.75;
const unseen = 2;

const chillersOf = ({ devices }: Layout): readonly string[] =>
  devices.filter((device) => device.class === "chiller").map(({ id }) => id);

const unitsIn = ({ devices }: Layout, space: string): readonly string[] =>
  devices
    .filter((device) => device.space === space && (device.class === "cooling" || device.class === "cdu"))
    .map(({ id }) => id);

/** Heat at full load of what stands in a room, kW. */
function heatKw({ power }: Layout, space: string): number {
  const racks = power.loads.filter((load) => load.space === space).reduce((sum, load) => sum + load.ratedKw, 0);
  const ups = [...power.nodes.values()].filter((node) => node.kind === "ups" && node.space === space);
  return racks + ups.reduce((sum, { ratedKw }) => sum + ratedKw * upsLoss, 0);
}

/** The loop of chilled water that all coolers hang on, if the site has chillers. */
export function loopsOf(layout: Layout): readonly ChilledWater[] {
  const chillers = chillersOf(layout);
  const neededKw = Object.keys(layout.spaces)
    .filter((space) => unitsIn(layout, space).length > 0 || isHall(layout, space))
    .reduce((sum, space) => sum + heatKw(layout, space), 0);
  return chillers.length > 0 ? [makeChilledWater(chillers, Math.max(smallestKw, neededKw * margin))] : [];
}

const isHall = ({ power }: Layout, space: string): boolean => power.loads.some((load) => load.space === space);

/** Every room's coolers, in the order of its devices, and then those that nobody can see. */
export function coolersOf(layout: Layout, rooms: readonly Room[]): readonly Cooler[] {
  const loop = chillersOf(layout).length > 0 ? 0 : -1;
  return rooms.flatMap((room, at) => {
    const named = unitsIn(layout, room.id);
    const hidden = isHall(layout, room.id) ? Array.from({ length: unseen }, (_, i) => `${room.id} unit ${i + 1}`) : [];
    const ids = named.length > 0 ? named : hidden;
    const neededKw = heatKw(layout, room.id);
    const capacityKw = Math.max(smallestKw, (neededKw * margin) / Math.max(1, ids.length - 1));
    const totalKw = capacityKw * ids.length;
    const airKjKPerKw = (room.airKjK + room.hotKjK) / totalKw;
    return ids.map((id) =>
      makeCooler({ id, room: at, capacityKw, loop, airKjKPerKw, usual: (neededKw * usual) / totalKw }),
    );
  });
}

/** From a layout to its rooms and the services in their racks. */
import type { Dice } from "../dice.ts";
import { between } from "../dice.ts";
import type { Layout } from "../layout.ts";
import type { Room } from "./room.ts";
import { makeRoom } from "./room.ts";
import type { MovableService } from "./services.ts";
import { makeService, moveTimesS } from "./services.ts";

/** A load above this is more than one rack. */
const largestRackKw = 20;

/** Its services, each with the time that its tier takes to move. */
export function servicesOf(layout: Layout, chance: Dice): readonly MovableService[] {
  const { loads: racks } = layout.power;
  const ids = racks.map(({ id }) => id);
  return layout.services.map(({ id, tier, loads }) => {
    const places = (loads.length > 0 ? loads : ids).map((load) => ids.indexOf(load));
    const moveS = (moveTimesS[tier] ?? moveTimesS.at(-1)!) * between(chance, 0.8, 1.2);
    // A rack that several services share is counted for each: what they need elsewhere is at most so much.
    const needKw = places.reduce((sum, at) => sum + (racks[at]?.ratedKw ?? 0), 0);
    return makeService(id, { racks: places, moveS, needKw });
  });
}

/** Its rooms, sized by what stands in them. */
export function roomsOf(layout: Layout): readonly Room[] {
  return Object.entries(layout.spaces).map(([id, { kind, plenum }]) => {
    const racks = layout.power.loads.filter(({ space }) => space === id);
    const ups = [...layout.power.nodes.values()].filter((node) => node.kind === "ups" && node.space === id);
    return makeRoom({
      id,
      kind,
      plenum,
      racks: racks.reduce((sum, { ratedKw }) => sum + Math.max(1, ratedKw / largestRackKw), 0),
      upsKw: ups.reduce((sum, { ratedKw }) => sum + ratedKw, 0),
    });
  });
}

/** Pairs of rooms under one plenum, by their places. */
export function neighboursOf(rooms: readonly Room[]): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  rooms.forEach(({ plenum }, one) => {
    for (let other = one + 1; plenum !== null && other < rooms.length; other++) {
      if (rooms[other]!.plenum === plenum) pairs.push([one, other]);
    }
  });
  return pairs;
}

/** From a layout to a plant on an ordinary day. */

import { seconds } from "../../src/core/time.ts";
import type { PowerNode } from "../../src/core/topology/power.ts";
import { advance } from "./advance.ts";
import type { Battery } from "./battery.ts";
import { makeBattery } from "./battery.ts";
import { makeCooler } from "./cooling.ts";
import type { Dice } from "./dice.ts";
import { between, dice } from "./dice.ts";
import type { Grid } from "./grid.ts";
import { allowMechanical, makeGrid } from "./grid.ts";
import type { Layout } from "./layout.ts";
import type { Rack } from "./load.ts";
import { makeFeed, usualShare } from "./load.ts";
import { generatorsOf, transfersOf, upsesOf, utilitiesOf } from "./make-power.ts";
import { makePeople } from "./people.ts";
import type { Plant } from "./plant.ts";
import { houseKw } from "./power.ts";
import type { MovableService } from "./services.ts";
import { moveTimesS } from "./services.ts";
import { makeSampler } from "./smoke.ts";
import { makeRoom } from "./thermal.ts";

const ratedUpsKw = 80;
const usualStrings = 2;
const settlingS = 120;
const smallestCoolerKw = 10;
/** Coolers are bought with a quarter more than the hall's racks are rated for. */
const coolingMargin = 1.25;

/** What a cooler draws at the most for what it cools. */
const coolerShare = 0.5;

/** A plant on an ordinary day, settled for two minutes so that its powers and temperatures belong together. */
export function makePlant(layout: Layout, seed: number): Plant {
  const chance = dice(seed);
  const grid = makeGrid(layout.power.nodes);
  const batteries = batteriesOf(layout);
  const plant: Plant = {
    layout,
    steps: 0,
    owedMs: 0,
    chance,
    people: makePeople(),
    grid,
    utilities: utilitiesOf(grid),
    generators: generatorsOf(grid, chance),
    transfers: transfersOf(layout, grid),
    ups: upsesOf(
      layout,
      grid,
      batteries.map(({ id }) => id),
    ),
    batteries,
    racks: racksOf(layout, grid, { chance, supplies: dice(seed ^ ofSupplies) }),
    coolers: ofClass(layout, "cooling").map(({ id, space }) =>
      makeCooler(id, roomAt(layout, space), Math.max(smallestCoolerKw, ratedIn(layout, space) * coolingMargin)),
    ),
    rooms: Object.entries(layout.spaces).map(([id, { kind, plenum }]) =>
      makeRoom(id, kind, plenum, ratedIn(layout, id)),
    ),
    samplers: ofClass(layout, "fire").map(({ id, space }) => makeSampler(id, roomAt(layout, space))),
    services: servicesOf(layout, chance),
    faults: { silent: {}, frozen: {}, shown: {} },
  };
  allowMechanical(grid, houseKw + plant.coolers.reduce((sum, { capacityKw }) => sum + capacityKw * coolerShare, 0));
  for (let i = 0; i < settlingS; i++) advance(plant, seconds(1));
  plant.steps = 0;
  return plant;
}

const nodesOf = (layout: Layout, kind: string): readonly PowerNode[] =>
  [...layout.power.nodes.values()].filter((node) => node.kind === kind);

const roomAt = (layout: Layout, space: string): number => Object.keys(layout.spaces).indexOf(space);

/** Makes the dice of servers' power supplies unlike the plant's. */
const ofSupplies = 0x5075_5355;

function racksOf(
  layout: Layout,
  grid: Grid,
  { chance, supplies }: Record<"chance" | "supplies", Dice>,
): readonly Rack[] {
  const places = new Map(grid.ids.map((id, at) => [id, at]));
  const rooms = new Map(Object.keys(layout.spaces).map((id, at) => [id, at]));
  return layout.power.loads.map((load) => {
    const meanKw = load.ratedKw * usualShare * between(chance, 0.95, 1.05);
    return {
      id: load.id,
      room: rooms.get(load.space) ?? -1,
      ratedKw: load.ratedKw,
      feeds: load.feeds.map(({ node }) => makeFeed(places.get(node) ?? -1)),
      holdUpMs: between(supplies, 12, 20),
      startS: between(supplies, 0.5, 2),
      meanKw,
      wanderKw: 0,
      live: true,
      startingS: 0,
      drops: 0,
      tooHot: false,
      kw: meanKw,
    };
  });
}

function servicesOf(layout: Layout, chance: Dice): readonly MovableService[] {
  const racks = layout.power.loads.map(({ id }) => id);
  return layout.services.map(({ id, tier, loads }) => ({
    id,
    racks: (loads.length > 0 ? loads : racks).map((load) => racks.indexOf(load)),
    moveS: (moveTimesS[tier] ?? moveTimesS.at(-1)!) * between(chance, 0.8, 1.2),
    state: "here",
    site: 0,
    to: 0,
    leftS: 0,
    liveS: 0,
    stuck: false,
  }));
}

const ofClass = (layout: Layout, name: string): Layout["devices"] =>
  layout.devices.filter((device) => device.class === name);

const ratedIn = (layout: Layout, space: string): number =>
  layout.power.loads.filter((load) => load.space === space).reduce((sum, load) => sum + load.ratedKw, 0);

const batteriesOf = (layout: Layout): readonly Battery[] =>
  ofClass(layout, "battery").map(({ id, space, fitted }) => {
    const ups = nodesOf(layout, "ups").find(({ battery }) => battery === id);
    return makeBattery({
      id,
      room: roomAt(layout, space),
      ratedKw: ups?.ratedKw ?? ratedUpsKw,
      strings: fitted || usualStrings,
    });
  });

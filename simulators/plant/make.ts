/** From a layout to a plant on an ordinary day. */

import { seconds } from "../../src/core/time.ts";
import type { PowerNode } from "../../src/core/topology/power.ts";
import { advance } from "./advance.ts";
import type { Battery } from "./battery/battery.ts";
import { makeBattery } from "./battery/battery.ts";
import { chemistryOf } from "./battery/chemistry.ts";
import { contactsOf } from "./contacts.ts";
import type { Dice } from "./dice.ts";
import { between, dice } from "./dice.ts";
import type { Layout } from "./layout.ts";
import type { Plant } from "./plant.ts";
import type { Grid } from "./power/grid.ts";
import { allowMechanical, makeGrid } from "./power/grid.ts";
import type { Rack } from "./power/load.ts";
import { makeFeed, usualShare } from "./power/load.ts";
import { generatorsOf, transfersOf, upsesOf, utilitiesOf } from "./power/make-power.ts";
import { houseKw } from "./power/power.ts";
import { coolersOf, loopsOf } from "./rooms/cold.ts";
import { makeSampler } from "./rooms/detectors.ts";
import { neighboursOf, roomsOf, servicesOf } from "./rooms/make-rooms.ts";
import { makePeople } from "./rooms/people.ts";
import { makeEstate } from "./rooms/services.ts";
import { makeWeather } from "./rooms/weather.ts";
import { makeTargets } from "./targets.ts";

const ratedUpsKw = 80;
const usualStrings = 2;
const settlingS = 120;

/** What a cooler draws at the most for what it cools. */
const coolerShare = 0.5;

/** A plant on an ordinary day, settled for two minutes so that its powers and temperatures belong together. */
export function makePlant(layout: Layout, seed: number): Plant {
  const chance = dice(seed);
  const grid = makeGrid(layout.power.nodes);
  const batteries = batteriesOf(layout);
  const rooms = roomsOf(layout);
  const plant: Plant = {
    layout,
    steps: 0,
    owedMs: 0,
    chance,
    people: makePeople(),
    weather: makeWeather(),
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
    coolers: coolersOf(layout, rooms),
    loops: loopsOf(layout),
    rooms,
    neighbours: neighboursOf(rooms),
    samplers: ofClass(layout, "fire").map(({ id, space }) => makeSampler(id, roomAt(layout, space))),
    services: servicesOf(layout, chance),
    estate: makeEstate(layout.elsewhere),
    targets: makeTargets(layout.targets, dice(seed ^ ofTargets)),
    contacts: contactsOf(layout),
    faults: { silent: new Set(), frozen: new Map(), shown: new Map() },
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
/** Makes the dice of targets unlike the plant's. */
const ofTargets = 0x5461_7267;

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
      dark: false,
      pace: 1,
      daily: 1,
      startingS: 0,
      drops: 0,
      tooHot: false,
      kw: meanKw,
    };
  });
}

const ofClass = (layout: Layout, name: string): Layout["devices"] =>
  layout.devices.filter((device) => device.class === name);

/** Batteries, and monitors that a UPS names as its battery: they stand for the jars that they watch. */
const banksIn = (layout: Layout): Layout["devices"] => {
  const named = new Set<string | null>(nodesOf(layout, "ups").map(({ battery }) => battery));
  return layout.devices.filter(
    ({ id, class: kind }) => kind === "battery" || (kind === "battery-monitor" && named.has(id)),
  );
};

const batteriesOf = (layout: Layout): readonly Battery[] =>
  banksIn(layout).map(({ id, space, fitted, profile }) => {
    const ups = nodesOf(layout, "ups").find(({ battery }) => battery === id);
    return makeBattery({
      id,
      room: roomAt(layout, space),
      ratedKw: ups?.ratedKw ?? ratedUpsKw,
      strings: fitted || usualStrings,
      chemistry: chemistryOf(profile),
    });
  });

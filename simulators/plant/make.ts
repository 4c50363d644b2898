/** From a layout to a plant on an ordinary day. */

import { seconds } from "../../src/core/time.ts";
import type { PowerNode } from "../../src/core/topology/power.ts";
import { advance } from "./advance.ts";
import type { Battery } from "./battery.ts";
import { makeBattery } from "./battery.ts";
import { coolersOf, loopsOf } from "./cold.ts";
import { makeSampler } from "./detectors.ts";
import type { Dice } from "./dice.ts";
import { between, dice } from "./dice.ts";
import { makeGenerator } from "./generator.ts";
import type { Layout } from "./layout.ts";
import type { Rack } from "./load.ts";
import { makeFeed, usualShare } from "./load.ts";
import { neighboursOf, roomsOf, servicesOf } from "./make-rooms.ts";
import { makePeople } from "./people.ts";
import type { Plant, Row } from "./plant.ts";
import { makeEstate } from "./services.ts";
import { makeTransfer } from "./transfer.ts";
import type { Ups } from "./ups.ts";
import { makeUtility } from "./utility.ts";
import { makeWeather } from "./weather.ts";

const retransferS = 30;
const ratedGeneratorKw = 250;
const ratedUpsKw = 80;
const usualStrings = 2;
const settlingS = 120;

/** A plant on an ordinary day, settled for two minutes so that its powers and temperatures belong together. */
export function makePlant(layout: Layout, seed: number): Plant {
  const chance = dice(seed);
  const generator = [...layout.power.nodes.values()].find(({ kind }) => kind === "generator");
  const rows = rowsOf(layout);
  const rooms = roomsOf(layout);
  const plant: Plant = {
    layout,
    steps: 0,
    owedMs: 0,
    chance,
    people: makePeople(),
    weather: makeWeather(),
    utility: makeUtility(),
    generator: makeGenerator(generator?.ratedKw ?? ratedGeneratorKw, between(chance, 7.4, 8)),
    transfer: makeTransfer(retransferS),
    ups: nodesOf(layout, "ups").map((_, i) => upsOf(layout, i)),
    batteries: batteriesOf(layout),
    rows,
    rowLive: rows.map(() => true),
    racks: racksOf(layout, rows, chance),
    coolers: coolersOf(layout, rooms),
    loops: loopsOf(layout),
    rooms,
    neighbours: neighboursOf(rooms),
    samplers: ofClass(layout, "fire").map(({ id, space }) => makeSampler(id, roomAt(layout, space))),
    services: servicesOf(layout, chance),
    estate: makeEstate(layout.elsewhere),
    faults: { silent: {}, frozen: {}, shown: {} },
  };
  for (let i = 0; i < settlingS; i++) advance(plant, seconds(1));
  plant.steps = 0;
  return plant;
}

const nodesOf = (layout: Layout, kind: string): readonly PowerNode[] =>
  [...layout.power.nodes.values()].filter((node) => node.kind === kind);

const roomAt = (layout: Layout, space: string): number => Object.keys(layout.spaces).indexOf(space);

const rowsOf = (layout: Layout): readonly Row[] =>
  nodesOf(layout, "pdu").map((node) => ({
    id: node.id,
    device: node.device,
    ups: nodesOf(layout, "ups").findIndex(({ id }) => node.from.includes(id)),
    ratedKw: node.ratedKw,
    kw: 0,
    energyKwh: 0,
  }));

const racksOf = (layout: Layout, rows: readonly Row[], chance: Dice): readonly Rack[] =>
  layout.power.loads.map((load) => {
    const meanKw = load.ratedKw * usualShare * between(chance, 0.95, 1.05);
    return {
      id: load.id,
      room: roomAt(layout, load.space),
      ratedKw: load.ratedKw,
      feeds: load.feeds.map(({ node }) => makeFeed(rows.findIndex(({ id }) => id === node))),
      meanKw,
      wanderKw: 0,
      live: true,
      dark: false,
      pace: 1,
      daily: 1,
      tooHot: false,
      kw: meanKw,
    };
  });

const ofClass = (layout: Layout, name: string): Layout["devices"] =>
  layout.devices.filter((device) => device.class === name);

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

/** A UPS's place, and the battery room above whose ceiling its own room's ceiling goes on. */
function upsOf(layout: Layout, at: number): Ups {
  const node = nodesOf(layout, "ups")[at]!;
  const roomIds = Object.keys(layout.spaces);
  const plenum = node.space === null ? null : (layout.spaces[node.space]?.plenum ?? null);
  const hot = roomIds.findIndex((id) => id !== node.space && plenum !== null && layout.spaces[id]!.plenum === plenum);
  return {
    id: node.id,
    device: node.device ?? node.id,
    ratedKw: node.ratedKw,
    battery: ofClass(layout, "battery").findIndex(({ id }) => id === node.battery),
    room: roomIds.indexOf(node.space ?? ""),
    hotRoom: hot,
    // The first stands against the wall to the battery room, the others away from it.
    exposure: at === 0 ? 0.8 : 0.05,
    mode: "online",
    off: false,
    stopped: null,
    kw: 0,
    batteryKw: 0,
    inputKw: 0,
    strain: 0,
    inputGoodS: 60,
    onBatteryS: 0,
    intakeC: 22,
    energyKwh: 0,
  };
}

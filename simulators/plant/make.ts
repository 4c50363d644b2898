/** From a layout to a plant on an ordinary day. */

import { seconds } from "../../src/core/time.ts";
import type { PowerNode } from "../../src/core/topology/power.ts";
import { advance } from "./advance.ts";
import type { Battery } from "./battery.ts";
import { makeBattery } from "./battery.ts";
import { chemistryOf } from "./chemistry.ts";
import { makeCooler } from "./cooling.ts";
import type { Dice } from "./dice.ts";
import { between, dice } from "./dice.ts";
import { makeGenerator } from "./generator.ts";
import type { Layout } from "./layout.ts";
import type { Rack } from "./load.ts";
import { makeFeed, usualShare } from "./load.ts";
import { makePeople } from "./people.ts";
import type { Plant, Row } from "./plant.ts";
import type { MovableService } from "./services.ts";
import { moveTimesS } from "./services.ts";
import { makeSampler } from "./smoke.ts";
import { makeRoom } from "./thermal.ts";
import { makeTransfer } from "./transfer.ts";
import type { Ups } from "./ups.ts";
import { makeUtility } from "./utility.ts";

const retransferS = 30;
const ratedGeneratorKw = 250;
const ratedUpsKw = 80;
const usualStrings = 2;
const settlingS = 120;
const smallestCoolerKw = 10;
/** Coolers are bought with a quarter more than the hall's racks are rated for. */
const coolingMargin = 1.25;

/** A plant on an ordinary day, settled for two minutes so that its powers and temperatures belong together. */
export function makePlant(layout: Layout, seed: number): Plant {
  const chance = dice(seed);
  const generator = [...layout.power.nodes.values()].find(({ kind }) => kind === "generator");
  const rows = rowsOf(layout);
  const plant: Plant = {
    layout,
    steps: 0,
    owedMs: 0,
    chance,
    people: makePeople(),
    utility: makeUtility(),
    generator: makeGenerator(generator?.ratedKw ?? ratedGeneratorKw, between(chance, 7.4, 8)),
    transfer: makeTransfer(retransferS),
    ups: nodesOf(layout, "ups").map((_, i) => upsOf(layout, i)),
    batteries: batteriesOf(layout),
    rows,
    rowLive: rows.map(() => true),
    racks: racksOf(layout, rows, chance),
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
      tooHot: false,
      kw: meanKw,
    };
  });

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
    battery: banksIn(layout).findIndex(({ id }) => id === node.battery),
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

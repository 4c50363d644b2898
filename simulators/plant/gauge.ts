/**
 * The truth behind every point of every device: a table from device and point to a look into the plant. Instrument
 * faults are laid over it here and nowhere else, so physics never knows what the instruments say. Null is a sensor
 * without a reading. Powers are three equal phases at a power factor of 0.98.
 */
import { batteryGauges } from "./battery/gauge-battery.ts";
import { areLinksBurnt } from "./battery/runaway.ts";
import type { Gauge, Gauges } from "./gauge-table.ts";
import { anyInstance, withInstances } from "./gauge-table.ts";
import type { LayoutDevice } from "./layout.ts";
import type { Plant } from "./plant.ts";
import { generatorGauges } from "./power/gauge-generator.ts";
import { feedGauges, nodeGauges, spareGauges } from "./power/gauge-row.ts";
import { transferGauges } from "./power/gauge-transfer.ts";
import { threePhase, upsGauges } from "./power/gauge-ups.ts";
import { kindOf } from "./power/grid.ts";
import { isBusLive } from "./power/power.ts";
import { isUpsLive } from "./power/ups.ts";
import { chillerGauges, coolerGauges } from "./rooms/gauge-cooling.ts";
import { leakGauges, panelGauges, roomGauges, samplerGauges, serviceGauges } from "./rooms/gauge-room.ts";
import { chillerAt } from "./rooms/harm.ts";
import { targetGauges } from "./targets.ts";

const tables = new WeakMap<Plant, ReadonlyMap<string, Gauges>>();

/** Every point of every device, by the plant's layout. Made once for a plant. */
export function gaugesOf(plant: Plant): ReadonlyMap<string, Gauges> {
  const known = tables.get(plant);
  if (known) return known;
  const table = new Map(
    plant.layout.devices.map((device) => [device.id, withInstances(gaugesOfDevice(plant, device))]),
  );
  for (const service of plant.services) table.set(service.id, serviceGauges(service));
  for (const target of plant.targets) table.set(target.id, targetGauges(plant, target));
  tables.set(plant, table);
  return table;
}

function gaugesOfDevice(plant: Plant, device: LayoutDevice): Gauges {
  const room = plant.rooms.find(({ id }) => id === device.space);
  const ups = plant.ups.find((one) => one.device === device.id);
  const battery = plant.batteries.find(({ id }) => id === device.id);
  const cooler = plant.coolers.find(({ id }) => id === device.id);
  const sampler = plant.samplers.find(({ id }) => id === device.id);
  const [loop, chiller] = chillerAt(plant, device.id);
  // A node has hundreds of names: the others are laid over them, and not all of them into a new object.
  return Object.assign(
    powerGauges(plant, device.id),
    spareGauges(plant, device),
    room ? roomGauges(room) : {},
    ups ? upsGauges(plant, ups, device.fitted || threePhase) : {},
    battery ? batteryGauges(battery) : {},
    room && device.class === "leak" ? leakGauges(room) : {},
    room && device.class === "fire" ? panelGauges(room, device.fitted) : {},
    cooler ? coolerGauges(plant, cooler) : {},
    loop && chiller ? chillerGauges(plant, loop, chiller) : {},
    sampler ? samplerGauges(sampler) : {},
    feedGauges(plant, device.id),
  );
}

/** What a device that speaks for a node of the power tree shows of it. */
function powerGauges(plant: Plant, device: string): Gauges {
  const id = nodesOf(plant).get(device);
  const at = plant.grid.ids.indexOf(id ?? "");
  if (at < 0 || plant.grid.kind[at] === kindOf.ups) return {};
  const generator = plant.generators.find(({ node }) => node === at);
  const transfer = plant.transfers.find(({ node }) => node === at);
  if (generator) return generatorGauges(plant, generator);
  return Object.assign(nodeGauges(plant, at), transfer ? transferGauges(plant, transfer) : {});
}

const nodes = new WeakMap<Plant, ReadonlyMap<string, string>>();

/** Nodes by the devices that speak for them. */
function nodesOf(plant: Plant): ReadonlyMap<string, string> {
  const known = nodes.get(plant);
  if (known) return known;
  const map = new Map([...plant.layout.power.nodes.values()].map(({ device, id }) => [device ?? "", id as string]));
  nodes.set(plant, map);
  return map;
}

/**
 * What a device's point shows now: the truth, or what is laid over it. No gauge where the plant knows no such point.
 */
export function gaugeOf(plant: Plant, device: string, point: string): Gauge | null {
  const truth = gaugesOf(plant).get(device)?.[point];
  if (!truth) return null;
  const id = `${device}/${point}`;
  const { shown, frozen } = plant.faults;
  return () => {
    if (shown.size === 0 && frozen.size === 0) return truth();
    const instead = shown.get(id);
    if (instead !== undefined) return instead;
    const held = frozen.get(device);
    const still = held?.[point] === undefined ? held?.[anyInstance(point)] : held[point];
    return still === undefined ? truth() : still;
  };
}

/** The value that every standard point of every device shows; null where the device gives its "no reading". */
export function measure(plant: Plant): (device: string, point: string) => number | null {
  const resolved = new Map<string, Map<string, Gauge>>();
  return (device, point) => {
    const known = resolved.get(device)?.get(point);
    if (known) return known();
    const gauge = gaugeOf(plant, device, point) ?? (() => null);
    resolved.set(device, (resolved.get(device) ?? new Map<string, Gauge>()).set(point, gauge));
    return gauge();
  };
}

/** Every point of a device as it stands: what a device that freezes goes on showing. */
export function snapshotOf(plant: Plant, device: string): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(gaugesOf(plant).get(device) ?? {}).map(([point, gauge]) => [point, gauge()]),
  );
}

/**
 * Whether a device answers: it is not silenced and it has power. Instruments, rack PDUs' own electronics and coolers'
 * controls share a supply from both UPS and the bus; smoke detectors and the generator's controller have batteries; a
 * UPS's card lives on the UPS. A battery's management system is gone when its links have burnt.
 */
export const answers = (plant: Plant, device: string): boolean => answeringOf(plant, device)();

/** {@link answers} of one device, for whoever asks again and again: what can be looked up of it is looked up once. */
export function answeringOf(plant: Plant, device: string): () => boolean {
  const { silent } = plant.faults;
  const { battery, ups, standby } = supplyOf(plant, device);
  return () => {
    if (silent.has(device)) return false;
    if (battery?.fault && areLinksBurnt(battery.fault)) return false;
    if (ups) return isUpsLive(ups) || ups.sees.inputGood || isBusLive(plant);
    return standby || isBusLive(plant) || plant.ups.some(isUpsLive);
  };
}

/** What a device lives on. */
interface Supply {
  readonly battery: Plant["batteries"][number] | null;
  readonly ups: Plant["ups"][number] | null;
  /** It has a battery of its own. */
  readonly standby: boolean;
}

const supplies = new WeakMap<Plant, Map<string, Supply>>();

function supplyOf(plant: Plant, device: string): Supply {
  let known = supplies.get(plant);
  if (!known) {
    known = new Map();
    supplies.set(plant, known);
  }
  let supply = known.get(device);
  if (!supply) {
    const isController = plant.generators.some(({ id }) => id === nodesOf(plant).get(device));
    supply = {
      battery: plant.batteries.find(({ id }) => id === device) ?? null,
      ups: plant.ups.find((one) => one.device === device) ?? null,
      standby: isController || plant.samplers.some(({ id }) => id === device),
    };
    known.set(device, supply);
  }
  return supply;
}

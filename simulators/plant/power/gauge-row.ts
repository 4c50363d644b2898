/** What meters, rack PDUs, relays and breakers show of the node that they speak for. */
import { deviceOf } from "../../../src/core/reading.ts";
import type { Gauge, Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import type { LayoutDevice } from "../layout.ts";
import type { Plant } from "../plant.ts";
import type { Feed } from "./load.ts";
import { nominalHz, nominalVoltage } from "./utility.ts";

const powerFactor = 0.98;
const reactiveShare = Math.sqrt(1 / (powerFactor * powerFactor) - 1);
const rootOfThree = Math.sqrt(3);
/** Where a rack PDU calls its load low, near its limit and over it, by share of its rating. */
const loadBands: readonly (readonly [upTo: number, state: string])[] = [
  [0.05, "low"],
  [0.8, "normal"],
  [1, "near_overload"],
];

interface Measured {
  readonly kw: Gauge<number>;
  readonly energyKwh: Gauge<number>;
  readonly voltage: Gauge<number>;
  readonly hz: Gauge<number>;
}

/** A node as it leaves its breaker. A utility's meter sits before it, and shows a supply that nothing is taken from. */
function measuredAt(plant: Plant, at: number): Measured {
  const { grid } = plant;
  const utility = plant.utilities.find(({ node }) => node === at);
  return {
    kw: () => grid.kw[at]!,
    energyKwh: () => grid.energyKwh[at]!,
    voltage: utility ? () => utility.voltage : () => grid.voltage[at]!,
    hz: utility ? () => utility.frequencyHz : () => grid.hz[at]!,
  };
}

/**
 * A board's meter, a rack PDU as a whole, or a breaker's own: everything that is known of a node, under the names that
 * makers have for it.
 */
export function nodeGauges(plant: Plant, at: number): Gauges {
  const measured = measuredAt(plant, at);
  const load = () => (plant.grid.kw[at]! / plant.grid.ratedKw[at]!) * 100;
  const known = quantitiesOf(measured, load);
  const gauges: Gauges = {
    ...breakerGauges(plant, at),
    "load.state": () => place("load.state", bandOf(load() / 100)),
    "phase.sequence": () => place("phase.sequence", "correct"),
    "energy.exported": () => 0,
  };
  for (const [name, quantity] of names) gauges[name] = known[quantity]!;
  return gauges;
}

const bandOf = (share: number): string => loadBands.find(([upTo]) => share <= upTo)?.[1] ?? "overload";

/** All that can be said of a node, of its whole and of one of its three equal phases. */
function quantitiesOf({ kw, energyKwh, voltage, hz }: Measured, load: Gauge<number>): Readonly<Record<string, Gauge>> {
  const ofLoad = () => place("load.status", load() > 100 ? "alarm" : load() > 80 ? "warning" : "normal");
  const ofVoltage = () => place("voltage.status", Math.abs(voltage() / nominalVoltage - 1) > 0.1 ? "alarm" : "normal");
  return {
    power: kw,
    apparent_power: () => kw() / powerFactor,
    reactive_power: () => kw() * reactiveShare,
    energy: energyKwh,
    apparent_energy: () => energyKwh() / powerFactor,
    reactive_energy: () => energyKwh() * reactiveShare,
    "third.power": () => kw() / 3,
    "third.apparent_power": () => kw() / 3 / powerFactor,
    "third.reactive_power": () => (kw() * reactiveShare) / 3,
    "third.energy": () => energyKwh() / 3,
    "third.apparent_energy": () => energyKwh() / 3 / powerFactor,
    "third.reactive_energy": () => (energyKwh() * reactiveShare) / 3,
    power_factor: () => powerFactor,
    current: () => (voltage() > 0 ? (kw() * 1000) / 3 / voltage() / powerFactor : 0),
    voltage,
    "line.voltage": () => voltage() * rootOfThree,
    frequency: hz,
    load,
    "load.status": ofLoad,
    "voltage.status": ofVoltage,
    status: () => Math.max(ofLoad(), ofVoltage()),
  };
}

const shared = ["power_factor", "current", "frequency", "load"];
const divided = ["power", "apparent_power", "reactive_power", "energy", "apparent_energy", "reactive_energy"];
const numbered = ["unit", "inlet", "group", "feed", "device", "cord", "circuit", "output"].map((part) => `${part}[1]`);
/** Parts that are the whole of what a device carries, where a site has one of them, and parts that are a phase each. */
const wholes = ["unit", "group", "inlet", "output", ...numbered];
const thirds = ["phase", "inlet.phase", "output.phase", "feed.phase", "line", "output.line"];

type Named = readonly (readonly [name: string, quantity: string])[];

const standing: Named = [
  ["power.active", "power"],
  ["power.apparent", "apparent_power"],
  ["power.reactive", "reactive_power"],
  ["power.factor", "power_factor"],
  ["energy.active", "energy"],
  ["total.apparent_energy", "apparent_energy"],
  ["total.reactive_energy", "reactive_energy"],
  ["frequency", "frequency"],
  ["input.frequency", "frequency"],
  ["input.voltage", "voltage"],
  ["load.status", "load.status"],
  ...["device", "input", "supply", "unit[1]", "inlet[1]", "device[1]", "cord[1]", "supply[1]"].map(
    (part) => [`${part}.status`, "status"] as const,
  ),
];

const ofPhase = (n: number): Named => [
  [`voltage[${n}]`, "voltage"],
  [`voltage.line[${n}]`, "line.voltage"],
  [`current[${n}]`, "current"],
  [`power.active[${n}]`, "third.power"],
  [`power.reactive[${n}]`, "third.reactive_power"],
  [`power.factor[${n}]`, "power_factor"],
  [`input.voltage[${n}]`, "voltage"],
  [`output.voltage[${n}]`, "voltage"],
  [`output.current[${n}]`, "current"],
  [`output.power[${n}]`, "third.power"],
  [`output.load[${n}]`, "load"],
  [`phase[${n}].status`, "status"],
  [`line[${n}].status`, "status"],
  [`phase[${n}].voltage.status`, "voltage.status"],
  [`phase[${n}].current.status`, "load.status"],
  [`line[${n}].current.status`, "load.status"],
  ...thirds.flatMap((part) => [
    ...shared.map((quantity) => [`${part}[${n}].${quantity}`, quantity] as const),
    ...divided.map((quantity) => [`${part}[${n}].${quantity}`, `third.${quantity}`] as const),
    [`${part}[${n}].voltage`, part.endsWith("line") ? "line.voltage" : "voltage"] as const,
  ]),
];

/** Every name and what it stands for; made once, as all nodes have the same. */
const names: Named = [
  ...standing,
  ...wholes.flatMap((part) =>
    [...shared, ...divided, "voltage"].map((quantity) => [`${part}.${quantity}`, quantity] as const),
  ),
  ...[1, 2, 3].flatMap(ofPhase),
];

/** A node's breaker: where it stands, and whether its protection has put it there. */
function breakerGauges({ grid: { breakers } }: Plant, at: number): Gauges {
  const tripped = () => breakers.tripped[at] === 1;
  const open = () => breakers.open[at] === 1;
  const contact = () => place("breaker.contact", open() ? "open" : "closed");
  return {
    "breaker.state": () => place("breaker.state", open() ? "open" : "closed"),
    "breaker.trip": () => place("breaker.trip", tripped() ? "tripped" : "none"),
    "breaker.charged": () => place("breaker.charged", "yes"),
    "breaker.ready": () => place("breaker.ready", open() && !tripped() ? "yes" : "no"),
    "breaker.inhibited": () => place("breaker.inhibited", "no"),
    "breaker.command_failed": () => place("breaker.command_failed", "no"),
    "breaker.control": () => place("breaker.control", "remote"),
    "breaker.operation": () => place("breaker.operation", "auto"),
    "breaker.contact": contact,
    "breaker[1].contact": contact,
    "output.breaker.contact": contact,
    "breaker.status": () => place("breaker.status", tripped() ? "fault" : open() ? "off" : "normal"),
    "output.breaker.status": () => place("output.breaker.status", tripped() ? "fault" : open() ? "off" : "normal"),
  };
}

/** The outlets, relays and contacts of a device through which racks are fed. */
export function feedGauges(plant: Plant, device: string): Gauges {
  const gauges: Gauges = {};
  for (const { feed, points } of feedsOf(plant).get(device) ?? []) {
    const closed = local(points.closed, device);
    const outlet = local(points.outlet, device);
    const power = local(points.power, device);
    if (closed) gauges[closed] = () => (feed.closed ? 1 : 0);
    // An outlet that is its own proof shows its contact; a relay shows what it was told.
    if (outlet && outlet !== closed) gauges[outlet] = () => (feed.ordered ? 1 : 0);
    const at = power?.match(/^(.*)\.power$/)?.[1];
    if (power) gauges[power] = () => feed.kw;
    if (at) Object.assign(gauges, cordGauges(plant, feed, at));
  }
  return gauges;
}

/** One cord on one phase. */
function cordGauges({ grid }: Plant, feed: Feed, at: string): Gauges {
  const voltage = () => (feed.closed ? (grid.voltage[feed.node] ?? 0) : 0);
  return {
    [`${at}.current`]: () => (feed.kw * 1000) / nominalVoltage / powerFactor,
    [`${at}.energy`]: () => feed.energyKwh,
    [`${at}.voltage`]: voltage,
    [`${at}.apparent_power`]: () => feed.kw / powerFactor,
    [`${at}.power_factor`]: () => powerFactor,
    [`${at}.frequency`]: () => (voltage() > 0 ? (grid.hz[feed.node] ?? nominalHz) : 0),
  };
}

const spare = ["state", "power", "current", "energy", "apparent_power", "load"];

/** Outlets, relays and contacts that are fitted and feed no rack. A relay shows what it was told. */
export function spareGauges({ contacts }: Plant, { id, class: kind, fitted }: LayoutDevice): Gauges {
  const gauges: Gauges = {};
  const nothing = (): number => 0;
  for (let i = 0; i < fitted; i++) {
    if (kind === "pdu") for (const what of spare) gauges[`outlet[${i + 1}].${what}`] = nothing;
    if (kind !== "remote-io") continue;
    gauges[`contact[${i}].state`] = nothing;
    gauges[`relay[${i}].state`] = () => contacts.get(`${id}/relay[${i}].state`) ?? 0;
  }
  return gauges;
}

/** Every feed with the names of its points, "device/point". */
export function forEachFeed(plant: Plant, visit: (feed: Feed, points: Points) => void): void {
  plant.layout.power.loads.forEach((load, i) => {
    load.feeds.forEach((points, j) => {
      const feed = plant.racks[i]?.feeds[j];
      if (feed) visit(feed, points);
    });
  });
}
type Points = Plant["layout"]["power"]["loads"][number]["feeds"][number];
interface FeedPoints {
  readonly feed: Feed;
  readonly points: Points;
}

const byDevice = new WeakMap<Plant, ReadonlyMap<string, readonly FeedPoints[]>>();

/** Feeds by each device that switches, shows or meters them. */
function feedsOf(plant: Plant): ReadonlyMap<string, readonly FeedPoints[]> {
  const known = byDevice.get(plant);
  if (known) return known;
  const map = new Map<string, FeedPoints[]>();
  forEachFeed(plant, (feed, points) => {
    const ids = [points.closed, points.outlet, points.power].flatMap((id) => (id ? deviceOf(id) : []));
    for (const device of new Set(ids)) {
      if (!map.has(device)) map.set(device, []);
      map.get(device)!.push({ feed, points });
    }
  });
  byDevice.set(plant, map);
  return map;
}

const local = (id: string | null, device: string): string | null =>
  id?.startsWith(`${device}/`) === true ? id.slice(device.length + 1) : null;

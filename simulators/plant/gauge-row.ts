/** What meters, rack PDUs, relays and breakers show of the node that they speak for. */
import type { Gauge, Gauges } from "./gauge-table.ts";
import { place } from "./gauge-table.ts";
import { phases } from "./gauge-ups.ts";
import type { LayoutDevice } from "./layout.ts";
import type { Feed } from "./load.ts";
import type { Plant } from "./plant.ts";
import { nominalHz, nominalVoltage } from "./utility.ts";

const powerFactor = 0.98;
const reactiveShare = Math.sqrt(1 / powerFactor ** 2 - 1);
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

/** A board's meter, a rack PDU as a whole, or a breaker's own: everything that is known of a node, under the names that makers have for it. */
export function nodeGauges(plant: Plant, at: number): Gauges {
  const { grid } = plant;
  const measured = measuredAt(plant, at);
  const load = () => (grid.kw[at]! / grid.ratedKw[at]!) * 100;
  return {
    ...meterGauges(measured),
    ...breakerGauges(plant, at),
    ...Object.assign({}, ...wholes.map((part) => partGauges(part, measured, load))),
    ...Object.assign({}, ...thirds.map((part) => phaseGauges(part, measured, load))),
    "load.state": () => place("load.state", bandOf(load() / 100)),
    "load.status": () => place("load.status", load() > 100 ? "alarm" : load() > 80 ? "warning" : "normal"),
    "output.frequency": measured.hz,
    "input.frequency": measured.hz,
    "input.voltage": measured.voltage,
    "unit.voltage": measured.voltage,
    "output.load": load,
    "output.power": measured.kw,
    "output.current": () => amperesOf(measured),
    "output.apparent_power": () => measured.kw() / powerFactor,
    "output.power_factor": () => powerFactor,
    ...phases("output.load", load),
    ...phases("input.voltage", measured.voltage),
    ...statusGauges(measured, load),
  };
}

/** How a board fares, in the words that makers have for its parts. */
function statusGauges({ voltage }: Measured, load: Gauge<number>): Gauges {
  const ofLoad = () => place("load.status", load() > 100 ? "alarm" : load() > 80 ? "warning" : "normal");
  const ofVoltage = () => place("voltage.status", Math.abs(voltage() / nominalVoltage - 1) > 0.1 ? "alarm" : "normal");
  const whole = () => Math.max(ofLoad(), ofVoltage());
  return Object.fromEntries([
    ...["device.status", "input.status", "supply.status"].map((name) => [name, whole]),
    ...["unit", "inlet", "device", "cord", "supply"].map((part) => [`${part}[1].status`, whole]),
    ...[1, 2, 3].flatMap((n) => [
      [`phase[${n}].status`, whole],
      [`line[${n}].status`, whole],
      [`phase[${n}].voltage.status`, ofVoltage],
      [`phase[${n}].current.status`, ofLoad],
      [`line[${n}].current.status`, ofLoad],
    ]),
  ]);
}

const bandOf = (share: number): string => loadBands.find(([upTo]) => share <= upTo)?.[1] ?? "overload";
const amperesOf = ({ kw, voltage }: Measured): number =>
  voltage() > 0 ? (kw() * 1000) / 3 / voltage() / powerFactor : 0;

function meterGauges(measured: Measured): Gauges {
  const { kw, energyKwh, voltage, hz } = measured;
  return {
    "power.active": kw,
    "power.apparent": () => kw() / powerFactor,
    "power.reactive": () => kw() * reactiveShare,
    "power.factor": () => powerFactor,
    "energy.active": energyKwh,
    "energy.exported": () => 0,
    "phase.sequence": () => place("phase.sequence", "correct"),
    "total.apparent_energy": () => energyKwh() / powerFactor,
    "total.reactive_energy": () => energyKwh() * reactiveShare,
    frequency: hz,
    ...phases("voltage", voltage),
    ...phases("voltage.line", () => voltage() * rootOfThree),
    ...phases("current", () => amperesOf(measured)),
    ...phases("power.active", () => kw() / 3),
    ...phases("power.reactive", () => (kw() * reactiveShare) / 3),
    ...phases("power.factor", () => powerFactor),
    ...phases("output.voltage", voltage),
    ...phases("output.current", () => amperesOf(measured)),
    ...phases("output.power", () => kw() / 3),
  };
}

/** Parts that are the whole of what a device carries, where a site has one of them. */
const wholes = [
  ...["unit", "group", "inlet", "output"],
  ...["unit", "inlet", "group", "feed", "device", "cord", "circuit", "output"].map((part) => `${part}[1]`),
];
/** Parts that are a phase each. */
const thirds = ["phase", "inlet.phase", "output.phase", "line", "output.line", "feed.phase"];

function partGauges(part: string, measured: Measured, load: Gauge): Gauges {
  const { kw, energyKwh, voltage, hz } = measured;
  return {
    [`${part}.power`]: kw,
    [`${part}.apparent_power`]: () => kw() / powerFactor,
    [`${part}.reactive_power`]: () => kw() * reactiveShare,
    [`${part}.power_factor`]: () => powerFactor,
    [`${part}.energy`]: energyKwh,
    [`${part}.apparent_energy`]: () => energyKwh() / powerFactor,
    [`${part}.reactive_energy`]: () => energyKwh() * reactiveShare,
    [`${part}.voltage`]: voltage,
    [`${part}.current`]: () => amperesOf(measured),
    [`${part}.frequency`]: hz,
    [`${part}.load`]: load,
  };
}

function phaseGauges(part: string, measured: Measured, load: Gauge): Gauges {
  const { kw, energyKwh, voltage, hz } = measured;
  const lineOf = part.endsWith("line") ? rootOfThree : 1;
  const third: Measured = {
    kw: () => kw() / 3,
    energyKwh: () => energyKwh() / 3,
    voltage: () => voltage() * lineOf,
    hz,
  };
  const current = (): number => amperesOf(measured);
  return Object.assign(
    {},
    ...[1, 2, 3].map((n) => ({ ...partGauges(`${part}[${n}]`, third, load), [`${part}[${n}].current`]: current })),
  );
}

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

/** Outlets, relays and contacts that are fitted and have nothing behind them. */
export function spareGauges({ class: kind, fitted }: LayoutDevice): Gauges {
  const gauges: Gauges = {};
  const nothing = (): number => 0;
  for (let i = 0; i < fitted; i++) {
    if (kind === "pdu") for (const what of spare) gauges[`outlet[${i + 1}].${what}`] = nothing;
    if (kind === "remote-io") for (const what of ["relay", "contact"]) gauges[`${what}[${i}].state`] = nothing;
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
    const ids = [points.closed, points.outlet, points.power].flatMap((id) => id?.split("/")[0] ?? []);
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

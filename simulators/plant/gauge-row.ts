/** What meters, rack PDUs, relays and the transfer switch's contacts show. */
import type { Gauges } from "./gauge-table.ts";
import { place } from "./gauge-table.ts";
import { phases, supplyOf } from "./gauge-ups.ts";
import type { LayoutDevice } from "./layout.ts";
import type { Feed } from "./load.ts";
import type { Plant, Row } from "./plant.ts";
import { nominalHz, nominalVoltage } from "./utility.ts";

const powerFactor = 0.98;
const reactiveShare = Math.sqrt(1 / (powerFactor * powerFactor) - 1);
/** Where a rack PDU calls its load low, near its limit and over it, by share of its rating. */
const loadBands: readonly (readonly [upTo: number, state: string])[] = [
  [0.05, "low"],
  [0.8, "normal"],
  [1, "near_overload"],
];

interface Measured {
  readonly kw: () => number;
  readonly energyKwh: () => number;
  readonly voltage: () => number;
  readonly hz: () => number;
}

const meterGauges = ({ kw, energyKwh, voltage, hz }: Measured): Gauges => ({
  "power.active": kw,
  "power.apparent": () => kw() / powerFactor,
  "power.reactive": () => kw() * reactiveShare,
  "power.factor": () => powerFactor,
  "energy.active": energyKwh,
  frequency: hz,
  ...phases("voltage", voltage),
  ...phases("current", () => (voltage() > 0 ? (kw() * 1000) / 3 / voltage() / powerFactor : 0)),
});

/** The site's meter, ahead of the transfer switch. */
export const utilityGauges = ({ utility }: Plant): Gauges =>
  meterGauges({
    kw: () => utility.kw,
    energyKwh: () => utility.energyKwh,
    voltage: () => utility.voltage,
    hz: () => utility.frequencyHz,
  });

/** A row's meter, or a rack PDU as a whole. */
export function rowGauges(plant: Plant, row: Row): Gauges {
  const live = () => plant.rowLive[plant.rows.indexOf(row)] === true;
  const viaUps = row.ups >= 0;
  return {
    ...meterGauges({
      kw: () => row.kw,
      energyKwh: () => row.energyKwh,
      voltage: () => (!live() ? 0 : viaUps ? nominalVoltage : supplyOf(plant).voltage),
      hz: () => (!live() ? 0 : viaUps ? nominalHz : supplyOf(plant).frequencyHz),
    }),
    "load.state": () =>
      place("load.state", loadBands.find(([upTo]) => row.kw / row.ratedKw <= upTo)?.[1] ?? "overload"),
  };
}

export const transferGauges = ({ transfer }: Plant): Gauges => ({
  "ats.on_utility": () => (transfer.position === "utility" ? 1 : 0),
  "ats.on_generator": () => (transfer.position === "generator" ? 1 : 0),
});

/** The outlets, relays and contacts of a device through which racks are fed. */
export function feedGauges(plant: Plant, device: string): Gauges {
  const gauges: Gauges = {};
  forEachFeed(plant, (feed, points) => {
    const closed = local(points.closed, device);
    const outlet = local(points.outlet, device);
    const power = local(points.power, device);
    if (closed) gauges[closed] = () => (feed.closed ? 1 : 0);
    // An outlet that is its own proof shows its contact; a relay shows what it was told.
    if (outlet && outlet !== closed) gauges[outlet] = () => (feed.ordered ? 1 : 0);
    if (power) {
      gauges[power] = () => feed.kw;
      gauges[power.replace(".power", ".current")] = () => (feed.kw * 1000) / nominalVoltage / powerFactor;
    }
  });
  return gauges;
}

/** Outlets, relays and contacts that are fitted and have nothing behind them. */
export function spareGauges({ class: kind, fitted }: LayoutDevice): Gauges {
  const gauges: Gauges = {};
  const nothing = (): number => 0;
  for (let i = 0; i < fitted; i++) {
    if (kind === "pdu") for (const what of ["state", "power", "current"]) gauges[`outlet[${i + 1}].${what}`] = nothing;
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

const local = (id: string | null, device: string): string | null =>
  id?.startsWith(`${device}/`) === true ? id.slice(device.length + 1) : null;

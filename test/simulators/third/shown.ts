/** The demo site on the wire at one moment, and whether what another program reads there is what the plant says. */
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import type { DeviceOnWire, Served } from "../../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../../simulators/wire/index.ts";
import { seconds } from "../../../src/core/time.ts";
import type { AskedProtocol, DeviceAddress, PointModel } from "../../../src/profiles/index.ts";
import { demoDevices } from "../demo-site.ts";

/** One point of the site. */
export interface ShownPoint {
  readonly device: string;
  readonly model: PointModel;
  /** What the plant says of it. */
  readonly truth: number;
}

/** The site as it stands; its time does not move. */
export interface ShownSite {
  readonly served: Served;
  readonly points: readonly ShownPoint[];
  truth(device: string, point: string): number;
}

const devices = demoDevices();

/** The site's devices of one protocol. */
export const devicesOf = (protocol: AskedProtocol): readonly DeviceOnWire[] =>
  devices.filter(({ model }) => model.protocol === protocol);

type Alter = (address: DeviceAddress) => DeviceAddress;

/** Utility lost, the generator not yet there: batteries discharge, and few values are those of an idle site. */
export async function showSite(protocol: AskedProtocol, alter: Alter = (address) => address): Promise<ShownSite> {
  const plant = demoPlant(33);
  advance(plant, seconds(90));
  apply(plant, { utility: "fail" });
  advance(plant, seconds(5));
  const onWire = devicesOf(protocol).map((device) => ({ ...device, address: alter(device.address) }));
  const served = await serveDevices(onWire, accessTo(plant), { ports: "free" });
  const shows = measure(plant);
  const truth = (device: string, point: string): number => {
    const value = shows(device, point);
    if (value === null) throw new Error(`${device}/${point} shows nothing`);
    return value;
  };
  const points = onWire.flatMap(({ id, model }) =>
    model.points.map((point): ShownPoint => ({ device: id, model: point, truth: truth(id, point.name) })),
  );
  return { served, points, truth };
}

/** A number that was read through a factor: of a float so many digits are believed. */
const digits = 1e-5;

/**
 * What a raw number that another program read is wrong by, in words; null where it is right: to half a step of the
 * device, and a state exactly. `factor` is what the device multiplies its own scale by.
 */
export function wrong({ device, model, truth }: ShownPoint, raw: number | undefined, factor = 1): string | null {
  const name = `${device}/${model.name}`;
  if (raw === undefined || Number.isNaN(raw)) return `${name}: nothing was read, truly ${truth}`;
  if (model.map) {
    const state = model.map.get(raw);
    return state === truth ? null : `${name}: ${raw} is state ${state}, truly ${truth}`;
  }
  const step = Math.abs(model.scale * factor);
  const value = raw * model.scale * factor + model.offset;
  const allowed = step / 2 + Math.abs(truth) * digits;
  return Math.abs(value - truth) <= allowed ? null : `${name}: ${value}, truly ${truth}, in steps of ${step}`;
}

/** All that is wrong with a whole reading. */
export const wrongs = (
  points: readonly ShownPoint[],
  read: (point: ShownPoint) => number | undefined,
): readonly string[] => points.flatMap((point) => wrong(point, read(point)) ?? []);

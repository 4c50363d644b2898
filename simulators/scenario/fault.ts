/**
 * Faults of devices and links, which begin and end. A fault is written as the simulators on the wire take it; a run
 * without a wire plays what it comes to for whoever reads: no answer, or always the same one.
 */
import { z } from "zod";
import type { Site } from "../../src/site/index.ts";
import type { PlantEvent } from "../plant/index.ts";
import { parseFault } from "../wire/fault.ts";

const form = z.string().min(1);

export const faultSchema = z.union([
  z.strictObject({ device: z.string().min(1), is: form }),
  z.strictObject({ devices: z.array(z.string().min(1)).min(1), is: form }),
  /** Every device behind the address of this one: a gateway, a switch, a cable. */
  z.strictObject({ link: z.string().min(1), is: form }),
]);

type FaultSource = z.output<typeof faultSchema>;

/** What begins with a fault, and what ends it. */
export interface Course {
  readonly begins: readonly PlantEvent[];
  readonly ends: readonly PlantEvent[];
}

/** The devices that a fault befalls, by the names that its file gives. */
export function devicesOf(fault: FaultSource, site: Site): readonly string[] {
  if ("device" in fault) return [fault.device];
  if ("devices" in fault) return fault.devices;
  const named = site.devices.find(({ id }) => id === fault.link);
  if (!named) return [fault.link];
  const { host, port } = named.address;
  return site.devices.filter(({ address }) => address.host === host && address.port === port).map(({ id }) => id);
}

/** A fault of devices that the site has, as events of the plant; a sentence where it is none, or comes to none. */
export function courseOf(fault: FaultSource, site: Site): Course | string {
  const begins: PlantEvent[] = [];
  const ends: PlantEvent[] = [];
  for (const id of devicesOf(fault, site)) {
    const effect = effectOf(fault.is, site.devices.find((device) => device.id === id)!.model.protocol);
    if (effect !== "silent" && effect !== "frozen") return effect;
    begins.push(effect === "silent" ? { sensor: id, silent: true } : { freeze: id, on: true });
    ends.push(effect === "silent" ? { sensor: id, silent: false } : { freeze: id, on: false });
  }
  return { begins, ends };
}

function effectOf(text: string, protocol: string): string {
  if (text === "silent" || text === "frozen") return text;
  const fault = parseFault(text, protocol === "snmp" ? "snmp" : "modbus");
  if (typeof fault === "string") return `${fault}; or silent`;
  if (fault.kind === "frozen") return "frozen";
  if (fault.kind === "delay")
    return `"${text}" delays answers, and a scenario knows only answers and none: write silent`;
  const isAlways = fault.chance === 1 && fault.periodMs === null;
  return isAlways ? "silent" : `"${text}" befalls some answers only, and a scenario knows all or none`;
}

/** A simulated plant's devices behind SNMP: what they show is looked up at the moment of each request. */
import type { DeviceAddress } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import { type AgentRules, type ServedAgent, serveAgent, type Varbind } from "./agent.ts";
import type { Faults } from "./faults.ts";
import type { ServedDevice } from "./modbus.ts";
import type { SnmpObject } from "./objects.ts";
import { inOrder, objectsOf } from "./objects.ts";

const notWritable = 17;
const wrongValue = 10;
const genErr = 5;

/** What stands behind a device on the wire, and what befalls its answers. */
export interface SnmpBackground {
  readonly plant: PlantAccess;
  readonly uptimeS: () => number;
  readonly faults?: Faults;
  /** Objects beside those of its points: what it is known by. */
  readonly fixed?: readonly Pick<SnmpObject, "oid" | "look">[];
}

/** Serves one device at its address. Rejects where the port is taken. */
export const serveSnmp = (
  device: ServedDevice,
  address: DeviceAddress,
  background: SnmpBackground,
): Promise<ServedAgent> => serveAgent(address, snmpRules([{ device, ...background }]));

/** Devices that one agent speaks for: cards that know several MIBs are a device of each. The first one's identity is the agent's. */
export function snmpRules(devices: readonly (SnmpBackground & { readonly device: ServedDevice })[]): AgentRules {
  const objects = new Map<string, SnmpObject>();
  for (const { device, plant, uptimeS, faults, fixed = [] } of devices) {
    const aged = agedBy(uptimeS, faults);
    for (const object of objectsOf(device, { plant, uptimeS: aged, fixed, ...(faults ? { faults } : {}) }))
      if (!objects.has(object.oid)) objects.set(object.oid, object);
  }
  const [first] = devices;
  return {
    objects: devices.length === 1 ? [...objects.values()] : inOrder([...objects.values()]),
    answers: () => devices.every(({ device, plant }) => plant.answers(device.id)),
    set: (varbind) => Math.min(...devices.map(({ device, plant }) => set(device, plant, varbind))),
    wrote: () => {
      for (const { device } of devices) device.writes += 1;
    },
    ...(first ? { uptimeS: agedBy(first.uptimeS, first.faults) } : {}),
    ...(first?.faults ? { faults: first.faults } : {}),
  };
}

/** The age that an agent believes to have, which a stepped clock makes another one. s */
export const agedBy =
  (uptimeS: () => number, faults: Faults | undefined): (() => number) =>
  () => {
    if (!faults) return uptimeS();
    const { aheadMs, sinceRestartMs } = faults.clock();
    return Math.max(0, (sinceRestartMs === null ? uptimeS() : sinceRestartMs / 1000) + aheadMs / 1000);
  };

/** What a SET makes of one object: 0 where it was done, or the error status. The most telling status is the least. */
function set({ id, model }: ServedDevice, plant: PlantAccess, { oid, value }: Varbind): number {
  const there = model.commands.filter(({ write: { at } }) => at.protocol === "snmp" && at.oid === oid);
  if (there.length === 0) return notWritable;
  const command = there.find(({ write }) => write.raw === value);
  if (!command) return wrongValue;
  return plant.actuate(id, command.point, command.value) === "done" ? 0 : genErr;
}

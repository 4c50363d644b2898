/**
 * Every device of a site on the wire, over loopback, at the ports of the site file, at free ones or at those from a
 * number on. Devices at one host and port, as behind a gateway, share a port here too. Values are looked up when they are
 * asked for; moving the plant's time on is the caller's affair.
 */
import type { DeviceAddress, DeviceModel } from "../../src/profiles/index.ts";
import { plainTcp } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import type { ServedAgent } from "./agent.ts";
import { serveAgent } from "./agent.ts";
import type { Faults, Mishap } from "./faults.ts";
import type { FixedWord, ServedDevice } from "./modbus.ts";
import { modbusUnit } from "./modbus.ts";
import { openModbusPort } from "./modbus-port.ts";
import type { SnmpObject } from "./objects.ts";
import { freePort } from "./port.ts";
import { agedBy, snmpRules } from "./snmp.ts";
import { openStorm, type TrapReceiver } from "./storm.ts";

/** A device to serve, as a site has it. Secrets in its address are already their values. */
export interface DeviceOnWire {
  readonly id: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
  /** What it is known by, beside its points. */
  readonly words?: readonly FixedWord[];
  readonly objects?: readonly Pick<SnmpObject, "oid" | "look">[];
}

export interface ServeOptions {
  /** "site": the ports of the site file. "free": ports that the system chooses. A number: ports from there on. */
  readonly ports: "site" | "free" | { readonly from: number };
  /** The faults of a device. Default: none has any. */
  readonly faults?: (device: string) => Faults;
  /** Where trap storms go; without it there are none. */
  readonly traps?: TrapReceiver;
}

export interface Served {
  /** Where each device is reached. */
  readonly addresses: ReadonlyMap<string, DeviceAddress>;
  /** Writes that were sent to a device, whatever became of them. */
  writesSeen(device: string): number;
  /** Requests that were answered, or would have been but for a fault; 0 where no device may have one. */
  answers(): number;
  close(): Promise<void>;
}

/** A free port may be taken in the moment between its choice and its use. */
const attempts = 5;
const host = "127.0.0.1";

/** Serves devices. Rejects where a port is taken, with nothing left open. */
export async function serveDevices(
  devices: readonly DeviceOnWire[],
  plant: PlantAccess,
  options: ServeOptions,
): Promise<Served> {
  const served = new Map<string, ServedDevice>();
  const addresses = new Map<string, DeviceAddress>();
  const open: { close(): Promise<void> }[] = [];
  let answered = 0;
  const count = (): void => {
    answered += 1;
  };
  const counting = { ...options, ...countingFaults(options, count) };
  const close = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  };
  try {
    for (const [i, members] of [...byEndpoint(devices).values()].entries()) {
      const own = members.map(({ id, model }): ServedDevice => ({ id, model, writes: 0 }));
      const { port, server } = await serveEndpoint(members, own, { plant, options: counting, place: i });
      open.push(server);
      for (const [n, { id, address }] of members.entries()) {
        served.set(id, own[n]!);
        addresses.set(id, options.ports === "site" ? address : { ...simulated(address), port });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const writesSeen = (device: string): number => served.get(device)?.writes ?? 0;
  return { addresses, close, writesSeen, answers: () => answered };
}

/** What befalls an answer is asked for once for each. */
function countingFaults({ faults: faultsOf }: ServeOptions, count: () => void): Pick<ServeOptions, "faults"> {
  if (!faultsOf) return {};
  const counted = (device: string): Faults => {
    const faults = faultsOf(device);
    const next = (): Mishap => {
      count();
      return faults.next();
    };
    return { ...faults, next };
  };
  return { faults: counted };
}

/** The link that a device is reached over: the same for all that share a host and port, or a serial line. */
export const linkOf = ({ model, address }: Pick<DeviceOnWire, "model" | "address">): string =>
  `${model.protocol} ${address.host}:${address.port}`;

function byEndpoint(devices: readonly DeviceOnWire[]): ReadonlyMap<string, readonly DeviceOnWire[]> {
  const endpoints = new Map<string, DeviceOnWire[]>();
  for (const device of devices) {
    const link = linkOf(device);
    endpoints.set(link, [...(endpoints.get(link) ?? []), device]);
  }
  return endpoints;
}

interface Serving {
  readonly plant: PlantAccess;
  readonly options: ServeOptions;
  /** The endpoint's number. */
  readonly place: number;
}

async function serveEndpoint(
  members: readonly DeviceOnWire[],
  own: readonly ServedDevice[],
  serving: Serving,
): Promise<{ readonly port: number; readonly server: { close(): Promise<void> } }> {
  const { ports } = serving.options;
  const [{ id, model, address }] = members as [DeviceOnWire];
  for (let left = ports === "free" ? attempts : 1; ; left--) {
    const at = ports === "site" ? address : { ...simulated(address), port: await portFor(model, serving) };
    try {
      const server = await (model.protocol === "modbus" ? servePort : serveCard)(members, own, { ...serving, at });
      return { port: server.port, server };
    } catch (error) {
      if (left <= 1) throw new Error(`${id} cannot be served at ${at.host}:${at.port}`, { cause: error });
    }
  }
}

/** 0 is any, for what goes over TCP; a datagram socket is told which. */
async function portFor({ protocol }: DeviceModel, { options: { ports }, place }: Serving): Promise<number> {
  if (typeof ports === "object") return ports.from + place;
  return protocol === "modbus" ? 0 : freePort(protocol);
}

/** Simulated devices speak from this machine, and Modbus plain TCP, whatever the plant's own are reached over. */
function simulated({ transport, ...address }: DeviceAddress): DeviceAddress {
  return { ...address, host, ...(transport === undefined ? {} : { transport: plainTcp }) };
}

type At = Serving & { readonly at: DeviceAddress };
type Opened = { readonly port: number; close(): Promise<void> };

/** One device answers by any unit; of several each by its own. */
function servePort(
  members: readonly DeviceOnWire[],
  own: readonly ServedDevice[],
  { plant, options, at }: At,
): Promise<Opened> {
  const units = members.map(({ id, address: { unit = 1 }, words = [] }, n) => {
    const faults = options.faults?.(id);
    const answering = modbusUnit(own[n]!, { plant, fixed: words, ...(faults ? { faults } : {}) });
    return [unit, answering] as const;
  });
  const byNumber = new Map(units);
  const [[, only]] = units as [(typeof units)[number]];
  return openModbusPort(at, (unit) => (units.length === 1 ? only : byNumber.get(unit)));
}

async function serveCard(
  members: readonly DeviceOnWire[],
  own: readonly ServedDevice[],
  { plant, options, at }: At,
): Promise<Opened> {
  if (members[0]!.model.protocol === "mqtt") throw new Error("what publishes over MQTT is served by no port");
  const uptimeS = uptime();
  const rules = snmpRules(
    members.map(({ id, objects = [] }, n) => {
      const faults = options.faults?.(id);
      return { device: own[n]!, plant, uptimeS, fixed: objects, ...(faults ? { faults } : {}) };
    }),
  );
  const agent = await serveAgent(at, rules);
  const storms = members.flatMap((member) => stormOf(member, agent, { options, uptimeS }));
  const close = async (): Promise<void> => {
    for (const storm of storms) storm.close();
    await agent.close();
  };
  return { port: at.port, close };
}

function stormOf(
  { id, model, address }: DeviceOnWire,
  { engine }: ServedAgent,
  { options, uptimeS }: { readonly options: ServeOptions; readonly uptimeS: () => number },
): { close(): void }[] {
  const { traps, faults: faultsOf } = options;
  if (!traps || !faultsOf) return [];
  const faults = faultsOf(id);
  return [openStorm({ model, access: address.snmp, faults, engine, uptimeS: agedBy(uptimeS, faults), to: traps })];
}

/** Devices have been up for days when somebody begins to look at them. s */
const ageS = 10 * 86_400;

/** The age of an agent that is served from now on. */
export function uptime(): () => number {
  const begun = performance.now();
  return () => ageS + (performance.now() - begun) / 1000;
}

/**
 * Every device of a site on the wire, over loopback, at the ports of the site file or at free ones. Values are looked up
 * when they are asked for; moving the plant's time on is the caller's affair.
 */
import type { DeviceAddress, DeviceModel } from "../../src/profiles/index.ts";
import { plainTcp } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import type { ServedDevice } from "./modbus.ts";
import { serveModbus } from "./modbus.ts";
import { freePort } from "./port.ts";
import { serveSnmp } from "./snmp.ts";

/** A device to serve, as a site has it. Secrets in its address are already their values. */
export interface DeviceOnWire {
  readonly id: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

export interface ServeOptions {
  /** "site": the ports of the site file. "free": ports that the system chooses. */
  readonly ports: "site" | "free";
}

export interface Served {
  /** Where each device is reached. */
  readonly addresses: ReadonlyMap<string, DeviceAddress>;
  /** Writes that were sent to a device, whatever became of them. */
  writesSeen(device: string): number;
  close(): Promise<void>;
}

/** A free port may be taken in the moment between its choice and its use. */
const attempts = 5;

/** Serves devices. Rejects where a port of the site file is taken, with nothing left open. */
export async function serveDevices(
  devices: readonly DeviceOnWire[],
  plant: PlantAccess,
  { ports }: ServeOptions,
): Promise<Served> {
  const served = new Map<string, ServedDevice>();
  const addresses = new Map<string, DeviceAddress>();
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  };
  try {
    for (const { id, model, address } of devices) {
      const device: ServedDevice = { id, model, writes: 0 };
      const { at, server } = await serveOne(device, address, { plant, ports });
      open.push(server);
      served.set(id, device);
      addresses.set(id, at);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { addresses, close, writesSeen: (device) => served.get(device)?.writes ?? 0 };
}

async function serveOne(
  device: ServedDevice,
  address: DeviceAddress,
  { plant, ports }: { readonly plant: PlantAccess; readonly ports: ServeOptions["ports"] },
): Promise<{ at: DeviceAddress; server: { close(): Promise<void> } }> {
  const begun = performance.now();
  const uptimeS = (): number => (performance.now() - begun) / 1000;
  for (let left = ports === "free" ? attempts : 1; ; left--) {
    const at = ports === "free" ? { ...simulated(address), port: await freePort(device.model.protocol) } : address;
    try {
      const server = await serverOf(device, at, { plant, uptimeS });
      return { at, server };
    } catch (error) {
      if (left <= 1) throw new Error(`${device.id} cannot be served at ${at.host}:${at.port}`, { cause: error });
    }
  }
}

/** Simulated Modbus devices speak plain TCP on this machine, whatever the plant's own are reached over. */
const simulated = (address: DeviceAddress): DeviceAddress =>
  address.transport === undefined ? address : { ...address, host: "127.0.0.1", transport: plainTcp };

async function serverOf(
  device: ServedDevice,
  at: DeviceAddress,
  { plant, uptimeS }: { readonly plant: PlantAccess; readonly uptimeS: () => number },
): Promise<{ close(): Promise<void> }> {
  switch (device.model.protocol) {
    case "modbus":
      return serveModbus(device, { host: at.host, port: at.port }, { plant });
    case "snmp":
      return serveSnmp(device, at, { plant, uptimeS });
    case "mqtt":
      throw new Error("what publishes over MQTT is not simulated");
  }
}

/** One device over its real protocol on the loopback, from its profile alone. */
import type { DeviceAddress, DeviceModel, ModbusAddress, Profile } from "../../src/profiles/index.ts";
import { bindDevice, tableRows } from "../../src/profiles/index.ts";
import { type Fault, type Faults, faultsFrom } from "../wire/faults.ts";
import { serveModbus } from "../wire/modbus.ts";
import type { SnmpObject } from "../wire/objects.ts";
import { serveSnmp } from "../wire/snmp.ts";
import { type Shown, shownBy } from "./values.ts";

/** What a device that stands alone is to be. */
export interface AloneOptions {
  readonly protocol: DeviceModel["protocol"];
  readonly address: DeviceAddress;
  /** Rows that each walked table has. */
  readonly rows: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
}

/** A device that is served. */
export interface Alone {
  readonly model: DeviceModel;
  readonly shown: Shown;
  close(): Promise<void>;
}

/** Serves a profile's device. Rejects where the port is taken. */
export async function serveAlone(profile: Profile, options: AloneOptions): Promise<Alone> {
  const { protocol, address, rows, seed } = options;
  const begun = performance.now();
  const now = (): number => performance.now() - begun;
  const faults = options.faults.length > 0 ? { faults: faultsFrom(options.faults, { seed, now }) } : {};
  const model = withRows(bindDevice(profile, { protocol }), rows);
  const shown = shownBy(model, { seed, now, ...faults });
  const { close } = await serve({ id: "device", model, writes: 0 }, { profile, address, shown, now, ...faults });
  return { model, shown, close };
}

interface Background {
  readonly profile: Profile;
  readonly address: DeviceAddress;
  readonly shown: Shown;
  readonly now: () => number;
  readonly faults?: Faults;
}

type Served = Parameters<typeof serveSnmp>[0];

function serve(device: Served, { profile, address, shown: plant, now, faults }: Background) {
  const spoiled = faults ? { faults } : {};
  if (device.model.protocol === "snmp") {
    const uptimeS = (): number => now() / 1000;
    return serveSnmp(device, address, { plant, uptimeS, fixed: objectsOf(profile), ...spoiled });
  }
  const { host, port, unit } = address;
  const place = { host, port, ...(unit === undefined ? {} : { onlyUnit: unit }) };
  return serveModbus(device, place, { plant, fixed: wordsOf(profile), ...spoiled });
}

/** A device's points with those of its tables' rows, numbered from 1. */
function withRows({ tables = [], ...model }: DeviceModel, count: number): DeviceModel {
  const rows = Array.from({ length: count }, (_, i) => String(i + 1));
  return { ...model, points: [...model.points, ...tables.flatMap((table) => tableRows(table, rows))] };
}

const objectId = 6;
const octets = 4;

/** The object that a profile is known by, as its devices answer it. */
function objectsOf({ id, identify: { snmp } }: Profile): readonly Pick<SnmpObject, "oid" | "look">[] {
  if (!snmp) return [];
  const value = snmp.prefix === undefined ? { type: octets, value: id } : { type: objectId, value: snmp.prefix };
  return [{ oid: snmp.oid, look: () => value }];
}

/** The register that a profile is known by; a SunSpec model stands in the chain anyway. */
function wordsOf({ identify: { modbus } }: Profile): readonly { table: ModbusAddress["table"]; addr: number; word: number }[] {
  return modbus && "equals" in modbus ? [{ table: modbus.table, addr: modbus.addr, word: modbus.equals }] : [];
}

/** One device over its real protocol on the loopback, from its profile alone. */
import type { AskedProtocol, DeviceAddress, DeviceModel, Profile, SnmpValue } from "../../src/profiles/index.ts";
import { bindDevice, ofFirmware } from "../../src/profiles/index.ts";
import type { Fault } from "../wire/fault.ts";
import { type Faults, faultsFrom } from "../wire/faults.ts";
import { serveModbus } from "../wire/modbus.ts";
import { uptime } from "../wire/serve.ts";
import { agedBy, serveSnmp } from "../wire/snmp.ts";
import { openStorm, type TrapReceiver } from "../wire/storm.ts";
import { objectsBeside, wordsToKnow } from "./known.ts";
import { withRows } from "./rows.ts";
import { type Shown, shownBy } from "./values.ts";

/** What a device that stands alone is to be. */
export interface AloneOptions {
  readonly protocol: AskedProtocol;
  readonly address: DeviceAddress;
  /** Rows that each walked table has. */
  readonly rows: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** What the device says its firmware is; without it it says none, and its points stand where its profile has them. */
  readonly firmware?: string;
  /** Where storms of traps go. */
  readonly traps?: TrapReceiver;
}

/** A device that is served. */
export interface Alone {
  /** With the rows of its tables among its points. */
  readonly model: DeviceModel;
  /** Points of tables that no row could be made for. */
  readonly without: readonly string[];
  readonly shown: Shown;
  close(): Promise<void>;
}

/** Serves a profile's device. Rejects where the port is taken. */
export async function serveAlone(named: Profile, options: AloneOptions): Promise<Alone> {
  const { protocol, address, rows, seed, firmware } = options;
  const profile = firmware === undefined ? named : ofFirmware(named, firmware);
  const begun = performance.now();
  const now = (): number => performance.now() - begun;
  const faults = options.faults.length > 0 ? { faults: faultsFrom(options.faults, { seed, now }) } : {};
  const { traps } = options;
  const { model, objects, without } = withRows(profile, bindDevice(profile, { protocol }), rows);
  const shown = shownBy(model, { seed, now });
  const says = firmware === undefined ? {} : { firmware };
  const background = { profile, address, objects, shown, ...faults, ...says, ...(traps ? { traps } : {}) };
  const server = await serve({ id: "device", model, writes: 0 }, background);
  return { model, without, shown, close: () => server.close() };
}

interface Background {
  readonly profile: Profile;
  readonly address: DeviceAddress;
  readonly objects: ReadonlyMap<string, SnmpValue>;
  readonly shown: Shown;
  readonly faults?: Faults;
  readonly firmware?: string;
  readonly traps?: TrapReceiver;
}

type Served = Parameters<typeof serveSnmp>[0];

function serve(device: Served, background: Background): Promise<{ close(): Promise<void> }> {
  const { profile, address, shown: plant, faults } = background;
  if (device.model.protocol === "snmp") return serveCard(device, background);
  const { host, port, unit } = address;
  const place = { host, port, ...(unit === undefined ? {} : { onlyUnit: unit }) };
  return serveModbus(device, place, {
    plant,
    fixed: wordsToKnow(profile, background.firmware),
    ...(faults ? { faults } : {}),
  });
}

async function serveCard(
  device: Served,
  { profile, address, objects, shown: plant, faults, firmware, traps }: Background,
): Promise<{ close(): Promise<void> }> {
  const { model } = device;
  const uptimeS = uptime();
  const fixed = objectsBeside(profile, model, { rows: objects, firmware });
  const agent = await serveSnmp(device, address, { plant, uptimeS, fixed, ...(faults ? { faults } : {}) });
  if (!faults || !traps) return agent;
  const aged = agedBy(uptimeS, faults);
  const storm = openStorm({ model, access: address.snmp, faults, engine: agent.engine, uptimeS: aged, to: traps });
  return {
    async close() {
      storm.close();
      await agent.close();
    },
  };
}

/** Simulated devices behind Modbus TCP. One that is silent takes requests and never answers: its socket stays open. */
import type { DeviceModel } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import type { Faults } from "./faults.ts";
import { type ModbusUnit, openModbusPort } from "./modbus-port.ts";
import type { LiveRegisters, Table } from "./registers.ts";
import { liveRegisters } from "./registers.ts";

/** A device, and the count of writes that were sent to it. */
export interface ServedDevice {
  readonly id: string;
  readonly model: DeviceModel;
  writes: number;
}

/** Modbus exception codes. */
const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;
const deviceFailure = 4;
const refused = 0x80;

/** Where a device is served. It answers to one unit id, or to whatever it is asked by. */
export interface ModbusPlace {
  readonly host: string;
  readonly port: number;
  readonly onlyUnit?: number;
}

/** A word that a device holds beside those of its points: what it is known by. */
export interface FixedWord {
  readonly table: Table;
  readonly addr: number;
  readonly word: number;
}

/** What stands behind a device on the wire, and what befalls its answers. */
export interface ModbusBackground {
  readonly plant: PlantAccess;
  readonly faults?: Faults;
  readonly fixed?: readonly FixedWord[];
}

/** The tables that functions 1 to 4 read, and the most that each gives at once. */
const readTables: Readonly<Record<number, readonly [table: Table, most: number]>> = {
  1: ["coil", 2000],
  2: ["discrete", 2000],
  3: ["holding", 125],
  4: ["input", 125],
};
const coilOn = 0xff00;
/** Function, address, and one value or the count of them. */
const shortBytes = 5;

/** Serves one device. Rejects where the port is taken. */
export function serveModbus(
  device: ServedDevice,
  { host, port, onlyUnit }: ModbusPlace,
  background: ModbusBackground,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const unit = modbusUnit(device, background);
  return openModbusPort({ host, port }, (number) => (onlyUnit === undefined || number === onlyUnit ? unit : undefined));
}

/** A device as a port asks it. */
export function modbusUnit(device: ServedDevice, { plant, faults, fixed = [] }: ModbusBackground): ModbusUnit {
  const live = liveRegisters(device.id, device.model, plant, faults);
  for (const { table, addr, word } of fixed) live.registers.set(table, addr, word);
  return {
    answer(request) {
      const answer =
        request.length < shortBytes ? exception(request, illegalValue) : answerTo(request, { device, live, plant });
      return plant.answers(device.id) ? answer : null;
    },
    ...(faults ? { faults } : {}),
  };
}

interface Asked {
  readonly device: ServedDevice;
  readonly live: LiveRegisters;
  readonly plant: PlantAccess;
}

function answerTo(request: Buffer, asked: Asked): Buffer {
  const reading = readTables[request[0]!];
  if (!reading) return written(request, asked);
  const [table, most] = reading;
  const count = request.readUInt16BE(3);
  if (count < 1 || count > most) return exception(request, illegalValue);
  return asked.live.answer(table, request.readUInt16BE(1), count) ?? exception(request, illegalAddress);
}

const exception = (request: Buffer, code: number): Buffer => Buffer.from([(request[0] ?? 0) | refused, code]);

/** Writes are answered by what they began with. Of several values the first that is refused ends it. */
function written(request: Buffer, { device, plant }: Asked): Buffer {
  const values = valuesIn(request);
  if (typeof values === "number") return exception(request, values);
  const { table, raws } = values;
  for (const [i, raw] of raws.entries()) {
    device.writes += 1;
    // What is silent does nothing either.
    const code = plant.answers(device.id)
      ? writeTo(device, plant, { table, addr: request.readUInt16BE(1) + i, raw })
      : 0;
    if (code > 0) return exception(request, code);
  }
  return Buffer.from(request.subarray(0, shortBytes));
}

/** What is to be written, or the code of what is wrong with it. */
function valuesIn(request: Buffer): { readonly table: Table; readonly raws: readonly number[] } | number {
  const said = request.readUInt16BE(3);
  switch (request[0]!) {
    case 5:
      return said === coilOn || said === 0 ? { table: "coil", raws: [said === 0 ? 0 : 1] } : illegalValue;
    case 6:
      return { table: "holding", raws: [said] };
    case 15: {
      const bytes = request.subarray(shortBytes + 1);
      if (said < 1 || said > 1968 || bytes.length < Math.ceil(said / 8)) return illegalValue;
      return { table: "coil", raws: Array.from({ length: said }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1) };
    }
    case 16: {
      const bytes = request.subarray(shortBytes + 1);
      if (said < 1 || said > 123 || bytes.length < said * 2) return illegalValue;
      return { table: "holding", raws: Array.from({ length: said }, (_, i) => bytes.readUInt16BE(2 * i)) };
    }
    default:
      return illegalFunction;
  }
}

/** A write does what the profile's command of that address and raw value does: 0, or the code of why not. A fire panel knows no write at all. */
function writeTo(
  { id, model }: ServedDevice,
  plant: PlantAccess,
  { table, addr, raw }: { readonly table: Table; readonly addr: number; readonly raw: number },
): number {
  if (model.commands.length === 0) return illegalFunction;
  const there = model.commands.filter(({ write: { at } }) => "table" in at && at.table === table && at.addr === addr);
  if (there.length === 0) return illegalAddress;
  const command = there.find(({ write }) => write.raw === raw);
  if (!command) return illegalValue;
  return plant.actuate(id, command.point, command.value) === "done" ? 0 : deviceFailure;
}

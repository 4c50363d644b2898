/** Simulated devices behind Modbus TCP. One that is silent takes requests and never answers: its socket stays open. */
import { ServerTCP } from "modbus-serial";
import type { DeviceModel } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import type { Faults } from "./faults.ts";
import type { LiveRegisters, Table } from "./registers.ts";
import { liveRegisters } from "./registers.ts";
import { spoilAnswers } from "./spoil.ts";

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

type Answer<T> = (error: Error | null, value: T) => void;
type Done = (error: Error | null) => void;

/** Where a device is served. It answers to one unit id, or to whatever it is asked by. */
export interface ModbusPlace {
  readonly host: string;
  readonly port: number;
  readonly onlyUnit?: number;
}

/** What stands behind a device on the wire, and what befalls its answers. */
export interface ModbusBackground {
  readonly plant: PlantAccess;
  readonly faults?: Faults;
  /** Words beside those of its points: what it is known by. */
  readonly fixed?: readonly { readonly table: Table; readonly addr: number; readonly word: number }[];
}

const everyUnit = 255;

/** Serves one device. Rejects where the port is taken. */
export function serveModbus(
  device: ServedDevice,
  { host, port, onlyUnit = everyUnit }: ModbusPlace,
  { plant, faults, fixed = [] }: ModbusBackground,
): Promise<{ close(): Promise<void> }> {
  const registers = liveRegisters(device.id, device.model, plant);
  for (const { table, addr, word } of fixed) registers.registers.set(table, addr, word);
  return new Promise((resolve, reject) => {
    const server = new ServerTCP(vectorOf(device, registers, plant), { host, port, unitID: onlyUnit });
    if (faults) spoilAnswers(server, faults);
    server.on("serverError", (error) => reject(error ?? new Error(`cannot serve ${device.id}`)));
    // A client that goes away in the middle of an answer is nothing to a device.
    server.on("socketError", () => undefined);
    server.on("initialized", () =>
      resolve({ close: () => new Promise<void>((closed) => server.close(() => closed())) }),
    );
  });
}

function vectorOf(device: ServedDevice, registers: LiveRegisters, plant: PlantAccess) {
  const words = (table: Table) => (addr: number, count: number, _unit: number, answer: Answer<number[]>) => {
    if (!plant.answers(device.id)) return;
    const read = registers.read(table, addr, count);
    if (read) answer(null, read);
    else answer(exception(illegalAddress), []);
  };
  const word = (table: Table) => (addr: number, unit: number, answer: Answer<number>) =>
    words(table)(addr, 1, unit, (error, [value = 0]) => answer(error, value));
  const bit = (table: Table) => (addr: number, unit: number, answer: Answer<boolean>) =>
    word(table)(addr, unit, (error, value) => answer(error, value !== 0));
  const write = (table: Table, addr: number, raw: number, done: Done): void => {
    device.writes += 1;
    if (plant.answers(device.id)) done(writeTo(device, plant, { table, addr, raw }));
  };
  return {
    getMultipleHoldingRegisters: words("holding"),
    getMultipleInputRegisters: words("input"),
    getHoldingRegister: word("holding"),
    getInputRegister: word("input"),
    getCoil: bit("coil"),
    getDiscreteInput: bit("discrete"),
    setCoil: (addr: number, value: boolean, _unit: number, done: Done) => write("coil", addr, value ? 1 : 0, done),
    setRegister: (addr: number, value: number, _unit: number, done: Done) => write("holding", addr, value, done),
  };
}

/** What modbus-serial answers with an exception of this code. */
const exception = (code: number): Error =>
  Object.assign(new Error(`Modbus exception ${code}`), { modbusErrorCode: code });

/** A write does what the profile's command of that address and raw value does. A fire panel knows no write at all. */
function writeTo(
  { id, model }: ServedDevice,
  plant: PlantAccess,
  { table, addr, raw }: { readonly table: Table; readonly addr: number; readonly raw: number },
): Error | null {
  if (model.commands.length === 0) return exception(illegalFunction);
  const there = model.commands.filter(({ write: { at } }) => "table" in at && at.table === table && at.addr === addr);
  if (there.length === 0) return exception(illegalAddress);
  const command = there.find(({ write }) => write.raw === raw);
  if (!command) return exception(illegalValue);
  return plant.actuate(id, command.point, command.value) === "done" ? null : exception(deviceFailure);
}

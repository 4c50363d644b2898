/** Writes to Modbus devices, and reads back what came of it. A connection that has once failed is never used again. */
import type { DeviceModel, ModbusAddress, ModelBases, PointModel } from "../profiles/index.ts";
import { decodeModbus, findSunSpecModels, modbusReadPlan, registerImage, writeRaw } from "../profiles/index.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { Actuator, Declaration, Order, WriteOutcome } from "./actuator.ts";
import { oneAtATime, wordsOf } from "./actuator.ts";
import { pause } from "./clock.ts";
import { type Client, connectModbus, held } from "./transport.ts";

/** A connection that nothing has used for this long is closed: gateways have few to give. */
const idleMs = 2000;
/** Exceptions by which a device says that it will take the same request later: acknowledge, and busy. */
const passing: readonly number[] = [5, 6];
/** Exceptions of a gateway that could not reach the device: the request has not arrived. */
const notReached: readonly number[] = [10, 11];

export const modbusDeclaration: Declaration = {
  writes: "Modbus write of a coil or of registers, as the profile's command says",
  twice: "once: values are absolute, and there is no command that toggles",
  timeoutMs: "profile",
  confirmed: "the commanded point, read from the device",
};

/** The actuator of one Modbus device. */
export function modbusActuator(link: DeviceLink): Actuator {
  return new ModbusActuator(link);
}

interface Connection {
  readonly client: Client;
  readonly bases: ModelBases;
}

class ModbusActuator implements Actuator {
  readonly #link: DeviceLink;
  readonly #model: DeviceModel;
  readonly #inTurn = oneAtATime();
  #connection: Connection | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(link: DeviceLink) {
    this.#link = link;
    this.#model = link.model;
  }

  read(point: string, stop: AbortSignal): Promise<number | null> {
    const model = this.#model.points.find(({ name }) => name === point);
    if (!model) return Promise.resolve(null);
    return this.#inTurn(() =>
      this.#with(stop, (connection) => this.#readPoint(connection, model)).catch(() => {
        this.close();
        return null;
      }),
    );
  }

  write(order: Order, stop: AbortSignal): Promise<WriteOutcome> {
    const command = this.#model.commands.find((c) => c.point === order.point && c.value === order.value);
    if (command?.write.at.protocol !== "modbus") {
      return Promise.resolve({ result: "refused", detail: "the profile has no such command" });
    }
    if (this.#link.address.transport?.kind === "serial") return Promise.resolve({ result: "refused", detail: held });
    const { at, raw } = { at: command.write.at, raw: command.write.raw };
    return this.#inTurn(async () => {
      let connection: Connection;
      try {
        connection = await this.#connected(stop);
      } catch (error) {
        return { result: "again", detail: wordsOf(error) };
      }
      return this.#send(connection, at, raw);
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    const connection = this.#connection;
    this.#connection = null;
    connection?.client.destroy(() => undefined);
  }

  async #send(connection: Connection, at: ModbusAddress, raw: number): Promise<WriteOutcome> {
    try {
      await writeTo(connection, at, raw);
      this.#rest();
      return { result: "accepted" };
    } catch (error) {
      const code = exceptionOf(error);
      if (code === null) {
        this.close();
        return { result: "unsure", detail: wordsOf(error) };
      }
      this.#rest();
      const isPassing = passing.includes(code) || notReached.includes(code);
      return { result: isPassing ? "again" : "refused", detail: `Modbus exception ${code}` };
    }
  }

  async #with<T>(stop: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#connected(stop);
    const result = await work(connection);
    this.#rest();
    return result;
  }

  async #readPoint({ client, bases }: Connection, point: PointModel): Promise<number | null> {
    const registers = registerImage();
    for (const { table, addr, count } of modbusReadPlan([point], this.#model.link, bases)) {
      const words = await readWords(client, table, addr, count);
      words.forEach((word, i) => {
        registers.set(table, addr + i, word);
      });
      await pause(this.#model.link.gap);
    }
    const sample = decodeModbus(point, registers, bases);
    return "value" in sample ? sample.value : null;
  }

  async #connected(stop: AbortSignal): Promise<Connection> {
    clearTimeout(this.#idle);
    if (this.#connection?.client.isOpen) return this.#connection;
    this.close();
    const { address, model } = this.#link;
    const client = await connectModbus(address, model.link.timeout);
    client.setID(address.unit ?? 1);
    client.setTimeout(model.link.timeout);
    await pause(model.link.afterConnect, stop);
    try {
      const bases = await basesOf(client, model);
      this.#connection = { client, bases };
      return this.#connection;
    } catch (error) {
      client.destroy(() => undefined);
      throw error;
    }
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleMs).unref();
  }
}

function basesOf(client: Client, model: DeviceModel): Promise<ModelBases> {
  const addresses = [...model.points.map(({ at }) => at), ...model.commands.map(({ write }) => write.at)];
  const isSunSpec = addresses.some((at) => at.protocol === "modbus" && at.model !== null);
  if (!isSunSpec) return Promise.resolve(new Map());
  return findSunSpecModels((addr, count) => readWords(client, "holding", addr, count));
}

async function readWords(
  client: Client,
  table: ModbusAddress["table"],
  addr: number,
  count: number,
): Promise<readonly number[]> {
  const answer = await ask(client, table, addr, count);
  if (answer.data.length < count) throw new Error(`asked for ${count} words, got ${answer.data.length}`);
  return answer.data.slice(0, count).map(Number);
}

function ask(
  client: Client,
  table: ModbusAddress["table"],
  addr: number,
  count: number,
): Promise<{ readonly data: readonly (number | boolean)[] }> {
  switch (table) {
    case "holding":
      return client.readHoldingRegisters(addr, count);
    case "input":
      return client.readInputRegisters(addr, count);
    case "coil":
      return client.readCoils(addr, count);
    case "discrete":
      return client.readDiscreteInputs(addr, count);
  }
}

async function writeTo({ client, bases }: Connection, at: ModbusAddress, raw: number): Promise<void> {
  const start = at.model === null ? 0 : bases.get(at.model);
  if (start === undefined) throw new Error(`the device has no SunSpec model ${at.model}`);
  const addr = start + at.addr;
  if (at.table === "coil") {
    await client.writeCoil(addr, raw !== 0);
    return;
  }
  const registers = registerImage();
  // The other bits of a shared word stay as they are.
  if (at.type === "bit" || at.type === "bits") {
    const [word = 0] = await readWords(client, at.table, addr, 1);
    registers.set(at.table, addr, word);
  }
  writeRaw(at, addr, raw, registers);
  const words = Array.from({ length: at.count }, (_, i) => registers.get(at.table, addr + i) ?? 0);
  if (words.length === 1) await client.writeRegister(addr, words[0]!);
  else await client.writeRegisters(addr, words);
}

function exceptionOf(error: unknown): number | null {
  const code = error instanceof Error && "modbusCode" in error ? Number(error.modbusCode) : Number.NaN;
  return Number.isFinite(code) ? code : null;
}

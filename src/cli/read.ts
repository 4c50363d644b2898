import type { OnceResult } from "../collect/index.ts";
import { readOnce } from "../collect/index.ts";
import type { DeviceAddress, ModbusAddress, SnmpAddress } from "../profiles/index.ts";
import { objectAt, placesModel, wordsAt } from "../profiles/index.ts";
import type { AccessWords, tables } from "./address.ts";
import { addressOf } from "./address.ts";
import { exit, Refusal } from "./exit.ts";
import { meanings, orders } from "./orders.ts";
import { printTable } from "./table.ts";

/** Words that one Modbus request may ask for. */
const MAX_WORDS = 125;
const LAST_ADDRESS = 0xffff;

export interface ReadWords extends AccessWords {
  readonly table: (typeof tables)[number];
  readonly addr?: number;
  readonly count: number;
  readonly json?: boolean;
}

/**
 * `haechi read modbus://HOST --addr N` or `haechi read snmp://HOST OID`: one place as it stands on the wire; registers
 * in every byte order side by side. Writes nothing.
 */
export async function read(address: string, oid: string | undefined, words: ReadWords): Promise<number> {
  const { protocol, address: at } = addressOf(address, words);
  const place = protocol === "snmp" ? objectOf(oid) : registersOf(oid, words);
  const { found, fault } = await look(place, at);
  if (fault !== null) throw new Refusal(`${address} ${fault}`, exit.unavailable);
  if (found.raw === null) {
    const reason = "reason" in found.reading ? `: ${found.reading.reason}` : "";
    throw new Refusal(`${address} has nothing at ${found.source}${reason}`, exit.failed);
  }
  if (place.protocol === "snmp" || !Array.isArray(found.raw)) printObject(found, words);
  else printRegisters(place, found.raw as readonly number[], words);
  return exit.done;
}

async function look(
  place: ModbusAddress | SnmpAddress,
  address: DeviceAddress,
): Promise<{ found: OnceResult["points"][number]; fault: string | null }> {
  const { points, fault } = await readOnce({ id: "device", model: placesModel(place.protocol, [place]), address });
  const [found] = points;
  if (!found) throw new Error("a point that was asked for was not told of");
  const { reading } = found;
  const silent = reading.quality === "bad" && reading.reason === "noCommunication";
  return { found, fault: fault ?? (silent ? "does not answer" : null) };
}

function objectOf(oid: string | undefined): SnmpAddress {
  if (oid !== undefined && /^\.?\d+(\.\d+)+$/.test(oid)) return objectAt(oid.replace(/^\./, ""));
  throw new Refusal("say which object: haechi read snmp://HOST 1.3.6.1.2.1.1.1.0", exit.usage);
}

function registersOf(oid: string | undefined, { table, addr, count }: ReadWords): ModbusAddress {
  if (oid !== undefined || addr === undefined)
    throw new Refusal("say which registers: haechi read modbus://HOST/UNIT --table holding --addr 130", exit.usage);
  if (!Number.isInteger(count) || count > MAX_WORDS || addr + count - 1 > LAST_ADDRESS)
    throw new Refusal(`a request asks for at most ${MAX_WORDS} words, up to address ${LAST_ADDRESS}`, exit.usage);
  return wordsAt(table, addr, { count });
}

function printObject({ source, raw }: OnceResult["points"][number], { json }: ReadWords): void {
  const value = typeof raw === "bigint" ? String(raw) : raw;
  console.log(json ? JSON.stringify({ source, raw: value }, null, 2) : `${source} = ${String(raw)}`);
}

function printRegisters({ table, addr }: ModbusAddress, words: readonly number[], { json }: ReadWords): void {
  const isBits = table === "coil" || table === "discrete";
  const meant = isBits ? [] : meanings(words);
  if (json) {
    const values = meant.map(({ at, type, values: of }) => ({
      addr: addr + at,
      type,
      ...Object.fromEntries(orders.map((order, i) => [order, Number.isFinite(of[i]) ? of[i] : String(of[i])])),
    }));
    console.log(JSON.stringify({ table, addr, words, values }, null, 2));
    return;
  }
  const shown = words.map((word, i) => [String(addr + i), String(word), isBits ? "" : hex(word)]);
  printTable([table, "raw", ""], shown);
  if (isBits) return;
  console.log();
  const rows = meant.map(({ at, type, values }) => [String(addr + at), type, ...values.map(inWords)]);
  printTable(["from", "type", ...orders], rows);
}

const hex = (word: number): string => `0x${word.toString(16).toUpperCase().padStart(4, "0")}`;

/** Nine digits tell every f32 from its neighbours, and every whole number of 32 bits needs ten. */
const inWords = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));

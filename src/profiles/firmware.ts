/**
 * Firmware as devices say it, and the tests of it by which a profile tells its variants apart. Of what
 * a device says only the version counts, the first run of numbers with points between them: in
 * "NMC3 v6.74" that is 6.74. Versions are compared number by number, so that 6.10 comes after 6.9.
 */
import { modbusAt, snmpAt } from "./address.ts";
import type { ModbusAddress, Protocol, SnmpAddress } from "./model.ts";
import type { FirmwareSource } from "./schema.ts";
import { rawToWords, textOf, textWords, wordsToRaw } from "./words.ts";

type Version = readonly number[];
interface Bound {
  readonly is: "<" | "<=" | ">" | ">=" | "";
  readonly version: Version;
}

const WRITTEN = /^(<=|>=|<|>|)(\d+(?:\.\d+)*)$/;

/** A test as a profile writes it, "<6.74", ">=5 <6.74" or "6.74", which 6.74.2 passes too; null where it is none. */
export function firmwareTest(written: string): ((said: string) => boolean) | null {
  const bounds = written.trim().split(/\s+/).map(boundOf);
  if (bounds.includes(null)) return null;
  return (said) => {
    const version = versionIn(said);
    return version !== null && bounds.every((bound) => bound !== null && holds(version, bound));
  };
}

/** Whether a device's version can be made out of what it says. */
export const hasVersion = (said: string): boolean => versionIn(said) !== null;

function boundOf(written: string): Bound | null {
  const [, is, version] = WRITTEN.exec(written) ?? [];
  return is === undefined || version === undefined ? null : { is: is as Bound["is"], version: numbersOf(version) };
}

function versionIn(said: string): Version | null {
  const [found] = /\d+(?:[._]\d+)+/.exec(said) ?? /\d+/.exec(said) ?? [];
  return found === undefined ? null : numbersOf(found);
}

const numbersOf = (version: string): Version => version.split(/[._]/).map(Number);

function holds(version: Version, { is, version: bound }: Bound): boolean {
  const order = compared(is === "" ? version.slice(0, bound.length) : version, bound);
  if (is === "<") return order < 0;
  if (is === "<=") return order <= 0;
  if (is === ">") return order > 0;
  return is === ">=" ? order >= 0 : order === 0;
}

/** Below zero where the first is the older; what a version leaves out is nought. */
function compared(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const order = (a[i] ?? 0) - (b[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** Where a device says its firmware. */
export type FirmwareAddress = ModbusAddress | SnmpAddress;

/** Where a device says it over a protocol; null where its profile does not know. */
export function firmwareAt({ snmp, modbus }: FirmwareSource, protocol: Protocol): FirmwareAddress | null {
  if (protocol === "snmp") return snmpAt(snmp && { ...snmp, type: "string" }, { letter: "", number: 0 });
  return protocol === "modbus" ? modbusAt({ modbus }, { index: 0 }) : null;
}

/** What came from there as a text; null where nothing stands there. */
export function firmwareSaid(
  at: FirmwareAddress,
  raw: readonly number[] | number | bigint | string | null,
): string | null {
  if (raw === null) return null;
  const said = typeof raw !== "object" ? raw : at.type === "string" ? textOf(raw) : wordsToRaw(wordTypeOf(at), raw);
  return String(said).trim() || null;
}

/** A firmware as the words in which a device says it. */
export const firmwareWords = (at: ModbusAddress, said: string): readonly number[] =>
  at.type === "string" ? textWords(said, at.count) : rawToWords(at, Number(said));

const wordTypeOf = (at: FirmwareAddress): ModbusAddress["type"] => (at.protocol === "modbus" ? at.type : "string");

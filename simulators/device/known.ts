/** What a simulated device is to be known by: the object, the subtree or the register that its profile names. */
import type { DeviceModel, ModbusAddress, Profile, SnmpValue } from "../../src/profiles/index.ts";
import { firmwareAt, firmwareWords } from "../../src/profiles/index.ts";
import { samplesOf } from "./pattern.ts";

const objectId = 6;
const octets = 4;

/** An object that says the same for ever. */
interface FixedObject {
  readonly oid: string;
  readonly look: () => SnmpValue;
}

/** All that a card says beside its points: what its profile knows it by, the `rows` of its tables, and its firmware. */
export function objectsBeside(
  profile: Profile,
  { points }: DeviceModel,
  { rows, firmware }: { readonly rows: ReadonlyMap<string, SnmpValue>; readonly firmware?: string | undefined },
): readonly FixedObject[] {
  const served = points.flatMap(({ at }) => (at.protocol === "snmp" ? [at.oid] : []));
  const objects = [...objectsToKnow(profile, served), ...rows, ...firmwareObject(profile, firmware)];
  return objects.map(([oid, value]) => ({ oid, look: () => value }));
}

/** Objects by which `haechi probe` finds a profile, those of its first rule, as far as none of the `served` is enough. */
function objectsToKnow({ id, identify: { snmp } }: Profile, served: readonly string[]): ReadonlyMap<string, SnmpValue> {
  const objects = new Map<string, SnmpValue>();
  const [{ oid, prefix, matches, under } = {}] = snmp ?? [];
  // A point that stands there says what a device of its profile says.
  if (oid !== undefined && !served.includes(oid)) objects.set(oid, valueOf(id, { prefix, matches }));
  // The first object in a subtree is enough, whatever it says.
  if (under !== undefined && !served.some((one) => one.startsWith(`${under}.`)))
    objects.set(`${under}.0`, { type: octets, value: "" });
  return objects;
}

type Rule = Pick<NonNullable<Profile["identify"]["snmp"]>[number], "prefix" | "matches">;

function valueOf(id: string, { prefix, matches }: Rule): SnmpValue {
  const fits = (text: string): boolean => matches === undefined || new RegExp(matches).test(text);
  if (prefix !== undefined)
    return { type: objectId, value: [prefix, `${prefix}.1`, `${prefix}.2`].find(fits) ?? prefix };
  return { type: octets, value: matches === undefined ? id : (samplesOf(matches).find(fits) ?? id) };
}

type Word = { readonly table: ModbusAddress["table"]; readonly addr: number; readonly word: number };

/** The registers that a profile is known by, and those that say a firmware; a SunSpec model stands in the chain anyway. */
export function wordsToKnow(profile: Profile, firmware?: string): readonly Word[] {
  const { modbus } = profile.identify;
  const own = modbus && "equals" in modbus ? [{ table: modbus.table, addr: modbus.addr, word: modbus.equals }] : [];
  const at = profile.firmware && firmware !== undefined ? firmwareAt(profile.firmware, "modbus") : null;
  if (at?.protocol !== "modbus" || firmware === undefined) return own;
  const words = firmwareWords(at, firmware).map((word, i) => ({ table: at.table, addr: at.addr + i, word }));
  return [...own, ...words];
}

/** The object that says a firmware. */
function firmwareObject(profile: Profile, firmware?: string): readonly (readonly [string, SnmpValue])[] {
  const at = profile.firmware && firmware !== undefined ? firmwareAt(profile.firmware, "snmp") : null;
  return at?.protocol === "snmp" ? [[at.oid, { type: octets, value: firmware ?? "" }]] : [];
}

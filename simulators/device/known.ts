/** What a simulated device is to be known by: the object, the subtree or the register that its profile names. */
import type { ModbusAddress, Profile, SnmpValue } from "../../src/profiles/index.ts";
import { samplesOf } from "./pattern.ts";

const objectId = 6;
const octets = 4;

/** Objects by which `haechi probe` finds a profile, those of its first rule, as far as none of the `served` is enough. */
export function objectsToKnow(
  { id, identify: { snmp } }: Profile,
  served: readonly string[],
): ReadonlyMap<string, SnmpValue> {
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

/** The register that a profile is known by; a SunSpec model stands in the chain anyway. */
export function wordsToKnow({
  identify: { modbus },
}: Profile): readonly { readonly table: ModbusAddress["table"]; readonly addr: number; readonly word: number }[] {
  return modbus && "equals" in modbus ? [{ table: modbus.table, addr: modbus.addr, word: modbus.equals }] : [];
}

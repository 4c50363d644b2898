/**
 * Which profile fits a device that nobody has named: each profile says by which object or register
 * it is to be known, a device is asked for all of them, and the one that says most exactly what it
 * is goes before the others.
 */
import type { DeviceModel, ModbusAddress, Protocol } from "./model.ts";
import { type Found, objectAt, type Place, placeOf, placesModel, wordsAt } from "./place.ts";
import type { Profile } from "./profile.ts";

/** A profile that a device fits, and by what. */
export interface Identity {
  readonly profile: string;
  /** "1.3.6.1.2.1.1.2.0 is 1.3.6.1.4.1.318.1.3.4.6.9", for people. */
  readonly because: string;
  /** Of several the highest goes first: a model's identifier before its maker's, that before a maker's object, and a standard's last. */
  readonly exactness: number;
}

type Rules = Pick<Profile, "id" | "identify">;
type SnmpRule = NonNullable<Profile["identify"]["snmp"]>;
type ModbusRule = NonNullable<Profile["identify"]["modbus"]>;

/** Behind this, objects are of one maker. */
const ENTERPRISES = "1.3.6.1.4.1.";

/** A model to read all places by that a profile is known by over a protocol. */
export function identityModel(profiles: Iterable<Rules>, protocol: Protocol): DeviceModel {
  const places = [...profiles].flatMap(({ identify: { snmp, modbus } }): readonly Place[] => {
    if (protocol === "snmp") return snmp ? [objectAt(snmp.oid)] : [];
    return modbus ? [modbusPlace(modbus)] : [];
  });
  return placesModel(protocol, places);
}

/** The profiles that fit what was found, the most exact first; `found` is asked by the names of the model's points. */
export function identify(
  profiles: Iterable<Rules>,
  protocol: Protocol,
  found: (place: string) => Found,
): readonly Identity[] {
  return [...profiles]
    .flatMap(({ id, identify: { snmp, modbus } }) => {
      if (protocol === "snmp") return (snmp && bySnmp(id, snmp, found(placeOf(objectAt(snmp.oid))))) ?? [];
      return (modbus && byModbus(id, modbus, found(placeOf(modbusPlace(modbus))))) ?? [];
    })
    .toSorted((a, b) => b.exactness - a.exactness || a.profile.localeCompare(b.profile));
}

function bySnmp(profile: string, { oid, prefix }: SnmpRule, found: Found): Identity | null {
  if (found === null) return null;
  if (prefix === undefined)
    return { profile, because: `${oid} answers`, exactness: oid.startsWith(ENTERPRISES) ? 1 : 0 };
  if (found !== prefix && !String(found).startsWith(`${prefix}.`)) return null;
  return { profile, because: `${oid} is ${String(found)}`, exactness: prefix.split(".").length };
}

function byModbus(profile: string, rule: ModbusRule, found: Found): Identity | null {
  const word = Array.isArray(found) ? Number(found[0]) : null;
  if (word === null) return null;
  if ("model" in rule) return { profile, because: `it has SunSpec model ${rule.model}`, exactness: 1 };
  if (word !== rule.equals) return null;
  return { profile, because: `${rule.table} ${rule.addr} is ${word}`, exactness: 1 };
}

/** A SunSpec model is there where its first register, which holds its number, can be read. */
const modbusPlace = (rule: ModbusRule): ModbusAddress =>
  "model" in rule ? wordsAt("holding", 0, { model: rule.model }) : wordsAt(rule.table, rule.addr);

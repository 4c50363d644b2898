/**
 * Which profile fits a device that nobody has named: each profile says by which object or register
 * it is to be known, a device is asked for all of them, and the one that says most exactly what it
 * is goes before the others.
 */
import type { DeviceModel, IdentityRules, ModbusAddress, Protocol } from "./model.ts";
import { type Found, objectAt, type Place, placeOf, placesModel, subtreeName, wordsAt } from "./place.ts";

/** A profile that a device fits, and by what. */
export interface Identity {
  readonly profile: string;
  /** "1.3.6.1.2.1.1.2.0 is 1.3.6.1.4.1.318.1.3.4.6.9", for people. */
  readonly because: string;
  /** Of several the highest goes first: a model's identifier before its maker's, that before a maker's object, and a standard's last. */
  readonly exactness: number;
}

type SnmpRule = NonNullable<IdentityRules["identify"]["snmp"]>[number];
type ModbusRule = NonNullable<IdentityRules["identify"]["modbus"]>;

/** Behind this, objects are of one maker. */
const ENTERPRISES = "1.3.6.1.4.1.";

/** A model to read all places by that a profile is known by over a protocol. */
export function identityModel(profiles: Iterable<IdentityRules>, protocol: Protocol): DeviceModel {
  const rules = [...profiles].map(({ identify: rule }) => rule);
  if (protocol === "modbus") {
    return placesModel(
      protocol,
      rules.flatMap(({ modbus }): readonly Place[] => (modbus ? [modbusPlace(modbus)] : [])),
    );
  }
  const snmp = rules.flatMap((rule) => rule.snmp ?? []);
  const objects = snmp.flatMap(({ oid }) => (oid === undefined ? [] : [objectAt(oid)]));
  return placesModel(
    protocol,
    objects,
    snmp.flatMap(({ under }) => under ?? []),
  );
}

/** The profiles that fit what was found, the most exact first; `found` is asked by the names of the model's points. */
export function identify(
  profiles: Iterable<IdentityRules>,
  protocol: Protocol,
  found: (place: string) => Found,
): readonly Identity[] {
  return [...profiles]
    .flatMap(({ id, identify: { snmp, modbus } }) => {
      if (protocol === "snmp") return bestOf((snmp ?? []).flatMap((rule) => bySnmp(id, rule, found) ?? []));
      return (modbus && byModbus(id, modbus, found(placeOf(modbusPlace(modbus))))) ?? [];
    })
    .toSorted((a, b) => b.exactness - a.exactness || a.profile.localeCompare(b.profile));
}

/** Of several rules of a profile that hold, the most exact one. */
const bestOf = (fits: readonly Identity[]): readonly Identity[] =>
  fits.toSorted((a, b) => b.exactness - a.exactness).slice(0, 1);

/** Every part of a rule has to hold; together they are as exact as they are one by one. */
function bySnmp(profile: string, rule: SnmpRule, found: (place: string) => Found): Identity | null {
  const held = [byObject(rule, found), bySubtree(rule, found)].filter((part) => part !== undefined);
  if (held.some((part) => part === null)) return null;
  const parts = held.filter((part) => part !== null);
  return {
    profile,
    because: parts.map(({ because }) => because).join(", "),
    exactness: parts.reduce((sum, { exactness }) => sum + exactness, 0),
  };
}

type Held = Pick<Identity, "because" | "exactness"> | null | undefined;

/** Null where the rule does not hold, undefined where it does not ask. */
function byObject({ oid, prefix, matches }: SnmpRule, found: (place: string) => Found): Held {
  if (oid === undefined) return undefined;
  const said = found(placeOf(objectAt(oid)));
  if (said === null) return null;
  const text = String(said).replace(/^\./, "");
  if (matches !== undefined && !new RegExp(matches).test(text)) return null;
  if (prefix !== undefined && text !== prefix && !text.startsWith(`${prefix}.`)) return null;
  if (prefix === undefined && matches === undefined)
    return { because: `${oid} answers`, exactness: oid.startsWith(ENTERPRISES) ? 1 : 0 };
  return { because: `${oid} is ${text}`, exactness: prefix?.split(".").length ?? MATCH_EXACTNESS };
}

function bySubtree({ under }: SnmpRule, found: (place: string) => Found): Held {
  if (under === undefined) return undefined;
  if (found(subtreeName(under)) === null) return null;
  const exactness = under.startsWith(ENTERPRISES) ? under.split(".").length : 0;
  return { because: `it has objects under ${under}`, exactness };
}

/** A text that fits says as much as a maker's identifier does. */
const MATCH_EXACTNESS = 7;

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

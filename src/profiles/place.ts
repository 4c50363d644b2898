/** Looking at a place by itself: an object or registers that no profile gives a meaning. */
import { seconds } from "../core/time.ts";
import { linkDefaults } from "./bind.ts";
import type { DeviceModel, ModbusAddress, PointModel, Protocol, SnmpAddress, TableModel } from "./model.ts";

/** An object or registers. */
export type Place = ModbusAddress | SnmpAddress;

/** What stood at a place: words, an SNMP value, or null where there is nothing. */
export type Found = readonly number[] | number | bigint | string | null;

/** A place in words; of two places never the same. */
export function placeOf(at: Place): string {
  if (at.protocol === "snmp") return at.oid;
  return `${at.table} ${at.model === null ? "" : `model ${at.model} + `}${at.addr}, ${at.count}`;
}

/** An object. */
export const objectAt = (oid: string): SnmpAddress => ({ protocol: "snmp", oid, type: "string" });

/** Registers, or bits, from an address on; of a SunSpec model, counted from its first register. */
export const wordsAt = (
  table: ModbusAddress["table"],
  addr: number,
  { count = 1, model = null }: { readonly count?: number; readonly model?: number | null } = {},
): ModbusAddress => {
  const whole = { words: "msw", bit: 0, mask: 0, scaleAt: null } as const;
  return { protocol: "modbus", table, addr, count, type: "string", model, ...whole };
};

/** What the first object under an identifier is called. */
export const subtreeName = (oid: string): string => `under ${oid}`;

/**
 * A device of which nothing is known but these places, and subtrees of which the first object counts. Its points are
 * called by them, and only what is raw counts.
 */
export function placesModel(
  protocol: Protocol,
  places: readonly Place[],
  subtrees: readonly string[] = [],
): DeviceModel {
  const points = new Map(places.map((at) => [placeOf(at), { ...unread, name: placeOf(at), at }]));
  return {
    profile: "none",
    class: "unknown",
    protocol,
    link: linkDefaults,
    points: [...points.values()],
    tables: [...new Set(subtrees)].map(subtreeTable),
    commands: [],
  };
}

const subtreeTable = (oid: string): TableModel => ({
  letter: "n",
  column: oid,
  most: 1,
  index: "whole",
  tests: [],
  scales: [],
  rank: 0,
  points: [{ ...unread, name: subtreeName(oid), at: objectAt(`${oid}.{n}`) }],
});

/** As much of a point as has to be, for one that is only looked at. */
const unread: Omit<PointModel, "name" | "at"> = {
  unit: null,
  states: null,
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  scan: "slow",
  period: seconds(60),
  scale: 1,
  offset: 0,
  invalid: [],
  map: null,
};

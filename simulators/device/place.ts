/** Where in its range a value of a healthy device stands, and how much room it has about there. */
import type { PointModel } from "../../src/profiles/index.ts";
import { rawLimits } from "../../src/profiles/words.ts";

/** Whole numbers that an SNMP type carries. */
const snmpLimits: Readonly<Record<string, readonly [number, number]>> = {
  integer: [-(2 ** 31), 2 ** 31 - 1],
  gauge: [0, 2 ** 32 - 1],
  counter: [0, 2 ** 32 - 1],
  timeticks: [0, 2 ** 32 - 1],
  counter64: [0, Number.MAX_SAFE_INTEGER],
};

/** By name where a unit says too little. */
const byName: readonly (readonly [RegExp, number])[] = [
  [/alarms|events|outages|misses|overruns/, 0],
  [/battery\.charge|health|\.charge$/, 96],
  [/efficiency/, 94],
  [/distortion/, 3],
  [/power\.factor/, 0.95],
  [/^cell\.voltage/, 3.4],
  [/engine\.battery_voltage/, 26],
  [/battery|string|module/, 48],
  [/engine\.coolant_temperature|engine\.oil_temperature/, 82],
  [/supply|\.in$/, 18],
  [/engine\.speed/, 1500],
];

/** What is usual, by unit. */
const usual: Readonly<Record<string, number>> = {
  V: 230,
  A: 12,
  Hz: 50,
  kW: 4,
  "kV.A": 4.5,
  kvar: 1,
  "kW.h": 1200,
  Cel: 24,
  "%": 42,
  "%/m": 0.02,
  s: 1800,
  ms: 5,
  kPa: 350,
  "r/min": 2400,
  "l/s": 2,
};

/** A share of the range's room, where nothing else is known. */
const lowShare = 0.1;
/** Room about a value: this part of what it is, and at least one step of what the device can say. */
const roomShare = 0.5;
/** A mains that strays further is no healthy one. */
const narrow: Readonly<Record<string, number>> = { Hz: 0.02 };

/** Held within what the range allows and what the wire carries. */
export function placeIn(point: PointModel): { readonly middle: number; readonly room: number } {
  const [low, high] = believable(point);
  const wanted = wantedOf(point) ?? low + (high - low) * lowShare;
  const room = Math.min(
    Math.max(Math.abs(wanted) * (narrow[point.unit ?? ""] ?? roomShare), Math.abs(point.scale)),
    (high - low) / 4,
  );
  const middle = Math.min(Math.max(wanted, low + room), high - room);
  return { middle, room: wanted === 0 && low <= 0 ? 0 : room };
}

function wantedOf({ name, unit }: PointModel): number | undefined {
  const named = byName.find(([pattern]) => pattern.test(name))?.[1];
  const isOfUnit = named === undefined || unit === "%" || unit === "1" || !/^(Cel|kW|A|s)$/.test(unit ?? "");
  return isOfUnit ? (named ?? usual[unit ?? ""]) : usual[unit ?? ""];
}

/** The part of the range that the point's type can carry, without its sentinels at the ends. */
function believable(point: PointModel): readonly [number, number] {
  const { at, scale, offset, range } = point;
  const limits = at.protocol === "snmp" ? snmpLimits[at.type] : carried(point);
  const ends = (limits ?? [-1e6, 1e6]).map((raw) => raw * scale + offset).toSorted((a, b) => a - b);
  return [Math.max(range[0], ends[0]!), Math.min(range[1], ends[1]!)];
}

function carried({ at }: PointModel): readonly [number, number] | undefined {
  if (at.protocol !== "modbus") return undefined;
  if (at.type === "bits") return [0, at.mask / (at.mask & -at.mask)];
  // A scale factor chosen by the device stretches what a word carries.
  return at.scaleAt === null ? (rawLimits(at.type) ?? undefined) : undefined;
}

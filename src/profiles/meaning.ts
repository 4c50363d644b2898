/** What the raw values of a point mean, out of what a profile writes for it and for one of its protocols. */
import type { Quantity } from "../core/quantity.ts";
import { flagsOf } from "./address.ts";
import type { PointModel, Protocol, WordType } from "./model.ts";
import type { ModbusSource, PointSource } from "./schema.ts";
import { rawLimits } from "./words.ts";

type Meaning = Pick<PointModel, "scale" | "offset" | "invalid" | "map" | "texts" | "otherwise">;

/** Scale, sentinels and states. What the protocol's part says goes before what the point says for both. */
export function meaningOf(point: PointSource, protocol: Protocol, quantity: Quantity): Meaning {
  const source = point[protocol];
  const type = protocol === "modbus" ? point.modbus?.type : undefined;
  const otherwise = otherwiseOf(point, quantity);
  return {
    scale: source?.scale ?? 1,
    offset: source?.plus ?? 0,
    invalid: (source?.invalid ?? point.invalid ?? []).flatMap(expand).map((raw) => asSigned(raw, type)),
    map: mapOf(point, protocol, quantity),
    ...textsOf(point, protocol, quantity),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

function otherwiseOf({ otherwise }: PointSource, { states }: Quantity): number | undefined {
  if (otherwise === undefined || otherwise === "bad" || !states) return undefined;
  return states.indexOf(otherwise === "uncertain" ? "other" : otherwise);
}

function expand(raw: number | readonly [number, number]): readonly number[] {
  if (typeof raw === "number") return [raw];
  const [from, to] = raw;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** A sentinel as the type reads it: the 0x8000 of an i16 is -32768. */
function asSigned(raw: number, type: WordType | undefined): number {
  const limits = type && rawLimits(type);
  return limits && raw > limits[1] ? raw - (limits[1] - limits[0] + 1) : raw;
}

function textsOf(point: PointSource, protocol: Protocol, { states }: Quantity): Pick<Meaning, "texts"> {
  const written = protocol === "modbus" ? undefined : point[protocol]?.texts;
  if (!written || !states) return {};
  return {
    texts: new Map(Object.entries(written).map(([text, state]) => [text.toLowerCase(), states.indexOf(state)])),
  };
}

function mapOf(point: PointSource, protocol: Protocol, { states }: Quantity): ReadonlyMap<number, number> | null {
  if (!states) return null;
  if (protocol === "modbus" && point.modbus?.highest) return flagStates(point.modbus, states);
  const written = point[protocol]?.map ?? point.map ?? {};
  return new Map(Object.entries(written).map(([raw, state]) => [Number(raw), states.indexOf(state)]));
}

/** A flag's raw value is one more than its number; 0, where none is set, is the state for none, or the first. */
function flagStates(source: ModbusSource, states: readonly string[]): ReadonlyMap<number, number> {
  const none = states.indexOf(source.highest?.["none"] ?? states[0] ?? "");
  return new Map([[0, none], ...flagsOf(source).map(([flag, name]) => [flag + 1, states.indexOf(name)] as const)]);
}

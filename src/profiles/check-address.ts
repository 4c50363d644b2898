/** Whether an address is whole: what its type needs and what it must not have, and how it repeats. */
import { flagsOf } from "./address.ts";
import { checkMqtt } from "./check-mqtt.ts";
import type { Path } from "./document.ts";
import type { CommandSource, ModbusSource, PointSource, RepeatSource, SnmpSource } from "./schema.ts";
import { rawLimits } from "./words.ts";

type Complain = (path: Path, message: string) => void;

/** Sentinels in one run; the longest known, of generator controllers, has eight. */
const MAX_SENTINELS = 64;

/** A point's addresses over all protocols. `letter` is its instance's, or null. */
export function checkAddress(
  path: { readonly point: Path; readonly snmp: Path },
  point: PointSource,
  letter: string | null,
  complain: Complain,
): void {
  const { snmp, modbus, mqtt } = point;
  if (snmp) checkObject(path.snmp, snmp, letter, complain);
  if (mqtt) checkMqtt([...path.point, "mqtt"], mqtt, letter, complain);
  if (!modbus) return;
  const at = [...path.point, "modbus"];
  if ((modbus.stride === undefined) !== (letter === null))
    complain(at, letter === null ? "a point without instances has no stride" : "a repeated point needs its stride");
  checkPlace(at, modbus, complain);
  checkType(at, modbus, complain);
  checkInvalid(at, modbus, modbus.invalid ?? point.invalid ?? [], complain);
}

/** What a command writes: for every protocol of its point, nothing for another, repeating as the point does. */
export function checkWrite(path: Path, command: CommandSource, point: PointSource, complain: Complain): void {
  const [letter = null, run] = Object.entries(point.repeat ?? {})[0] ?? [];
  const { snmp, modbus } = command.write;
  if (!snmp && !modbus) complain([...path, "write"], "says nothing to write: give it snmp, modbus or both");
  if (snmp && !point.snmp)
    complain([...path, "write", "snmp"], "its point is not read over SNMP: nothing could confirm it");
  if (modbus && !point.modbus)
    complain([...path, "write", "modbus"], "its point is not read over Modbus: nothing could confirm it");
  if (snmp) checkOid([...path, "write", "snmp", "oid"], snmp.oid, letter, complain);
  if (!modbus) return;
  if ((modbus.stride === undefined) !== (letter === null))
    complain([...path, "write", "modbus"], "must have a stride where its point is repeated, and only there");
  checkRaw([...path, "write", "modbus"], modbus, run, complain);
}

function checkRaw(
  path: Path,
  write: NonNullable<CommandSource["write"]["modbus"]>,
  run: RepeatSource | undefined,
  complain: Complain,
): void {
  const { table, type = "u16", raw } = write;
  checkPlace(path, write, complain);
  if (table === "coil" && write.type !== undefined) complain(path, "a coil has no type");
  const high = table === "coil" ? 1 : (rawLimits(type)?.[1] ?? 0);
  if ([raw].flat().some((one) => one < 0 || one > high)) complain([...path, "raw"], `must be 0 to ${high}`);
  if (typeof raw !== "number" && raw.length !== (run && "from" in run ? run.to - run.from + 1 : 1))
    complain([...path, "raw"], "a list has one raw value for each instance");
}

function checkObject(path: Path, source: SnmpSource, letter: string | null, complain: Complain): void {
  const { oid, bit, char, texts, map, where = [], scaleBy = [] } = source;
  checkOid([...path, "oid"], oid, letter, complain);
  if ([bit, char, texts].filter((part) => part !== undefined).length > 1)
    complain(path, "one of bit, char and texts says what counts of an object");
  if (texts && map) complain(path, "a state is said either by numbers (map) or in words (texts)");
  for (const [part, others] of Object.entries({ where, scaleBy }))
    for (const [i, { oid: other }] of others.entries()) {
      const written = other === undefined ? undefined : /\{([a-z])\}/.exec(other)?.[1];
      if (written !== undefined && written !== letter)
        complain([...path, part, i], `{${written}} stands for nothing here`);
    }
}

function checkOid(path: Path, oid: string, letter: string | null, complain: Complain): void {
  const written = /\{([a-z])\}/.exec(oid)?.[1] ?? null;
  if (written === letter) return;
  complain(path, letter === null ? `{${written}} stands for nothing here` : `must hold its instance: {${letter}}`);
}

function checkPlace(
  path: Path,
  { addr, model, offset }: Pick<ModbusSource, "addr" | "model" | "offset">,
  complain: Complain,
): void {
  const relative = model !== undefined && offset !== undefined;
  if ((addr !== undefined) === relative || (model === undefined) !== (offset === undefined))
    complain(path, "needs either addr or, for SunSpec, model and offset");
}

function checkType(path: Path, source: ModbusSource, complain: Complain): void {
  const { table, type, bit, mask, highest, count } = source;
  if (highest) checkHighest(path, source, complain);
  if (table === "coil" || table === "discrete") {
    const flags = type === "bits" && highest && mask === undefined;
    if ((type !== "bit" && !flags) || bit !== undefined)
      complain(path, `a ${table} is of type bit, or bits with highest, and has no bit number`);
    return;
  }
  if ((type === "bit") !== (bit !== undefined)) complain(path, "type bit, and no other, says which bit");
  if ((type === "bits") !== (mask !== undefined || highest !== undefined))
    complain(path, "type bits, and no other, has a mask or highest");
  if (mask !== undefined && highest !== undefined) complain(path, "highest makes its own mask");
  if (
    type === "bits"
      ? count !== undefined && !highest
      : (type === "string" || type === "nibbles") !== (count !== undefined)
  )
    complain(path, "types string and nibbles, and no others but highest, say how many words they take");
}

function checkHighest(path: Path, source: ModbusSource, complain: Complain): void {
  const { table, count = 1 } = source;
  const room = table === "coil" || table === "discrete" ? count : 16 * count;
  const flags = flagsOf(source).map(([flag]) => flag);
  for (const [written, state] of Object.entries(source.highest ?? {}))
    if (written !== "none" && flagsOf({ highest: { [written]: state } }).length === 0)
      complain([...path, "highest", written], "a run of bits goes upwards");
  if (flags.length === 0) complain([...path, "highest"], "names no bit");
  if (flags.some((flag) => flag >= room)) complain([...path, "highest"], `a bit is 0 to ${room - 1}`);
  if (new Set(flags).size < flags.length) complain([...path, "highest"], "names a bit twice");
}

/** Vendors print signed sentinels as hexadecimal: 0x8000 is as good as -32768. */
function checkInvalid(
  path: Path,
  { type }: ModbusSource,
  invalid: NonNullable<PointSource["invalid"]>,
  complain: Complain,
): void {
  if (invalid.some((raw) => typeof raw !== "number" && !(raw[1] - raw[0] >= 0 && raw[1] - raw[0] < MAX_SENTINELS)))
    complain([...path, "invalid"], `a run of sentinels goes upwards and has at most ${MAX_SENTINELS}`);
  const limits = rawLimits(type);
  if (!limits) return;
  const [low, high] = limits;
  const unsignedHigh = high - Math.min(low, 0);
  if (invalid.flat().some((raw) => raw < low || raw > unsignedHigh))
    complain([...path, "invalid"], `no ${type} holds such a value`);
}

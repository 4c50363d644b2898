/** Addresses of one instance, out of what a profile writes for all of them. */
import type { ModbusAddress, MqttAddress, SnmpAddress } from "./model.ts";
import { withInstance } from "./names.ts";
import type { CommandSource, ModbusSource, MqttSource, PointSource, SnmpSource } from "./schema.ts";
import { wordCount } from "./words.ts";

type ModbusWrite = NonNullable<CommandSource["write"]["modbus"]>;
type SnmpWrite = NonNullable<CommandSource["write"]["snmp"]>;

/** Where one instance of a point stands in the registers; null where its profile gives it no Modbus address. */
export function modbusAt({ modbus }: Pick<PointSource, "modbus">, { index }: { index: number }): ModbusAddress | null {
  if (!modbus) return null;
  const { table, words = "msw", bit = 0, mask = 0, scaleAt = null, model = null } = modbus;
  const flags = flagsOf(modbus).map(([flag]) => flag);
  const type = flags.length > 0 ? "flags" : modbus.type;
  return {
    protocol: "modbus",
    table,
    addr: (modbus.addr ?? modbus.offset ?? 0) + index * (modbus.stride ?? 0),
    count: modbus.count ?? wordCount[type] ?? 1,
    type,
    words,
    bit,
    mask,
    ...(flags.length > 0 ? { flags } : {}),
    scaleAt,
    model,
  };
}

/** Where one instance of a command writes to. */
export function modbusWriteAt(write: ModbusWrite, index: number): ModbusAddress {
  const { table, stride = 0, model = null } = write;
  const type = table === "coil" ? "bit" : (write.type ?? "u16");
  const addr = (write.addr ?? write.offset ?? 0) + index * stride;
  const whole = { words: "msw", bit: 0, mask: 0, scaleAt: null } as const;
  return { protocol: "modbus", table, addr, count: wordCount[type] ?? 1, type, model, ...whole };
}

/** What one instance of a command writes there. */
export const rawOfWrite = ({ raw }: ModbusWrite, index: number): number =>
  typeof raw === "number" ? raw : (raw[index] ?? 0);

/** The object of one instance of a point or command; null where its profile gives it none. */
export function snmpAt(
  snmp: Pick<SnmpSource, "oid" | "type" | "bit" | "char"> | SnmpWrite | undefined,
  { letter, number }: { letter: string; number: number | string },
): SnmpAddress | null {
  if (!snmp) return null;
  const oid = letter === "" ? snmp.oid : withInstance(snmp.oid, letter, number);
  const { bit, char } = { bit: undefined, char: undefined, ...snmp };
  return {
    protocol: "snmp",
    oid,
    type: snmp.type ?? ("texts" in snmp && snmp.texts ? "string" : "integer"),
    ...(bit === undefined ? {} : { bit }),
    ...(char === undefined ? {} : { char }),
  };
}

/** What is published of one instance of a point; null where its profile says nothing of it. */
export function mqttAt(
  mqtt: MqttSource | undefined,
  { letter, number }: { letter: string; number: number | string },
): MqttAddress | null {
  if (!mqtt) return null;
  const fill = (text: string): string => (letter === "" ? text : withInstance(text, letter, number));
  const { metric, topic = "", path = "", at } = mqtt;
  if (metric !== undefined) return { protocol: "mqtt", form: "sparkplug", metric: fill(metric) };
  const stamped = at === undefined ? null : fill(at);
  return { protocol: "mqtt", form: "json", topic: fill(topic), path: fill(path), at: stamped };
}

/** The bits that a `highest` form names, runs of them written out, each with its state; lowest first. */
export const flagsOf = ({ highest = {} }: Pick<ModbusSource, "highest">): readonly (readonly [number, string])[] =>
  Object.entries(highest)
    .filter(([written]) => written !== "none")
    .flatMap(([written, state]) => {
      const [from = 0, to = from] = written.split("-").map(Number);
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => [from + i, state] as const);
    })
    .toSorted(([a], [b]) => a - b);

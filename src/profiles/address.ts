/** Addresses of one instance, out of what a profile writes for all of them. */
import type { ModbusAddress, SnmpAddress } from "./model.ts";
import { withInstance } from "./names.ts";
import type { CommandSource, ModbusSource, PointSource, SnmpSource } from "./schema.ts";
import { wordCount } from "./words.ts";

type ModbusWrite = NonNullable<CommandSource["write"]["modbus"]>;
type SnmpWrite = NonNullable<CommandSource["write"]["snmp"]>;

/** Where one instance of a point stands in the registers; null where its profile gives it no Modbus address. */
export function modbusAt({ modbus }: Pick<PointSource, "modbus">, { index }: { index: number }): ModbusAddress | null {
  if (!modbus) return null;
  const { table, type, words = "msw", bit = 0, scaleAt = null, model = null } = modbus;
  return {
    protocol: "modbus",
    table,
    addr: (modbus.addr ?? modbus.offset ?? 0) + index * (modbus.stride ?? 0),
    count: modbus.count ?? wordCount[type] ?? 1,
    type,
    words,
    bit,
    mask: modbus.mask ?? bitsOf(modbus).reduce((mask, position) => mask | (1 << position), 0),
    scaleAt,
    model,
  };
}

/** Where one instance of a command writes to. */
export function modbusWriteAt(write: ModbusWrite, index: number): ModbusAddress {
  const { table, addr, stride = 0 } = write;
  const place = { table, addr: addr + index * stride, count: 1, words: "msw", bit: 0, mask: 0 } as const;
  return { protocol: "modbus", type: table === "coil" ? "bit" : "u16", scaleAt: null, model: null, ...place };
}

/** The object of one instance of a point or command; null where its profile gives it none. */
export function snmpAt(
  snmp: Pick<SnmpSource | SnmpWrite, "oid" | "type"> | undefined,
  { letter, number }: { letter: string; number: number },
): SnmpAddress | null {
  if (!snmp) return null;
  const oid = letter === "" ? snmp.oid : withInstance(snmp.oid, letter, number);
  return { protocol: "snmp", oid, type: snmp.type ?? "integer" };
}

/** The bits that a `highest` form names, lowest first. */
export const bitsOf = ({ highest = {} }: Pick<ModbusSource, "highest">): readonly number[] =>
  Object.keys(highest)
    .map(Number)
    .toSorted((a, b) => a - b);

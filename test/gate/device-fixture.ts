import snmp from "net-snmp";
import type { Order } from "../../src/gate/actuator.ts";
import type { DeviceLink, SnmpAccess } from "../../src/profiles/link.ts";
import type { CommandModel, PointModel } from "../../src/profiles/model.ts";
import { freePort, HOST, modbusAt, modbusPoint, rules, snmpPoint } from "../collect/fixture.ts";
import { command } from "./fixture.ts";

export const stop = new AbortController().signal;

export const order = (value: number, point = "outlet[1].state"): Order => ({
  id: command().id,
  point,
  value,
  expires: command().expires,
});

const stateOf = (point: PointModel): PointModel => ({
  ...point,
  unit: null,
  states: ["off", "on"],
  range: [0, 1],
  map: new Map([
    [0, 0],
    [1, 1],
  ]),
});

const commandFor = (point: string, value: number, write: CommandModel["write"]): CommandModel => ({
  name: `${point}=${value}`,
  point,
  value,
  hazard: "load",
  write,
  within: 1000 as CommandModel["within"],
  inverse: null,
});

/** A relay box: a coil that is commanded and read back, and registers to be set. */
export function relayLink(port: number, over: Parameters<typeof rules>[0] = {}): DeviceLink {
  const coil = modbusAt(0, { table: "coil", type: "bit" });
  const limit = modbusAt(4, { count: 2, type: "u32" });
  const flag = modbusAt(6, { type: "bit", bit: 3 });
  const points = [
    stateOf({ ...modbusPoint("outlet[1].state", 0), at: coil }),
    modbusPoint("power.active", 10),
    modbusPoint("limit", 4, { at: limit, scale: 0.1 }),
    stateOf({ ...modbusPoint("flag", 6), at: flag }),
  ];
  const commands = [
    ...[0, 1].map((value) => commandFor("outlet[1].state", value, { at: coil, raw: value })),
    commandFor("setpoint", 21, { at: modbusAt(3), raw: 210 }),
    commandFor("limit", 10_000, { at: limit, raw: 100_000 }),
    commandFor("flag", 1, { at: flag, raw: 1 }),
    commandFor("refused", 1, { at: modbusAt(900), raw: 1 }),
  ];
  const model = {
    profile: "test/relay",
    class: "remote-io",
    protocol: "modbus" as const,
    link: rules(over),
    points,
    commands,
  };
  return { id: "relay", model, address: { host: HOST, port, unit: 7 } };
}

const outletOid = "1.3.6.1.4.1.55555.2";

/** A rack PDU over SNMP, whose outlet reads 2 for on and takes 2 for off, as real ones do. */
export function pduLink(port: number, access: SnmpAccess, over: Parameters<typeof rules>[0] = {}): DeviceLink {
  const at = { protocol: "snmp" as const, oid: `${outletOid}.0`, type: "integer" as const };
  const map = new Map([
    [1, 0],
    [2, 1],
  ]);
  const points = [{ ...stateOf(snmpPoint("outlet[1].state", at.oid)), map }];
  const readOnly = { ...at, oid: "1.3.6.1.4.1.55555.3.0" };
  const commands = [
    commandFor("outlet[1].state", 0, { at, raw: 1 }),
    commandFor("outlet[1].state", 1, { at, raw: 2 }),
    commandFor("locked", 0, { at: readOnly, raw: 1 }),
  ];
  const model = { profile: "test/pdu", class: "pdu", protocol: "snmp" as const, link: rules(over), points, commands };
  return { id: "pdu", model, address: { host: HOST, port, snmp: access } };
}

/** A real agent with that outlet, on. */
export async function pduAgent(
  user: snmp.User,
): Promise<{ port: number; outlet: () => unknown; close(): Promise<void> }> {
  const port = await freePort();
  const agent = snmp.createAgent({ port, address: HOST }, () => undefined);
  agent.getAuthorizer().addCommunity("private");
  agent.getAuthorizer().addUser(user);
  for (const [name, oid, access] of [
    ["outlet", outletOid, "read-write"],
    ["locked", "1.3.6.1.4.1.55555.3", "read-only"],
  ] as const) {
    agent.registerProvider({
      name,
      type: snmp.MibProviderType.Scalar,
      oid,
      scalarType: snmp.ObjectType.Integer,
      maxAccess: snmp.MaxAccess[access],
    });
    agent.getMib().setScalarValue(name, 2);
  }
  await answering(port);
  return {
    port,
    outlet: () => agent.getMib().getScalarValue("outlet"),
    close: () => new Promise((resolve) => agent.close(() => resolve())),
  };
}

/** An agent opens its socket in its own time. */
function answering(port: number): Promise<void> {
  const session = snmp.createSession(HOST, "private", { port, version: snmp.Version2c, timeout: 100, retries: 20 });
  return new Promise((resolve, reject) => {
    session.get([`${outletOid}.0`], (error) => {
      session.close();
      if (error) reject(error);
      else resolve();
    });
  });
}

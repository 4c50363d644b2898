import type { DeviceLink } from "../profiles/link.ts";
import type { Actuator } from "./actuator.ts";
import { serviceMover } from "./http.ts";
import { modbusActuator } from "./modbus.ts";
import type { ServiceLink } from "./policy.ts";
import { snmpActuator } from "./snmp.ts";

export type { Actuator } from "./actuator.ts";
export type { GateClient } from "./client.ts";
export { connectGate } from "./client.ts";
export type { Gate } from "./gate.ts";
export { openGate } from "./gate.ts";
export { memoryLedger } from "./ledger.ts";
export type { ServiceLink } from "./policy.ts";
export { policyOf } from "./policy.ts";
export { AlreadyRunning, gateSocket, serveGate } from "./process.ts";

/** The actuators of a site, by device and service. A protocol is one file and one line here. */
export function makeActuators(
  devices: readonly DeviceLink[],
  services: readonly ServiceLink[],
): ReadonlyMap<string, Actuator> {
  const byProtocol = { modbus: modbusActuator, snmp: snmpActuator };
  return new Map([
    ...devices.flatMap((link) => {
      const { protocol } = link.model;
      // Nothing is published to a device: there is no way to one that is only listened to.
      return protocol === "mqtt" ? [] : [[link.id, byProtocol[protocol](link)] as const];
    }),
    ...services.map((link) => [link.id, serviceMover(link)] as const),
  ]);
}

import type { DeviceLink } from "../profiles/link.ts";
import type { Actuator, Declaration } from "./actuator.ts";
import { serviceMover, webhookDeclaration } from "./http.ts";
import { modbusActuator, modbusDeclaration } from "./modbus.ts";
import type { ServiceLink } from "./policy.ts";
import { snmpActuator, snmpDeclaration } from "./snmp.ts";
import type { MovedLink, TargetLink } from "./target.ts";
import { movedBy, targetActuator, targetDeclarations } from "./target.ts";

export type { Actuator } from "./actuator.ts";
export type { GateClient, Saying } from "./client.ts";
export { connectGate } from "./client.ts";
export type { DryGate, DryWrite, Reaches } from "./dry.ts";
export { dryGate } from "./dry.ts";
export type { Gate, GateState, Seen } from "./gate.ts";
export { openGate } from "./gate.ts";
export { memoryLedger } from "./ledger.ts";
export type { ServiceLink } from "./policy.ts";
export { policyOf, servicePoint } from "./policy.ts";
export { AlreadyRunning, gateSocket, serveGate } from "./process.ts";
export type { MovedLink } from "./target.ts";
export { verifyLedger } from "./verify.ts";

/** What every kind of actuator says of itself. */
export const declarations: Readonly<Record<string, Declaration>> = {
  modbus: modbusDeclaration,
  snmp: snmpDeclaration,
  webhook: webhookDeclaration,
  ...targetDeclarations,
};

/** An actuator that looks and has no way to write. */
const handless = (actuator: Actuator): Actuator => ({
  read: (point, stop) => actuator.read(point, stop),
  write: () => Promise.resolve({ result: "refused", detail: "it is only read" }),
  close: () => actuator.close(),
});

/** The actuators of a site, by device, service and target; `readOnly` are devices that are only looked at. A protocol is one file and one line here. */
export function makeActuators(
  devices: readonly DeviceLink[],
  services: readonly (ServiceLink | MovedLink)[],
  others: readonly TargetLink[] = [],
  readOnly: readonly DeviceLink[] = [],
): ReadonlyMap<string, Actuator> {
  const byProtocol = { modbus: modbusActuator, snmp: snmpActuator };
  const entryOf = (link: DeviceLink): readonly (readonly [string, Actuator])[] => {
    const { protocol } = link.model;
    // Nothing is published to a device: there is no way to one that is only listened to.
    return protocol === "mqtt" ? [] : [[link.id, byProtocol[protocol](link)]];
  };
  const targets = new Map(others.map((link) => [link.id, { point: link.point, actuator: targetActuator(link) }]));
  return new Map([
    ...readOnly.flatMap((link) => entryOf(link).map(([id, actuator]) => [id, handless(actuator)] as const)),
    ...devices.flatMap(entryOf),
    ...services.flatMap((link) => {
      if ("url" in link) return [[link.id, serviceMover(link)] as const];
      // One actuator for the target and all that it moves: it is asked one thing at a time.
      const target = targets.get(link.by);
      return target ? [[link.id, movedBy(target.actuator, target.point, link)] as const] : [];
    }),
    ...[...targets].map(([id, { actuator }]) => [id, actuator] as const),
  ]);
}

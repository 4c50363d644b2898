/** What the gate may do, out of the file and out of what the power tree says of protected loads. */
import type { PointId } from "../core/reading.ts";
import type { Action, Response } from "../core/respond/response.ts";
import type { PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import { placeOf } from "./addresses.ts";
import { darkened } from "./darkened.ts";
import type { GateRules } from "./gate.ts";
import { checkTwoPeople, interlocksOf } from "./interlocks.ts";
import type { Survey } from "./survey.ts";
import { findPoint, isCommanded } from "./survey.ts";
import { opened } from "./tree.ts";

export function gateRules(survey: Survey, tree: PowerTree, responses: readonly Response[]): GateRules {
  const { gate } = survey.source;
  for (const [i, name] of gate.allow.entries()) checkAllowed(survey, ["gate", "allow", i], name);
  for (const [i, name] of gate.armed.entries()) survey.findings.refer(["gate", "armed", i], "responses", name);
  for (const [i, name] of gate.armable.entries()) checkArmable(survey, ["gate", "armable", i], name);
  for (const [i, name] of gate.twoPeople.entries()) checkTwoPeople(survey, ["gate", "twoPeople", i], name);
  const outletsAt = (path: Path, names: readonly string[]): readonly PointId[] =>
    names.flatMap((name, i) => outletAt(survey, [...path, i], name) ?? []);
  const groups = gate.neverBoth.map((names, i) => outletsAt(["gate", "neverBoth", i], names));
  const single = outletsAt(["gate", "protectedOutlets"], gate.protectedOutlets);
  const spared = tree.loads
    .filter(({ importance }) => importance === "protected")
    .map(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  return {
    allow: gate.allow,
    armed: gate.armed,
    armable: gate.armable,
    twoPeople: gate.twoPeople,
    interlocks: interlocksOf(survey),
    writesPerMinute: gate.writesPerMinute,
    plans: new Map(responses.map(({ id, action }) => [id, plannedBy(action, tree)])),
    neverBoth: [...groups, ...spared.filter((outlets) => outlets.length > 1)],
    protectedOutlets: [...new Set([...single, ...spared.filter((outlets) => outlets.length === 1).flat()])],
  };
}

/** All that a response may write: a failover's steps, or every outlet of the racks that a shed may touch. */
function plannedBy(action: Action, tree: PowerTree): ReadonlySet<PointId> {
  if (action.kind === "failover") return new Set(action.steps.map(({ point }) => point));
  const named = new Set(darkened(tree, action));
  const loads = tree.loads.filter(({ id, importance }) => named.has(id) && importance !== "protected");
  return new Set(loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? [])));
}

function checkArmable({ findings, source }: Survey, path: Path, name: string): void {
  findings.refer(path, "responses", name);
  if (source.gate.armed.includes(name)) findings.say(path, `${name} is in gate.armed: it is armed already`);
}

function checkAllowed({ findings, source, devices }: Survey, path: Path, name: string): void {
  if (findings.isBroken("services", name)) return;
  if (Object.hasOwn(source.services, name)) {
    if (source.services[name]?.move === undefined)
      findings.say(path, `${name} has no "move": nothing of it can be written`);
    return;
  }
  if (Object.hasOwn(source.targets, name) || findings.isBroken("targets", name)) return;
  if (Object.hasOwn(source.devices, name)) {
    const { model, address } = devices.get(name) ?? {};
    if (model?.class === "fire") findings.say(path, `${name} is fire equipment, which is read and never written to`);
    else if (address?.transport?.kind === "serial")
      findings.say(path, `${name} is on a serial line, which one process can hold: it is read and never written to`);
    else if (model?.commands.length === 0)
      findings.say(path, `${name} (${model.profile}) has nothing that can be written`);
  } else if (!findings.isBroken("devices", name)) {
    const known = [source.devices, source.services, source.targets].flatMap((section) => Object.keys(section));
    findings.say(path, `there is no device, service or target "${name}"`, findings.meant(name, known));
  }
}

function outletAt(survey: Survey, path: Path, text: string): PointId | null {
  const found = findPoint(survey, path, text);
  if (!found) return null;
  if (!isCommanded(survey, found.id, opened))
    survey.findings.say(path, `${text} cannot be opened at all: no command does it`);
  return found.id;
}

/** What listens where: this service must not open a port at which it also expects a device or a mover. */
export function checkPorts({ source, devices, services, findings }: Survey): void {
  const taken = new Map<string, string>();
  for (const { id, address } of devices.values()) if (!address.snmp) taken.set(placeOf(address), `device ${id}`);
  for (const { id, address } of devices.values()) {
    if (address.share === undefined) continue;
    const place = placeOf({ host: "localhost", port: address.share });
    const other = taken.get(place);
    if (other?.startsWith("device"))
      findings.say(["devices", id, "modbus", "share", "port"], `${place} is taken by ${other}`);
    else taken.set(place, `what shares ${placeOf(address)}`);
  }
  for (const { id, url } of services) {
    if (url === null) continue;
    const { hostname, port, protocol } = new URL(url);
    const place = placeOf({ host: hostname, port: Number(port) || (protocol === "https:" ? 443 : 80) });
    const other = taken.get(place);
    if (other?.startsWith("device")) findings.say(["services", id, "move", "url"], `${place} is taken by ${other}`);
    else taken.set(place, `service ${id}`);
  }
  const own = placeOf(source.serve);
  const other = taken.get(own);
  if (other !== undefined) findings.say(["serve", "port"], `${own} is taken by ${other}`);
}

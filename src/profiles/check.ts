/** What must agree with what in a profile, beyond its schema: names, units, states, instances, inverses. */

import { closest } from "../core/closest.ts";
import type { Quantity } from "../core/quantity.ts";
import { quantities, quantityOf } from "../core/quantity.ts";
import { checkAddress, checkWrite } from "./check-address.ts";
import { checkForms } from "./check-mqtt.ts";
import { checkVariants } from "./check-variants.ts";
import type { Condition } from "./condition.ts";
import { parseCondition, parsePointCondition } from "./condition.ts";
import type { Document, Path, Problem } from "./document.ts";
import { inOrder } from "./document.ts";
import type { Protocol } from "./model.ts";
import { letterOf } from "./names.ts";
import type { AlarmSource, CommandSource, PointSource, ProfileSource } from "./schema.ts";

/** Says that something is wrong at a path. */
export type Complain = (path: Path, message: string, suggestion?: string) => void;

/** Every disagreement in a profile whose form is right. */
export function checkProfile(source: ProfileSource, document: Document): readonly Problem[] {
  const problems: Problem[] = [];
  const complain: Complain = (path, message, suggestion) => {
    problems.push(document.problemAt(path, message, suggestion));
  };
  checkId(source, document.file, complain);
  for (const [name, point] of Object.entries(source.points)) checkPoint(name, point, complain);
  for (const [name, command] of Object.entries(source.commands ?? {})) checkCommand(name, command, source, complain);
  for (const [id, alarm] of Object.entries(source.alarms ?? {})) checkAlarm(id, alarm, source, complain);
  checkMentions(source, complain);
  checkVariants(source, checkPoint, complain);
  checkForms(source, complain);
  return inOrder(problems);
}

function checkId(source: ProfileSource, file: string, complain: Complain): void {
  const path = file.replaceAll("\\", "/").replace(/\.yaml$/, "");
  if (!`/${path}`.endsWith(`/${source.profile}`))
    complain(["profile"], `a profile's id is its path: this file's is "${path.split("/").slice(-2).join("/")}"`);
  if (source.profile.split("/")[0] !== source.class) complain(["class"], "the first part of the id is the class");
}

function checkPoint(name: string, point: PointSource, complain: Complain): void {
  const path = ["points", name];
  const quantity = quantityOf(name);
  if (!quantity) return complain(path, `"${name}" is no standard quantity`, closest(name, Object.keys(quantities)));
  if ((point.unit ?? null) !== quantity.unit)
    complain(point.unit === undefined ? path : [...path, "unit"], unitMessage(quantity));
  checkRepeat(path, name, point, complain);
  checkOtherwise(path, point, quantity, complain);
  checkDoubts(path, point, quantity, complain);
  if (!point.snmp && !point.modbus && !point.mqtt) complain(path, "has no address: give it snmp, modbus or mqtt");
  for (const [form, at] of formsOf(path, point)) {
    for (const protocol of ["snmp", "modbus", "mqtt"] as const)
      if (form[protocol]) checkMeaning(protocol === "snmp" ? at : [...path, protocol], form, protocol, complain);
    checkAddress({ point: path, snmp: at }, form, letterOf(name), complain);
  }
}

/** The forms of a point, each as if it were the only one, and where each stands in the file. */
function formsOf(path: Path, point: PointSource): readonly (readonly [PointSource, Path])[] {
  const at = [...path, "snmp"];
  if (!point.snmp || point.snmp.or.length === 0) return [[point, at]];
  const { or, ...first } = point.snmp;
  return [first, ...or].map((form, i) => [{ ...point, snmp: { ...form, or: [] } }, [...at, i]]);
}

const unitMessage = ({ unit }: Quantity): string =>
  unit === null ? "a state has no unit" : `its unit is ${unit}: scale the raw value to it and say so`;

function checkRepeat(path: Path, name: string, point: PointSource, complain: Complain): void {
  const letter = letterOf(name);
  const repeated = Object.keys(point.repeat ?? {});
  if (letter === null && repeated.length > 0) complain([...path, "repeat"], `"${name}" has no instance to repeat`);
  if (letter !== null && (repeated.length !== 1 || repeated[0] !== letter))
    complain([...path, "repeat"], `must say over which instances "${letter}" runs: { ${letter}: { from: 1, to: 8 } }`);
  const run = point.repeat?.[letter ?? ""];
  if (letter === null || !run || "from" in run) return;
  if (point.modbus || point.mqtt || !point.snmp)
    complain([...path, "repeat", letter], "only an SNMP table can be walked");
  else
    for (const [form, at] of formsOf(path, point))
      if (form.snmp && !form.snmp.oid.endsWith(`.{${letter}}`))
        complain([...at, "oid"], `of a table that is walked must end in its instance: .{${letter}}`);
}

function checkOtherwise(path: Path, { otherwise }: PointSource, quantity: Quantity, complain: Complain): void {
  if (otherwise === undefined || otherwise === "bad") return;
  if (!quantity.states) return complain([...path, "otherwise"], "only a state has an otherwise");
  if (otherwise === "uncertain" && !quantity.states.includes("other"))
    return complain([...path, "otherwise"], `name the state to assume: ${quantity.states.join(", ")}`);
  if (otherwise !== "uncertain") checkState([...path, "otherwise"], otherwise, quantity, complain);
}

/** What a value is doubted by, in itself; what it names of other points is looked at with all mentions. */
function checkDoubts(path: Path, point: PointSource, quantity: Quantity, complain: Complain): void {
  if (quantity.states && point.nominal) complain([...path, "nominal"], "a state has no nominal range");
  if (quantity.states && point.confirm) complain([...path, "confirm"], "a state does not jump");
  const { agrees } = point;
  if (!agrees) return;
  const at = [...path, "agrees"];
  if (!agrees.snmp && !agrees.modbus) complain(at, "has no address: give it snmp, modbus or both");
  const second = { ...point, snmp: agrees.snmp && { ...agrees.snmp, or: [] }, modbus: agrees.modbus };
  for (const protocol of ["snmp", "modbus"] as const) {
    if (!agrees[protocol]) continue;
    if (!point[protocol]) complain([...at, protocol], "the point itself is not read so: both are read in one poll");
    checkMeaning([...at, protocol], second, protocol, complain);
  }
  checkAddress({ point: at, snmp: [...at, "snmp"] }, second, letterOf(String(path[1])), complain);
}

function checkMeaning(path: Path, point: PointSource, protocol: Protocol, complain: Complain): void {
  const quantity = quantityOf(String(path[1]));
  const source = point[protocol];
  if (!quantity || !source) return;
  const map = source.map ?? point.map;
  const highest = protocol === "modbus" ? point.modbus?.highest : undefined;
  const texts = protocol === "modbus" ? undefined : point[protocol]?.texts;
  if (!quantity.states) {
    if (map || highest || texts) complain(path, "a number has no map");
    return;
  }
  if (!map && !highest && !texts) complain(path, `a state needs a map of raw values to ${quantity.states.join(", ")}`);
  if (source.scale !== undefined || source.plus !== undefined) complain(path, "a state has no scale");
  const mapPath = source.map ? [...path, "map"] : [...path.slice(0, 2), "map"];
  for (const [raw, state] of Object.entries(map ?? {})) checkState([...mapPath, raw], state, quantity, complain);
  for (const [text, state] of Object.entries(texts ?? {}))
    checkState([...path, "texts", text], state, quantity, complain);
  for (const [bit, state] of Object.entries(highest ?? {}))
    checkState([...path, "highest", bit], state, quantity, complain);
}

function checkState(path: Path, state: string, { states }: Quantity, complain: Complain): void {
  if (states?.includes(state)) return;
  complain(path, `"${state}" is none of its states: ${(states ?? []).join(", ")}`, closest(state, states ?? []));
}

function checkCommand(name: string, command: CommandSource, source: ProfileSource, complain: Complain): void {
  const path = ["commands", name];
  if (source.class === "fire") return complain(path, "a fire device is read and never written to: it has no commands");
  const { point: target, equals } = command.expect;
  const point = source.points[target];
  if (!point) return unknownPoint([...path, "expect", "point"], target, source, complain);
  if (letterOf(name) !== letterOf(target)) complain(path, `must run over the instances of "${target}"`);
  const quantity = quantityOf(target);
  if (quantity?.states) checkState([...path, "expect", "equals"], String(equals), quantity, complain);
  else if (typeof equals !== "number") complain([...path, "expect", "equals"], "a number is needed");
  checkWrite(path, command, point, complain);
  const others = Object.keys(source.commands ?? {});
  if (command.inverse !== undefined && !others.includes(command.inverse))
    complain([...path, "inverse"], `there is no command "${command.inverse}"`, closest(command.inverse, others));
}

function checkAlarm(id: string, alarm: AlarmSource, source: ProfileSource, complain: Complain): void {
  const path = ["alarms", id];
  if (!source.points[alarm.point]) return unknownPoint([...path, "point"], alarm.point, source, complain);
  const on = parseCondition(alarm.on);
  if (!on) return complain([...path, "on"], `"${alarm.on}" is no test: write > 40, < 3.1, == battery or in [a, b]`);
  checkTest([...path, "on"], alarm.point, on, complain);
  if (alarm.off !== undefined) checkReturn([...path, "off"], on, alarm.off, complain);
}

function checkTest(path: Path, point: string, test: Condition, complain: Complain): void {
  const quantity = quantityOf(point);
  if (!quantity) return;
  if (test.is !== "in") {
    if (quantity.states) complain(path, "a state is tested with == or in");
    return;
  }
  if (!quantity.states) complain(path, "a number is tested with > or <");
  else for (const state of test.states) checkState(path, state, quantity, complain);
}

function checkReturn(path: Path, on: Condition, text: string, complain: Complain): void {
  const off = parseCondition(text);
  if (on.is === "in") complain(path, "an alarm on a state ends when the state does");
  else if (!off || off.is === "in" || off.is === on.is) complain(path, `must be the other side of "${on.is}"`);
  else if (on.is === ">" ? off.limit > on.limit : off.limit < on.limit)
    complain(path, "must lie within the limit that raises the alarm");
}

/** Points that traps and boosts name. */
function checkMentions(source: ProfileSource, complain: Complain): void {
  for (const [oid, { poll }] of Object.entries(source.traps ?? {}))
    for (const [i, name] of poll.entries())
      if (!source.points[name]) unknownPoint(["traps", oid, "poll", i], name, source, complain);
  for (const [name, { validWhen }] of Object.entries(source.points))
    if (validWhen !== undefined) checkWhen(["points", name, "validWhen"], validWhen, source, complain);
  if (source.boost) checkWhen(["boost", "when"], source.boost.when, source, complain);
}

function checkWhen(path: Path, written: string, source: ProfileSource, complain: Complain): void {
  const when = parsePointCondition(written);
  if (!when) complain(path, "must be a point and a test: ups.mode == battery");
  else if (!source.points[when.point]) unknownPoint(path, when.point, source, complain);
  else checkTest(path, when.point, when.test, complain);
}

function unknownPoint(path: Path, name: string, source: ProfileSource, complain: Complain): void {
  complain(path, `there is no point "${name}"`, closest(name, Object.keys(source.points)));
}

/** Responses out of the file's, each held against what the site has: its alarms, its power tree, its services and its gate. */
import type { AlarmId } from "../core/alarm/definition.ts";
import type { ResponseId } from "../core/command.ts";
import { pointId } from "../core/reading.ts";
import type { Action, FailoverStep, Response } from "../core/respond/response.ts";
import type { PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import { circlesIn } from "./circles.ts";
import { checkEffect, isOfInstruments } from "./effects.ts";
import { servicePoint } from "./points.ts";
import { referAlarm } from "./rationale.ts";
import type { ResponseSource, StepSource } from "./responses.ts";
import { shedOf } from "./shed.ts";
import type { Sourced, Survey } from "./survey.ts";

/** What responses are held against. */
export interface Setting {
  readonly survey: Survey;
  readonly alarms: ReadonlyMap<string, Sourced>;
  readonly tree: PowerTree;
}

export const responsesOf = (setting: Setting): readonly Response[] =>
  Object.entries(setting.survey.source.responses).map(([id, source]) => responseOf(setting, id, source));

function responseOf(setting: Setting, id: string, source: ResponseSource): Response {
  const path = ["responses", id];
  const { source: site, findings } = setting.survey;
  for (const [i, alarm] of source.when.entries()) checkCause(setting, [...path, "when", i], alarm);
  const isArmed = [...site.gate.armed, ...site.gate.armable].includes(id);
  if (source.mode === "act" && !isArmed && !findings.isBrokenSection("gate"))
    findings.say([...path, "mode"], `"act" must be armed: name ${id} in gate.armed, or let it advise`);
  const { title, when, ifBlind, mode, after, accept } = source;
  const action = actionOf(setting, path, source);
  checkEffect(setting, path, source);
  const accepted = accept === undefined ? {} : { accept };
  return { id: id as ResponseId, title, when: when as AlarmId[], ifBlind, mode, after, action, ...accepted };
}

/** Law 1: what tells of an instrument tells nothing of the plant, and nothing is done to the plant for it. */
function checkCause({ survey, alarms }: Setting, path: Path, id: string): void {
  if (!referAlarm(survey, alarms, path, id)) return;
  if (isOfInstruments(alarms.get(id)!.definition))
    survey.findings.say(
      path,
      `${id} can be raised by silence alone: nothing is done to the plant because an instrument fails`,
    );
}

function actionOf(setting: Setting, path: Path, { shed, failover, mode }: ResponseSource): Action {
  if (shed) return shedOf(setting, [...path, "shed"], shed, mode === "act");
  const steps = failover?.steps ?? [];
  checkSteps(setting, [...path, "failover", "steps"], steps, mode === "act");
  return { kind: "failover", steps: steps.map((step) => stepOf(setting.survey, step)) };
}

function checkSteps({ survey }: Setting, path: Path, steps: readonly StepSource[], acts: boolean): void {
  const { findings } = survey;
  const ids = steps.map(({ id }) => id);
  for (const [i, step] of steps.entries()) {
    const { id, needs } = step;
    if (ids.indexOf(id) !== i) findings.say([...path, i, "id"], `there is a step "${id}" already`);
    checkObject(survey, [...path, i], step, acts);
    for (const [n, need] of needs.entries())
      if (!ids.includes(need))
        findings.say([...path, i, "needs", n], `there is no step "${need}"`, findings.meant(need, ids));
  }
  for (const id of circlesIn(steps, ({ needs }) => needs))
    findings.say([...path, ids.indexOf(id), "needs"], `steps wait for each other in a circle: ${id} needs itself`);
}

/** What a step is done to: a service that can go there, or a target that has the state. */
function checkObject(survey: Survey, path: Path, { service, target, to }: StepSource, acts: boolean): void {
  const { findings, source } = survey;
  const [key, section, name] =
    service === undefined
      ? (["target", "targets", target ?? ""] as const)
      : (["service", "services", service] as const);
  if (!findings.refer([...path, key], section, name))
    return target === undefined ? checkSite(survey, path, to) : undefined;
  if (service !== undefined && source.services[service]?.move === undefined)
    return findings.say([...path, key], `${service} cannot be moved: it has no "move"`);
  if (acts && !findings.isBrokenSection("gate") && !source.gate.allow.includes(name))
    findings.say(
      [...path, key],
      `would ${service === undefined ? "command" : "move"} ${name}, which gate.allow does not name`,
    );
  if (target !== undefined) {
    const { states = [] } = survey.targets.find(({ id }) => id === target) ?? {};
    if (!states.includes(to))
      findings.say([...path, "to"], `${target} has no state "${to}"`, findings.meant(to, states));
    return;
  }
  checkSite(survey, path, to);
  const by = survey.services.find(({ id }) => id === service)?.by;
  if (by && source.site.elsewhere.includes(to) && !Object.hasOwn(by.at, to))
    findings.say([...path, "to"], `${name} cannot go to ${to}: its move names no state of ${by.target} for it`);
}

function checkSite({ findings, source }: Survey, path: Path, to: string): void {
  const { elsewhere } = source.site;
  if (!elsewhere.includes(to) && !findings.isBrokenSection("site"))
    findings.say([...path, "to"], `there is no site "${to}" elsewhere`, findings.meant(to, elsewhere));
}

function stepOf({ sites, services, targets }: Survey, source: StepSource): FailoverStep {
  const { id, service, target, to, needs, within, retries, ifFailed } = source;
  const commanded = targets.find((t) => t.id === target);
  const title = source.title ?? (commanded ?? services.find((s) => s.id === service))?.name ?? { en: service ?? id };
  const order = { id, title, needs, within, retries, ifFailed };
  if (commanded)
    return { ...order, point: pointId(commanded.id, commanded.point), value: commanded.states.indexOf(to) };
  return { ...order, point: pointId(service ?? id, servicePoint), value: sites.indexOf(to) };
}

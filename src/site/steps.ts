/** Steps of a failover out of a response's source, each held against the services, targets and points that it names. */
import type { Test } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf, pointId } from "../core/reading.ts";
import type { FailoverStep, Restore } from "../core/respond/response.ts";
import type { Path } from "../profiles/index.ts";
import { circlesIn } from "./circles.ts";
import { servicePoint } from "./points.ts";
import type { RestoreSource, StepSource, TestSource } from "./responses.ts";
import type { Survey } from "./survey.ts";
import { findPoint, isCommanded } from "./survey.ts";
import { said } from "./words.ts";

/** The steps, in their order. Those of a response that acts need the gate's leave for all that they touch. */
export function stepsOf(
  survey: Survey,
  path: Path,
  steps: readonly StepSource[],
  acts: boolean,
): readonly FailoverStep[] {
  const ids = steps.map(({ id }) => id);
  return steps.map((step, i) => {
    const at = [...path, i];
    if (ids.indexOf(step.id) !== i) survey.findings.say([...at, "id"], `there is a step "${step.id}" already`);
    checkOrder(survey, at, step, ids);
    checkObject(survey, at, step, acts);
    const when = step.when && gateTestOf(survey, [...at, "when"], step.when, acts);
    const shows = step.shows && testOf(survey, [...at, "shows"], step.shows);
    if (i === ids.length - 1) checkCircles(survey, path, steps);
    return { ...stepOf(survey, step), ...said({ when: when ?? undefined, shows: shows ?? undefined }) };
  });
}

const endings: readonly string[] = ["carryOn", "stop"];

/** The step that is to be taken in place of one; undefined where there is none. */
const fallbackOf = ({ ifFailed }: StepSource): string | undefined =>
  endings.includes(ifFailed) ? undefined : ifFailed;

function checkOrder({ findings }: Survey, path: Path, step: StepSource, ids: readonly string[]): void {
  for (const [n, need] of step.needs.entries())
    if (!ids.includes(need))
      findings.say([...path, "needs", n], `there is no step "${need}"`, findings.meant(need, ids));
  const fallback = fallbackOf(step);
  if (fallback !== undefined && !ids.includes(fallback))
    findings.say(
      [...path, "ifFailed"],
      `there is no step "${fallback}"`,
      findings.meant(fallback, [...endings, ...ids]),
    );
}

/** A step waits for those it needs, for what stands in for them, and for those that it stands in for itself. */
function checkCircles({ findings }: Survey, path: Path, steps: readonly StepSource[]): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const withFallbacks = (id: string, seen: readonly string[] = []): readonly string[] => {
    const step = byId.get(id);
    const fallback = step && fallbackOf(step);
    return fallback === undefined || seen.includes(id) ? [id] : [id, ...withFallbacks(fallback, [...seen, id])];
  };
  const waitsFor = ({ id, needs }: StepSource): readonly string[] => [
    ...needs.flatMap((need) => withFallbacks(need).filter((other) => other !== id || other === need)),
    ...steps.filter((step) => fallbackOf(step) === id).map((step) => step.id),
  ];
  for (const id of circlesIn(steps, waitsFor)) {
    const i = steps.findIndex((step) => step.id === id);
    const key = steps[i]!.needs.length > 0 ? "needs" : "ifFailed";
    findings.say([...path, i, key], `steps wait for each other in a circle: ${id} needs itself`);
  }
}

/** What a step is done to: a service that can go there, or a target or a point that has the state. */
function checkObject(survey: Survey, path: Path, step: StepSource, acts: boolean): void {
  const { findings, source } = survey;
  if (step.point !== undefined) return checkPoint(survey, path, { ...step, point: step.point }, acts);
  const { service, target, to, inverse } = step;
  const [key, section, name] =
    service === undefined
      ? (["target", "targets", target ?? ""] as const)
      : (["service", "services", service] as const);
  if (!findings.refer([...path, key], section, name))
    return target === undefined ? checkSite(survey, [...path, "to"], to) : undefined;
  if (service !== undefined && source.services[service]?.move === undefined)
    return findings.say([...path, key], `${service} cannot be moved: it has no "move"`);
  if (acts && !findings.isBrokenSection("gate") && !source.gate.allow.includes(name))
    findings.say(
      [...path, key],
      `would ${service === undefined ? "command" : "move"} ${name}, which gate.allow does not name`,
    );
  if (inverse === to) findings.say([...path, "inverse"], `${to} is what it is to undo`);
  if (service === undefined) return checkState(survey, path, step);
  checkSite(survey, [...path, "to"], to);
  if (inverse !== undefined && inverse !== source.site.id) checkSite(survey, [...path, "inverse"], inverse);
  checkReach(survey, path, step);
}

/** A point of a device is commanded to a state that one of its profile's commands brings about; what feeds a rack is shed, and no step. */
function checkPoint(survey: Survey, path: Path, step: StepSource & { readonly point: PointId }, acts: boolean): void {
  const { findings, source, devices } = survey;
  const { point: written, to, inverse } = step;
  const found = findPoint(survey, [...path, "point"], written);
  if (!found) return;
  const { device } = found.info;
  const states = found.info.states ?? [];
  const rack = Object.entries(source.loads).find(([, { feeds }]) => feeds.some(({ outlet }) => outlet === written));
  if (rack) return findings.say([...path, "point"], `${written} feeds ${rack[0]}: what takes load off is a shed`);
  for (const [key, wanted] of Object.entries({ to, ...said({ inverse }) })) {
    const profile = devices.get(device)?.model.profile ?? "a service";
    if (!states.includes(wanted))
      findings.say([...path, key], `${written} has no state "${wanted}"`, findings.meant(wanted, states));
    else if (!isCommanded(survey, found.id, states.indexOf(wanted)))
      findings.say([...path, key], `${written} cannot be commanded ${wanted}: ${profile} has no command for it`);
  }
  if (inverse === to) findings.say([...path, "inverse"], `${to} is what it is to undo`);
  if (acts && !findings.isBrokenSection("gate") && !source.gate.allow.includes(device))
    findings.say([...path, "point"], `would command ${device}, which gate.allow does not name`);
}

function checkState({ findings, targets }: Survey, path: Path, { target = "", to, inverse = to }: StepSource): void {
  const { states = [] } = targets.find(({ id }) => id === target) ?? {};
  for (const [key, wanted] of Object.entries({ to, inverse }))
    if (!states.includes(wanted) && (key === "to" || inverse !== to))
      findings.say([...path, key], `${target} has no state "${wanted}"`, findings.meant(wanted, states));
}

function checkSite({ findings, source }: Survey, path: Path, to: string): void {
  const { elsewhere } = source.site;
  if (!elsewhere.includes(to) && !findings.isBrokenSection("site"))
    findings.say(path, `there is no site "${to}" elsewhere`, findings.meant(to, elsewhere));
}

/** A service that a target moves goes only where its move names a state for. */
function checkReach({ findings, services, sites }: Survey, path: Path, step: StepSource): void {
  const by = services.find(({ id }) => id === step.service)?.by;
  if (!by) return;
  for (const key of ["to", "inverse"] as const) {
    const site = step[key];
    if (site !== undefined && sites.includes(site) && !Object.hasOwn(by.at, site))
      findings.say(
        [...path, key],
        `${step.service} cannot go to ${site}: its move names no state of ${by.target} for it`,
      );
  }
}

/** A test that the gate can make: it reads only what it may write to. */
function gateTestOf(survey: Survey, path: Path, test: TestSource, acts: boolean): Test | null {
  const { findings, source } = survey;
  const owner = deviceOf(test.point);
  const found = testOf(survey, path, test);
  if (found && acts && !findings.isBrokenSection("gate") && !source.gate.allow.includes(owner))
    findings.say(
      [...path, "point"],
      `the gate would look at ${owner} before it writes, and gate.allow does not name it`,
    );
  return found;
}

/** When a response may be restored; a condition on what is not there is left out, and has been said. */
export function termsOf(survey: Survey, path: Path, { when, settle, every }: RestoreSource): Restore {
  const tests = when.flatMap((test, i) => testOf(survey, [...path, "when", i], test) ?? []);
  return { when: tests, settle, ...said({ every }) };
}

/** A test of a point that is there, by one of its states or by a limit; null where it is not, which has then been said. */
export function testOf(survey: Survey, path: Path, { point, at, above, below }: TestSource): Test | null {
  const { findings } = survey;
  const found = findPoint(survey, [...path, "point"], point);
  if (!found) return null;
  const { id, info } = found;
  if (at === undefined) {
    if (info.states) findings.say(path, `${id} is one of ${info.states.join(", ")}: test it with at`);
    return above === undefined ? { point: id, is: "<", value: below ?? 0 } : { point: id, is: ">", value: above };
  }
  if (!info.states) findings.say([...path, "at"], `${id} is a number and has no states: test it with above or below`);
  else if (!info.states.includes(at))
    findings.say(
      [...path, "at"],
      `"${at}" is no state of ${id}: ${info.states.join(", ")}`,
      findings.meant(at, info.states),
    );
  return { point: id, is: "=", value: info.states?.indexOf(at) ?? 0 };
}

function stepOf({ sites, services, targets, points, source: site }: Survey, source: StepSource): FailoverStep {
  const { id, service, target, to, needs, within, retries, inverse, pointOfNoReturn: isFinal } = source;
  const commanded = targets.find((t) => t.id === target);
  const title = source.title ??
    (commanded ?? services.find((s) => s.id === service))?.name ?? { en: service ?? source.point ?? id };
  const fallback = fallbackOf(source);
  const ifFailed = source.ifFailed === "stop" ? ("stop" as const) : ("carryOn" as const);
  const usual = source.usual ?? (service === undefined ? undefined : site.services[service]?.moves.p95);
  const order = { id, title, needs, within, retries, ifFailed, ...said({ fallback, usual, isFinal }) };
  const own = source.point;
  const states = own === undefined ? (commanded?.states ?? sites) : (points.get(own)?.info.states ?? []);
  const valueOf = (wanted: string): number => states.indexOf(wanted);
  const point = own ?? (commanded ? pointId(commanded.id, commanded.point) : pointId(service ?? id, servicePoint));
  const undoes = inverse === undefined ? {} : { inverse: valueOf(inverse) };
  return { ...order, point, value: valueOf(to), ...undoes };
}

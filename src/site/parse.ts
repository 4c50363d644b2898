/**
 * From a site file to a site, or to everything that is wrong with it at once: what YAML finds, what
 * the schema finds, and what does not hold between the parts.
 */
import { readFileSync, statSync } from "node:fs";
import type { AlarmDefinition } from "../core/alarm/definition.ts";
import { pointId } from "../core/reading.ts";
import { inOrder } from "../profiles/document.ts";
import type { Library, Path, Problem } from "../profiles/index.ts";
import { Document, formatProblem } from "../profiles/index.ts";
import { adviseOn } from "./advice.ts";
import type { AlarmSource } from "./alarms.ts";
import type { Findings } from "./findings.ts";
import { findingsOf, PROBLEMS_MAX } from "./findings.ts";
import { fitDevices } from "./fitting.ts";
import { checkPorts, gateRules } from "./permits.ts";
import type { SitePoint } from "./points.ts";
import { devicePoints, servicePoint, servicePointOf, targetPoints } from "./points.ts";
import type { NodeSource } from "./power.ts";
import { premisesOf } from "./premises.ts";
import { alarmsOf } from "./rationale.ts";
import { responsesOf } from "./reaction.ts";
import { trapReception } from "./reception.ts";
import type { SiteSource } from "./schema.ts";
import { most } from "./schema.ts";
import { servicesOf } from "./services.ts";
import type { Site } from "./site.ts";
import { readSource } from "./source.ts";
import { spacesOf } from "./spaces.ts";
import type { Survey } from "./survey.ts";
import { targetsOf } from "./targets.ts";
import { touchingOf } from "./touches.ts";
import { closableOf, powerTree } from "./tree.ts";
import { waterPlans } from "./water-plans.ts";

/** A site file that is larger was not written by people; and it would be parsed before anything in it is counted. */
const FILE_BYTES_MAX = 2 * 1024 * 1024;

/** A site, with advice on what holds in it and does not do what was most likely meant; or all that is wrong. */
export type Loaded =
  | { readonly site: Site; readonly advice: readonly Problem[] }
  | { readonly problems: readonly Problem[] };

/** Reads a site file. A file that cannot be read is a problem like any other. */
export function loadSite(file: string, library: Library): Loaded {
  const read = readText(file);
  return "text" in read ? parseSite(file, read.text, library) : read;
}

/** A site out of a file's text. `file` is only what problems are said of. */
export function parseSite(file: string, text: string, library: Library): Loaded {
  if (Buffer.byteLength(text) > FILE_BYTES_MAX) return atTop(file, tooLarge);
  const document = parseYaml(file, text);
  if (!(document instanceof Document)) return document;
  const { source, broken, problems } = readSource(document);
  if (!source) return { problems: listed(problems) };
  const findings = findingsOf(document, source, broken);
  const survey = surveyOf(source, library, findings);
  const site = compile(survey, library);
  const all = [...problems, ...findings.problems];
  if (all.length > 0) return { problems: listed(all) };
  adviseOn(survey, site.model);
  return { site, advice: listed(findings.advice) };
}

function readText(file: string): { readonly text: string } | { readonly problems: readonly Problem[] } {
  try {
    return statSync(file).size > FILE_BYTES_MAX ? atTop(file, tooLarge) : { text: readFileSync(file, "utf8") };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return atTop(file, `cannot be read: ${error.code}`);
  }
}

/** In the order of the file, each once. */
function listed(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return inOrder([...once.values()]).slice(0, PROBLEMS_MAX);
}

const tooLarge = `is larger than ${FILE_BYTES_MAX / 1024 / 1024} MB`;

const atTop = (file: string, message: string): { readonly problems: readonly Problem[] } => ({
  problems: [{ file, line: 1, column: 1, path: "", message }],
});

/** The parser throws where aliases multiply without end or brackets nest too deep. */
function parseYaml(file: string, text: string): Document | { readonly problems: readonly Problem[] } {
  try {
    return Document.parse(file, text);
  } catch (error) {
    return atTop(file, `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "code" in error;

function surveyOf(source: SiteSource, library: Library, findings: Findings): Survey {
  const devices = fitDevices(source.devices, library, findings);
  const services = servicesOf(source.services);
  const targets = targetsOf(source.targets);
  const sites = [source.site.id, ...source.site.elsewhere];
  const all = [
    ...[...devices.values()].flatMap((device) => devicePoints(device)),
    ...services.map((service) => servicePointOf(service, sites)),
    ...targets.flatMap(targetPoints),
  ];
  if (all.length > most.points) findings.say(["devices"], `${all.length} points; at most ${most.points}`);
  const names = new Map<string, string[]>();
  for (const { id, info } of all)
    names.set(info.device, [...(names.get(info.device) ?? []), id.slice(info.device.length + 1)]);
  return { source, findings, devices, services, targets, sites, names, points: new Map(all.map((p) => [p.id, p])) };
}

function compile(survey: Survey, library: Library): Site {
  const { source, sites, points, services, targets } = survey;
  const { id, name, timezone, elsewhere } = source.site;
  checkServices(survey);
  checkSites(survey);
  checkPorts(survey);
  const power = powerTree(survey);
  const dry = premisesOf(survey, power);
  const premises = { ...dry, water: waterPlans(survey, dry) };
  const alarms = alarmsOf(survey, library);
  const responses = responsesOf({ survey, alarms, tree: power });
  const pick = <T>(of: (point: SitePoint) => T) => new Map([...points].map(([key, point]) => [key, of(point)]));
  const model = {
    id,
    points: pick((p) => p.rule),
    alarms: [...alarms.values()].map((a) => a.definition),
    responses,
    power,
    movable: services.map((service) => ({ point: pointId(service.id, servicePoint), group: service.group })),
    touching: touchingOf(survey),
    closable: closableOf(survey, power),
  };
  return {
    id,
    name,
    timezone,
    elsewhere,
    sites,
    spaces: spacesOf(source.spaces),
    devices: [...survey.devices.values()],
    model,
    services,
    targets,
    premises,
    gate: gateRules(survey, power, responses),
    serve: source.serve,
    store: source.store,
    notify: source.notify,
    self: source.self,
    selfTest: source.selfTest,
    traps: trapReception(survey),
    nodeNames: nodeNames(source.power),
    alarmResponses: responseTexts(source.alarms, model.alarms),
    pointInfo: pick((p) => p.info),
    responsePlaces: new Map(responses.map((one) => [one.id, survey.findings.placeOf(["responses", one.id])])),
  };
}

/** One entry of the file may stand for several alarms: those of its limits have its id before their own. */
const responseTexts = (
  source: Readonly<Record<string, AlarmSource>>,
  alarms: readonly AlarmDefinition[],
): Site["alarmResponses"] =>
  new Map(
    alarms.flatMap(({ id }) => {
      const written = source[id] ?? source[id.slice(0, id.lastIndexOf("."))];
      return written ? [[id, written.response] as const] : [];
    }),
  );

const nodeNames = (nodes: Readonly<Record<string, NodeSource>>): Site["nodeNames"] =>
  new Map(Object.entries(nodes).flatMap(([id, { name }]) => (name ? [[id, name]] : [])));

function checkServices(survey: Survey): void {
  const { source, findings } = survey;
  for (const id of Object.keys(source.targets)) {
    const other = Object.hasOwn(source.devices, id) ? "device" : Object.hasOwn(source.services, id) ? "service" : null;
    if (other)
      findings.sayOfKey(["targets", id], `a ${other} is called ${id} already: ${pointId(id, "…")} must be one thing`);
  }
  for (const [id, { loads, move }] of Object.entries(source.services)) {
    if (move && "target" in move) checkMove(survey, ["services", id, "move"], move);
    for (const [i, load] of loads.entries()) findings.refer(["services", id, "loads", i], "loads", load);
    if (Object.hasOwn(source.devices, id))
      findings.sayOfKey(["services", id], `a device is called ${id} already: ${pointId(id, "…")} must be one thing`);
  }
}

/** A service that a target moves is somewhere in this site's state, and can be moved where another state is named. */
function checkMove(
  { targets, sites, findings, source }: Survey,
  path: Path,
  { target: name, at }: { readonly target: string; readonly at: Readonly<Record<string, string>> },
): void {
  if (!findings.refer([...path, "target"], "targets", name)) return;
  const { states = [] } = targets.find(({ id }) => id === name) ?? {};
  const used = Object.values(at);
  for (const [site, state] of Object.entries(at)) {
    if (!sites.includes(site) && !findings.isBrokenSection("site"))
      findings.say([...path, "at", site], `there is no site "${site}"`, findings.meant(site, sites));
    if (!states.includes(state))
      findings.say([...path, "at", site], `${name} has no state "${state}"`, findings.meant(state, states));
  }
  if (new Set(used).size < used.length) findings.say([...path, "at"], "two sites in one state cannot be told apart");
  const { id: here } = source.site;
  if (!Object.hasOwn(at, here) && !findings.isBrokenSection("site"))
    findings.say([...path, "at"], `does not say in which state it is at ${here}`);
  if (used.length < 2) findings.say([...path, "at"], "needs a state for this site and for another");
}

function checkSites({ source, findings }: Survey): void {
  const { id, elsewhere } = source.site;
  for (const [i, other] of elsewhere.entries()) {
    if (other === id) findings.say(["site", "elsewhere", i], `${other} is this site, not elsewhere`);
    else if (elsewhere.indexOf(other) !== i) findings.say(["site", "elsewhere", i], `${other} is named already`);
  }
}

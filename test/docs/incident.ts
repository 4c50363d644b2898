/**
 * An incident: what a scenario of history gave when it was played as its file has it, and with each of the parameters that
 * its history sets otherwise. Minutes are counted from the first labelled entry of its timeline.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Ground, Record } from "../../simulators/promises/index.ts";
import type { History } from "../../simulators/scenario/history.ts";
import { promiseGround } from "../../simulators/scenario/promised.ts";
import { timeOf, wallTimeOf } from "../../simulators/scenario/times.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import { loadScenario } from "../../simulators/scenario.ts";
import { assert } from "../../src/core/assert.ts";
import type { Instant } from "../../src/core/time.ts";
import { after, ms } from "../../src/core/time.ts";
import { castOf, play, scenarioFolders, scenariosDir } from "../scenarios/rehearsed.ts";
import { outcomeBy, whenTrue } from "./outcomes.ts";

/** A run of a scenario with a history: what is said of its parameters, and what it gave. */
export interface Incident {
  readonly scenario: Scenario;
  readonly source: IncidentSource;
  /** From here minutes are counted. */
  readonly begins: Instant;
  /** As the file has it, and then one for each of its history's settings, in their order. */
  readonly runs: readonly IncidentRun[];
}

export interface IncidentRun {
  readonly says: string;
  readonly isObserved: boolean;
  readonly record: Record;
  /** Of each outcome, when it came true; null where it did not. */
  readonly came: readonly (Instant | null)[];
}

interface IncidentSource {
  readonly about: string;
  readonly sources?: string;
  readonly starts: string;
  readonly timeline: readonly { readonly at: string; readonly label?: string; readonly event?: object }[];
}

const fileOf = (name: string): string => join(scenariosDir, name, "scenario.yaml");

/** The scenarios that tell of an event of the world, in the order of their days. */
export const histories: readonly string[] = scenarioFolders
  .map((name) => ({ name, date: load(name).history?.date ?? "" }))
  .filter(({ date }) => date !== "")
  .sort((a, b) => (a.date < b.date ? -1 : 1))
  .map(({ name }) => name);

function load(name: string, set: Readonly<{ [name: string]: string | number | boolean }> = {}): Scenario {
  const params = new Map(Object.entries(set).map(([key, value]) => [key, String(value)]));
  const loaded = loadScenario(fileOf(name), { params });
  assert("scenario" in loaded, `the scenario ${name} has no mistakes`);
  return loaded.scenario;
}

/** An incident as its file has it, of a run that remembered the points of its outcomes. */
export function incidentOf(scenario: Scenario, record: Record): Incident {
  const source = parse(readFileSync(fileOf(scenario.name), "utf8")) as IncidentSource;
  const told = { says: "as it is told here", isObserved: false, record, came: cameOf(scenario, record) };
  return { scenario, source, begins: beginningOf(scenario, source), runs: [told] };
}

/** Plays a scenario as its file has it, and as its history has it otherwise. */
export async function wholeIncidentOf(name: string): Promise<Incident> {
  const incident = incidentOf(load(name), await recordOf(load(name)));
  const runs: IncidentRun[] = [...incident.runs];
  for (const { set, says } of historyOf(incident.scenario).sensitivity) {
    const scenario = load(name, set);
    const record = await recordOf(scenario);
    const isObserved = "mode" in set && set["mode"] === "observe";
    runs.push({ says, isObserved, record, came: cameOf(scenario, record) });
  }
  return { ...incident, runs };
}

function historyOf({ name, history }: Scenario): History {
  assert(history !== undefined, `${name} has a history`);
  return history;
}

async function recordOf(scenario: Scenario): Promise<Record> {
  const { record } = await play(castOf(withOutcomes(scenario)), { isPlotted: true });
  return record;
}

/** The same scenario, whose plots are the points of its outcomes: a run remembers what is plotted. */
export function withOutcomes(scenario: Scenario): Scenario {
  const ground = groundOf(scenario);
  const { outcome: outcomes = [] } = scenario.history ?? {};
  return { ...scenario, plots: outcomes.flatMap((outcome) => outcomeBy(outcome, ms(0), ground).points) };
}

function cameOf(scenario: Scenario, record: Record): IncidentRun["came"] {
  const ground = groundOf(scenario);
  return historyOf(scenario).outcome.map((outcome) => {
    const wait = whenTrue(outcome, record, ground);
    return wait === null ? null : after(scenario.starts, wait);
  });
}

const groundOf = ({ site, starts }: Scenario): Ground =>
  promiseGround(site, { starts, wallTime: () => null, labels: new Map() });

function beginningOf({ starts }: Scenario, { timeline, starts: written }: IncidentSource): Instant {
  const entry = timeline.find(({ label }) => label !== undefined) ?? timeline.find(({ event }) => event !== undefined);
  const at = entry === undefined ? starts : timeOf(entry.at, starts, wallTimeOf(written));
  return at ?? starts;
}

/**
 * An incident: what a scenario of history gave when it was played as its file has it, and with each of the parameters that
 * its history sets otherwise. Minutes are counted from the first labelled entry of its timeline.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Ground, Record } from "../../simulators/promises/index.ts";
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

/** Plays a scenario as its file has it, and, where all is asked for, as its history has it otherwise. */
export async function incidentOf(name: string, isWhole: boolean): Promise<Incident> {
  const scenario = load(name);
  const { history } = scenario;
  assert(history !== undefined, `${name} has a history`);
  const source = parse(readFileSync(fileOf(name), "utf8")) as IncidentSource;
  const runs: IncidentRun[] = [];
  const others = isWhole ? history.sensitivity : [];
  for (const { set, says } of [{ set: {}, says: "as it is told here" }, ...others]) {
    const isObserved = "mode" in set && set["mode"] === "observe";
    runs.push({ says, isObserved, ...(await runOf(load(name, set))) });
  }
  return { scenario, source, begins: beginningOf(scenario, source), runs };
}

async function runOf(scenario: Scenario): Promise<Pick<IncidentRun, "record" | "came">> {
  const { history, starts, site } = scenario;
  assert(history !== undefined, "a scenario of history");
  const services = site.services.map(({ id }) => id);
  const { model, premises } = site;
  const ground: Ground = { site: model, services, premises, starts, wallTime: () => null, labels: new Map() };
  // Promises with their points are what makes a run remember those points.
  const promises = history.outcome.map((outcome) => outcomeBy(outcome, ms(0), ground));
  const { record } = await play(castOf({ ...scenario, promises }));
  const came = history.outcome.map((outcome) => {
    const wait = whenTrue(outcome, record, ground);
    return wait === null ? null : after(starts, wait);
  });
  return { record, came };
}

function beginningOf({ starts }: Scenario, { timeline, starts: written }: IncidentSource): Instant {
  const entry = timeline.find(({ label }) => label !== undefined) ?? timeline.find(({ event }) => event !== undefined);
  const at = entry === undefined ? starts : timeOf(entry.at, starts, wallTimeOf(written));
  return at ?? starts;
}

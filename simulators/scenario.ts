/**
 * A scenario: what happens to a simulated plant and when, what its operators ask, and what the run promises. Data only;
 * the same file runs against the core in virtual time, over the wire, and beside a site that is alive.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PointId } from "../src/core/reading.ts";
import type { Instant } from "../src/core/time.ts";
import { after, instant, ms } from "../src/core/time.ts";
import type { Problem } from "../src/profiles/index.ts";
import { closest, Document, validate } from "../src/profiles/index.ts";
import type { Site } from "../src/site/index.ts";
import { demoPlant } from "./plant/index.ts";
import type { Promised } from "./promises/index.ts";
import { swarmOf } from "./scenario/fault.ts";
import type { History } from "./scenario/history.ts";
import { objectionsTo } from "./scenario/history.ts";
import type { Given, Value } from "./scenario/params.ts";
import { fillIn } from "./scenario/params.ts";
import { polledEvery } from "./scenario/polls.ts";
import { promiseGround, promisesIn } from "./scenario/promised.ts";
import type { ScenarioSource } from "./scenario/schema.ts";
import { scenarioSchema } from "./scenario/schema.ts";
import { siteOf } from "./scenario/site.ts";
import type { Happening } from "./scenario/timeline.ts";
import { faultAlone, faultGround, timelineOf } from "./scenario/timeline.ts";
import { wallTimeOf } from "./scenario/times.ts";

export type { Arming } from "./scenario/asks.ts";
export type { Happening } from "./scenario/timeline.ts";

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** The event of the world that it tells again, if it does. */
  readonly history?: History;
  readonly siteFile: string;
  /** The site file's text with the scenario's own values in it. */
  readonly siteText: string;
  readonly site: Site;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly seed: number;
  /** What its parameters and draws came to, by name. */
  readonly values: ReadonlyMap<string, Value>;
  /** In the order of time. */
  readonly timeline: readonly Happening[];
  readonly promises: readonly Promised[];
  /** Points that a report draws. */
  readonly plots: readonly PointId[];
}

/** What a run may have otherwise than the file. */
export interface Otherwise extends Given {
  /** A site file in place of the scenario's. */
  readonly siteFile?: string;
  /** The site is alive: nothing can happen to it, and only its readings can be made to say something else. */
  readonly isLive?: boolean;
}

type Loaded = { readonly scenario: Scenario } | { readonly problems: readonly Problem[] };

/** Reads a scenario's file, or `<folder>/scenario.yaml`, or gives back all that is wrong with it. */
export function loadScenario(path: string, otherwise: Otherwise = {}): Loaded {
  const file = statSync(path).isDirectory() ? join(path, "scenario.yaml") : path;
  return parseScenario(file, readFileSync(file, "utf8"), otherwise);
}

/** The text of a scenario file. Every name in it is looked for in the site that it befalls. */
export function parseScenario(file: string, text: string, otherwise: Otherwise = {}): Loaded {
  const written = Document.parse(file, text);
  if (written.problems.length > 0) return { problems: written.problems };
  const filled = fillIn(written, otherwise);
  if (filled.problems.length > 0) return { problems: filled.problems };
  const document = written.withValue(filled.value);
  const result = validate(document, scenarioSchema);
  if ("problems" in result) return result;
  const source = result.value;
  const found = siteOf(document, source.site, otherwise.siteFile);
  if ("problems" in found) return found;
  const params = [...filled.params.keys()];
  const read = readAll(document, source, { ...found, isLive: otherwise.isLive ?? false, params });
  if (read.problems.length > 0) return { problems: read.problems };
  const { scenario: name, about, seed, lasts } = source;
  const starts = instant(Date.parse(source.starts));
  const values = new Map([...filled.params, ...filled.drawn]);
  const { file: siteFile, text: siteText } = found;
  const site = source.polls === undefined ? found.site : polledEvery(found.site, source.polls);
  const { timeline, promises } = read;
  const plots = source.plots as PointId[];
  const ends = after(starts, lasts);
  const told = source.history ? { history: source.history } : {};
  return {
    scenario: { name, about, ...told, siteFile, siteText, site, starts, ends, seed, values, timeline, promises, plots },
  };
}

/** What a scenario is read against. */
interface Befallen {
  readonly site: Site;
  readonly text: string;
  readonly isLive: boolean;
  /** Names of the scenario's parameters. */
  readonly params: readonly string[];
}

interface Read {
  readonly timeline: readonly Happening[];
  readonly promises: readonly Promised[];
  readonly problems: readonly Problem[];
}

function readAll(document: Document, source: ScenarioSource, { site, text, isLive, params }: Befallen): Read {
  const starts = instant(Date.parse(source.starts));
  const wallTime = wallTimeOf(source.starts);
  const plant = isLive ? null : demoPlant(source.seed, text);
  const stage = { document, site, plant, starts, wallTime };
  const { happenings, labels, problems } = timelineOf(source.timeline, stage);
  const drawn = source.swarm ? swarmOf(source.swarm, source, faultGround(stage)) : { faults: [], problems: [] };
  const all = [...problems, ...drawn.problems];
  const ground = promiseGround(site, { starts, wallTime, labels });
  all.push(...objectionsTo(document, source.history, { ground, params }));
  const promised = promisesIn(document, source.promises, ground);
  all.push(...promised.problems);
  source.plots.forEach((point, i) => {
    if (!site.model.points.has(point as PointId))
      all.push(
        document.problemAt(["plots", i], `the site has no point "${point}"`, closest(point, site.model.points.keys())),
      );
  });
  const swarming = drawn.faults.map(({ said, fromMs }) => faultAlone(said, after(starts, ms(fromMs))));
  const timeline = [...happenings, ...swarming].toSorted((a, b) => a.at - b.at);
  return { timeline, promises: promised.promises, problems: all };
}

/**
 * A scenario: what happens to a simulated plant and when, what its operators ask, and what the run
 * promises. Data only; the same file runs against the core in virtual time and over the wire.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AlarmId } from "../src/core/alarm/definition.ts";
import type { ResponseId } from "../src/core/command.ts";
import type { Request } from "../src/core/plant.ts";
import type { Instant } from "../src/core/time.ts";
import { after, hours, instant } from "../src/core/time.ts";
import type { Problem } from "../src/profiles/index.ts";
import { closest, Document, durationSchema, parseDuration, validate } from "../src/profiles/index.ts";
import type { PlantEvent } from "./plant/index.ts";
import { demoPlant, eventSchema, strangerIn } from "./plant/index.ts";
import type { Promised, WallTime } from "./promises.ts";
import { promiseForms, readPromise } from "./promises.ts";

/** Nobody rehearses for longer than this at once. */
const longest = hours(7 * 24);

const said = { by: z.string().min(1), why: z.string().min(1) };
const askSchema = z.union([
  z.strictObject({ acknowledge: z.string(), ...said }),
  z.strictObject({ reset: z.string(), ...said }),
  z.strictObject({ shelve: z.string(), for: durationSchema, ...said }),
  z.strictObject({ approve: z.string(), ...said }),
  z.strictObject({ stop: z.string(), ...said }),
]);

const schema = z.strictObject({
  scenario: z.string(),
  about: z.string().min(1),
  /** Where times and figures come from, and what is not known. */
  sources: z.string().optional(),
  /** A site file's name in simulators/sites, without its ending. */
  site: z.string().regex(/^[a-z0-9-]+$/, "a site's name has small letters, digits and hyphens"),
  starts: z.iso.datetime({ offset: true, message: "a start is like 2026-03-02T09:00:00+09:00" }),
  lasts: durationSchema.refine((ms) => ms > 0 && ms <= longest, "a run lasts up to a week"),
  seed: z.int().min(0),
  timeline: z.array(
    z
      .strictObject({
        at: z.string(),
        does: z.string().optional(),
        event: eventSchema.optional(),
        asks: askSchema.optional(),
      })
      .refine(
        (entry) => entry.does !== undefined || entry.asks !== undefined,
        "says neither what happens nor what is asked",
      ),
  ),
  promises: z.array(z.string()),
});

/** One entry of the timeline at its instant. */
export interface Happening {
  readonly at: Instant;
  readonly does: string | null;
  readonly event: PlantEvent | null;
  readonly asks: Request | null;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly siteFile: string;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly seed: number;
  /** In the order of time. */
  readonly timeline: readonly Happening[];
  readonly promises: readonly Promised[];
}

type Loaded = { readonly scenario: Scenario } | { readonly problems: readonly Problem[] };

/** Reads `<folder>/scenario.yaml`, or gives back all that is wrong with it. */
export function loadScenario(folder: string): Loaded {
  const file = join(folder, "scenario.yaml");
  return parseScenario(file, readFileSync(file, "utf8"));
}

/** The text of a scenario file. Names in its events are checked against the plant that its site file describes. */
export function parseScenario(file: string, text: string): Loaded {
  const document = Document.parse(file, text);
  const result = validate(document, schema);
  if ("problems" in result) return result;
  const source = result.value;
  const wallTime = wallTimeOf(source.starts);
  const starts = instant(Date.parse(source.starts));
  const problems: Problem[] = [];
  const siteFile = join(dirname(dirname(dirname(file))), "sites", `${source.site}.yaml`);
  if (existsSync(siteFile)) problems.push(...strangers(document, source, siteFile));
  else problems.push(document.problemAt(["site"], `there is no site file ${siteFile}`));
  const timeline = source.timeline.map((entry, i): Happening => {
    const at = timeOf(entry.at, starts, wallTime);
    if (at === null)
      problems.push(document.problemAt(["timeline", i, "at"], `"${entry.at}" is neither 5min nor "15:19:00"`));
    const asks = entry.asks ? requestOf(entry.asks, at ?? starts) : null;
    return { at: at ?? starts, does: entry.does ?? null, event: entry.event ?? null, asks };
  });
  const promises = source.promises.flatMap((sentence, i) => {
    const promise = readPromise(sentence, wallTime);
    if (promise === null) problems.push(promiseProblem(document, i, sentence));
    return promise ?? [];
  });
  if (problems.length > 0) return { problems };
  timeline.sort((a, b) => a.at - b.at);
  const { scenario: name, about, seed, lasts } = source;
  return { scenario: { name, about, siteFile, starts, ends: after(starts, lasts), seed, timeline, promises } };
}

/** Names in events that the plant does not know. */
function strangers(
  document: Document,
  { timeline, seed }: z.output<typeof schema>,
  siteFile: string,
): readonly Problem[] {
  const plant = demoPlant(seed, readFileSync(siteFile, "utf8"));
  return timeline.flatMap(({ event }, i) => {
    const stranger = event ? strangerIn(plant, event) : null;
    if (!stranger) return [];
    const near = closest(stranger.name, stranger.known);
    return document.problemAt(["timeline", i, "event"], `the site's plant has no "${stranger.name}"`, near);
  });
}

function promiseProblem(document: Document, at: number, sentence: string): Problem {
  const near = closest(sentence, promiseForms);
  return document.problemAt(
    ["promises", at],
    `"${sentence}" is no promise that can be checked; one of: ${promiseForms.join("; ")}`,
    near,
  );
}

const timeOf = (text: string, starts: Instant, wallTime: WallTime): Instant | null => {
  const wait = parseDuration(text);
  return wait === null ? wallTime(text) : after(starts, wait);
};

/** Wall times are those of the start's own offset, on its day, or on the next where they would lie before it. */
export function wallTimeOf(starts: string): WallTime {
  const begins = Date.parse(starts);
  const [day = ""] = starts.split("T");
  const offset = /(Z|[+-]\d\d:\d\d)$/.exec(starts)?.[0] ?? "Z";
  return (text) => {
    if (!/^\d\d:\d\d:\d\d$/.test(text)) return null;
    const at = Date.parse(`${day}T${text}${offset}`);
    if (Number.isNaN(at)) return null;
    return instant(at < begins ? at + hours(24) : at);
  };
}

function requestOf(asks: z.output<typeof askSchema>, at: Instant): Request {
  const { by, why } = asks;
  const ofAlarm = (alarm: string, kind: "acknowledge" | "reset"): Request => ({
    to: "alarm",
    alarm: alarm as AlarmId,
    event: { kind, by, why },
  });
  const ofResponse = (response: string, event: "approve" | "stop"): Request => ({
    to: "response",
    response: response as ResponseId,
    event,
    by,
    why,
  });
  if ("acknowledge" in asks) return ofAlarm(asks.acknowledge, "acknowledge");
  if ("reset" in asks) return ofAlarm(asks.reset, "reset");
  if ("approve" in asks) return ofResponse(asks.approve, "approve");
  if ("stop" in asks) return ofResponse(asks.stop, "stop");
  return { to: "alarm", alarm: asks.shelve as AlarmId, event: { kind: "shelve", by, why, until: after(at, asks.for) } };
}

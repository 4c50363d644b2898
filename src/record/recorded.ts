/**
 * A journal's stretch as a recording, and a recording through the core of now. The core is given what it was given then,
 * scan by scan, on the site file of now; what comes out otherwise than it was recorded is told.
 */
import type { RecordedLine, RecordedScenario, Recording } from "../../simulators/recording/index.ts";
import { checkpoint, restore } from "../core/checkpoint.ts";
import type { Command } from "../core/command.ts";
import type { Plant, ScanInput, ScanOutput, SiteModel, Transition } from "../core/plant.ts";
import { nextDue, scan } from "../core/scan.ts";
import type { Instant } from "../core/time.ts";
import { instant, seconds } from "../core/time.ts";
import { isOfSelf } from "../self/alarms.ts";
import { withSelf } from "../self/points.ts";
import type { Run as Judged } from "../simulation/recorder.ts";
import { openRecorder } from "../simulation/recorder.ts";
import type { Site } from "../site/index.ts";
import type { RecordedScan, RecordedState, replay } from "./record.ts";
import { reviveState } from "./record.ts";

type Recorded = Parameters<typeof replay>[0] extends Iterable<infer R> ? R : never;

/** The part of a journal that is wanted; without an end, all there is. */
export interface Stretch {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

const nothing: ScanOutput = { transitions: [], commands: [], notices: [] };

/** What is being gathered of a journal. */
interface Gathering {
  readonly lines: RecordedLine[];
  readonly stretch: Stretch;
  plant: Plant | null;
  timezone: string;
  /** The scan whose output stands in the record after it. */
  last: { readonly input: ScanInput; readonly state: RecordedLine["state"]; readonly isWanted: boolean } | null;
  /** The next scan does not follow from the one before: it needs the state that it begins with. */
  isAnew: boolean;
}

/** Takes a stretch out of a journal's records. Null where no scan of the journal lies in it. */
export function recordingOf(records: Iterable<Recorded>, stretch: Stretch): Recording | null {
  const all: Gathering = { lines: [], stretch, plant: null, timezone: "UTC", last: null, isAnew: true };
  for (const record of records) {
    if (record.kind === "checkpoint") takeState(all, record.state as RecordedState);
    else takeScan(all, record.input as RecordedScan);
  }
  settle(all, null);
  const { lines, timezone, plant } = all;
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last || !plant) return null;
  return { site: plant.site.id, timezone, starts: first.input.at, ends: last.input.at, lines };
}

function takeState(all: Gathering, state: RecordedState): void {
  const follows = all.last !== null && all.last.input.at === state.plant.now;
  settle(all, follows ? (state.before ?? nothing) : null);
  all.isAnew ||= !follows;
  all.timezone = state.timezone;
  all.plant = reviveState(state);
}

function takeScan(all: Gathering, { scanned, before }: RecordedScan): void {
  settle(all, before ?? nothing);
  const { plant, stretch } = all;
  if (plant === null) return;
  const isWanted = scanned.at >= (stretch.from ?? scanned.at) && scanned.at <= (stretch.to ?? scanned.at);
  const state = isWanted && all.isAnew ? checkpoint(plant) : null;
  if (isWanted) all.isAnew = false;
  all.last = { input: scanned, state, isWanted };
  scan(plant, scanned);
}

function settle(all: Gathering, output: ScanOutput | null): void {
  const { last } = all;
  all.last = null;
  if (last?.isWanted) all.lines.push({ input: last.input, output, state: last.state });
}

/** What a recording gave now. */
export interface Played extends Judged {
  readonly scans: number;
  /** What was recorded and did not happen, and what happened and was not recorded, in the order of time. */
  readonly differences: readonly string[];
}

/** A live loop that is later than this with a timer was held up; the core of now then takes its turn by itself. */
const lateness = seconds(1);

/** Plays a recording through the core of now, on a site of now. */
export function playRecording(
  site: Site,
  recording: Recording,
  { promises }: Pick<RecordedScenario, "promises">,
): Played {
  const model = withSelfAsRecorded(site, recording);
  const run: Run = { model, plant: null, scans: [] };
  for (const line of recording.lines) playLine(run, line);
  const scenario = { starts: recording.starts, ends: recording.ends, promises, plots: [] };
  const recorder = openRecorder({ scenario, site: model, alarms: run.plant?.alarms ?? [] });
  for (const { input, output } of run.scans) recorder.take(input, output);
  const then = recording.lines.map(({ output }) => output ?? nothing);
  const now = run.scans.map(({ output }) => output);
  const unknown = new Set(recording.lines.filter(({ output }) => output === null).map(({ input }) => input.at));
  return { ...recorder.end(), scans: recording.lines.length, differences: differencesOf(then, now, unknown) };
}

/** The service's own alarms are judged only where the service had them then: without their points they would all go blind. */
function withSelfAsRecorded(site: Site, { lines }: Recording): SiteModel {
  const model = withSelf(site);
  const had = new Set<string>(lines[0]?.state?.alarmIds ?? []);
  return { ...model, alarms: model.alarms.filter(({ id }) => !isOfSelf(id) || had.has(id)) };
}

interface Run {
  readonly model: SiteModel;
  plant: Plant | null;
  readonly scans: { readonly input: ScanInput; readonly output: ScanOutput }[];
}

function playLine(run: Run, { input, state }: RecordedLine): void {
  if (state) run.plant = restore(run.model, { ...state, site: run.model.id });
  const { plant } = run;
  if (plant === null) return;
  for (let due = nextDue(plant); due !== null && due < input.at - lateness; due = nextDue(plant))
    take(run, plant, idleAt(plant, instant(Math.max(due, plant.now + 1))));
  take(run, plant, input);
}

/** A scan for which nothing had arrived. */
const idleAt = (plant: Plant, at: Instant): ScanInput => ({
  at,
  readings: [],
  requests: [],
  outcomes: [],
  leads: plant.leads,
});

const take = (run: Run, plant: Plant, input: ScanInput): void =>
  void run.scans.push({ input, output: scan(plant, input) });

/** Transitions and commands of the one that are not in the other. */
function differencesOf(
  then: readonly ScanOutput[],
  now: readonly ScanOutput[],
  unknown: ReadonlySet<Instant>,
): readonly string[] {
  const [recorded, played] = [then.flatMap(eventsOf), now.flatMap(eventsOf)];
  const notIn = (other: readonly Event[]) => {
    const left = new Map<string, number>();
    for (const { key } of other) left.set(key, (left.get(key) ?? 0) + 1);
    return ({ key, at }: Event): boolean => {
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count <= 0 && !unknown.has(at);
    };
  };
  const gone = recorded
    .filter(notIn(played))
    .map((event) => ({ ...event, how: "was recorded and does not happen now" }));
  const added = played.filter(notIn(recorded)).map((event) => ({ ...event, how: "happens now and was not recorded" }));
  return [...gone, ...added].toSorted((a, b) => a.at - b.at).map(({ key, how }) => `${key} ${how}`);
}

interface Event {
  readonly at: Instant;
  readonly key: string;
}

const eventsOf = ({ transitions, commands }: ScanOutput): readonly Event[] => [
  ...transitions.map((t: Transition) => ({
    at: t.at,
    key: `${timeOf(t.at)} ${t.alarm} ${t.from} → ${t.to}${sightOf(t)}`,
  })),
  ...commands.map((c: Command) => ({ at: c.issued, key: `${timeOf(c.issued)} ${c.point} := ${c.value}` })),
];

const sightOf = ({ blind }: Transition): string => (blind === undefined ? "" : blind ? ", blind" : ", seeing");
const timeOf = (at: Instant): string => new Date(at).toISOString();

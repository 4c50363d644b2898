import type { AlarmDefinition, AlarmId } from "../../src/core/alarm/definition.ts";
import type { AlarmRequest, AlarmStatus } from "../../src/core/alarm/lifecycle.ts";
import { statusOf } from "../../src/core/alarm/lifecycle.ts";
import type { Command, CommandId, Outcome, ResponseId } from "../../src/core/command.ts";
import type { Detector } from "../../src/core/detect/detector.ts";
import type { DetectorSpec } from "../../src/core/detect/index.ts";
import type { Image, PointRule } from "../../src/core/image.ts";
import { imageAt } from "../../src/core/image.ts";
import type { Notice, Plant, Request, ResponseAsk, ScanInput, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import type { Fault, PointId, Reading } from "../../src/core/reading.ts";
import type { Action, FailoverStep, Response } from "../../src/core/respond/response.ts";
import { nextDue, scan } from "../../src/core/scan.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { PowerTree } from "../../src/core/topology/power.ts";
import type { Verdict } from "../../src/core/vote.ts";

/** When every test begins. */
export const t0 = 1_700_000_000_000;

export const point = (name: string): PointId => name as PointId;
export const alarmId = (name: string): AlarmId => name as AlarmId;
export const responseId = (name: string): ResponseId => name as ResponseId;

/** A reading `after` milliseconds into the test. */
export const good = (name: string, value: number, after = 0): Reading => ({
  point: point(name),
  at: instant(t0 + after),
  quality: "good",
  value,
});
/** A value that is to be used with care. */
export const doubtful = (name: string, value: number, after = 0): Reading => ({
  point: point(name),
  at: instant(t0 + after),
  quality: "uncertain",
  value,
  reason: "outOfRange",
});
export const bad = (name: string, reason: Fault, after = 0): Reading => ({
  point: point(name),
  at: instant(t0 + after),
  quality: "bad",
  reason,
});

/** What a detector makes of a reading at the instant of it; its alarm stands whenever it has to matter. */
export const judge = (detector: Detector, reading: Reading, stands = true): Verdict =>
  detector.judge(reading, reading.at, stands);

export const above = (limit: number, deadband = 0): DetectorSpec => ({ kind: "limit", side: "above", limit, deadband });

type AlarmSketch = Partial<Omit<AlarmDefinition, "id" | "suppressedBy" | "onDelay" | "offDelay">> & {
  readonly on?: readonly string[];
  readonly detect?: DetectorSpec;
  readonly suppressedBy?: readonly string[];
  readonly onDelay?: number;
  readonly offDelay?: number;
};

/** An alarm above 10 on point "x", unless said otherwise; `on` names points that are all judged alike. */
export function alarm(id: string, sketch: AlarmSketch = {}): AlarmDefinition {
  const { on = ["x"], detect = above(10), suppressedBy = [], onDelay = 0, offDelay = 0, ...rest } = sketch;
  return {
    id: alarmId(id),
    title: { en: id },
    channels: on.map((name) => ({ point: point(name), detect })),
    need: 1,
    priority: "high",
    latch: false,
    cause: "a cause",
    consequence: "a consequence",
    response: "a response",
    ...rest,
    onDelay: ms(onDelay),
    offDelay: ms(offDelay),
    suppressedBy: suppressedBy.map(alarmId),
  };
}

/** Readings of every point are good for this long unless a test says otherwise. */
export const maxAge: Duration = ms(3000);

/** The image in which these points have just said these values, or said them `after` ms ago. */
export function imageOf(values: Readonly<Record<string, number>>, after = 0): Image {
  const names = Object.keys(values);
  return imageAt(
    new Map(names.map((name) => [point(name), good(name, values[name]!)])),
    new Map(names.map((name) => [point(name), { maxAge }])),
    instant(t0 + after),
  );
}

export const nowhere: PowerTree = { nodes: new Map(), loads: [] };

interface SiteSketch {
  readonly alarms?: readonly AlarmDefinition[];
  readonly responses?: readonly Response[];
  readonly power?: PowerTree;
  /** Points beyond those that alarms judge, with what is to be known of them. */
  readonly points?: Readonly<Record<string, PointRule>>;
}

export function site(sketch: SiteSketch = {}): SiteModel {
  const { alarms = [], responses = [], power = nowhere } = sketch;
  const points = new Map<PointId, PointRule>();
  for (const { channels } of alarms)
    for (const { point: judged, unless } of channels)
      for (const id of [judged, unless?.point]) if (id) points.set(id, { maxAge });
  for (const load of power.loads)
    for (const feed of load.feeds)
      for (const id of [feed.outlet, feed.closed, feed.power]) if (id) points.set(id, { maxAge });
  for (const node of power.nodes.values()) if (node.power) points.set(node.power, { maxAge });
  for (const { action } of responses)
    if (action.kind === "failover") for (const step of action.steps) points.set(step.point, { maxAge });
  for (const [name, rule] of Object.entries(sketch.points ?? {})) points.set(point(name), rule);
  return { id: "test", points, alarms, responses, power };
}

/** A step that brings "<id>/at" to 2 within a second, unless said otherwise. */
export const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep => ({
  id,
  title: { en: id },
  point: point(`${id}/at`),
  value: 2,
  needs: [],
  within: ms(1000),
  retries: 0,
  ifFailed: "carryOn",
  ...sketch,
});

/** A response that the alarm "go" starts and that acts at once, unless said otherwise. */
export const move = (action: Action, sketch: Partial<Response> = {}): Response => ({
  id: responseId("move"),
  title: { en: "move" },
  when: [alarmId("go")],
  ifBlind: "hold",
  mode: "act",
  after: ms(0),
  action,
  ...sketch,
});

type Moment = Partial<Omit<ScanInput, "at">>;

export const input = (after: number, moment: Moment = {}): ScanInput => ({
  at: instant(t0 + after),
  readings: [],
  requests: [],
  outcomes: [],
  leads: true,
  ...moment,
});

/** A plant under test: fed by hand, in milliseconds since its start. */
export interface Bench {
  plant: Plant;
  /** One scan. */
  scan(after: number, moment?: Moment): ScanOutput;
  /** One scan with these readings, stamped with its own instant. */
  read(after: number, values: Readonly<Record<string, number | Fault>>): ScanOutput;
  /** Scans whenever something falls due, up to and with an instant, and nothing arrives. */
  wait(until: number): readonly ScanOutput[];
  ask(after: number, alarm: string, event: AlarmRequest): ScanOutput;
  order(after: number, response: string, event: ResponseAsk): ScanOutput;
  status(alarm: string): AlarmStatus;
}

export function bench(model: SiteModel, made: Plant = start(model, instant(t0))): Bench {
  const self: Bench = {
    plant: made,
    scan: (after, moment) => scan(self.plant, input(after, moment)),
    read: (after, values) =>
      self.scan(after, {
        readings: Object.entries(values).map(([name, value]) =>
          typeof value === "number" ? good(name, value, after) : bad(name, value, after),
        ),
      }),
    wait: (until) => waitOn(self.plant, instant(t0 + until)),
    ask: (after, alarmName, event) =>
      self.scan(after, { requests: [{ to: "alarm", alarm: alarmId(alarmName), event }] }),
    order: (after, response, event) => self.scan(after, { requests: [order(response, event)] }),
    status: (name) => statusIn(self.plant, name),
  };
  return self;
}

/** A person's announcement that power is cut so long into the test; null takes it back. */
export const evacuate = (response: string, cutAt: number | null): Request => ({
  to: "response",
  response: responseId(response),
  event: "evacuate",
  cutAt: cutAt === null ? null : instant(t0 + cutAt),
  by: "fire officer",
  why: "water",
});

export const order = (response: string, event: ResponseAsk): Request => ({
  to: "response",
  response: responseId(response),
  event,
  by: "operator",
  why: "drill",
});

function waitOn(plant: Plant, until: Instant): readonly ScanOutput[] {
  const outputs: ScanOutput[] = [];
  for (let due = nextDue(plant); due !== null && due <= until; due = nextDue(plant))
    outputs.push(scan(plant, input(Math.max(due, plant.now) - t0, { leads: plant.leads })));
  return outputs;
}

function statusIn(plant: Plant, name: string): AlarmStatus {
  return statusOf(stateOf(plant, name).alarm);
}

export const stateOf = (plant: Plant, name: string): Plant["alarms"][number] =>
  plant.alarms[plant.index.alarmAt.get(alarmId(name))!]!;

/** "from → to" of every transition, with what changed in sight. */
export const told = (output: ScanOutput): readonly string[] =>
  output.transitions.map(
    ({ alarm: id, from, to, blind }) =>
      `${id}: ${from} → ${to}${blind === undefined ? "" : blind ? ", blind" : ", sees"}`,
  );

/** "event" of every notice of one subject. */
export const noticed = (output: ScanOutput, about: Notice["about"] = "response"): readonly string[] =>
  output.notices.filter((notice) => notice.about === about).map(({ event }) => event);

export const outcome = (command: Command, result: Outcome["result"], after: number, readBack?: number): Outcome => ({
  command: command.id,
  at: instant(t0 + after),
  result,
  detail: result,
  ...(readBack === undefined ? {} : { readBack }),
});

export const ids = (commands: readonly Command[]): readonly CommandId[] => commands.map(({ id }) => id);

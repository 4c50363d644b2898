/** Records made by hand, and sentences held against them. */
import type { Record, Samples } from "../../../simulators/promises/index.ts";
import { readPromise } from "../../../simulators/promises/index.ts";
import { promiseGround } from "../../../simulators/scenario/promised.ts";
import { wallTimeOf } from "../../../simulators/scenario/times.ts";
import type { Command, Outcome } from "../../../src/core/command.ts";
import type { Notice, Transition } from "../../../src/core/plant.ts";
import type { PointId } from "../../../src/core/reading.ts";
import type { Instant } from "../../../src/core/time.ts";
import { instant } from "../../../src/core/time.ts";
import { demoSite } from "../demo-site.ts";

const site = demoSite();
const starts = "2026-03-02T09:00:00+09:00";
const zero = Date.parse(starts);

/** So many seconds after the start. */
export const s = (seconds: number): Instant => instant(zero + seconds * 1000);

export const ground = promiseGround(site, {
  starts: s(0),
  wallTime: wallTimeOf(starts),
  labels: new Map([["the spark", s(60)]]),
});

/** What a sentence says of a record: null where it was kept. */
export function judged(sentence: string, record: Partial<Record>): string | null {
  const promise = readPromise(sentence, ground);
  if ("wrong" in promise) throw new Error(promise.wrong);
  const none = { transitions: [], commands: [], outcomes: [], notices: [], alarms: [], samples: new Map() };
  return promise.check({ ...none, site: site.model, starts: s(0), ends: s(600), ...record });
}

export const transition = (
  alarm: string,
  at: number,
  to: Transition["to"],
  more: Partial<Transition> = {},
): Transition => ({
  alarm: alarm as Transition["alarm"],
  at: s(at),
  priority: "high",
  from: to === "normal" ? "acknowledged" : "normal",
  to,
  because: "",
  ...more,
});

export const raised = (alarm: string, at: number): Transition => transition(alarm, at, "unacknowledged");

export function command(response: string, stage: string, at: number, write: string): Command {
  const [point = "", value = ""] = write.split("=");
  return {
    id: `${response}#1/${stage}/${write}` as Command["id"],
    response: response as Command["response"],
    point: point as PointId,
    value: Number(value),
    why: "",
    issued: s(at),
    expires: s(at + 10),
    expect: { point: point as PointId, is: "=", value: Number(value), within: 10_000 as Command["expect"]["within"] },
  };
}

export const outcome = ({ id }: Command, result: Outcome["result"]): Outcome => ({
  command: id,
  at: s(0),
  result,
  detail: "",
});

export const notice = (response: string, at: number, event: string, text = ""): Notice => ({
  at: s(at),
  about: "response",
  id: response,
  event,
  text,
});

export const samples = (seen: {
  readonly [point: string]: readonly (readonly [number, number | null])[];
}): Map<PointId, Samples> =>
  new Map(
    Object.entries(seen).map(([point, list]) => [
      point as PointId,
      { at: list.map(([at]) => s(at)), values: list.map(([, value]) => value) },
    ]),
  );

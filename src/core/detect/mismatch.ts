/**
 * Abnormal when a feedback does not follow its command: a valve that is told to open and no flow, a
 * breaker that is closed and no current, a fan that runs and no airflow, a position and a flow that
 * contradict each other (Singapore 2023: the valves of the buffer tanks shut by a wrong signal).
 *
 * The channel's own point is the command, or the position. While it is `at` its states (`above` or
 * `below` its limit) all of `follows` must hold, while it is not all of `otherwise`; either may be
 * left out. Each change of sides gives `within` anew, and so does a command that was not seen: nobody
 * knows when it was given. A feedback that was not seen does not stop the time.
 *
 * Traps. A state of a control says what was asked for, and not what is: take as feedback what another
 * instrument measures. `within` must hold the stroke of a valve and two polls of every point. Leave
 * a gap between a `follows` and an `otherwise` on the same number.
 */
import { z } from "zod";
import type { PointId } from "../reading.ts";
import type { Instant } from "../time.ts";
import { elapsed, hours } from "../time.ts";
import type { Verdict } from "../vote.ts";
import type { OwnCondition } from "./condition.ts";
import { conditionSchema, inputOf, meets, meetsOwn } from "./condition.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { stretchSchema } from "./kind.ts";

/** Feedbacks that a person can still look through. */
const listMax = 16;

const settings = z.strictObject({
  /** When the point commands; one of the three. */
  at: z.array(z.string().min(1)).min(1).optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  /** What holds while it commands, and what while it does not; one of the two, or both. */
  follows: z.array(conditionSchema).min(1).max(listMax).default([]),
  otherwise: z.array(conditionSchema).min(1).max(listMax).default([]),
  within: stretchSchema(hours(24)),
});

type MismatchSpec = z.output<typeof settings>;

interface MismatchMemory {
  /** Whether the point commands; null where it is not known. */
  commands: boolean | null;
  /** Of `follows` and then of `otherwise`. */
  answers: Verdict[];
  /** Since when the feedback has been owed, or has contradicted; null where it was seen to agree. */
  since: Instant | null;
  /** How long that had been when it was judged last. */
  lastsMs: number | null;
}

export const mismatch: DetectorKind<MismatchSpec, MismatchMemory> = {
  settings,
  own: ({ at }) => at ?? "number",
  inputs: ({ follows, otherwise }) => [
    ...follows.map((condition, i) => inputOf(["follows", i], condition)),
    ...otherwise.map((condition, i) => inputOf(["otherwise", i], condition)),
  ],
  wrong({ at, above, below, follows, otherwise }) {
    if ([at, above, below].filter((one) => one !== undefined).length !== 1)
      return { path: [], message: "needs at, above or below, one of the three: when the point commands" };
    if (follows.length + otherwise.length > 0) return null;
    return { path: [], message: "needs follows, otherwise or both: what is to be seen of it" };
  },
  make: compared,
};

function compared(spec: MismatchSpec, memory: MismatchMemory = nothingSeen(spec)): Detector<MismatchMemory> {
  const feedbacks = [...spec.follows, ...spec.otherwise].map((condition) => ({
    point: condition.point,
    answerOf: meets(condition),
  }));
  const isCommand = meetsOwn(commandOf(spec));
  const beside = new Set<PointId>(feedbacks.map(({ point }) => point));
  return {
    memory,
    judge(reading, now) {
      if (!beside.has(reading.point)) hear(memory, knownOf(isCommand(reading)), now);
      feedbacks.forEach(({ point, answerOf }, i) => {
        if (point === reading.point) memory.answers[i] = answerOf(reading);
      });
      return verdictOf(spec, memory, now);
    },
    account: () => [
      { name: "contradicts for", value: inSeconds(memory.lastsMs), limit: spec.within / 1000, unit: "s" },
    ],
  };
}

const nothingSeen = ({ follows, otherwise }: MismatchSpec): MismatchMemory => ({
  commands: null,
  answers: [...follows, ...otherwise].map(() => "unknown"),
  since: null,
  lastsMs: null,
});

/** When the point commands. */
const commandOf = ({ at, above, below }: MismatchSpec): OwnCondition =>
  at !== undefined ? { at } : above !== undefined ? { above } : { below: below ?? Number.NaN };

/** Whether the point commands; null where it does not say. */
const knownOf = (verdict: Verdict): boolean | null => (verdict === "unknown" ? null : verdict === "abnormal");

function hear(memory: MismatchMemory, commands: boolean | null, now: Instant): void {
  if (commands === memory.commands) return;
  memory.commands = commands;
  memory.since = commands === null ? null : now;
}

function verdictOf(spec: MismatchSpec, memory: MismatchMemory, now: Instant): Verdict {
  const agrees = agreementOf(spec, memory);
  if (agrees === "normal") memory.since = null;
  else if (agrees === "abnormal") memory.since ??= now;
  memory.lastsMs = agrees === "abnormal" && memory.since !== null ? elapsed(memory.since, now) : null;
  if (agrees !== "abnormal") return agrees;
  return (memory.lastsMs ?? 0) >= spec.within ? "abnormal" : "normal";
}

/** Abnormal where something contradicts; one that does is enough, whatever the others are silent about. */
function agreementOf({ follows }: MismatchSpec, { commands, answers }: MismatchMemory): Verdict {
  if (commands === null) return "unknown";
  const owed = commands ? answers.slice(0, follows.length) : answers.slice(follows.length);
  if (owed.includes("normal")) return "abnormal";
  return owed.includes("unknown") ? "unknown" : "normal";
}

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

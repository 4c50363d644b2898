/**
 * Abnormal when a value has moved by more than so much within any stretch of time: 5 K in 15 minutes
 * and 20 K in an hour at the inlets of servers (ASHRAE TC 9.9), 10 % of humidity in 5 minutes in a
 * room with batteries. `rate` is how fast, by a line through all of the window, and a step is hardly
 * a slope; this is how far, and hears a step with the reading that shows it.
 *
 * `either` is the highest of the stretch less the lowest, `rising` the last less the lowest, `falling`
 * the highest less the last. Highest and lowest stand in two queues that hold only what can still
 * become one, by parts of the window, so that they stay short however fast the point speaks.
 *
 * Traps. One wrong value stays in `either` for the whole window: have the profile confirm jumps
 * (what is unconfirmed is not taken in). ASHRAE's numbers hold at inlets; a return swings with the load.
 */
import { z } from "zod";
import { hours } from "../time.ts";
import type { Detector } from "./detector.ts";
import type { DetectorKind } from "./kind.ts";
import { stretchSchema } from "./kind.ts";

const settings = z.strictObject({
  side: z.enum(["rising", "falling", "either"]).default("either"),
  /** In the point's unit. */
  by: z.number().positive(),
  within: stretchSchema(hours(24)),
  deadband: z.number().min(0).default(0),
});

type ChangeSpec = z.output<typeof settings>;

/** [part of the time, value], oldest first. */
type Queue = [number, number][];

interface ChangeMemory {
  last: number | null;
  /** Falling values: the first is the highest of the window. */
  high: Queue;
  /** Rising values: the first is the lowest. */
  low: Queue;
  beyond: boolean;
}

/** The window is looked at in so many parts; it is longer than asked for by at most one of them, and never shorter. */
const parts = 120;

export const change: DetectorKind<ChangeSpec, ChangeMemory> = {
  settings,
  own: "number",
  window: ({ within }) => ({ path: ["within"], lasts: within }),
  wrong: ({ by, deadband }) =>
    deadband < by ? null : { path: ["deadband"], message: `must be less than ${by}, or it never clears` },
  make: moved,
};

function moved(
  spec: ChangeSpec,
  memory: ChangeMemory = { last: null, high: [], low: [], beyond: false },
): Detector<ChangeMemory> {
  return {
    memory,
    judge(reading, _now, stands) {
      if (reading.quality === "bad") return "unknown";
      const isConfirmed = reading.quality === "good" || reading.reason !== "unconfirmed";
      if (isConfirmed) take(spec, memory, reading.at, reading.value);
      const far = distanceOf(spec, memory);
      if (far !== null) memory.beyond = far > spec.by - (memory.beyond && stands ? spec.deadband : 0);
      return memory.beyond ? "abnormal" : "normal";
    },
    account: () => [
      { name: `change within ${spec.within / 60_000} min`, value: distanceOf(spec, memory), limit: spec.by },
    ],
  };
}

function take({ within }: ChangeSpec, memory: ChangeMemory, at: number, value: number): void {
  const part = Math.floor((at * parts) / within);
  push(memory.high, part, value, (kept) => kept > value);
  push(memory.low, part, value, (kept) => kept < value);
  memory.last = value;
}

/** Takes a value in; those before it that it outdoes go, and so do those that are too old. */
function push(queue: Queue, part: number, value: number, outlasts: (kept: number) => boolean): void {
  while (queue.length > 0 && !outlasts(queue.at(-1)![1])) queue.pop();
  // Within one part the greater one lasts as long as the lesser: that is the part by which the window is longer.
  if (queue.at(-1)?.[0] !== part) queue.push([part, value]);
  while (queue[0]![0] < part - parts) queue.shift();
}

/** How far it has moved; null before the first value. */
function distanceOf({ side }: ChangeSpec, { last, high, low }: ChangeMemory): number | null {
  const [highest, lowest] = [high[0], low[0]];
  if (last === null || !highest || !lowest) return null;
  return (side === "rising" ? last : highest[1]) - (side === "falling" ? last : lowest[1]);
}

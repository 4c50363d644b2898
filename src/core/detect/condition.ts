/** A plain judgement of one point, as detectors need it of the points beside their own: "the pump runs", "the room smokes". */
import { z } from "zod";
import { quantityOf } from "../quantity.ts";
import type { PointId, Reading } from "../reading.ts";
import { pointNameOf } from "../reading.ts";
import type { Verdict } from "../vote.ts";
import type { Input } from "./kind.ts";
import { pointSchema } from "./kind.ts";

/** One of the states `at`, or beyond a limit in the point's unit. */
export const conditionSchema = z.union([
  z.strictObject({ point: pointSchema, at: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ point: pointSchema, above: z.number() }),
  z.strictObject({ point: pointSchema, below: z.number() }),
]);

export type Condition = z.output<typeof conditionSchema>;

/** A condition on the point that a channel is about, which need not be named again. */
export const ownConditionSchema = z.union([
  z.strictObject({ at: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ above: z.number() }),
  z.strictObject({ below: z.number() }),
]);

export type OwnCondition = z.output<typeof ownConditionSchema>;

/** What the channel's own point has to be for a condition on it. */
export const ownIs = (condition: OwnCondition): Input["is"] => ("at" in condition ? condition.at : "number");

/** Whether a condition on the channel's own point is met by a reading of it; the point is known with the first of them. */
export function meetsOwn(condition: OwnCondition): (reading: Reading) => Verdict {
  let known: { readonly point: PointId; readonly verdictOf: (reading: Reading) => Verdict } | null = null;
  return (reading) => {
    const { point } = reading;
    if (known?.point !== point) known = { point, verdictOf: meets({ ...condition, point }) };
    return known.verdictOf(reading);
  };
}

/** The condition's point as an input of a detector. */
export const inputOf = (path: Input["path"], condition: Condition): Input => ({
  path: [...path, "point"],
  point: condition.point,
  is: "at" in condition ? condition.at : "number",
});

/** Whether a condition is met by a reading of its point; a bad one says nothing. */
export function meets(condition: Condition): (reading: Reading) => Verdict {
  const holds = test(condition);
  return (reading) => (reading.quality === "bad" ? "unknown" : holds(reading.value) ? "abnormal" : "normal");
}

function test(condition: Condition): (value: number) => boolean {
  if ("above" in condition) return (value) => value > condition.above;
  if ("below" in condition) return (value) => value < condition.below;
  const states = statesOf(condition.point, condition.at);
  return (value) => states.includes(value);
}

/** The numbers of a point's states, by the standard name of the point. */
export function statesOf(point: PointId, names: readonly string[]): readonly number[] {
  const states = quantityOf(pointNameOf(point))?.states ?? [];
  return names.map((name) => states.indexOf(name)).filter((place) => place >= 0);
}

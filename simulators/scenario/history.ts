/**
 * The event of the world that a scenario tells again: what is known of it and what is not, what the scenario puts in the
 * place of what is not, and which of its parameters change how it ends. The table of incidents is made of this.
 */
import { z } from "zod";
import type { Document, Problem } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import type { Ground } from "../promises/index.ts";
import { readPromise } from "../promises/index.ts";

const text = z.string().min(1);
/** More runs of one scenario than this nobody compares. */
const runsMax = 12;

export const historySchema = z.strictObject({
  /** The day on which it began, there. */
  date: z.iso.date(),
  unknown: text,
  assumed: text,
  /** With its minutes. */
  happened: text,
  /** What this product does about it, and at which minute. */
  lesson: text,
  /** Runs with other parameters, and what that means in words. */
  sensitivity: z
    .array(z.strictObject({ set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), says: text }))
    .max(runsMax)
    .default([]),
  /** Promises without their time, such as "service mail moved": the table says when each came true, if it did. */
  outcome: z.array(text).min(1),
});

export type History = z.output<typeof historySchema>;

/** What is wrong with a history: parameters that the scenario has not, and outcomes that are no promise without its time. */
export function objectionsTo(
  document: Document,
  history: History | undefined,
  { ground, params }: { readonly ground: Ground; readonly params: readonly string[] },
): readonly Problem[] {
  if (!history) return [];
  const sets = history.sensitivity.flatMap(({ set }, i) =>
    Object.keys(set)
      .filter((name) => !params.includes(name))
      .map((name) =>
        document.problemAt(
          ["history", "sensitivity", i, "set"],
          `there is no parameter "${name}"`,
          closest(name, params),
        ),
      ),
  );
  const outcomes = history.outcome.flatMap((outcome, i) => {
    const read = readPromise(`${outcome} by +0s`, ground);
    return "wrong" in read ? [document.problemAt(["history", "outcome", i], read.wrong)] : [];
  });
  return [...sets, ...outcomes];
}

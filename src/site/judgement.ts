/** How one point is judged, as a site file writes it: exactly one of the judgements, and what it needs to be told. */
import { z } from "zod";
import { detectorForms } from "../core/detect/index.ts";
import { hours } from "../core/time.ts";
import { text, wait } from "./words.ts";

/** What changes more slowly than this is looked at in the history and not by an alarm. */
const WINDOW_MAX = hours(24);

export const judgement = {
  at: z.array(text).min(1).optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  deadband: z.number().min(0).optional(),
  /** In the point's unit per minute. */
  rising: z.number().positive().optional(),
  falling: z.number().positive().optional(),
  window: wait(WINDOW_MAX).optional(),
  stale: z.literal(true).optional(),
  ...detectorForms,
};

export type Judgement = z.output<z.ZodObject<typeof judgement>>;

/** Kinds that are written under their own name, with settings of their own. */
export const namedKinds = Object.keys(detectorForms) as (keyof typeof detectorForms)[];

const kinds = ["at", "above", "below", "rising", "falling", "stale", ...namedKinds] as const;

/** The judgements that are written there. */
export const judgementsIn = (source: Judgement): readonly string[] =>
  kinds.filter((kind) => source[kind] !== undefined);

/** Says what is left over or lacking beside a judgement. `limits` is one more kind that an alarm may have. */
export function checkJudgement(
  source: Judgement & { limits?: unknown },
  say: (path: string[], message: string) => void,
) {
  const found = [...judgementsIn(source), ...(source.limits === undefined ? [] : ["limits"])];
  if (found.length !== 1) return say([], countMessage(found));
  const [kind = ""] = found;
  if (source.deadband !== undefined && !["above", "below", "limits"].includes(kind))
    say(["deadband"], `a deadband belongs to a limit, not to "${kind}"`);
  const slopes = kind === "rising" || kind === "falling";
  if (slopes && source.window === undefined) say([kind], `"${kind}" needs a window, such as 60s`);
  if (!slopes && source.window !== undefined)
    say(["window"], `a window belongs to rising or falling, not to "${kind}"`);
}

const countMessage = (found: readonly string[]): string =>
  found.length === 0
    ? `says of no value that it is wrong: give it one of ${kinds.join(", ")}`
    : `is judged in one way only, not by ${found.join(" and ")}`;

import { z } from "zod";
import type { Duration } from "./time.ts";
import { ms } from "./time.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "800ms", "1s", "2.5s", "5min", "2h" or "30d" as milliseconds; null where the text is none of these. */
export function parseDuration(text: string): Duration | null {
  const written = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)$/.exec(text.trim());
  return written === null ? null : ms(Math.round(Number(written[1]) * unitMs[written[2]!]!));
}

/** A duration as files write it; its output is milliseconds. */
export const durationSchema = z.string().transform((text, context): Duration => {
  const duration = parseDuration(text);
  if (duration !== null) return duration;
  context.addIssue({ code: "custom", message: `"${text}" is no duration; write one like 800ms, 1s, 5min or 2h` });
  return z.NEVER;
});

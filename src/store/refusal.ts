/** What an answer other than success means to what was sent. */
import type { Sent } from "./deliver.ts";

/** The lines themselves are at fault, one of them or all together: malformed, of another type, too many at once. */
const ofTheLines = new Set([400, 413, 422]);

/** A refused write. Wrong credentials or a missing database are waited out: a person mends them, and nothing is lost meanwhile. */
export function refusal(status: number, message: string, retryAfter?: string | readonly string[]): Sent {
  const reason = message.trim().slice(0, 500);
  if (ofTheLines.has(status)) return { kind: "reject", reason };
  const waitMs = waitOf(retryAfter);
  return waitMs === null ? { kind: "retry", reason } : { kind: "retry", reason, waitMs };
}

/** Retry-After is a number of seconds, or a date; a date is left to our own patience. */
function waitOf(retryAfter: string | readonly string[] | undefined): number | null {
  const seconds = typeof retryAfter === "string" && retryAfter.trim() !== "" ? Number(retryAfter) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

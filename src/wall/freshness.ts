/** How long the page has seen nothing new, and what that makes of what it shows. */

/** Three beats missed: what stands there may be old. */
export const oldMs = 3000;
/** Nobody may take it for the present any more. */
export const lostMs = 10_000;

export type Stage = "live" | "old" | "lost";

/** The stage after so long a silence. */
export const stageOf = (silenceMs: number): Stage =>
  silenceMs >= lostMs ? "lost" : silenceMs >= oldMs ? "old" : "live";

/** What is known of why. */
export type Trouble = "none" | "connecting" | "connectionLost" | "refused" | "scanStopped" | "allSilent";

/** A jittered wait before the next attempt: walls that lost one server do not come back all at once. ms */
export function retryMs(attempt: number, chance: number): number {
  const longest = Math.min(8000, 500 * 2 ** Math.min(attempt, 6));
  return longest * (0.5 + chance / 2);
}

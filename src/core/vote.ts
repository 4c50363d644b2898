import { assert } from "./assert.ts";

/** What a detector makes of a point. "unknown" is a verdict: it is what a dead sensor gives. */
export type Verdict = "normal" | "abnormal" | "unknown";

/**
 * M-out-of-N voting (the MooN of IEC 61511): abnormal when at least `need` channels are. It is
 * unknown only while the unknown channels could still change the outcome, so that one dead sensor
 * of three does not blind a 2oo3 vote.
 */
export function vote(need: number, channels: readonly Verdict[]): Verdict {
  assert(need >= 1, "a vote needs at least one channel");
  assert(need <= channels.length, "a vote cannot need more channels than it has");
  let abnormal = 0;
  let unknown = 0;
  for (const channel of channels) {
    if (channel === "abnormal") abnormal += 1;
    else if (channel === "unknown") unknown += 1;
  }
  if (abnormal >= need) return "abnormal";
  return abnormal + unknown >= need ? "unknown" : "normal";
}

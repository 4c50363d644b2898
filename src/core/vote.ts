/**
 * M-out-of-N voting (the MooN of IEC 61511) over channels that may be silent, bypassed or isolated.
 * Whatever the policy for channels without a reading, three things hold. None of them raises an
 * alarm: one that is seen to be abnormal must be there. None of them clears one: what stands is
 * cleared by a vote that they could not have changed. And a vote that can never be met any more is
 * "unknown" and not "normal".
 */
import { assert } from "./assert.ts";

/** What a detector makes of a point. "unknown" is a verdict: it is what a dead sensor gives. */
export type Verdict = "normal" | "abnormal" | "unknown";

/**
 * How a channel takes part. `waiting`: it has not spoken yet and still has time to, which no policy
 * takes for a bad reading; `bypassed`: a person has taken it out; `isolated`: it says itself that it is.
 */
export type Ballot = Verdict | "waiting" | "bypassed" | "isolated";

/** The terms of one alarm's vote. */
export interface VoteRule {
  readonly need: number;
  readonly ifBad: "hold" | "vote" | "exclude";
  /** How many are needed once one channel is out: `need`, or one less, and so on with each further one down to 1. */
  readonly degradeTo: number;
  /** What each channel senses, where those that are abnormal must sense two different things; else null. */
  readonly senses: readonly string[] | null;
}

/** M out of N. */
export interface Architecture {
  readonly need: number;
  readonly of: number;
}

/** The outcome of a vote. `stands`: its alarm is raised, or its on-delay runs. */
export function vote(rule: VoteRule, ballots: readonly Ballot[], stands = false): Verdict {
  assert(rule.need >= 1, "a vote needs at least one channel");
  assert(rule.need <= ballots.length, "a vote cannot need more channels than it has");
  const verdict = judged(rule, ballots);
  if (verdict !== "normal" || !stands) return verdict;
  const needed = neededOf(rule, count(ballots, bypassed));
  return isEnough(rule, needed, ballots, maybeUnseen) ? "unknown" : "normal";
}

/** What the vote amounts to while some channels are out or bad; null where it cannot be decided by those that are left. */
export function architectureOf(rule: VoteRule, ballots: readonly Ballot[]): Architecture | null {
  const bad = count(ballots, unknown);
  const out = count(ballots, absent);
  const of = ballots.length - out - bad;
  const needed = neededOf(rule, rule.ifBad === "exclude" ? out + bad : out);
  const need = rule.ifBad === "vote" ? Math.max(1, needed - bad) : needed;
  return isEnough(rule, need, ballots, seen) ? { need, of } : null;
}

function judged(rule: VoteRule, ballots: readonly Ballot[]): Verdict {
  const isExcluding = rule.ifBad === "exclude";
  const out = count(ballots, absent) + (isExcluding ? count(ballots, unknown) : 0);
  const needed = neededOf(rule, out);
  if (isEnough(rule, needed, ballots, abnormal)) return "abnormal";
  if (!isEnough(rule, needed, ballots, isExcluding ? seen : present)) return "unknown";
  if (!isEnough(rule, needed, ballots, isExcluding ? maybeWaiting : maybe)) return "normal";
  return rule.ifBad === "vote" && isJoined(rule, needed, ballots) ? "abnormal" : "unknown";
}

/** Whether bad channels make up the number beside one that is seen. They are of no sense: diversity is for those that are seen. */
function isJoined(rule: VoteRule, needed: number, ballots: readonly Ballot[]): boolean {
  return isEnough(rule, Math.max(1, needed - count(ballots, unknown)), ballots, abnormal);
}

const abnormal: readonly Ballot[] = ["abnormal"];
const unknown: readonly Ballot[] = ["unknown"];
const bypassed: readonly Ballot[] = ["bypassed"];
const absent: readonly Ballot[] = ["bypassed", "isolated"];
const maybeWaiting: readonly Ballot[] = ["abnormal", "waiting"];
const maybe: readonly Ballot[] = ["abnormal", "waiting", "unknown"];
const maybeUnseen: readonly Ballot[] = ["abnormal", "waiting", "unknown", "isolated"];
const seen: readonly Ballot[] = ["normal", "abnormal", "waiting"];
const present: readonly Ballot[] = ["normal", "abnormal", "waiting", "unknown"];

const neededOf = ({ need, degradeTo }: VoteRule, out: number): number =>
  degradeTo < need ? Math.max(1, need - out) : need;

function count(ballots: readonly Ballot[], which: readonly Ballot[]): number {
  let n = 0;
  for (const ballot of ballots) if (which.includes(ballot)) n += 1;
  return n;
}

/** Whether the channels of these ballots are as many as are needed, and of two senses where that is asked. */
function isEnough({ senses }: VoteRule, needed: number, ballots: readonly Ballot[], which: readonly Ballot[]): boolean {
  let n = 0;
  let first = -1;
  let isDiverse = senses === null;
  for (let i = 0; i < ballots.length; i += 1) {
    if (!which.includes(ballots[i]!)) continue;
    n += 1;
    if (first < 0) first = i;
    else if (senses && senses[i] !== senses[first]) isDiverse = true;
  }
  return n >= needed && isDiverse;
}

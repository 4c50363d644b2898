/**
 * A swarm is one seed's worth of trouble for the whole service: what befalls the plant and its
 * instruments, what becomes of readings on their way, what operators do, when the node loses its
 * leadership, and when the core or the gate is killed. Plain data, made by a pure function of the
 * seed; every part of it can be left out, which is what shrinking does.
 */
import type { Chance } from "./chance.ts";
import { chance } from "./chance.ts";
import type { Deed } from "./deed.ts";
import type { Names } from "./names.ts";
import { deedsOf } from "./stories.ts";
import { withholdingOf } from "./withholding.ts";

/** What an operator does of his own accord, ms after he has seen it; null: never. */
export interface Operator {
  readonly acknowledgesMs: number | null;
  readonly resetsMs: number | null;
  readonly approvesMs: number | null;
  /** After a failover's first step, and after it is said that one may be restored. */
  readonly abortsMs?: number | null;
  readonly restoresMs?: number | null;
}

export interface Swarm {
  readonly seed: number;
  readonly lastsMs: number;
  /** In the order of time. */
  readonly deeds: readonly Deed[];
  readonly operator: Operator;
  /** Responses that wait for a yes here, and those that only say what they would do. */
  readonly advised: readonly string[];
  readonly observed: readonly string[];
  /** Responses that this site's gate has not armed. */
  readonly unarmed: readonly string[];
  /** Responses that go ahead where their alarm is blind. */
  readonly boldInBlindness: readonly string[];
  /** Alarms that two people are needed to withhold. */
  readonly guarded?: readonly string[];
}

const minuteMs = 60_000;

/** What the seed has in store for a site with these names. */
export function swarmOf(seed: number, names: Names): Swarm {
  const luck = chance(seed);
  const lastsMs = luck.odds(0.04) ? luck.whole(20, 40) * minuteMs : luck.whole(3, 10) * minuteMs;
  const withheld = withholdingOf(seed, names, lastsMs);
  const deeds = [...deedsOf(luck, names, lastsMs), ...withheld.deeds];
  const some = (part: number): readonly string[] => names.responses.filter(() => luck.odds(part));
  return {
    seed,
    lastsMs,
    deeds: deeds.filter(({ atMs }) => atMs < lastsMs).toSorted((a, b) => a.atMs - b.atMs),
    operator: { ...operatorOf(luck), ...changesMindOf(seed) },
    advised: some(0.15),
    observed: some(0.05),
    unarmed: some(0.1),
    boldInBlindness: some(0.1),
    guarded: withheld.guarded,
  };
}

function operatorOf(luck: Chance): Operator {
  const perhaps = (part: number, low: number, high: number): number | null =>
    luck.odds(part) ? luck.whole(low, high) : null;
  return {
    acknowledgesMs: perhaps(0.7, 500, 60_000),
    resetsMs: perhaps(0.5, 500, 30_000),
    approvesMs: perhaps(0.7, 500, 60_000),
  };
}

/** Drawn for themselves, so that a seed's other draws are what they were before operators could take anything back. */
function changesMindOf(seed: number): Pick<Operator, "abortsMs" | "restoresMs"> {
  const luck = chance(seed + 1_000_003);
  const abortsMs = luck.odds(0.25) ? luck.whole(500, 150_000) : null;
  return { abortsMs, restoresMs: luck.odds(0.7) ? luck.whole(500, 20_000) : null };
}

/**
 * A swarm is one seed's worth of trouble for the whole service: what befalls the plant and its
 * instruments, what becomes of readings on their way, what operators do, when the node loses its
 * leadership, and when the core or the gate is killed. Plain data, made by a pure function of the
 * seed; every part of it can be left out, which is what shrinking does.
 */
import type { PlantEvent } from "../../simulators/plant/index.ts";
import type { Fault } from "../../src/core/reading.ts";
import type { Chance } from "./chance.ts";
import { chance } from "./chance.ts";
import type { Names } from "./names.ts";
import { deedsOf } from "./stories.ts";

/** What becomes of a device's readings for a while. Times in ms. */
export interface LinkFault {
  readonly device: string;
  readonly forMs: number;
  readonly how:
    | { readonly kind: "lost" }
    /** They come, and are old by then. */
    | { readonly kind: "late"; readonly byMs: number }
    /** They come in time, and once more when they are old. */
    | { readonly kind: "repeated"; readonly byMs: number }
    | { readonly kind: "bad"; readonly reason: Fault }
    | { readonly kind: "doubtful" }
    /** The device's clock is ahead of the site's. */
    | { readonly kind: "ahead"; readonly byMs: number }
    /** A value that is no number. */
    | { readonly kind: "wild" };
}

/** What an operator asks for. */
export type Ask =
  | { readonly of: "alarm"; readonly alarm: string; readonly asks: AlarmAsk; readonly forMs?: number }
  | { readonly of: "response"; readonly response: string; readonly asks: "start" | "approve" | "stop" };

type AlarmAsk = "acknowledge" | "reset" | "shelve" | "unshelve" | "outOfService" | "returnToService";

/** One thing that happens, ms after the start. */
export type Deed = { readonly atMs: number } & (
  | { readonly does: "event"; readonly event: PlantEvent }
  | { readonly does: "link"; readonly fault: LinkFault }
  | { readonly does: "ask"; readonly ask: Ask }
  /** Another node takes over, or this one leads again. */
  | { readonly does: "lead"; readonly leads: boolean }
  /** The service is killed, and comes back after so long. */
  | { readonly does: "killCore"; readonly downMs: number }
  /** The gate is killed at its next touch of the plant or its ledger but so many, and comes back after so long. */
  | { readonly does: "killGate"; readonly touches: number; readonly downMs: number }
  /** Somebody throws a switch by hand. */
  | { readonly does: "hand"; readonly device: string; readonly point: string; readonly value: number }
  /** Every switch of the site is closed by hand. */
  | { readonly does: "putBack" }
  /** A response loses its leave to write, or gets it back. */
  | { readonly does: "arm"; readonly response: string; readonly armed: boolean }
  /** The service hands the gate again what it has handed it before. */
  | { readonly does: "resend" }
);

/** What an operator does of his own accord, ms after he has seen it; null: never. */
export interface Operator {
  readonly acknowledgesMs: number | null;
  readonly resetsMs: number | null;
  readonly approvesMs: number | null;
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
}

const minuteMs = 60_000;

/** What the seed has in store for a site with these names. */
export function swarmOf(seed: number, names: Names): Swarm {
  const luck = chance(seed);
  const lastsMs = luck.odds(0.04) ? luck.whole(20, 40) * minuteMs : luck.whole(3, 10) * minuteMs;
  const deeds = deedsOf(luck, names, lastsMs);
  const some = (part: number): readonly string[] => names.responses.filter(() => luck.odds(part));
  return {
    seed,
    lastsMs,
    deeds: deeds.filter(({ atMs }) => atMs < lastsMs).toSorted((a, b) => a.atMs - b.atMs),
    operator: operatorOf(luck),
    advised: some(0.15),
    observed: some(0.05),
    unarmed: some(0.1),
    boldInBlindness: some(0.1),
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

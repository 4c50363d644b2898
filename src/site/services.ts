import { z } from "zod";
import { hours } from "../core/time.ts";
import { importances } from "../core/topology/power.ts";
import type { SecretRef } from "./secret.ts";
import { secret } from "./secret.ts";
import { state } from "./targets.ts";
import { id, point, said, text, title, url, wait } from "./words.ts";

/** Tiers beyond which nobody can say which goes first. */
const TIER_MAX = 9;

/** Where the order to move is signed and sent to, and what it looks like. */
const webhook = z.strictObject({ url, secret, format: z.enum(["plain", "cloudevents"]).optional() });

/** What moves it, and in which of its states the service is at which site. */
const byTarget = z.strictObject({ target: id, at: z.record(id, state) });

/** A move that takes longer is a migration project. */
const MOVE_MAX = hours(24);
/** Data that is further behind than this is a backup. */
const LAG_MAX = hours(24);
/** Megawatts that a site may have to spare, with room; beyond it somebody wrote watts. */
const SPARE_KW_MAX = 500_000;

/** A site that a service may move to: the share of it that it can carry there, and the point (in s) that says how far its data is behind. */
const elsewhereSchema = z.strictObject({
  sharePct: z.number().positive().max(100).optional(),
  lag: z.strictObject({ point, max: wait(LAG_MAX) }).optional(),
});

/**
 * Something that runs in the racks. `move` is where the order to move it elsewhere is signed and sent to; without one it
 * cannot be moved. `moves` is what drills have shown: how long 95 of 100 moves take at most, and whose control plane does it.
 */
export const serviceSchema = z.strictObject({
  tier: z.int().min(0).max(TIER_MAX),
  name: title,
  importance: z.enum(importances).optional(),
  loads: z.array(id).default([]),
  needs: z.array(id).default([]),
  move: z.union([webhook, byTarget]).optional(),
  /** Services of one group may be moved away with nobody asked; once some of one have been, none of another. */
  group: id.optional(),
  moves: z.strictObject({ p95: wait(MOVE_MAX).optional(), by: id.optional() }).default({}),
  elsewhere: z.record(id, elsewhereSchema).default({}),
});

/** What this service itself stands on: racks, rooms (such as the one that its network comes through) and services. */
export const ownSchema = z.strictObject({
  loads: z.array(id).default([]),
  spaces: z.array(id).default([]),
  needs: z.array(id).default([]),
});

/** Other sites that services may move to, and this one's own particulars. */
export const identitySchema = z.strictObject({
  id,
  name: title,
  timezone: text.refine(isTimezone, "no time zone: write one like Asia/Seoul"),
  elsewhere: z.array(id).default([]),
  /** What each of them can still take up, kW, or the point that tells. */
  spareKw: z.record(id, z.union([z.number().min(0).max(SPARE_KW_MAX), point])).default({}),
});

/** A service that can be moved. Tier 0 goes first. */
export interface Service {
  readonly id: string;
  readonly tier: number;
  readonly name: Readonly<Record<string, string>>;
  readonly loads: readonly string[];
  /** Of its mover; null where a target moves it. */
  readonly group: string | null;
  readonly url: string | null;
  readonly secretRef: SecretRef | null;
  readonly format?: "plain" | "cloudevents";
  readonly by?: MovedBy;
}

interface MovedBy {
  readonly target: string;
  /** By site: the target's state. */
  readonly at: Readonly<Record<string, string>>;
}

export const servicesOf = (source: Readonly<Record<string, z.output<typeof serviceSchema>>>): readonly Service[] =>
  Object.entries(source).flatMap(([serviceId, { tier, name, loads, move, group = null }]) => {
    if (!move) return [];
    const ways = "target" in move ? { url: null, secretRef: null, by: move } : webhookOf(move);
    return [{ id: serviceId, tier, name, loads, group, ...ways }];
  });

const webhookOf = ({ url: at, secret: ref, format }: z.output<typeof webhook>) => ({
  url: at,
  secretRef: ref,
  ...said({ format }),
});

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

import { z } from "zod";
import type { SecretRef } from "./secret.ts";
import { secret } from "./secret.ts";
import { id, text, title, url } from "./words.ts";

/** Tiers beyond which nobody can say which goes first. */
const TIER_MAX = 9;

/** Something that runs in the racks and can run elsewhere. `move` is where the order to move it is signed and sent to. */
export const serviceSchema = z.strictObject({
  tier: z.int().min(0).max(TIER_MAX),
  name: title,
  loads: z.array(id).default([]),
  move: z.strictObject({ url, secret }),
});

/** Other sites that services may move to, and this one's own particulars. */
export const identitySchema = z.strictObject({
  id,
  name: title,
  timezone: text.refine(isTimezone, "no time zone: write one like Asia/Seoul"),
  elsewhere: z.array(id).default([]),
});

/** A service. Tier 0 goes first. */
export interface Service {
  readonly id: string;
  readonly tier: number;
  readonly name: Readonly<Record<string, string>>;
  readonly loads: readonly string[];
  readonly url: string;
  readonly secretRef: SecretRef;
}

export const servicesOf = (source: Readonly<Record<string, z.output<typeof serviceSchema>>>): readonly Service[] =>
  Object.entries(source).map(([serviceId, { tier, name, loads, move }]) => ({
    id: serviceId,
    tier,
    name,
    loads,
    url: move.url,
    secretRef: move.secret,
  }));

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

import { z } from "zod";
import type { SecretRef } from "./secret.ts";
import { secret } from "./secret.ts";
import { state } from "./targets.ts";
import { id, said, text, title, url } from "./words.ts";

/** Tiers beyond which nobody can say which goes first. */
const TIER_MAX = 9;

/** Where the order to move is signed and sent to, and what it looks like. */
const webhook = z.strictObject({ url, secret, format: z.enum(["plain", "cloudevents"]).optional() });

/** What moves it, and in which of its states the service is at which site. */
const byTarget = z.strictObject({ target: id, at: z.record(id, state) });

/** Something that runs in the racks and can run elsewhere. */
export const serviceSchema = z.strictObject({
  tier: z.int().min(0).max(TIER_MAX),
  name: title,
  loads: z.array(id).default([]),
  move: z.union([webhook, byTarget]),
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
  /** Of its mover; null where a target moves it. */
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
  Object.entries(source).map(([serviceId, { tier, name, loads, move }]) => ({
    id: serviceId,
    tier,
    name,
    loads,
    ...("target" in move ? { url: null, secretRef: null, by: move } : webhookOf(move)),
  }));

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

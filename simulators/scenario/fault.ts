/**
 * Faults of devices and links in a scenario: those that entries say, in the words that a simulated site on the wire takes
 * them in, and a swarm of them from a seed.
 */
import { z } from "zod";
import type { Duration } from "../../src/core/time.ts";
import type { Document, Path, Problem } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import type { FaultSaid, FaultyDevice, TimedFault } from "../wire/index.ts";
import { contradictionsIn, faultKeys, faultKinds, faultObjection, linkOf, swarm } from "../wire/index.ts";

type FaultKind = FaultSaid["fault"];

/** What an entry may say of a fault: all of it is optional, for other things happen as well. */
export const entryKeys = { ...faultKeys, fault: faultKeys.fault.optional() } as const;

type Entry = z.output<z.ZodObject<typeof entryKeys>>;

/** The fault that an entry says; null where it says none. */
export function faultIn({ fault, on, link, by, share, every, for: lasts }: Entry): FaultSaid | null {
  return fault === undefined ? null : { fault, on, link, by, share, every, for: lasts };
}

/** What is wrong with what an entry says of a fault, whatever the site is, in words. */
export function wrongIn(entry: Entry): readonly string[] {
  const fault = faultIn(entry);
  if (fault) return contradictionsIn(fault);
  const lone = (["on", "link", "by", "share", "every", "for"] as const).filter((key) => entry[key] !== undefined);
  return lone.length === 0 ? [] : [`${lone.join(", ")} without a fault: say which`];
}

/** More faults an hour than this leave no device alone. */
const rateMax = 10_000;

/** Faults drawn from a seed over the whole run: `rate` of them begin in an hour. */
export const swarmSchema = z.strictObject({
  /** Without one, the run's own. */
  seed: z.int().min(0).optional(),
  rate: z.number().positive().max(rateMax),
  kinds: z.array(z.enum(faultKinds)).min(1).optional(),
  devices: z.array(z.string().min(1)).min(1).optional(),
});

/** What can be laid over readings of a site that is alive: it speaks to its devices itself. */
export const laidKinds: readonly FaultKind[] = [
  ...(["drop", "reset", "half-frame", "wrong-id"] as const),
  ...(["frozen", "spike", "drift", "wrong-scale"] as const),
];

/** The devices of a site as faults befall them. */
export const faultyDevices = ({ devices }: Pick<Site, "devices">): readonly FaultyDevice[] =>
  devices.map(({ id, model, address }) => ({ id, model, link: linkOf({ model, address }) }));

/** What a scenario's faults are read against. */
export interface FaultGround {
  readonly document: Document;
  readonly devices: ReadonlyMap<string, FaultyDevice>;
  /** The site is alive: nothing but its readings can be changed. */
  readonly isLive: boolean;
}

/** What is wrong with a fault of these devices, at its place in the file; null where nothing is. */
export function faultWrong(said: FaultSaid, path: Path, { document, devices, isLive }: FaultGround): Problem | null {
  if (isLive && !laidKinds.includes(said.fault))
    return document.problemAt([...path, "fault"], notLaid(said.fault), undefined);
  const wrong = faultObjection(said, devices);
  return wrong && document.problemAt([...path, wrong.key], wrong.message, wrong.near);
}

const notLaid = (kind: FaultKind): string =>
  `${kind} cannot be laid over what a live site says; these can: ${laidKinds.join(", ")}`;

/** How long a swarm goes on, and the seed of one that has none of its own. */
interface Span {
  readonly seed: number;
  readonly lasts: Duration;
}

/** The faults of a swarm, in the order in which they begin, and all that is wrong with it. */
export function swarmOf(
  { seed, rate, kinds, devices: names }: z.output<typeof swarmSchema>,
  span: Span,
  { document, devices, isLive }: FaultGround,
): { readonly faults: readonly TimedFault[]; readonly problems: readonly Problem[] } {
  const strangers = (names ?? []).flatMap((name, i) =>
    devices.has(name)
      ? []
      : document.problemAt(["swarm", "devices", i], `there is no device "${name}"`, closest(name, [...devices.keys()])),
  );
  const foreign = (kinds ?? []).flatMap((kind, i) =>
    isLive && !laidKinds.includes(kind) ? document.problemAt(["swarm", "kinds", i], notLaid(kind)) : [],
  );
  const problems = [...strangers, ...foreign];
  if (problems.length > 0) return { faults: [], problems };
  const drawn = kinds ?? (isLive ? laidKinds : undefined);
  const befallen = [...devices.values()].filter(({ id }) => names?.includes(id) ?? true);
  const rules = { seed: seed ?? span.seed, devices: befallen, perHour: rate, spanMs: span.lasts };
  const faults = swarm(drawn ? { ...rules, kinds: drawn } : rules);
  if (faults.length > 0) return { faults, problems };
  const why = "nothing comes of it: no fault begins in so short a run, or these devices can have none of these kinds";
  return { faults, problems: [document.problemAt(["swarm"], why)] };
}

/**
 * A fault of a device or of its link as it is written: what goes wrong, and how often. On a command line it is one
 * word, "drop=0.1" or "battery.charge:spike=5@30s"; in files it is data: { fault: drop, on: ups-a, share: 0.1, for: 5min }.
 */
import { z } from "zod";
import { durationSchema, parseDuration } from "../../src/core/duration.ts";
import type { Protocol } from "../../src/profiles/index.ts";

/** A fault as it was written, and when it strikes. */
export interface Fault {
  readonly kind: FaultKind;
  /** What the kind takes: milliseconds, a factor, a share a minute, a code, or traps a second. */
  readonly value: number;
  /** Of each answer, or of each look at a point; 1 where a period is said. */
  readonly chance: number;
  readonly periodMs: number | null;
  /** The only point whose value is changed; absent where all are. */
  readonly point?: string;
}

const linkKinds = ["delay", "drop", "wrong-id", "half-frame", "reset"] as const;
const pointKinds = ["spike", "drift", "wrong-scale"] as const;
const answerKinds = ["exception", "slow-loris", "error"] as const;

/** Every kind of fault: those of a link, those of values, those of a device's answers, and those of its clock and manners. */
export const faultKinds = [
  ...linkKinds,
  "frozen",
  ...pointKinds,
  ...answerKinds,
  ...(["clock-step", "trap-storm"] as const),
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Kinds that a link has, as a device has them. */
export const ofLinks: ReadonlySet<FaultKind> = new Set(linkKinds);
/** Kinds that change what single points show. */
export const ofPoints: ReadonlySet<FaultKind> = new Set(pointKinds);
/** Kinds that befall an answer on its way. */
export const ofAnswers: ReadonlySet<FaultKind> = new Set([...linkKinds, ...answerKinds]);
/** Kinds that are there or not, and do not strike one answer or the other. */
const lasting: ReadonlySet<FaultKind> = new Set(["drift", "wrong-scale", "trap-storm"]);

/** Error statuses by RFC 3416's names. */
const statuses: Readonly<Record<string, number>> = {
  tooBig: 1,
  noSuchName: 2,
  badValue: 3,
  readOnly: 4,
  genErr: 5,
  noAccess: 6,
  resourceUnavailable: 13,
  authorizationError: 16,
};
const exceptionsMax = 255;
/** More than this fills a loopback, and no device sends as many. */
const trapsMaxPerS = 10_000;

/** The forms that a fault may have, for people. */
const faultForms =
  "delay=200ms, drop=0.1, wrong-id, half-frame, exception=6 (Modbus), error=genErr (SNMP), reset, slow-loris=50ms (Modbus), " +
  "frozen, spike=5, drift=0.02 (of the value, each minute), wrong-scale=10, clock-step=1h or clock-step (SNMP), " +
  "trap-storm=50 (a second, SNMP); each that strikes also @0.2 (of all answers) or @30s (once every 30 s); " +
  "spike, drift and wrong-scale of one point as POINT:spike=5";

const share = z.number().gt(0).max(1);

/**
 * A fault as files write it. `on` is a device, or "device/point" for what changes values; `link` is a device all of whose
 * neighbours at the same host and port have the fault too. `by` is what the kind takes. Without `for` it lasts.
 */
export const faultKeys = {
  fault: z.enum(faultKinds),
  on: z.string().min(1).optional(),
  link: z.string().min(1).optional(),
  by: z.union([z.string(), z.number()]).optional(),
  share: share.optional(),
  every: durationSchema.optional(),
  for: durationSchema.optional(),
} as const;

const keysSchema = z.strictObject(faultKeys);
export const faultSchema = keysSchema.superRefine((said, context) => {
  for (const message of contradictionsIn(said)) context.addIssue({ code: "custom", message });
});

/** What cannot be of one fault at once, in words. */
export function contradictionsIn({ fault, on, link, share: part, every }: FaultSaid): readonly string[] {
  const wrong: string[] = [];
  if ((on === undefined) === (link === undefined)) wrong.push("a fault is on a device or of a link: say on or link");
  if (part !== undefined && every !== undefined) wrong.push("a fault strikes a share of all answers or every so often");
  if (link !== undefined && ofPoints.has(fault)) wrong.push(`${fault} is of a device's values, and a link has none`);
  return wrong;
}

/** One fault of a site, as a scenario or a file of faults has it. Times are in ms. */
export type FaultSaid = z.output<typeof keysSchema>;

/** A fault of a site that begins and ends: ms from the beginning of whatever it befalls; null lasts. */
export interface TimedFault {
  readonly said: FaultSaid;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** The device that a fault names, and the point where it names one. */
export function placeOf({ on, link }: Pick<FaultSaid, "on" | "link">): {
  readonly device: string;
  readonly point?: string;
} {
  const [device = "", point] = (on ?? link ?? "").split(/\/(.*)/s);
  return point === undefined ? { device } : { device, point };
}

/** A fault out of its data; a sentence where it cannot be one over that protocol. */
export function faultOf(said: FaultSaid, protocol: Protocol): Fault | string {
  const { fault: kind, by, share: part, every } = said;
  const { point } = placeOf(said);
  const when = part ?? (every === undefined ? undefined : { every });
  return made({ kind, said: by === undefined ? undefined : String(by), when, point }, protocol);
}

/** A fault out of its text; a sentence where the text is none. */
export function parseFault(text: string, protocol: Protocol): Fault | string {
  const [, point, name = "", said, when] = /^(?:([a-z][^:=@]*):)?([a-z-]+)(?:=([^@]+))?(?:@(.+))?$/.exec(text) ?? [];
  const kind = faultKinds.find((known) => known === name);
  if (!kind) return `"${text}" is no fault; there are: ${faultForms}`;
  const struck = when === undefined ? undefined : strikes(when);
  return typeof struck === "string" ? struck : made({ kind, said, when: struck, point }, protocol);
}

interface Written {
  readonly kind: FaultKind;
  readonly said: string | undefined;
  /** A share of all answers, or how often. */
  readonly when: number | { readonly every: number } | undefined;
  readonly point: string | undefined;
}

function made({ kind, said, when, point }: Written, protocol: Protocol): Fault | string {
  const foreign = foreignTo(kind, protocol);
  if (foreign !== null) return foreign;
  if (point !== undefined && !ofPoints.has(kind)) return `${kind} is of the whole device, not of ${point}`;
  const value = valueOf(kind, said);
  if (typeof value === "string") return value;
  if (when !== undefined && lasting.has(kind)) return `${kind} is there all the time: say neither a share nor a period`;
  if (kind === "clock-step" && typeof when === "number")
    return "a clock steps once, or once in a period: clock-step=1h@1d";
  if (kind === "drop" && said !== undefined && when !== undefined) return "drop says its share once: drop=0.1";
  const often = typeof when === "object" ? { chance: 1, periodMs: when.every } : { chance: when ?? 1, periodMs: null };
  const fault: Fault = { kind, value, ...often, ...(point === undefined ? {} : { point }) };
  return kind === "drop" && said !== undefined ? { ...fault, chance: value } : fault;
}

/** The kinds that a protocol can have. */
export const kindsOver = (protocol: Protocol): readonly FaultKind[] =>
  faultKinds.filter((kind) => foreignTo(kind, protocol) === null);

/** Why a protocol cannot have such a fault; null where it can. */
function foreignTo(kind: FaultKind, protocol: Protocol): string | null {
  if (kind === "exception" && protocol !== "modbus") return "exceptions are Modbus's; SNMP has error=genErr";
  if (kind === "error" && protocol !== "snmp") return "errors are SNMP's; Modbus has exception=6";
  if (kind === "slow-loris" && protocol !== "modbus")
    return "slow-loris sends byte by byte, and a datagram is sent whole";
  if (kind === "trap-storm" && protocol !== "snmp") return "traps are SNMP's";
  if (kind === "clock-step" && protocol === "modbus")
    return "clock-step needs a device that says its time, and Modbus has none";
  return null;
}

function valueOf(kind: FaultKind, said: string | undefined): number | string {
  const number = Number(said);
  switch (kind) {
    case "delay":
      return durationIn(said) ?? "a delay needs a time: delay=200ms";
    case "slow-loris":
      return durationIn(said ?? "20ms") ?? "slow-loris takes the time between two bytes: slow-loris=50ms";
    case "clock-step":
      return (
        steppedBy(said) ??
        "a clock steps by a time, ahead or back, or begins anew: clock-step=1h, clock-step=-1h, clock-step"
      );
    case "drop":
      return said === undefined ? 1 : number > 0 && number <= 1 ? number : "drop needs a share above 0: drop=0.1";
    case "exception":
      return Number.isInteger(number) && number > 0 && number <= exceptionsMax ? number : "write exception=6";
    case "error":
      return statuses[said ?? ""] ?? `an error is one of ${Object.keys(statuses).join(", ")}`;
    case "spike":
    case "wrong-scale":
      return number !== 0 && Number.isFinite(number) ? number : `${kind} needs a factor: ${kind}=10`;
    case "drift":
      return number !== 0 && Number.isFinite(number)
        ? number
        : "drift needs a share of the value, each minute: drift=0.02";
    case "trap-storm":
      return number > 0 && number <= trapsMaxPerS
        ? number
        : "a storm needs traps a second, 10000 at most: trap-storm=50";
    case "wrong-id":
    case "half-frame":
    case "frozen":
    case "reset":
      return said === undefined ? 0 : `${kind} takes no value`;
  }
}

const durationIn = (said: string | undefined): number | null => (said === undefined ? null : parseDuration(said));

/** 0 is a clock that begins anew, as after a restart. */
function steppedBy(said: string | undefined): number | null {
  if (said === undefined) return 0;
  const step = parseDuration(said.replace(/^-/, ""));
  return step === null || step === 0 ? null : said.startsWith("-") ? -Number(step) : step;
}

function strikes(when: string): number | { readonly every: number } | string {
  const chance = Number(when);
  if (chance > 0 && chance <= 1) return chance;
  const every = parseDuration(when);
  if (every !== null && every > 0) return { every };
  return `"@${when}" is neither a share of all answers (@0.2) nor a period (@30s)`;
}

/** A fault of a device's wire as it is written: what goes wrong, and how often. */
import { parseDuration } from "../../src/profiles/duration.ts";

/** A fault as it was written, and when it strikes. */
export interface Fault {
  readonly kind: Kind;
  readonly value: number;
  /** Of each answer; 1 where a period is said. */
  readonly chance: number;
  readonly periodMs: number | null;
}

const kinds = ["delay", "drop", "wrong-id", "half-frame", "exception", "error", "frozen", "reset"] as const;
type Kind = (typeof kinds)[number];

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

/** The forms that a fault may have, for people. */
const faultForms =
  "delay=200ms, drop=0.1, wrong-id, half-frame, exception=6 (Modbus), error=genErr (SNMP), frozen or reset, " +
  "each also @0.2 (of all answers) or @30s (once every 30 s)";

/** A fault out of its text; a sentence where the text is none. */
export function parseFault(text: string, protocol: "modbus" | "snmp"): Fault | string {
  const [, name = "", said, when] = /^([a-z-]+)(?:=([^@]+))?(?:@(.+))?$/.exec(text) ?? [];
  const kind = kinds.find((known) => known === name);
  if (!kind) return `"${text}" is no fault; there are: ${faultForms}`;
  if (kind === "exception" && protocol !== "modbus") return "exceptions are Modbus's; SNMP has error=genErr";
  if (kind === "error" && protocol !== "snmp") return "errors are SNMP's; Modbus has exception=6";
  const value = valueOf(kind, said);
  if (typeof value === "string") return value;
  const struck = when === undefined ? { chance: 1, periodMs: null } : strikes(when);
  if (typeof struck === "string") return struck;
  if (kind === "drop" && said !== undefined && when !== undefined) return "drop says its share once: drop=0.1";
  return kind === "drop" && said !== undefined ? { kind, value, ...struck, chance: value } : { kind, value, ...struck };
}

function valueOf(kind: Kind, said: string | undefined): number | string {
  const number = Number(said);
  switch (kind) {
    case "delay":
      return (said === undefined ? null : parseDuration(said)) ?? "a delay needs a time: delay=200ms";
    case "drop":
      return said === undefined ? 1 : number > 0 && number <= 1 ? number : "drop needs a share above 0: drop=0.1";
    case "exception":
      return Number.isInteger(number) && number > 0 && number <= exceptionsMax ? number : "write exception=6";
    case "error":
      return statuses[said ?? ""] ?? `an error is one of ${Object.keys(statuses).join(", ")}`;
    case "wrong-id":
    case "half-frame":
    case "frozen":
    case "reset":
      return said === undefined ? 0 : `${kind} takes no value`;
  }
}

function strikes(when: string): Pick<Fault, "chance" | "periodMs"> | string {
  const chance = Number(when);
  if (chance > 0 && chance <= 1) return { chance, periodMs: null };
  const periodMs = parseDuration(when);
  if (periodMs !== null && periodMs > 0) return { chance: 1, periodMs };
  return `"@${when}" is neither a share of all answers (@0.2) nor a period (@30s)`;
}

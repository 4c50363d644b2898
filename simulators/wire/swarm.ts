/**
 * Swarms of faults: many at once, on devices drawn by chance, from a seed. Begin, end, kind and strength of each follow
 * from the seed alone, so that a run that went wrong can be had again, over the wire and in virtual time alike.
 */
import { type Duration, ms } from "../../src/core/time.ts";
import type { Protocol } from "../../src/profiles/index.ts";
import type { Dice } from "../plant/dice.ts";
import { between, dice } from "../plant/dice.ts";
import type { FaultKind, FaultSaid, TimedFault } from "./fault.ts";
import { kindsOver, ofLinks } from "./fault.ts";

/** What a swarm is drawn from. */
export interface SwarmRules {
  readonly seed: number;
  readonly devices: readonly { readonly id: string; readonly model: { readonly protocol: Protocol } }[];
  /** Faults that begin in an hour, over all devices. */
  readonly perHour: number;
  /** Faults begin within this; they end within it too. */
  readonly spanMs: number;
  /** Kinds to draw from; default all that a device's protocol has. */
  readonly kinds?: readonly FaultKind[];
}

/** A whole building's worth of trouble is enough. */
const mostFaults = 100_000;
const hourMs = 3_600_000;
/** Faults of links and instruments that come and go last from a glance to a coffee. */
const lastsMs = [5000, 600_000] as const;

const kindsOf: Readonly<Record<Protocol, readonly FaultKind[]>> = {
  modbus: kindsOver("modbus"),
  snmp: kindsOver("snmp"),
  // What publishes by itself gives no answers: of the faults of a link its loss alone shows.
  mqtt: ["frozen", "spike", "drift", "wrong-scale", "drop"],
};
/** Of faults of answers, so many are of the whole link. */
const linkShare = 0.2;

/** The faults of a swarm in the order in which they begin. The same rules give the same swarm. */
export function swarm({ seed, devices, perHour, spanMs, kinds }: SwarmRules): readonly TimedFault[] {
  if (devices.length === 0) return [];
  const chance = dice(seed);
  // Instants that are drawn evenly and then put in order are as irregular as real ones.
  const count = Math.min(mostFaults, Math.round((perHour * spanMs) / hourMs));
  const begins = Array.from({ length: count }, () => Math.floor(between(chance, 0, spanMs))).toSorted((a, b) => a - b);
  return begins.flatMap((fromMs) => {
    const { id, model } = pick(devices, chance);
    const own = kindsOf[model.protocol].filter((kind) => kinds?.includes(kind) ?? true);
    const untilMs = Math.min(spanMs, fromMs + Math.round(between(chance, ...lastsMs)));
    if (own.length === 0) return [];
    return { said: drawn(id, pick(own, chance), chance, ms(untilMs - fromMs)), fromMs, untilMs };
  });
}

const pick = <T>(list: readonly T[], chance: Dice): T => list[Math.floor(between(chance, 0, list.length))]!;

function drawn(device: string, fault: FaultKind, chance: Dice, lasts: Duration): FaultSaid {
  const ofLink = ofLinks.has(fault) && between(chance, 0, 1) < linkShare;
  const where = ofLink ? { link: device } : { on: device };
  const hundredth = (low: number, high: number): number => Math.round(between(chance, low, high) * 100) / 100;
  const rest = { fault, ...where, for: lasts };
  switch (fault) {
    case "delay":
      return { ...rest, by: `${Math.round(between(chance, 50, 3000))}ms`, share: hundredth(0.1, 1) };
    case "slow-loris":
      return { ...rest, by: `${Math.round(between(chance, 5, 200))}ms` };
    case "drop":
    case "wrong-id":
    case "half-frame":
    case "reset":
      return { ...rest, share: hundredth(0.02, 1) };
    case "exception":
      return { ...rest, by: pick([2, 4, 6, 10, 11], chance), share: hundredth(0.1, 1) };
    case "error":
      return { ...rest, by: pick(["genErr", "tooBig", "resourceUnavailable"], chance), share: hundredth(0.1, 1) };
    case "frozen":
      return rest;
    case "spike":
      return { ...rest, by: pick([-1, 0.1, 3, 10, 100], chance), share: hundredth(0.01, 0.1) };
    case "drift":
      return { ...rest, by: hundredth(0.01, 0.2) * pick([-1, 1], chance) };
    case "wrong-scale":
      return { ...rest, by: pick([0.001, 0.1, 10, 1000], chance) };
    case "clock-step":
      return pick([true, false], chance) ? rest : { ...rest, by: pick(["-1h", "5min", "1d"], chance) };
    case "trap-storm":
      return { ...rest, by: Math.round(between(chance, 5, 200)) };
  }
}

/**
 * What goes wrong between a device and whoever asks it. Each fault strikes by chance, or once in a period; chance comes
 * from a seed, so that the same answers go wrong each time.
 */
import { between, dice } from "../plant/dice.ts";
import type { Fault } from "./fault.ts";

/** What befalls one answer. */
export interface Mishap {
  readonly delayMs: number;
  readonly isLost: boolean;
  /** Over TCP the connection is broken; UDP has none, and there it is silence. */
  readonly isReset: boolean;
  readonly isHalf: boolean;
  /** It comes under the number of another request. */
  readonly isOfAnother: boolean;
  /** A Modbus exception code or an SNMP error status in place of the answer. */
  readonly refusal: number | null;
}

export const noMishap: Mishap = {
  delayMs: 0,
  isLost: false,
  isReset: false,
  isHalf: false,
  isOfAnother: false,
  refusal: null,
};

/** The faults of one device. */
export interface Faults {
  /** What befalls the next answer. */
  next(): Mishap;
  /** Whether what the device shows stands still now. */
  frozen(): boolean;
}

/** Faults at work. `now` counts milliseconds from any instant. */
export function faultsFrom(
  faults: readonly Fault[],
  { seed, now }: { readonly seed: number; readonly now: () => number },
): Faults {
  const chance = dice(seed);
  const lastStruck = new Map<Fault, number>();
  const begun = now();
  const strikesNow = (fault: Fault): boolean => {
    if (fault.periodMs === null) return fault.chance === 1 || between(chance, 0, 1) < fault.chance;
    const round = Math.floor((now() - begun) / fault.periodMs);
    if (lastStruck.get(fault) === round) return false;
    lastStruck.set(fault, round);
    return true;
  };
  return {
    next: () =>
      faults
        .filter(({ kind }) => kind !== "frozen")
        .filter(strikesNow)
        .reduce((mishap, fault) => Object.assign(mishap, mishapOf(fault)), { ...noMishap }),
    frozen: () => faults.some((fault) => fault.kind === "frozen" && standsStill(fault, now() - begun)),
  };
}

/** With a period every other one; with a share, that part of each second. */
function standsStill({ chance, periodMs }: Fault, sinceMs: number): boolean {
  if (periodMs !== null) return Math.floor(sinceMs / periodMs) % 2 === 1;
  return (sinceMs % 1000) / 1000 < chance;
}

function mishapOf({ kind, value }: Fault): Partial<Mishap> {
  switch (kind) {
    case "delay":
      return { delayMs: value };
    case "drop":
      return { isLost: true };
    case "wrong-id":
      return { isOfAnother: true };
    case "half-frame":
      return { isHalf: true };
    case "reset":
      return { isReset: true };
    case "exception":
    case "error":
      return { refusal: value };
    case "frozen":
      return {};
  }
}

/**
 * A transfer switch between two supplies or more, in order of preference. A mechanical one leaves a lost supply after
 * 0.7 s, stands open for 0.3 s, calls the generators behind the others in the same moment, and goes back when a better
 * one has been good for long enough. A static one, of thyristors, goes over within a quarter of a cycle (4 ms); a
 * rack's with relays within 12 ms (APC's AP44xx: 8 to 12 ms). Servers' power supplies bridge both (10 to 20 ms) and not
 * the first.
 */
export interface Transfer {
  readonly id: string;
  /** Its place in the grid. */
  readonly node: number;
  /** How long the load is without a supply when it moves, ms. */
  readonly gapMs: number;
  /** The supply that it stands on, by its place in the order; -1 while it is open. */
  position: number;
  /** Its start signal to the generators behind its other supplies. */
  calls: boolean;
  /** Takes no orders and does not move. */
  stuck: boolean;
  /** Seconds for which each supply has been good; 0 for one that is not. */
  readonly goodS: number[];
  badS: number;
  openS: number;
  retransferS: number;
  count: number;
}

const confirmS = 0.7;
/** A mechanical switch's contacts' way from one side to the other, ms. */
export const mechanicalMs = 300;
export const staticMs = 4;
export const relayMs = 12;
/** With nothing to wait on, a supply that is back is taken sooner. */
const hurriedS = 3;
const mechanicalRetransferS = 30;
/** Between live supplies a fast switch goes back without harm. */
const fastRetransferS = 10;

const isFast = ({ gapMs }: Transfer): boolean => gapMs < mechanicalMs;

export function makeTransfer(
  id: string,
  node: number,
  { gapMs, supplies }: { gapMs: number; supplies: number },
): Transfer {
  const retransferS = gapMs < mechanicalMs ? fastRetransferS : mechanicalRetransferS;
  return {
    id,
    node,
    gapMs,
    position: 0,
    calls: false,
    stuck: false,
    goodS: Array.from({ length: supplies }, () => retransferS),
    badS: 0,
    openS: 0,
    retransferS,
    count: 0,
  };
}

/**
 * A step of the switch; what each supply is worth stands in `goodS` already. Answers the gap of a transfer that was
 * made within the step, ms.
 */
export function runTransfer(ats: Transfer, dtS: number): number {
  const { position } = ats;
  const good = position >= 0 && ats.goodS[position]! > 0;
  ats.badS = position >= 0 && !good ? ats.badS + dtS : 0;
  ats.openS = position < 0 ? ats.openS + dtS : 0;
  if (!ats.stuck) ats.position = isFast(ats) ? nextFast(ats, good) : next(ats, good);
  ats.calls = ats.position !== 0;
  if (ats.position === position) return 0;
  if (ats.position >= 0) ats.count += 1;
  return isFast(ats) && ats.position >= 0 ? ats.gapMs : 0;
}

/** Whether it stands on its best supply and nothing is about to change that. */
export function isTransferSteady(ats: Transfer): boolean {
  if (ats.stuck) return ats.position >= 0;
  return ats.position === 0 && ats.goodS[0]! > 0;
}

/** The first supply, by preference, that has been good for so long; -1 for none. */
function first(ats: Transfer, forS: number): number {
  for (let i = 0; i < ats.goodS.length; i++) if (ats.goodS[i]! >= forS) return i;
  return -1;
}

/** Above nothing: a supply that is good at all. */
const atAll = Number.MIN_VALUE;

function next(ats: Transfer, good: boolean): number {
  const { position } = ats;
  const better = first(ats, ats.retransferS);
  if (position > 0) return !good || (better >= 0 && better < position) ? -1 : position;
  if (position === 0) return ats.badS >= confirmS ? -1 : 0;
  if (ats.openS < mechanicalMs / 1000) return -1;
  if (better === 0) return 0;
  // Another supply that is good now is better than waiting for the preferred one to settle.
  for (let i = 1; i < ats.goodS.length; i++) if (ats.goodS[i]! > 0) return i;
  return ats.goodS[0]! >= hurriedS ? 0 : -1;
}

function nextFast(ats: Transfer, good: boolean): number {
  if (!good) {
    const other = first(ats, atAll);
    return other >= 0 ? other : ats.position;
  }
  const better = first(ats, ats.retransferS);
  return better >= 0 && better < ats.position ? better : ats.position;
}

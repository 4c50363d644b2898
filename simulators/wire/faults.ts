/**
 * What goes wrong with a device and between it and whoever asks it. Each fault strikes by chance, or once in a period;
 * chance comes from a seed, so that the same answers go wrong each time. Faults begin and end while the device runs.
 */
import type { Dice } from "../plant/dice.ts";
import { between, dice } from "../plant/dice.ts";
import type { Fault } from "./fault.ts";
import { ofAnswers, ofPoints } from "./fault.ts";

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
  /** Between two bytes of the answer; 0 where it is sent at once. */
  readonly pauseMs: number;
}

export const noMishap: Mishap = {
  delayMs: 0,
  isLost: false,
  isReset: false,
  isHalf: false,
  isOfAnother: false,
  refusal: null,
  pauseMs: 0,
};

/** How far a device's clock is from the truth. */
export interface ClockShift {
  readonly aheadMs: number;
  /** Times that it has begun anew, and the true time since the last of them; null where it never has. */
  readonly restarts: number;
  readonly sinceRestartMs: number | null;
}

/** The faults of one device. */
export interface Faults {
  /** What befalls the next answer. */
  next(): Mishap;
  /** Whether what the device shows stands still now. */
  frozen(): boolean;
  /** What a point shows in place of a number; the number itself where nothing is wrong with it. */
  shows(point: string, value: number): number;
  clock(): ClockShift;
  /** Traps a second that it sends for nothing. */
  stormPerS(): number;
}

/** Faults that begin and end. */
export interface ChangingFaults extends Faults {
  /** It begins now; what comes back ends it. */
  begin(fault: Fault): () => void;
}

const rightClock: ClockShift = { aheadMs: 0, restarts: 0, sinceRestartMs: null };
const minuteMs = 60_000;

interface Rules {
  readonly seed: number;
  /** Milliseconds from any instant. */
  readonly now: () => number;
}

/** Faults at work from now on. */
export function faultsFrom(faults: readonly Fault[], rules: Rules): Faults {
  const changing = changingFaults(rules);
  for (const fault of faults) changing.begin(fault);
  return changing;
}

/** A fault at work. */
interface Working {
  readonly fault: Fault;
  readonly begunMs: number;
  /** The last round of its period that it struck in, by what it struck: "" is an answer, else a point. */
  readonly struck: Map<string, number>;
}

/** No faults yet. */
export function changingFaults({ seed, now }: Rules): ChangingFaults {
  const chance = dice(seed);
  let [answers, values, others]: [Working[], Working[], Working[]] = [[], [], []];
  const add = (working: Working): void => {
    const { kind } = working.fault;
    (ofAnswers.has(kind) ? answers : ofPoints.has(kind) ? values : others).push(working);
  };
  return {
    begin(fault) {
      const working = { fault, begunMs: now(), struck: new Map<string, number>() };
      add(working);
      const without = (list: Working[]): Working[] => list.filter((one) => one !== working);
      return () => {
        [answers, values, others] = [without(answers), without(values), without(others)];
      };
    },
    next() {
      if (answers.length === 0) return noMishap;
      const at = now();
      return answers
        .filter((working) => strikes(working, "", { chance, at }))
        .reduce((mishap, { fault }) => Object.assign(mishap, mishapOf(fault)), { ...noMishap });
    },
    frozen: () => others.some(({ fault, begunMs }) => fault.kind === "frozen" && standsStill(fault, now() - begunMs)),
    shows(point, value) {
      let shown = value;
      for (const working of values) shown = shownBy(working, { point, value: shown }, { chance, at: now() });
      return shown;
    },
    clock: () => others.reduce((shift, working) => stepped(shift, working, now()), rightClock),
    stormPerS: () => others.reduce((sum, { fault }) => sum + (fault.kind === "trap-storm" ? fault.value : 0), 0),
  };
}

/** A device's own faults, and those of the link that it has in common with others. */
export function together(own: Faults, link: Faults): Faults {
  return {
    next() {
      const [mine, ours] = [own.next(), link.next()];
      if (ours === noMishap) return mine;
      if (mine === noMishap) return ours;
      return {
        delayMs: Math.max(mine.delayMs, ours.delayMs),
        isLost: mine.isLost || ours.isLost,
        isReset: mine.isReset || ours.isReset,
        isHalf: mine.isHalf || ours.isHalf,
        isOfAnother: mine.isOfAnother || ours.isOfAnother,
        refusal: mine.refusal ?? ours.refusal,
        pauseMs: Math.max(mine.pauseMs, ours.pauseMs),
      };
    },
    frozen: () => own.frozen() || link.frozen(),
    shows: (point, value) => own.shows(point, value),
    clock() {
      const [mine, ours] = [own.clock(), link.clock()];
      return ours === rightClock
        ? mine
        : { ...(mine.restarts > 0 ? mine : ours), aheadMs: mine.aheadMs + ours.aheadMs };
    },
    stormPerS: () => own.stormPerS() + link.stormPerS(),
  };
}

function strikes({ fault, begunMs, struck }: Working, what: string, { chance, at }: Moment): boolean {
  if (fault.periodMs === null) return fault.chance === 1 || between(chance, 0, 1) < fault.chance;
  const round = Math.floor((at - begunMs) / fault.periodMs);
  if (struck.get(what) === round) return false;
  struck.set(what, round);
  return true;
}

interface Moment {
  readonly chance: Dice;
  readonly at: number;
}

/** A factor of nothing would be nothing: a zero is pushed off by as much as the factor says. */
function shownBy(
  working: Working,
  { point, value }: { readonly point: string; readonly value: number },
  moment: Moment,
): number {
  const { kind, value: by, point: only } = working.fault;
  if (only !== undefined && only !== point) return value;
  if (kind === "wrong-scale") return value * by;
  if (kind === "drift")
    return value + (value === 0 ? 1 : Math.abs(value)) * by * ((moment.at - working.begunMs) / minuteMs);
  return strikes(working, point, moment) ? (value === 0 ? by : value * by) : value;
}

/** With a period every other one; with a share, that part of each second. */
function standsStill({ chance, periodMs }: Fault, sinceMs: number): boolean {
  if (periodMs !== null) return Math.floor(sinceMs / periodMs) % 2 === 1;
  return (sinceMs % 1000) / 1000 < chance;
}

function stepped(shift: ClockShift, { fault, begunMs }: Working, at: number): ClockShift {
  const { kind, value, periodMs } = fault;
  if (kind !== "clock-step") return shift;
  const sinceMs = at - begunMs;
  const steps = periodMs === null ? 1 : 1 + Math.floor(sinceMs / periodMs);
  if (value !== 0) return { ...shift, aheadMs: shift.aheadMs + steps * value };
  return {
    ...shift,
    restarts: shift.restarts + steps,
    sinceRestartMs: periodMs === null ? sinceMs : sinceMs % periodMs,
  };
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
    case "slow-loris":
      return { pauseMs: value };
    case "exception":
    case "error":
      return { refusal: value };
    case "frozen":
    case "spike":
    case "drift":
    case "wrong-scale":
    case "clock-step":
    case "trap-storm":
      return {};
  }
}

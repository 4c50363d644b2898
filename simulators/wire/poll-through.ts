/**
 * How one poll of a device fares through its faults when no time passes: which points get no value, and for which reason.
 * It follows what the collectors do: what is lost is asked again as often as the link allows, and then the poll is over;
 * what is refused is asked for in parts; a busy device is asked thrice. What they learn of a device for the next poll
 * is left out.
 */
import type { Fault } from "../../src/core/reading.ts";
import type { DeviceModel, LinkRules, ModelBases, PointModel } from "../../src/profiles/index.ts";
import { modbusReadPlan, snmpReadPlan } from "../../src/profiles/index.ts";
import type { Faults, Mishap } from "./faults.ts";

/** What came of a poll. Points that are not in `faults` were read. */
export interface Polled {
  readonly faults: ReadonlyMap<PointModel, Fault>;
  /** Whether the device said anything at all. */
  readonly isHeard: boolean;
  /** Of those that were answered, on average; null where none was. */
  readonly latencyMs: number | null;
}

/** The requests that read some points of a device. */
export type Requests = readonly (readonly PointModel[])[];

export const requestsFor = (
  { protocol, link }: DeviceModel,
  points: readonly PointModel[],
  bases: ModelBases,
): Requests =>
  (protocol === "modbus" ? modbusReadPlan(points, link, bases) : snmpReadPlan(points, link))
    .map((request) => request.points)
    .filter((asked) => asked.length > 0);

/** On loopback. */
const usualMs = 1;
const busyRetries = 2;
/** As many bytes as a small answer has. */
const answerBytes = 20;

/** Modbus exceptions by what they come to for a point that is asked for alone. Busy ones and those of gateways stand apart. */
const exceptions: Readonly<Record<number, Fault>> = { 1: "configuration", 2: "notFitted", 3: "configuration" };
const inParts: ReadonlySet<number> = new Set([2, 3]);
const busy: ReadonlySet<number> = new Set([5, 6]);
const unreached: ReadonlySet<number> = new Set([10, 11]);
/** SNMP error statuses by the same. */
const errors: Readonly<Record<number, Fault>> = { 2: "notFitted", 6: "configuration", 16: "configuration" };
const tooBig = 1;

/** Polls a device once. */
export function pollThrough(
  faults: Faults,
  { protocol, link }: Pick<DeviceModel, "protocol" | "link">,
  requests: Requests,
): Polled {
  const poll = new Poll(faults, link, protocol === "modbus");
  for (const points of requests) poll.ask(points);
  return poll;
}

class Poll implements Polled {
  readonly faults = new Map<PointModel, Fault>();
  isHeard = false;
  readonly #faults: Faults;
  readonly #link: LinkRules;
  readonly #isModbus: boolean;
  #isOver = false;
  /** Over Modbus they are of the whole poll, over SNMP of each request. */
  #retriesLeft: number;
  #answers = 0;
  #sumMs = 0;

  constructor(faults: Faults, link: LinkRules, isModbus: boolean) {
    this.#faults = faults;
    this.#link = link;
    this.#isModbus = isModbus;
    this.#retriesLeft = link.retries;
  }

  get latencyMs(): number | null {
    return this.#answers === 0 ? null : this.#sumMs / this.#answers;
  }

  ask(points: readonly PointModel[]): void {
    if (this.#isOver) return this.#fail(points, "noCommunication");
    const refusal = this.#answer();
    if (refusal === "none") {
      this.#isOver = true;
      this.#fail(points, "noCommunication");
    } else if (refusal !== null) this.#refused(points, refusal);
  }

  /** Null for a whole answer, the code of a refusal, or "none" where the last try brought nothing either. */
  #answer(): number | "none" | null {
    if (!this.#isModbus) this.#retriesLeft = this.#link.retries;
    for (let left = busyRetries; ; ) {
      const mishap = this.#faults.next();
      if (isNoAnswer(mishap, this.#link)) {
        if (this.#retriesLeft === 0) return "none";
        this.#retriesLeft -= 1;
        continue;
      }
      const { refusal } = mishap;
      if (refusal !== null && this.#isModbus && unreached.has(refusal)) return "none";
      this.isHeard = true;
      if (refusal !== null && this.#isModbus && busy.has(refusal) && left > 0) {
        left -= 1;
        continue;
      }
      if (refusal !== null) return refusal;
      this.#answers += 1;
      this.#sumMs += tookMs(mishap);
      return null;
    }
  }

  #refused(points: readonly PointModel[], code: number): void {
    const [first, ...rest] = points as [PointModel, ...PointModel[]];
    if (this.#isModbus && !inParts.has(code)) {
      return this.#fail(points, busy.has(code) ? "noCommunication" : (exceptions[code] ?? "deviceFailure"));
    }
    if (rest.length > 0 && (this.#isModbus || code === tooBig)) {
      const half = Math.ceil(points.length / 2);
      this.ask(points.slice(0, half));
      return this.ask(points.slice(half));
    }
    this.#fail([first], (this.#isModbus ? exceptions : errors)[code] ?? "deviceFailure");
    if (rest.length > 0) this.ask(rest);
  }

  #fail(points: readonly PointModel[], reason: Fault): void {
    for (const point of points) this.faults.set(point, reason);
  }
}

const tookMs = ({ delayMs, pauseMs }: Mishap): number => usualMs + delayMs + pauseMs * answerBytes;

/** Whether whoever asked hears nothing: what comes under another's number, not whole, or too late, is no answer. */
export const isNoAnswer = (mishap: Mishap, { timeout }: Pick<LinkRules, "timeout">): boolean =>
  mishap.isLost || mishap.isReset || mishap.isHalf || mishap.isOfAnother || tookMs(mishap) > timeout;

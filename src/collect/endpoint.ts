/**
 * One device's connection: opens its line when it is needed, drops it when it has gone bad, tries
 * again with growing, jittered waits, and turns whatever happens into one sample for every point
 * asked. A device fault never leaves it as an exception.
 */
import type { Fault } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { after, ms } from "../core/time.ts";
import type { PointModel, Sample, TableModel } from "../profiles/model.ts";
import type { CollectClock } from "./clock.ts";
import type { Between, Line, LineFault, OpenLine, Poll } from "./line.ts";
import { lineFault } from "./line.ts";

/** First wait: half a second is shorter than most devices take to start. It doubles with every failed poll. */
const FIRST_WAIT_MS = 500;
/** Longest wait: a device that comes back is found within ten seconds. */
const LONGEST_WAIT_MS = 10_000;
/** Polls without an answer after which a datagram line is opened anew: one lost may be the network's, three are not. */
const SILENT_POLLS = 3;
/** Reopenings of a line that was found closed before it was used; a peer that closes at once must not keep us busy. */
const STALE_LINES = 2;

/** What the rest of a device's collector injects. */
export interface EndpointRules {
  readonly open: OpenLine;
  readonly clock: CollectClock;
  /** Polls of a broken line that are tried again at once. */
  readonly retries: number;
  /** Jitter: a number in [0, 1). */
  readonly random: () => number;
}

/** A poll's result: one sample for every point asked, in any order. */
export interface Outcome {
  readonly samples: readonly Sample[];
  readonly up: boolean;
  readonly latencyMs: number | null;
}

export class Endpoint {
  readonly #rules: EndpointRules;
  readonly #stop: AbortSignal;
  #line: Line | null = null;
  #opened = 0;
  #failures = 0;
  #silent = 0;
  /** What a poll that asked nothing knows of the device: what the one before knew. */
  #up = true;
  #retryAt: Instant | null = null;
  /** Why the last poll failed: points keep that reason while nothing is tried. */
  #reason: Fault = "noCommunication";

  constructor(rules: EndpointRules, stop: AbortSignal) {
    this.#rules = rules;
    this.#stop = stop;
    stop.addEventListener("abort", this.close, { once: true });
  }

  /** Asks for the points, reconnecting where that helps. */
  async poll(points: readonly PointModel[], between: Between): Promise<Outcome> {
    if (this.#waiting()) return this.#nothing(points);
    const round = new Round(points, this.#up);
    await this.#ask(round, between);
    this.#settle(round);
    return round.outcome(this.#reason);
  }

  /** Lets the next poll try at once, however long the wait was to be. */
  wake(): void {
    this.#retryAt = null;
  }

  /** Lines opened so far: another number than before means that the device may be another one. */
  get opened(): number {
    return this.#opened;
  }

  /** The rows of the device's tables as points; null where they could not all be asked for now. */
  async walk(tables: readonly TableModel[], between: Between): Promise<readonly PointModel[] | null> {
    if (this.#waiting()) return null;
    const round = new Round([], this.#up);
    const line = await this.#ready(round);
    if (round.fault) this.#settle(round);
    if (!line?.walk) return null;
    const { points, fault } = await line.walk(tables, between);
    if (!fault) return points;
    this.#fell(line, fault);
    return null;
  }

  /** Closes the line for good or until the next poll. */
  readonly close = (): void => {
    this.#line?.close();
    this.#line = null;
    if (this.#stop.aborted) return;
    this.#stop.removeEventListener("abort", this.close);
  };

  #waiting(): boolean {
    return this.#stop.aborted || (this.#retryAt !== null && this.#rules.clock.now() < this.#retryAt);
  }

  #nothing(points: readonly PointModel[]): Outcome {
    return new Round(points, false).outcome(this.#reason);
  }

  async #ask(round: Round, between: Between): Promise<void> {
    let stale = 0;
    let attempt = 0;
    while (attempt <= this.#rules.retries && stale <= STALE_LINES) {
      const line = await this.#ready(round);
      if (!line) return;
      const poll = await line.poll(round.pending, between);
      round.add(poll);
      if (!poll.fault) return;
      this.#fell(line, poll.fault);
      if (poll.fault.kind === "silent" || this.#waiting()) return;
      if (poll.fault.asked) attempt += 1;
      else stale += 1;
    }
  }

  async #ready(round: Round): Promise<Line | null> {
    if (this.#line?.usable) return this.#line;
    this.#line?.close();
    this.#line = null;
    try {
      const line = await this.#rules.open(this.#stop);
      if (this.#stop.aborted) line.close();
      else this.#line = line;
      this.#opened += 1;
    } catch (error) {
      round.fault = lineFault(error);
    }
    return this.#line;
  }

  #fell(line: Line, fault: LineFault): void {
    this.#silent += 1;
    if (fault.kind === "silent" && this.#silent < SILENT_POLLS) return;
    this.#silent = 0;
    line.close();
    // A more urgent poll in between may have opened another line already.
    if (this.#line === line) this.#line = null;
  }

  #settle(round: Round): void {
    this.#reason = round.fault?.reason ?? "noCommunication";
    this.#up = round.up;
    if (round.up) {
      this.#failures = 0;
      this.#silent = 0;
      this.#retryAt = null;
      return;
    }
    this.#failures += 1;
    this.#retryAt = after(this.#rules.clock.now(), ms(this.#waitMs()));
  }

  /** None after the first failure: a line that was only cut is back within one period. */
  #waitMs(): number {
    if (this.#failures <= 1) return 0;
    const full = Math.min(FIRST_WAIT_MS * 2 ** (this.#failures - 2), LONGEST_WAIT_MS);
    return full * (0.5 + this.#rules.random() / 2);
  }
}

/** What has been gathered for one poll, over as many lines as it took. */
class Round {
  #samples: readonly Sample[] = [];
  readonly #before: boolean;
  #heard: boolean | null = null;
  #latencyMs: number | null = null;
  pending: readonly PointModel[];
  fault: LineFault | null = null;

  constructor(points: readonly PointModel[], before: boolean) {
    this.#before = before;
    this.pending = points;
  }

  /** The device was heard; or there was nothing to ask it, and it was heard before. */
  get up(): boolean {
    return this.#heard ?? (this.fault === null && this.#before);
  }

  add(poll: Poll): void {
    this.#samples = this.#samples.length === 0 ? poll.samples : [...this.#samples, ...poll.samples];
    this.#heard = this.#heard || poll.heard;
    this.#latencyMs = poll.latencyMs ?? this.#latencyMs;
    this.fault = poll.fault;
    this.pending = poll.fault ? without(this.pending, poll.samples) : [];
  }

  outcome(fault: Fault): Outcome {
    const silent = this.pending.map((point) => ({ point, fault }));
    const samples = silent.length === 0 ? this.#samples : [...this.#samples, ...silent];
    return { samples, up: this.up, latencyMs: this.#latencyMs };
  }
}

function without(points: readonly PointModel[], samples: readonly Sample[]): readonly PointModel[] {
  const answered = new Set(samples.map(({ point }) => point));
  return points.filter((point) => !answered.has(point));
}

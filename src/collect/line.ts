/**
 * What a protocol is to the rest of the collectors: a line that can be opened, polled and closed.
 * A line never throws for what a device does; it says what it heard and what went wrong. All
 * knowledge of back-off, retries and scan classes stands outside it.
 */
import type { Fault } from "../core/reading.ts";
import type { PointModel, Sample, TableModel } from "../profiles/model.ts";

/** Opens a line; rejects with a {@link LineFault} when the device cannot be reached. */
export type OpenLine = (stop: AbortSignal) => Promise<Line>;

/** Runs before each request of a poll but the first, so that a more urgent poll can go in between. */
export type Between = () => Promise<void>;

/** For a poll that no other one waits for. */
export const noWait: Between = async () => {};

/** An open way to one device. One poll asks one request at a time. */
export interface Line {
  /** False once the line has to be opened anew. */
  readonly usable: boolean;
  poll(points: readonly PointModel[], between: Between): Promise<Poll>;
  /** Finds the rows of a device's tables, as points. A protocol without tables lacks it. */
  walk?(tables: readonly TableModel[], between: Between): Promise<Walked>;
  /** A point as it is read here, where its firmware has it elsewhere than its profile does. A line that reads all where they stand lacks it. */
  placed?(point: PointModel): PointModel;
  /** What the device has taught about how it can be asked, in sentences. A protocol that learns nothing lacks it. */
  learned?(): readonly string[];
  /** Frees socket, timers and listeners, and ends a poll in progress. May be called twice. */
  close(): void;
}

/** What a walk found. */
export interface Walked {
  /** The rows' points. Where nothing is new they are the points of the walk before. */
  readonly points: readonly PointModel[];
  /** What ended the walk before its end, if anything did; `points` are then those known so far. */
  readonly fault: LineFault | null;
}

/** What one poll brought. */
export interface Poll {
  /** Every point that was answered, be it with a fault; the others are missing. */
  readonly samples: readonly Sample[];
  /** Whether the device itself said anything; null when there was nothing to ask it. */
  readonly heard: boolean | null;
  /** Real milliseconds an answered request took on average; null when none was. */
  readonly latencyMs: number | null;
  /** What ended the poll before its last request, if anything did. */
  readonly fault: LineFault | null;
  /** What stood on the wire for a point: register words, or an SNMP value; null where nothing was read. */
  rawOf(point: PointModel): Raw;
}

/** A value as it came over the wire. */
export type Raw = readonly number[] | number | bigint | string | null;

/** How a line failed. `message` says it for people. */
export class LineFault extends Error {
  override name = "LineFault";
  /** "silent": no answer in time, but the line may be good. "broken": it has to be opened anew. */
  readonly kind: "silent" | "broken";
  /** The reason that unanswered points get. */
  readonly reason: Fault;
  /** False when the line proved broken before the device was asked anything. */
  readonly asked: boolean;

  constructor(kind: LineFault["kind"], message: string, detail: { reason?: Fault; asked?: boolean } = {}) {
    super(message);
    this.kind = kind;
    this.reason = detail.reason ?? "noCommunication";
    this.asked = detail.asked ?? true;
  }
}

/** The fault that `error` is; anything else is a bug of ours and is thrown on. */
export function lineFault(error: unknown): LineFault {
  if (error instanceof LineFault) return error;
  throw error;
}

import type { CommandId } from "../core/command.ts";
import type { Instant } from "../core/time.ts";

/** One write as an actuator gets it. `id` and `expires` go out with it where the protocol has room for them. */
export interface Order {
  readonly id: CommandId;
  /** The point's name in its device: "outlet[3].state". */
  readonly point: string;
  readonly value: number;
  readonly expires: Instant;
  /** When power is about to be cut where it runs. */
  readonly due?: Instant;
}

/** What the device said to a write. That it acted is shown by reading back, never by this. */
export type WriteOutcome =
  | { readonly result: "accepted" }
  /** It will not be done, however often it is asked for. */
  | { readonly result: "refused"; readonly detail: string }
  /** Sent, and nobody knows whether it arrived: only reading back can tell. */
  | { readonly result: "unsure"; readonly detail: string }
  /** Nothing was done, or doing it twice is doing it once: it may be tried again. */
  | { readonly result: "again"; readonly detail: string };

/**
 * One device that can be written to. It speaks one request at a time, each with a time-out of its
 * own, and never rejects: what goes wrong on the wire is a null or an outcome.
 */
export interface Actuator {
  /** The point's value now; null where the device gives none. */
  read(point: string, stop: AbortSignal): Promise<number | null>;
  write(order: Order, stop: AbortSignal): Promise<WriteOutcome>;
  /** Whether an order given twice is two deeds: one that may have arrived before a restart is then never given again. */
  readonly once?: boolean;
  /** Lets go of every socket and timer. */
  close(): void;
}

/** What a kind of actuator says of itself before anybody arms it; docs/actuators.md shows them all. */
export interface Declaration {
  /** What is spoken, and what it changes. */
  readonly writes: string;
  /** What giving an order twice comes to, and why. */
  readonly twice: string;
  /** How long one request may take, ms; or where that is written. */
  readonly timeoutMs: number | "profile" | "site file";
  /** What shows that it was done. */
  readonly confirmed: string;
}

/** Something with one point that is commanded, whose value is a place in its states. */
export interface StateLink<Settings> {
  readonly id: string;
  readonly point: string;
  readonly states: readonly string[];
  readonly settings: Settings;
}

/** What went wrong, in words. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A state's place; null where there is no such state, or none. */
export function placeIn(states: readonly string[], state: string | null | undefined): number | null {
  const place = states.indexOf(state ?? "");
  return place < 0 ? null : place;
}

/** Runs what it is given one after the other: a device answers one request at a time. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = tail.then(work);
    tail = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
}

/** What is done to read one of an actuator's points, and to write to it, until it is told to stop. */
interface Doings {
  has(point: string): boolean;
  read(stop: AbortSignal, point: string): Promise<number | null>;
  write(order: Order, stop: AbortSignal): Promise<WriteOutcome>;
}

/** An actuator that does one thing at a time, asks for no point that it has not, and stops all when it is closed. */
export function turnByTurn(doings: Doings): Actuator {
  const inTurn = oneAtATime();
  const closed = new AbortController();
  const either = (stop: AbortSignal): AbortSignal => AbortSignal.any([stop, closed.signal]);
  return {
    read: (point, stop) => (doings.has(point) ? inTurn(() => doings.read(either(stop), point)) : Promise.resolve(null)),
    write: (order, stop) => inTurn(() => doings.write(order, either(stop))),
    close: () => closed.abort(),
  };
}

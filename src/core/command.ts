import type { PointId } from "./reading.ts";
import type { Duration, Instant } from "./time.ts";

/** The same decision always makes the same id, across restarts too, so that the gate can refuse to do it twice. */
export type CommandId = string & { readonly brand: "CommandId" };

export type ResponseId = string & { readonly brand: "ResponseId" };

/** A test of one point's value. */
export interface Test {
  readonly point: PointId;
  readonly is: "=" | "<" | ">";
  readonly value: number;
}

/** A write the service wants made. Only the gate may turn it into one that is. */
export interface Command {
  readonly id: CommandId;
  readonly response: ResponseId;
  readonly point: PointId;
  /** Absolute ("off"), never relative ("toggle"). */
  readonly value: number;
  readonly why: string;
  readonly issued: Instant;
  /** After this instant the gate refuses it. */
  readonly expires: Instant;
  /** When power is about to be cut where it runs, as a person has announced. */
  readonly due?: Instant;
  /** Read from the device by the gate at the moment of writing; the write is refused where it does not hold. */
  readonly precondition?: Test;
  /** The physical effect that confirms it, and how long the plant may take to show it. */
  readonly expect: Test & { readonly within: Duration };
}

/** What became of a command at the gate. `readBack` is what the gate read from the device afterwards. */
export interface Outcome {
  readonly command: CommandId;
  readonly at: Instant;
  readonly result: "done" | "refused" | "failed";
  readonly detail: string;
  readonly readBack?: number;
}

/** Whether a value passes a test. */
export function passes(test: Pick<Test, "is" | "value">, value: number): boolean {
  switch (test.is) {
    case "=":
      return value === test.value;
    case "<":
      return value < test.value;
    case ">":
      return value > test.value;
  }
}

import type { LineFault } from "../line.ts";
import { Malformed, type Reader } from "./ber.ts";
import { type Answer, type Question, readAnswer } from "./pdu.ts";

/** How a version of SNMP puts requests into datagrams and takes answers out of them. */
export interface Wrapping {
  /** A datagram that asks; the same memory as the one before it. With `number` its answer is told from others. */
  wrap(question: Question, number: number): Buffer;
  /** What a datagram brings. Throws {@link Malformed} for what cannot be, or may not pass for, the agent's word. */
  unwrap(datagram: Buffer): Unwrapped;
  /** Whether a question that is sent again needs another number. */
  readonly renumbers: boolean;
  /** A way to ask whether it is privacy that an agent is silent about; null where that is not the question. */
  withoutPrivacy?(): Wrapping | null;
}

/** An answer that is to be read from there to `end`; or that the question is to be sent anew; or that it is in vain. */
export type Unwrapped = { readonly reader: Reader; readonly end: number } | "again" | LineFault;

/** A question that was sent under a number, and how. */
export interface Sent {
  readonly wrapping: Wrapping;
  readonly question: Question;
  readonly number: number;
}

/**
 * What a datagram is to a question. Throws {@link Malformed} where it cannot be the answer, and
 * {@link NotAsked} where it answers another question.
 */
export function judge(datagram: Buffer, { wrapping, question, number }: Sent): Answer | "again" | LineFault {
  const unwrapped = wrapping.unwrap(datagram);
  if (unwrapped === "again" || unwrapped instanceof Error) return unwrapped;
  const answer = readAnswer(unwrapped.reader, unwrapped.end, question);
  if (answer.id !== number) throw new Malformed("an answer to another request");
  return answer;
}

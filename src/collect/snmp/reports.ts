/** What an agent of version 3 says by a report instead of an answer: the counter that it has raised (RFC 3414, section 5). */
import type { Fault } from "../../core/reading.ts";
import type { SnmpUser } from "../../profiles/link.ts";
import { Malformed, type Reader, SEQUENCE } from "./ber.ts";
import { REPORT, readFound } from "./pdu.ts";

/** What follows from a report: meeting its engine, setting the clock by it, or a fault in words. */
export type ReportFate = "engine" | "time" | { readonly words: string; readonly reason: Fault };

const USM_STATS = "1.3.6.1.6.3.15.1.1.";
const UNKNOWN_CONTEXTS = "1.3.6.1.6.3.12.1.5.0";

/** The counter that a report, which stands from the reader to `end`, is about. Throws {@link Malformed}. */
export function reportIn(reader: Reader, end: number): string {
  if (reader.enter(REPORT, end) !== end) throw new Malformed("a report with something behind it");
  // A report's own number is nought where the agent could not read that of its request.
  for (let field = 0; field < 3; field += 1) reader.integer(end);
  if (reader.enter(SEQUENCE, end) !== end) throw new Malformed("variable bindings with something behind them");
  const [counter] = readFound(reader, end);
  if (!counter) throw new Malformed("a report of nothing");
  return counter.oid;
}

/** What a report means for this user's requests. */
export function fateOf(counter: string, { name, level, authProtocol, privProtocol }: SnmpUser): ReportFate {
  switch (counter) {
    case `${USM_STATS}1.0`:
      return fault(`the agent does not offer ${level} to the user "${name}"`);
    case `${USM_STATS}2.0`:
      return "time";
    case `${USM_STATS}3.0`:
      return fault(`the agent does not know the user "${name}"`);
    case `${USM_STATS}4.0`:
      return "engine";
    case `${USM_STATS}5.0`:
      return fault(`the agent has another authentication key or protocol than ${authProtocol} for the user "${name}"`);
    case `${USM_STATS}6.0`:
      return fault(`the agent has another privacy key or protocol than ${privProtocol} for the user "${name}"`);
    case UNKNOWN_CONTEXTS:
      return fault("the agent does not know its default context");
    default:
      return { words: `the agent answers by a report of ${counter}`, reason: "deviceFailure" };
  }
}

const fault = (words: string): ReportFate => ({ words, reason: "configuration" });

/**
 * Whether a response has leave to write: what the site file gives, and what people have said to the gate
 * since. What they say ends by itself where they say until when, and then the site file holds again.
 */
import type { ResponseId } from "../core/command.ts";
import type { Instant } from "../core/time.ts";
import { after, hours, ms } from "../core/time.ts";
import type { Book, Said } from "./book.ts";
import type { GatePolicy } from "./policy.ts";

/** What is said to the gate ends within a week: longer is for the site file, where everybody reads it. */
const saidMax = hours(7 * 24);

type Armings = Pick<GatePolicy, "armed" | "armable">;

/** Whether what was said holds now. What has no end holds until something else is said. */
const holds = (said: Said | null | undefined, now: Instant): said is Said =>
  said !== null && said !== undefined && (said.until === undefined || now < said.until);

/** The maintenance that is on; null where none is. */
export const maintenanceNow = ({ maintenance }: Book, now: Instant): Said | null =>
  holds(maintenance, now) ? maintenance : null;

/** Who has disarmed a response for now; null where nobody has. */
export function disarmedNow(book: Book, response: ResponseId, now: Instant): Said | null {
  const said = book.disarmed.get(response);
  return holds(said, now) ? said : null;
}

/** Who has armed a response for a time that is not over; null where nobody has. */
export function armedNow(book: Book, response: ResponseId, now: Instant): Said | null {
  const said = book.armed.get(response);
  return holds(said, now) ? said : null;
}

/** Why a response is not armed; null where it is. */
export function unarmed(book: Book, policy: Armings, response: ResponseId, now: Instant): string | null {
  const isArmed =
    policy.armed.has(response) || (policy.armable.has(response) && armedNow(book, response, now) !== null);
  if (!isArmed) return `${response} is not armed`;
  const said = disarmedNow(book, response, now);
  return said ? `${response} was disarmed by ${said.by}: ${said.why}` : null;
}

/** Why nothing may be written for a response; null where it may. */
export function withoutLeave(book: Book, policy: Armings, response: ResponseId, now: Instant): string | null {
  const maintenance = maintenanceNow(book, now);
  return maintenance ? `maintenance by ${maintenance.by}: ${maintenance.why}` : unarmed(book, policy, response, now);
}

/** The end of what is said for so long; undefined where no end was said. Throws where that is longer than may be. */
export function endOf(now: Instant, forMs: number | undefined): Instant | undefined {
  if (forMs === undefined) return undefined;
  if (forMs > saidMax) throw new Error("longer than 7 days is for the site file");
  return after(now, ms(forMs));
}

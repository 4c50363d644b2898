/**
 * The yes of two people: what the site file marks so is written only after two of different names have
 * said yes to it at the gate, within ten minutes of each other and of the command. The gate knows
 * people by the names they give; who may reach its socket is the system's business.
 */
import type { Command } from "../core/command.ts";
import { deviceOf } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { minutes } from "../core/time.ts";
import type { Book, Said } from "./book.ts";
import type { GatePolicy } from "./policy.ts";

/** Long enough to walk to the other and explain; what was agreed on before that is agreed on anew. */
const yesHolds = minutes(10);
const peopleNeeded = 2;

/** What of the site a command needs two people for: its response, what it writes to, or both. */
const markedOf = (policy: Pick<GatePolicy, "twoPeople">, { response, point }: Command): readonly string[] =>
  [response, deviceOf(point)].filter((name) => policy.twoPeople.has(name));

/** Who has said yes to something and is still taken at that word. */
export const saidYes = ({ yes }: Book, what: string, now: Instant): readonly Said[] =>
  (yes.get(what) ?? []).filter(({ at }) => now - at < yesHolds);

/** Whose yes a command lacks; null where it needs none, or has it. */
export function lackingYes(
  book: Book,
  policy: Pick<GatePolicy, "twoPeople">,
  command: Command,
  now: Instant,
): string | null {
  for (const what of markedOf(policy, command)) {
    const said = saidYes(book, what, now);
    if (said.length >= peopleNeeded) continue;
    const [first] = said;
    return `${what} needs the yes of two people: ${first ? `only ${first.by} has said it` : "nobody has said it"}`;
  }
  return null;
}

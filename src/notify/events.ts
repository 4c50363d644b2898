/** What happened, as CloudEvents. */
import { createHash } from "node:crypto";
import type { AlarmStatus } from "../core/alarm/lifecycle.ts";
import type { Command, Outcome } from "../core/command.ts";
import type { Notice, Transition } from "../core/plant.ts";
import type { CloudEvent } from "./webhook.ts";

/** An alarm's transition as an event of a site. */
export function transitionEvent(site: string, transition: Transition): CloudEvent {
  const { alarm, at, from, to } = transition;
  const happened = happenedIn(transition);
  return event(
    site,
    { at, id: `${alarm}/${at}/${from}/${to}/${happened}`, type: `alarm.${happened}`, subject: alarm },
    transition,
  );
}

/** A command that was given to the gate, or what became of one. */
export function commandEvent(site: string, said: Command | Outcome): CloudEvent {
  if ("result" in said) {
    const { command, at, result } = said;
    return event(site, { at, id: `${command}/${at}/${result}`, type: `command.${result}`, subject: command }, said);
  }
  return event(site, { at: said.issued, id: `${said.id}/issued`, type: "command.issued", subject: said.id }, said);
}

/**
 * Something that people must be told beside alarms: what a lost node takes with it, a flood, a vote that is not whole, how a
 * response goes on. Its type is `io.haechi.<about>.<event>.v1`.
 */
export function noticeEvent(site: string, notice: Notice): CloudEvent {
  const { at, about, id, event: happened, text } = notice;
  // A response says "confirmed" of many orders at one instant; what it says tells them apart.
  const said = createHash("sha256").update(text).digest("hex").slice(0, SAID_DIGITS);
  return event(
    site,
    { at, id: `${about}/${id}/${at}/${happened}/${said}`, type: `${about}.${happened}`, subject: id },
    notice,
  );
}

/** Hexadecimal digits of a digest that tell texts of one instant apart. */
const SAID_DIGITS = 16;

function event(
  site: string,
  { at, id, type, subject }: { readonly at: number } & Readonly<Record<"id" | "type" | "subject", string>>,
  data: unknown,
): CloudEvent {
  return {
    specversion: "1.0",
    // It is sent as a header too, where only ASCII may stand.
    id: encodeURI(`${site}/${id}`),
    source: `/haechi/${encodeURIComponent(site)}`,
    type: `io.haechi.${type}.v1`,
    subject,
    time: new Date(at).toISOString(),
    datacontenttype: "application/json",
    data,
  };
}

const active: ReadonlySet<AlarmStatus> = new Set(["unacknowledged", "acknowledged"]);
const withheld: ReadonlySet<AlarmStatus> = new Set(["shelved", "suppressedByDesign", "outOfService"]);

/** The one word for what a transition is to those who are told of it. */
function happenedIn({ from, to, blind }: Transition): string {
  if (blind !== undefined) return blind ? "blinded" : "sighted";
  if (withheld.has(to)) return "withheld";
  if (to === "unacknowledged") return "raised";
  if (to === "acknowledged") return active.has(from) ? "acknowledged" : "raised";
  return active.has(from) ? "returned" : "cleared";
}

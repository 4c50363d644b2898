/**
 * A run told line by line, so that an operator can read it: when, what kind, and what happened.
 * Transcripts of scenarios, `haechi replay` and `haechi tail` are this one form.
 */
import { priorities } from "./core/alarm/definition.ts";
import type { Notice, ScanOutput, SiteModel, Transition } from "./core/plant.ts";
import type { Instant } from "./core/time.ts";

export interface Told {
  readonly at: Instant;
  readonly kind: "plant" | "alarm" | "blind" | "response" | "command" | "request" | "fault" | "promise" | "end";
  readonly text: string;
}

/** What a scan put out, in the order in which it happened. */
export function tell(site: SiteModel, output: ScanOutput, at: Instant): readonly Told[] {
  const titles = new Map(site.alarms.map((definition) => [definition.id, definition.title["en"] ?? definition.id]));
  return [
    ...output.transitions.map((t) => tellTransition(t, titles.get(t.alarm) ?? t.alarm)),
    ...output.notices.map(tellNotice),
    ...output.commands.map((c): Told => {
      const { expect } = c;
      const text = `${c.point} := ${c.value}, ${c.why}; expect ${expect.point} ${expect.is} ${expect.value} in ${expect.within / 1000} s`;
      return { at, kind: "command", text };
    }),
  ];
}

function tellTransition(t: Transition, title: string): Told {
  const digit = priorities.indexOf(t.priority) + 1;
  const because = t.because === "" ? "" : ` (${t.because})`;
  if (t.from === t.to) {
    return {
      at: t.at,
      kind: "blind",
      text: `${digit} ${title}: ${t.blind ? "cannot be judged" : "seen again"}${because}`,
    };
  }
  const blind = t.blind === undefined ? "" : t.blind ? ", cannot be judged" : ", seen again";
  return { at: t.at, kind: "alarm", text: `${digit} ${title}: ${t.from} → ${t.to}${blind}${because}` };
}

const tellNotice = (notice: Notice): Told => ({
  at: notice.at,
  kind: notice.about,
  text: `${notice.id}: ${notice.event}${notice.text === "" ? "" : `: ${notice.text}`}`,
});

/** Says lines with the site's wall time: "15:19:02  alarm     1 Battery room: fire: normal → unacknowledged". */
export function lineWriter(timezone: string): (told: Told) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return ({ at, kind, text }) => `${format.format(at)}  ${kind.padEnd(8)}  ${text}`;
}

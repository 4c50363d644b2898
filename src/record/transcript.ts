/**
 * A run told line by line, so that an operator can read it: when, what kind, and what happened.
 * Transcripts of scenarios, `haechi replay` and `haechi tail` are this one form.
 */
import { priorities } from "../core/alarm/definition.ts";
import type { Command } from "../core/command.ts";
import type { Notice, ScanOutput, SiteModel, Transition } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";

export interface Told {
  readonly at: Instant;
  readonly kind: "plant" | "alarm" | "blind" | Notice["about"] | "command" | "promise" | "drill" | "end";
  readonly text: string;
}

/** What a scan put out, in the order in which it happened. */
export function tell(site: SiteModel, output: ScanOutput, at: Instant): readonly Told[] {
  if (output.transitions.length + output.notices.length + output.commands.length === 0) return [];
  const titles = titlesOf(site);
  return [
    ...output.transitions.filter(isNews).map((t) => tellTransition(t, titles.get(t.alarm) ?? t.alarm)),
    ...output.notices.map((notice) => tellNotice(notice, titles.get(notice.id) ?? notice.id)),
    ...output.commands.map((command): Told => ({ at, kind: "command", text: tellCommand(site, command) })),
  ];
}

/** A quiet alarm that is suppressed, or released from it, is nothing to anybody. */
const isNews = ({ from, to, blind }: Transition): boolean =>
  blind !== undefined ||
  !((from === "normal" && to === "suppressedByDesign") || (from === "suppressedByDesign" && to === "normal"));

const titlesOf = (site: SiteModel): ReadonlyMap<string, string> =>
  new Map([...site.alarms, ...site.responses].map(({ id, title }) => [id as string, title["en"] ?? id]));

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

const tellNotice = (notice: Notice, title: string): Told => ({
  at: notice.at,
  kind: notice.about,
  text: `${title}: ${notice.event}${notice.text === "" ? "" : `: ${notice.text}`}`,
});

function tellCommand(site: SiteModel, { point, value, why, expect }: Command): string {
  const words = (of: PointId, n: number): string => site.points.get(of)?.states?.[n] ?? String(n);
  const effect =
    expect.point === point ? "" : `, shown by ${expect.point} ${expect.is} ${words(expect.point, expect.value)}`;
  return `${point} := ${words(point, value)} within ${expect.within / 1000} s${effect}; ${why}`;
}

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

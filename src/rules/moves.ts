/** Transitions as a test writes them: "+20s hall-1-hot.H normal → unacknowledged", "+8s hall-1-hot.H blind". */
import type { AlarmStatus } from "../core/alarm/lifecycle.ts";
import { parseDuration } from "../core/duration.ts";
import type { SiteModel, Transition } from "../core/plant.ts";
import type { Instant } from "../core/time.ts";
import { closest } from "../profiles/index.ts";

const statuses: readonly string[] = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returnedUnacknowledged",
  "latchedUnacknowledged",
  "latchedAcknowledged",
  "shelved",
  "suppressedByDesign",
  "outOfService",
] satisfies readonly AlarmStatus[];

/** A span as people write it: in seconds, with as many places as there are. */
export const inSeconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))}s`;

/** A transition in the words of a test. */
export function moveOf({ alarm, at, from, to, blind }: Transition, starts: Instant): string {
  const sight = blind === undefined ? [] : [blind ? "blind" : "seeing"];
  const state = from === to ? [] : [`${from} → ${to}`];
  return `+${inSeconds(at - starts)} ${alarm} ${[...state, ...sight].join(", ")}`;
}

/** A written transition in the one way in which {@link moveOf} writes it, or what is wrong with it. */
export function readMove(
  text: string,
  { alarms }: SiteModel,
): string | { readonly wrong: string; readonly meant?: string } {
  const [, time = "", alarm = "", rest = ""] = /^\s*\+(\S+)\s+(\S+)\s+(.+?)\s*$/.exec(text) ?? [];
  const at = parseDuration(time);
  if (at === null) return { wrong: `"${text}" is no transition such as "+20s hall-1-hot.H normal → unacknowledged"` };
  if (!alarms.some(({ id }) => id === alarm)) {
    const meant = closest(
      alarm,
      alarms.map(({ id }) => id),
    );
    return { wrong: `the site has no alarm "${alarm}"`, ...(meant === undefined ? {} : { meant }) };
  }
  const [, from, to, sight] = /^(?:(\w+)\s*(?:→|->)\s*(\w+))?(?:(?:,\s*)?(blind|seeing))?$/.exec(rest) ?? [];
  const unknown = [from, to].find((status) => status !== undefined && !statuses.includes(status));
  if (unknown !== undefined || (from === undefined && sight === undefined)) {
    const what = unknown === undefined ? rest : unknown;
    return { wrong: `"${what}" is no state of an alarm: ${statuses.join(", ")}, and blind or seeing` };
  }
  const said = [...(from === undefined ? [] : [`${from} → ${to}`]), ...(sight === undefined ? [] : [sight])];
  return `+${inSeconds(at)} ${alarm} ${said.join(", ")}`;
}

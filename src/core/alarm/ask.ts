/**
 * What people ask of alarms. Everything that keeps an alarm from those who rely on it ends by itself,
 * and of an alarm that guards safety two people must ask for it. What is refused is told, in words.
 */
import type { Run } from "../run.ts";
import type { Duration, Instant } from "../time.ts";
import { elapsed, hours } from "../time.ts";
import { architectureOf } from "../vote.ts";
import { ballotsOf } from "./ballots.ts";
import type { AlarmRequest, Withholding } from "./lifecycle.ts";
import { lapseOf, mayReset } from "./lifecycle.ts";
import { notice, settleAlarm, step, tell, unlessFaulty } from "./settle.ts";

/** Nobody shelves, or bypasses, for longer than a shift: what is withheld and forgotten is lost. */
export const shelfMax = hours(8);
/** A permit for work on a sensor is given for a day at most. */
export const serviceMax = hours(24);

const lastsMax: Readonly<Record<Withholding["kind"], Duration>> = {
  shelve: shelfMax,
  outOfService: serviceMax,
  bypass: shelfMax,
};

const doing: Readonly<Record<Withholding["kind"], string>> = {
  shelve: "shelving",
  outOfService: "taking out of service",
  bypass: "bypassing",
};

/** Grants a request about an alarm of this site, by its number, or says why not. */
export function hearAboutAlarm(run: Run, at: number, request: AlarmRequest): void {
  const { plant } = run;
  const { asking } = plant.alarms[at]!.alarm;
  if (asking && (plant.now > lapseOf(asking) || plant.now >= asking.until)) settleAlarm(run, at);
  const wrong = wrongWith(run, at, request);
  if (wrong !== null) return refuse(run, at, wrong);
  if (!isWithholding(request) || !plant.site.alarms[at]!.safety) return grant(run, at, request);
  const first = plant.alarms[at]!.alarm.asking;
  if (!first) return askFirst(run, at, request);
  const unlike = unlikeness(first, request);
  if (unlike !== null) return refuse(run, at, unlike);
  grant(run, at, together(first, request));
}

const refuse = (run: Run, at: number, text: string): void =>
  notice(run, at, { about: "request", event: "refused", text });

const isWithholding = (request: AlarmRequest): request is Withholding => "until" in request;

function wrongWith(run: Run, at: number, request: AlarmRequest): string | null {
  const { alarm } = run.plant.alarms[at]!;
  if (request.kind === "reset")
    return mayReset(alarm) ? null : "only an alarm that is seen to be clear, and acknowledged, can be reset";
  if (!isWithholding(request)) return null;
  const wait = elapsed(run.plant.now, request.until);
  const longest = lastsMax[request.kind];
  if (!(wait > 0 && wait <= longest)) return `${doing[request.kind]} lasts up to ${longest / hours(1)} h from now`;
  if (request.kind === "outOfService" && request.permit.trim() === "") return "taking out of service needs a permit";
  return request.kind === "bypass" ? wrongWithBypass(run, at, request) : null;
}

function wrongWithBypass(run: Run, at: number, { channel }: Extract<Withholding, { kind: "bypass" }>): string | null {
  const { plant } = run;
  const { bypassed } = plant.alarms[at]!.alarm;
  const { channels } = plant.site.alarms[at]!;
  if (!channels.some(({ point }) => point === channel)) return `${channel} is none of its channels`;
  if (bypassed && bypassed.channel !== channel && plant.now < bypassed.until)
    return `one channel at a time: ${bypassed.channel} is bypassed already (${bypassed.by}: ${bypassed.why})`;
  const [rule, now] = [plant.index.rules[at]!, ballotsOf(plant, at)];
  const then = now.map((ballot, i) => (channels[i]!.point === channel ? "bypassed" : ballot));
  if (architectureOf(rule, now) === null || architectureOf(rule, then) !== null) return null;
  return `without ${channel} its vote could not be decided: take the alarm out of service instead`;
}

function grant(run: Run, at: number, request: AlarmRequest): void {
  const before = run.plant.alarms[at]!.alarm;
  unlessFaulty(run, at, () => step(run, at, request));
  const { alarm } = run.plant.alarms[at]!;
  tell(run, at, before, saidIn(request));
  if (alarm.bypassed === before.bypassed) return;
  const { channel } = alarm.bypassed ?? before.bypassed!;
  const event = alarm.bypassed ? "bypassed" : "restored";
  notice(run, at, { about: "vote", event, text: `${channel} (${saidIn(request)})` });
  run.dirty.add(at);
}

const saidIn = (request: AlarmRequest): string =>
  `${request.by}: ${request.why}${request.kind === "outOfService" ? `, permit ${request.permit}` : ""}`;

function askFirst(run: Run, at: number, request: Withholding): void {
  step(run, at, { kind: "asked", request });
  const waitS = elapsed(run.plant.now, lapseOf({ ...request, at: run.plant.now })) / 1000;
  const text = `${saidIn(request)} (${request.kind}); waits ${waitS} s for a second person`;
  notice(run, at, { about: "request", event: "asked", text });
}

/** Why a second request does not go with the first; null where it does. */
function unlikeness(first: Withholding, second: Withholding): string | null {
  if (personOf(first.by) === personOf(second.by)) return `${first.by} has asked already: a second person must`;
  const isSame =
    first.kind === second.kind &&
    (first.kind !== "outOfService" || first.permit === (second as typeof first).permit) &&
    (first.kind !== "bypass" || first.channel === (second as typeof first).channel);
  return isSame ? null : `${first.by} has asked for something else (${first.kind}), which waits for a second person`;
}

/** One name for one person, however it is written: case, width and blanks tell nobody apart. */
const personOf = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]/gu, "");

/** What both have asked for: for as long as the one who asked for less. */
function together(first: Withholding, second: Withholding): Withholding {
  const until = Math.min(first.until, second.until) as Instant;
  const why = first.why === second.why ? first.why : `${first.why}; ${second.why}`;
  return { ...second, by: `${first.by} and ${second.by}`, why, until };
}

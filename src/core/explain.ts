/**
 * Why an alarm stands as it does: what each of its sensors says and how far that is from its limit,
 * what runs, what withholds it, what would turn the vote, and what comes next. Worked out of the
 * plant as it is, and only when somebody asks.
 */

import { ballotsOf } from "./alarm/ballots.ts";
import type { AlarmDefinition, AlarmId, Channel, Priority } from "./alarm/definition.ts";
import { pointsOf } from "./alarm/definition.ts";
import type { Alarm, AlarmStatus } from "./alarm/lifecycle.ts";
import { dueAt, statusOf } from "./alarm/lifecycle.ts";
import type { Weighed } from "./detect/detector.ts";
import type { DetectorSpec } from "./detect/index.ts";
import type { Image } from "./image.ts";
import { imageAt, valueInWords } from "./image.ts";
import type { AlarmState, Plant } from "./plant.ts";
import type { PointId, Reading } from "./reading.ts";
import type { Phase } from "./respond/campaign.ts";
import type { Mode } from "./respond/response.ts";
import { callBy } from "./respond/witness.ts";
import type { Instant } from "./time.ts";
import { elapsed } from "./time.ts";
import { followersOf } from "./topology/cause.ts";
import type { Architecture, Ballot, Verdict, VoteRule } from "./vote.ts";
import { architectureOf, vote } from "./vote.ts";

export interface Explanation {
  readonly alarm: AlarmId;
  readonly title: Readonly<Record<string, string>>;
  readonly priority: Priority;
  readonly now: Instant;
  readonly status: AlarmStatus;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly latched: boolean;
  readonly blind: boolean;
  /** It has come and gone too often, and is held until it was normal for long enough. */
  readonly flapping: boolean;
  readonly raisedAt: Instant | null;
  /** What the vote says now; the alarm follows it when its delay has passed. */
  readonly vote: Verdict;
  readonly need: number;
  /** What the vote amounts to while channels are out or bad; null where those that are left cannot decide it. */
  readonly as: Architecture | null;
  readonly channels: readonly ChannelSaid[];
  /** The delay that runs; null where none does. */
  readonly timer: { readonly delay: "on" | "off"; readonly since: Instant; readonly until: Instant } | null;
  readonly withheld: Withheld;
  /** It came first in this group; null where it did not. */
  readonly firstOutOf: string | null;
  /** The lost node of the power tree that it follows from; null where it follows from none. */
  readonly under: string | null;
  readonly changes: readonly Change[];
  readonly next: readonly Next[];
  /** Alarms that it suppresses by design while it is active. */
  readonly suppresses: readonly AlarmId[];
}

/** What one channel says, and why. */
export interface ChannelSaid {
  readonly verdict: Verdict;
  /** How it takes part in the vote: as its verdict, unless it is awaited, bypassed or isolated. */
  readonly ballot: Ballot;
  /** The channel's own point first. */
  readonly inputs: readonly InputSaid[];
  /** When it is abnormal, in words: "above 35 Cel". */
  readonly abnormal: string;
  /** What the detector weighs beyond the readings themselves. */
  readonly weighs: readonly Weighed[];
  /** How far the value may still move before the verdict turns, in the point's unit; null where nobody can say. */
  readonly distance: number | null;
  readonly unit: string | null;
}

export interface InputSaid {
  readonly point: PointId;
  readonly quality: Reading["quality"];
  /** Null where it is bad. */
  readonly value: number | null;
  /** The state's name, or the value with its unit; the reason where it is bad. */
  readonly text: string;
  /** Null where the point has never spoken. */
  readonly ageMs: number | null;
}

interface Withheld {
  readonly shelved: Alarm["shelved"];
  readonly outOfService: Alarm["outOfService"];
  readonly bypassed: Alarm["bypassed"];
  /** What one person has asked for, and a second one has to. */
  readonly asking: Alarm["asking"];
  /** Active alarms of which it is a consequence by design. */
  readonly suppressedBy: readonly AlarmId[];
}

/** A channel that would turn the vote alone, if it said something else. */
export interface Change {
  /** The channel, by number from 0. */
  readonly channel: number;
  readonly point: PointId;
  readonly says: Verdict;
  readonly vote: Verdict;
}

/** A response that the alarm starts. */
export interface Next {
  readonly response: string;
  readonly title: Readonly<Record<string, string>>;
  /** In "act" it writes only while the gate arms it, which the core does not know. */
  readonly mode: Mode;
  readonly afterMs: number;
  readonly ifBlind: "act" | "hold";
  readonly phase: Phase;
  readonly until: Instant | null;
  /** Whether the alarm as it stands calls for it. */
  readonly called: boolean;
  /** Why it does not call though it is blind and the response would go by that; null where it lacks nothing. */
  readonly lacks: string | null;
}

/** Explains an alarm; null where there is none of this id. */
export function explain(plant: Plant, id: string): Explanation | null {
  const at = plant.index.alarmAt.get(id as AlarmId);
  if (at === undefined) return null;
  const [state, definition] = [plant.alarms[at]!, plant.site.alarms[at]!];
  const { alarm } = state;
  const { active, acknowledged, latched, blind, flapping, raisedAt } = alarm;
  const ballots = ballotsOf(plant, at);
  const terms: Terms = { rule: plant.index.rules[at]!, ballots, stands: active || alarm.pendingSince !== null };
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const channels = definition.channels.map((_, i) =>
    channelSaid(plant, image, { state, definition, ballots, channel: i }),
  );
  return {
    alarm: definition.id,
    title: definition.title,
    priority: definition.priority,
    now: plant.now,
    status: statusOf(alarm),
    active,
    acknowledged,
    latched,
    blind,
    flapping,
    raisedAt,
    vote: vote(terms.rule, ballots, terms.stands),
    need: definition.need,
    as: architectureOf(terms.rule, ballots),
    channels,
    timer: timerOf(alarm, definition),
    withheld: withheldOf(plant, alarm, definition),
    firstOutOf: [...plant.firstOuts].find(([, first]) => first.alarm === definition.id)?.[0] ?? null,
    under: plant.causes.events.find((event) => followersOf(plant, event).includes(at))?.node ?? null,
    changes: changesOf(terms, definition),
    next: nextOf(plant, image, at),
    suppresses: (plant.index.suppresses[at] ?? []).map((other) => plant.site.alarms[other]!.id),
  };
}

interface Which {
  readonly state: AlarmState;
  readonly definition: AlarmDefinition;
  readonly ballots: readonly Ballot[];
  readonly channel: number;
}

function channelSaid(plant: Plant, image: Image, { state, definition, ballots, channel: i }: Which): ChannelSaid {
  const channel = definition.channels[i]!;
  const verdict = state.verdicts[i]!;
  const weighs = state.detectors[i]!.account?.() ?? [];
  const inputs = pointsOf(channel).map((point) => inputSaid(plant, image, point));
  const { unit = null } = plant.site.points.get(channel.point) ?? {};
  // Before the alarm stands its on-delay ends at the limit itself.
  const isHeld = verdict === "abnormal" && state.alarm.active;
  const said = verdict === "unknown" ? null : distanceOf(channel, inputs[0]!.value, isHeld);
  const distance = said ?? weighedDistance(weighs);
  return { verdict, ballot: ballots[i]!, inputs, abnormal: abnormalIf(plant, channel), weighs, distance, unit };
}

function inputSaid({ site, newest, now }: Plant, image: Image, point: PointId): InputSaid {
  const reading = image.readingOf(point);
  const last = newest.get(point);
  const ageMs = last ? elapsed(last.at, now) : null;
  const { quality } = reading;
  if (reading.quality === "bad") return { point, quality, value: null, text: reading.reason, ageMs };
  return { point, quality, value: reading.value, text: valueInWords(reading.value, site.points.get(point)), ageMs };
}

/** When a channel is abnormal, in words. */
function abnormalIf({ site }: Plant, { point, detect }: Channel): string {
  const { states, unit } = site.points.get(point) ?? {};
  const inUnit = (value: number): string => `${value}${unit ? ` ${unit}` : ""}`;
  if (detect.kind === "limit") return limitInWords(detect, inUnit);
  if (detect.kind === "state") return `at ${detect.among.map((value) => states?.[value] ?? String(value)).join(", ")}`;
  if (detect.kind === "rate")
    return `${detect.side} by more than ${inUnit(detect.perMinute)} a minute over ${detect.window / 1000} s`;
  if (detect.kind === "stale") return "silent";
  if (detect.kind === "flatline" && detect.window !== undefined)
    return `within ${inUnit(detect.band)} for ${detect.window / 1000} s`;
  // What the other kinds weigh, and against which limits, they say themselves.
  return `by ${detect.kind}`;
}

function limitInWords(
  { side, limit, deadband }: Extract<DetectorSpec, { kind: "limit" }>,
  inUnit: (value: number) => string,
): string {
  const back = side === "above" ? limit - deadband : limit + deadband;
  return `${side} ${inUnit(limit)}${deadband > 0 ? `, until it is back at ${inUnit(back)}` : ""}`;
}

/** How far a value lies from where the verdict of a limit turns; `isHeld`: its deadband holds it. */
function distanceOf({ detect }: Channel, value: number | null, isHeld: boolean): number | null {
  if (detect.kind !== "limit" || value === null) return null;
  const sign = detect.side === "above" ? 1 : -1;
  const turns = detect.limit - sign * (isHeld ? detect.deadband : 0);
  return Math.abs(turns - value);
}

const weighedDistance = (weighs: readonly Weighed[]): number | null => {
  const [first] = weighs.filter(({ value, limit }) => value !== null && limit !== undefined);
  return first ? Math.abs(first.limit! - first.value!) : null;
};

function timerOf(alarm: Alarm, definition: AlarmDefinition): Explanation["timer"] {
  const until = dueAt(alarm, definition);
  if (until === null) return null;
  return { delay: alarm.active ? "off" : "on", since: alarm.pendingSince!, until };
}

function withheldOf({ alarms, index }: Plant, alarm: Alarm, { suppressedBy }: AlarmDefinition): Withheld {
  const isActive = (id: AlarmId): boolean => alarms[index.alarmAt.get(id)!]!.alarm.active;
  const { shelved, outOfService, bypassed, asking } = alarm;
  return { shelved, outOfService, bypassed, asking, suppressedBy: suppressedBy.filter(isActive) };
}

const verdicts: readonly Verdict[] = ["normal", "abnormal", "unknown"];

/** What a vote is held by. */
interface Terms {
  readonly rule: VoteRule;
  readonly ballots: readonly Ballot[];
  readonly stands: boolean;
}

/** Every channel that would turn the vote alone, and to what: found by voting again with that one changed. */
function changesOf({ rule, ballots, stands }: Terms, { channels }: AlarmDefinition): readonly Change[] {
  const now = vote(rule, ballots, stands);
  return channels.flatMap(({ point }, channel) =>
    verdicts.flatMap((says) => {
      if (says === ballots[channel]) return [];
      const then = vote(rule, ballots.with(channel, says), stands);
      return then === now ? [] : [{ channel, point, says, vote: then }];
    }),
  );
}

const nextOf = (plant: Plant, image: Image, at: number): readonly Next[] =>
  plant.site.responses.flatMap((response, i) => {
    const { id, title, when, mode, after, ifBlind } = response;
    if (!when.includes(plant.site.alarms[at]!.id)) return [];
    const { phase, until } = plant.campaigns[i]!;
    const { caller, lacks } = callBy(plant, image, response, at);
    return [{ response: id, title, mode, afterMs: after, ifBlind, phase, until, called: caller !== null, lacks }];
  });

/**
 * The whole of what the service knows and may remember between two scans. `site` is fixed; all the
 * rest is plain data, so that a checkpoint can hold it and a replay can begin in the middle.
 */
import type { Agenda } from "./agenda.ts";
import { agenda } from "./agenda.ts";
import type { AlarmDefinition, AlarmId, Priority } from "./alarm/definition.ts";
import { pointsOf } from "./alarm/definition.ts";
import type { FirstOuts } from "./alarm/first-out.ts";
import { groupsOf } from "./alarm/first-out.ts";
import type { Flood } from "./alarm/flood.ts";
import { noFlood } from "./alarm/flood.ts";
import type { Alarm, AlarmRequest, AlarmStatus } from "./alarm/lifecycle.ts";
import { calm } from "./alarm/lifecycle.ts";
import { ruleOf } from "./alarm/vote-rule.ts";
import type { Command, Outcome, ResponseId } from "./command.ts";
import { meets } from "./detect/condition.ts";
import type { Detector } from "./detect/detector.ts";
import { makeDetector } from "./detect/index.ts";
import type { PointRule } from "./image.ts";
import { Newest, Place } from "./newest.ts";
import type { PointId, Reading } from "./reading.ts";
import type { Campaign, DrillAsk } from "./respond/campaign.ts";
import { idle } from "./respond/campaign.ts";
import type { Movable, Response, Touching } from "./respond/response.ts";
import { Sequence } from "./sequence.ts";
import type { Instant } from "./time.ts";
import { instant } from "./time.ts";
import type { Causes, PowerIndex } from "./topology/loss.ts";
import { powerIndexOf } from "./topology/loss.ts";
import type { PowerTree } from "./topology/power.ts";
import type { Verdict, VoteRule } from "./vote.ts";

/** A site as the core sees it. References in it hold: that is checked where the site file is read. */
export interface SiteModel {
  readonly id: string;
  readonly points: ReadonlyMap<PointId, PointRule>;
  readonly alarms: readonly AlarmDefinition[];
  readonly responses: readonly Response[];
  readonly power: PowerTree;
  /** The services that can be moved; none where it is not said. */
  readonly movable?: readonly Movable[];
  /** What is commanded and takes services away by it; none where it is not said. */
  readonly touching?: readonly Touching[];
  /** Outlets of racks that a command closes; none where it is not said. */
  readonly closable?: ReadonlySet<PointId>;
}

/** All that happened since the last scan. The journal is one of these a record. */
export interface ScanInput {
  readonly at: Instant;
  readonly readings: readonly Reading[];
  readonly requests: readonly Request[];
  readonly outcomes: readonly Outcome[];
  /** Whether this node may act. A node that may not still judges and announces. */
  readonly leads: boolean;
}

/** What a person asks. */
export type Request =
  | { readonly to: "alarm"; readonly alarm: AlarmId; readonly event: AlarmRequest }
  | {
      readonly to: "response";
      readonly response: ResponseId;
      readonly event: ResponseAsk;
      readonly by: string;
      readonly why: string;
    }
  /** Power will be cut: a failover is to be over before. Null takes that back; what is under way goes on. */
  | {
      readonly to: "response";
      readonly response: ResponseId;
      readonly event: "evacuate";
      readonly cutAt: Instant | null;
      readonly by: string;
      readonly why: string;
    }
  /** To make some steps of a failover, or some outlets of a shed, for practice. */
  | {
      readonly to: "response";
      readonly response: ResponseId;
      readonly event: "drill";
      readonly by: string;
      readonly why: string;
      readonly drill: DrillAsk;
    };

/** What a person may ask of a response. abort: undo what it has done so far. restore: undo it when all is well again. */
export const responseAsks = ["start", "approve", "stop", "abort", "restore"] as const;
export type ResponseAsk = (typeof responseAsks)[number];

/** All that follows from it. Nothing else in the service has effects. */
export interface ScanOutput {
  readonly transitions: readonly Transition[];
  readonly commands: readonly Command[];
  readonly notices: readonly Notice[];
}

/** An alarm went from one state to another, or went blind or saw again. */
export interface Transition {
  readonly alarm: AlarmId;
  readonly at: Instant;
  readonly priority: Priority;
  readonly from: AlarmStatus;
  readonly to: AlarmStatus;
  /** Set where sight changed: true, it went blind; false, it sees again. */
  readonly blind?: boolean;
  /** The readings behind it, in words: "asd-battery/smoke.level = fire1". */
  readonly because: string;
}

/** Whether a transition puts its alarm before people; a change of sight alone, which leaves the state as it is, does not. */
export const isRaising = ({ from, to }: Transition): boolean => to === "unacknowledged" && from !== to;

/** Something people must be told that is not an alarm. */
export interface Notice {
  readonly at: Instant;
  readonly about: "response" | "request" | "fault" | "vote" | "cause" | "flood";
  readonly id: string;
  readonly event: string;
  readonly text: string;
}

/** One alarm as it stands. */
export interface AlarmState {
  alarm: Alarm;
  /** The last verdict of each channel. */
  readonly verdicts: Verdict[];
  readonly detectors: Detector[];
  /** Channels whose sensor said last that it is isolated or at fault. */
  readonly isolated: boolean[];
  /** What was told last of a vote that is not whole; null while it is. */
  degraded: string | null;
}

export interface Plant {
  readonly site: SiteModel;
  readonly index: SiteIndex;
  now: Instant;
  leads: boolean;
  /** Until then no response plans anything: after a restart the plant is looked at first. */
  holdUntil: Instant;
  readonly newest: Newest;
  readonly alarms: readonly AlarmState[];
  readonly campaigns: Campaign[];
  readonly agenda: Agenda;
  readonly causes: Causes;
  readonly firstOuts: FirstOuts;
  readonly flood: Flood;
}

/** A channel that is no vote while a reading of some point says so. */
export interface Isolation {
  readonly alarm: number;
  readonly channel: number;
  /** "abnormal" where the reading says so. */
  readonly verdictOf: (reading: Reading) => Verdict;
}

/** What is looked up of a point with every reading, found at once; what it said last stands in it, where a scan need not look for it. */
export class Watched extends Place {
  readonly rule: PointRule;
  /** Alarm and channel numbers that judge it. */
  readonly judges: readonly (readonly [alarm: number, channel: number])[];
  /** Channels that it may isolate. */
  readonly isolates: readonly Isolation[];
  /** Whether that place is on the agenda now. */
  isAgeing = false;
  /** How it tells whether a node of the power tree is lost; null where it does not. */
  readonly teller: "meter" | "state" | null;
  /** What it last told of that; null where it had nothing to tell. */
  says: number | null = null;

  constructor(
    point: PointId,
    rule: PointRule,
    { judges, isolates, teller }: Pick<Watched, "judges" | "isolates" | "teller">,
  ) {
    super(point);
    this.rule = rule;
    this.judges = judges;
    this.isolates = isolates;
    this.teller = teller;
  }

  /** It stands on the agenda itself, whenever it is looked at for its age. */
  get kind(): "age" {
    return "age";
  }
}

/** What is looked up in every scan, worked out once. */
export interface SiteIndex {
  readonly alarmAt: ReadonlyMap<AlarmId, number>;
  readonly points: Pick<Sequence<Watched>, "get" | "forEach">;
  /** Alarms that an alarm suppresses. */
  readonly suppresses: readonly (readonly number[])[];
  /** How many alarms stand one above the other over an alarm in suppression by design: those of depth 0 are nobody's consequence. */
  readonly depths: readonly number[];
  /** The terms of each alarm's vote. */
  readonly rules: readonly VoteRule[];
  /** Alarms among which one may have come first. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  readonly power: PowerIndex;
}

/** A plant of which nothing is known yet: every point waits for its first reading, every alarm is blind. */
export function start(site: SiteModel, at: Instant): Plant {
  const alarms = site.alarms.map((definition) => ({
    alarm: calm,
    verdicts: definition.channels.map((): Verdict => "unknown"),
    detectors: definition.channels.map((channel) => makeDetector(channel.detect)),
    isolated: definition.channels.map(() => false),
    degraded: null,
  }));
  const index = indexOf(site);
  const plant: Plant = {
    site,
    index,
    now: at,
    leads: false,
    holdUntil: at,
    newest: new Newest(index.points),
    alarms,
    campaigns: site.responses.map((response) => idle(response.id)),
    agenda: agenda(),
    causes: { lost: [], events: [], isDirty: true, faulted: null },
    firstOuts: new Map(),
    flood: noFlood(),
  };
  plant.index.points.forEach((watched) => watchAge(plant, watched, at));
  return plant;
}

/** Has a point looked at when it has said nothing for too long since an instant. */
export function watchAge({ agenda }: Plant, watched: Watched, since: Instant): void {
  agenda.add(agedAt(watched, since), watched);
  watched.isAgeing = true;
}

/** When a point is too old to be used that has said nothing since an instant. */
export const agedAt = ({ rule }: Watched, since: Instant): Instant => instant(since + rule.maxAge + 1);

function indexOf(site: SiteModel): SiteIndex {
  const alarmAt = new Map(site.alarms.map((definition, i) => [definition.id, i]));
  const suppresses: number[][] = site.alarms.map(() => []);
  site.alarms.forEach(({ suppressedBy }, i) => {
    for (const root of new Set(suppressedBy)) suppresses[alarmAt.get(root)!]!.push(i);
  });
  const rules = site.alarms.map(ruleOf);
  const power = powerIndexOf(site.power);
  const [depths, groups] = [depthsOf(site.alarms, alarmAt), groupsOf(site.alarms)];
  return { alarmAt, points: watchedOf(site, power), suppresses, depths, rules, groups, power };
}

function watchedOf(site: SiteModel, { tellers }: PowerIndex): SiteIndex["points"] {
  const judges = new Map<PointId, [number, number][]>();
  const isolates = new Map<PointId, Isolation[]>();
  const add = <T>(map: Map<PointId, T[]>, point: PointId, what: T): void => {
    const of = map.get(point);
    if (of) of.push(what);
    else map.set(point, [what]);
  };
  site.alarms.forEach((definition, alarm) => {
    definition.channels.forEach((judged, channel) => {
      for (const point of pointsOf(judged)) add(judges, point, [alarm, channel]);
      const { unless } = judged;
      if (unless) add(isolates, unless.point, { alarm, channel, verdictOf: meets(unless) });
    });
  });
  const watched = new Sequence<Watched>();
  const none: readonly never[] = [];
  site.points.forEach((rule, point) => {
    const of = {
      judges: judges.get(point) ?? none,
      isolates: isolates.get(point) ?? none,
      teller: tellers.get(point) ?? null,
    };
    watched.add(new Watched(point, rule, of));
  });
  return watched;
}

function depthsOf(alarms: readonly AlarmDefinition[], alarmAt: ReadonlyMap<AlarmId, number>): readonly number[] {
  const depths: number[] = [];
  const depthOf = (at: number): number => {
    const known = depths[at];
    if (known !== undefined) return known;
    // Until it is known it counts as 0, so that a circle, which no site file may hold, still ends.
    depths[at] = 0;
    const above = alarms[at]!.suppressedBy.map((id) => depthOf(alarmAt.get(id)!) + 1);
    const depth = Math.max(0, ...above);
    depths[at] = depth;
    return depth;
  };
  alarms.forEach((_, at) => depthOf(at));
  return depths;
}

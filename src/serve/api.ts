/**
 * The shapes that leave the server. Everything a display needs is worked out here once, from the
 * plant, so that a display only draws. Instants are plant time in ms since the Unix epoch; texts
 * are language code → text, "en" always there; power is kW.
 */
import type { Priority } from "../core/alarm/definition.ts";
import type { KpiFigures } from "../core/alarm/kpi.ts";
import type { AlarmRequest, AlarmStatus } from "../core/alarm/lifecycle.ts";
import type { Standing } from "../core/alarm/standing.ts";
import type { Target } from "../core/alarm/targets.ts";
import type { Phase, Race } from "../core/respond/campaign.ts";
import type { Mode as ResponseMode } from "../core/respond/response.ts";
import type { LossFacts } from "../core/topology/cause-text.ts";
import type { Importance, PowerNode } from "../core/topology/power.ts";

export type { AlarmStatus, Importance, Phase, Priority, ResponseMode };

export type AlarmRequestKind = AlarmRequest["kind"];

/** The same thing said in several languages. */
export type Text = Readonly<Record<string, string>>;

/** Everything there is to show, whole: what a client gets first, and again after every reconnect. */
export interface Snapshot extends Live {
  /** Version of these shapes; grows when a field changes its meaning. */
  readonly version: 1;
  /** The server's build: a page of another build reloads itself. */
  readonly build: string;
  /** Whether the history route has anything to show. */
  readonly hasHistory: boolean;
  readonly site: SiteView;
}

/** The part of a snapshot that changes while the server runs. */
export interface Live {
  readonly at: number;
  readonly mode: SiteMode;
  readonly points: Readonly<Record<string, PointValue>>;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly racks: readonly RackGroup[];
  /** Worst first; {@link AlarmCounts.more} of those that stand did not fit in. */
  readonly alarms: readonly AlarmView[];
  readonly counts: AlarmCounts;
  /** What is lost in the power tree, and what follows from it; each event under its topmost cause. */
  readonly causes: readonly CauseView[];
  /** Of each group with an alarm that is not back to normal, the alarm that came first. */
  readonly firstOuts: readonly FirstOutView[];
  /** While more alarms come than people can attend to; null while they do not. */
  readonly flood: FloodView | null;
  readonly responses: readonly ResponseView[];
  readonly health: Health;
}

/** Only what has changed since the event before it; `points` and `nodes` name only those that did. */
export type Delta = Partial<Live> & Pick<Live, "at">;

/** Sent each second, whatever happens: a client that misses it knows that it sees nothing. */
export interface Beat {
  readonly seq: number;
  /** Stands still when the scan does, so that a server which only answers is not taken for one that watches. */
  readonly at: number;
  readonly build: string;
}

/** What the site is in, worst first: a failover outranks a shed, and so on down to "normal". */
export type SiteMode = "failover" | "shed" | "battery" | "generator" | "alarm" | "normal";

/** What a site is made of. Fixed while the server runs. */
export interface SiteView {
  readonly id: string;
  readonly name: Text;
  /** IANA name, for the clock on the wall. */
  readonly timezone: string;
  readonly spaces: readonly SpaceView[];
  readonly nodes: readonly NodeView[];
  readonly loads: readonly LoadView[];
  readonly services: readonly ServiceView[];
  /** Where services may be moved to. */
  readonly elsewhere: readonly string[];
  readonly points: Readonly<Record<string, PointView>>;
  readonly nextDrill: { readonly title: Text; readonly at: number } | null;
}

export interface SpaceView {
  readonly id: string;
  readonly kind: string;
  readonly name: Text;
}

export interface NodeView {
  readonly id: string;
  readonly kind: PowerNode["kind"];
  readonly name: Text;
  readonly feed: string | null;
  readonly from: readonly string[];
  readonly ratedKw: number;
  readonly space: string | null;
  /** The point that measures what it carries. */
  readonly power: string | null;
  /** The devices that speak for it: its own and its battery's. */
  readonly devices: readonly string[];
}

export interface LoadView {
  readonly id: string;
  readonly space: string;
  readonly ratedKw: number;
  readonly importance: Importance;
  /** The nodes that it hangs on. */
  readonly from: readonly string[];
}

export interface ServiceView {
  readonly id: string;
  readonly tier: number;
  readonly name: Text;
}

/** What never changes about a point that the wall shows. */
export interface PointView {
  /** The standard name, "temperature.inlet". */
  readonly quantity: string;
  readonly unit: string | null;
  readonly states: readonly string[] | null;
  readonly space: string | null;
  /** The lowest upper and the highest lower limit that an alarm watches, in the point's unit. */
  readonly high: number | null;
  readonly low: number | null;
}

/** One reading as it stands. `q`: 0 good, 1 uncertain, 2 bad; a bad one has no value. */
export interface PointValue {
  readonly v: number | null;
  readonly q: 0 | 1 | 2;
  /** While it is bad: when it was last read, null when it never was. Null while it is not bad. */
  readonly at: number | null;
}

/** A node of the power tree as it stands. Null is "not known", never "no". */
export interface NodeState {
  readonly live: boolean | null;
  readonly kw: number | null;
  /** The state its device reports ("online", "battery", "running"); null where it reports none. */
  readonly mode: string | null;
  /** While it runs on battery: when that is empty at this load. */
  readonly emptyAt: number | null;
  /** How long its battery would last at this load, s. */
  readonly runtimeS: number | null;
  readonly chargePct: number | null;
  /** Its device says nothing since then; null while it speaks. */
  readonly silentSince: number | null;
}

/** The racks of one space, counted by what feeds them. */
export interface RackGroup {
  readonly space: string;
  readonly total: number;
  /** Racks that get power from each feed. */
  readonly fed: Readonly<Record<string, number>>;
  /** Racks that have several feeds and get power from one only. */
  readonly single: number;
  readonly dark: number;
  /** Racks of which nobody can say whether they have power. */
  readonly unknown: number;
}

export interface AlarmView {
  readonly id: string;
  readonly title: Text;
  readonly priority: Priority;
  readonly status: AlarmStatus;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly blind: boolean;
  readonly raisedAt: number | null;
  readonly space: string | null;
  /** The devices whose readings speak for it, while it is active. */
  readonly devices: readonly string[];
  readonly cause: string;
  readonly consequence: string;
  /** What to do. */
  readonly response: Text;
  /** Standing consequences that it suppresses by design. */
  readonly folds: number;
  /** It came first of several that stand in its group: its space, unless it names another. */
  readonly firstOut: boolean;
  /** The node of the {@link CauseView} that it follows from; null where it follows from none. */
  readonly under: string | null;
  /** Two people are needed to withhold it. */
  readonly safety: boolean;
  /** It came and went too often, and is held until it was normal for long enough. */
  readonly flapping: boolean;
  readonly vote: VoteView;
  readonly shelved: TimedView | null;
  readonly outOfService: (TimedView & { readonly permit: string }) | null;
  /** The one sensor that a person has taken out of its vote. */
  readonly bypassed: (TimedView & { readonly channel: string }) | null;
  /** What one person has asked for, and a second one has to by `until`. */
  readonly asking: (TimedView & { readonly kind: AlarmRequestKind }) | null;
  /** What was last granted of each kind: who asked, why and when. */
  readonly said: Readonly<Partial<Record<AlarmRequestKind, SaidView>>>;
}

export interface SaidView {
  readonly by: string;
  readonly why: string;
  readonly at: number;
}

/** What ends by itself. */
export interface TimedView {
  readonly by: string;
  readonly why: string;
  readonly until: number;
}

/** An alarm's MooN vote as it stands. */
export interface VoteView {
  readonly need: number;
  readonly of: number;
  /** Channels without a usable reading, once they have had their time to give one. */
  readonly bad: number;
  readonly bypassed: number;
  /** Channels whose sensor says itself that it is isolated or at fault. */
  readonly isolated: number;
  /** What it amounts to while channels are out, "1oo2"; null where those that are left cannot decide it. */
  readonly as: string | null;
}

/** An event of the power tree. */
export interface CauseView extends LossFacts {
  /** The topmost node that is lost. */
  readonly node: string;
  readonly since: number;
  /** Every standing alarm that follows from it. */
  readonly alarms: readonly string[];
  /** All of it in one line, in English. */
  readonly text: string;
}

export interface FirstOutView {
  readonly group: string;
  readonly alarm: string;
  readonly at: number;
}

export interface FloodView {
  readonly since: number;
  /** Alarms that were put before people in the last ten minutes. */
  readonly count: number;
}

export interface AlarmCounts {
  readonly active: Readonly<Record<Priority, number>>;
  readonly unacknowledged: number;
  readonly shelved: number;
  readonly suppressed: number;
  readonly outOfService: number;
  /** Alarms one of whose sensors a person has taken out of the vote. */
  readonly bypassed: number;
  /** Alarms whose vote is judged by fewer channels than it has. */
  readonly degraded: number;
  /** Alarms that cannot be judged. */
  readonly blind: number;
  /** Standing alarms that are not in the list. */
  readonly more: number;
}

export interface ResponseView {
  readonly id: string;
  readonly title: Text;
  readonly kind: "shed" | "failover";
  readonly mode: ResponseMode;
  readonly phase: Phase;
  readonly since: number;
  /** When the wait, the settling or the next deadline ends. */
  readonly until: number | null;
  /** What comes next: the id of a failover's step, or a shed's stage ("drop batch") and what it frees. */
  readonly next: { readonly stage: string; readonly kw: number | null } | null;
  readonly steps: readonly StepView[];
  readonly startedBy: string;
  /** What it waits for a person's yes for though it runs: it is too much with nobody asked. */
  readonly asks?: string;
  /** A failover against its time; left out where nothing presses. */
  readonly race?: Race["is"];
  /** Some of its steps are made for practice. */
  readonly drill?: true;
}

/** One response with what was asked of it last, and what a restore waits for. */
export interface ResponseDetail extends ResponseView {
  readonly answer: {
    /** Counts what has been asked of it. */
    readonly n: number;
    readonly at: number;
    readonly ask: string;
    readonly by: string;
    readonly why: string;
    /** Why it was not granted; null where it was. */
    readonly refused: string | null;
  } | null;
  /** Set while what it has done is being undone. */
  readonly undoing: "abort" | "restore" | null;
  /** What a restore waits for and is not seen to hold. */
  readonly unmet: readonly string[];
}

/** A step of a failover, or a stage of a shed that has begun. */
export interface StepView {
  readonly id: string;
  readonly title: Text;
  readonly state: "open" | "waiting" | "confirmed" | "failed";
  /** While it waits: when it is given up. */
  readonly due: number | null;
  /** Commands of it, and how many of them the plant has confirmed. */
  readonly sent: number;
  readonly confirmed: number;
}

export interface Health {
  readonly points: { readonly good: number; readonly uncertain: number; readonly bad: number };
  /** Age of the newest reading, ms; null when there is none. */
  readonly ageMs: number | null;
  /** Whether this node may act. */
  readonly leads: boolean;
}

/** Who said something at the gate, why, and until when it holds; without an end until it is taken back. */
export interface GateSaid {
  readonly by: string;
  readonly why: string;
  readonly until?: number;
}

/** What `/api/v1/gate` gives that people must see before they rely on a response. */
export interface GateView {
  readonly maintenance: GateSaid | null;
  readonly disarmed: readonly (GateSaid & { readonly response: string })[];
  readonly armedFor: readonly (GateSaid & { readonly response: string })[];
  readonly twoPeople: readonly { readonly what: string; readonly yes: readonly GateSaid[] }[];
  /** Orders that the gate has taken and not ended. */
  readonly open: readonly { readonly id: string; readonly sentAt: number | null }[];
  /** Why nothing can be written; null while all is well. */
  readonly broken: string | null;
}

/** One sample of history: a null value is a gap. */
export type Sample = readonly [at: number, value: number | null];

/** How the alarm system serves its people; spans are ms, shares 0 to 1. */
export interface Kpis extends KpiFigures {
  readonly standing: Standing;
  readonly targets: readonly Target[];
}

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

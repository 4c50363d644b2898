/**
 * A response at work: the plan made step by step, each step confirmed by what the plant shows
 * before the next. Plain data; the next move is worked out from it and the image, so that a
 * restart in the middle goes on where it was and commands nothing twice.
 */
import type { Command, CommandId, ResponseId, Test } from "../command.ts";
import type { PointId } from "../reading.ts";
import type { Instant } from "../time.ts";

export type Phase =
  /** Nothing to do. */
  | "idle"
  /** The announced wait before acting runs. */
  | "counting"
  /** Planned; a person must say yes. */
  | "advised"
  /** Commands are out, or the meters settle between two stages. */
  | "running"
  /** All done and confirmed. */
  | "done"
  /** Stopped: the cause went away, a person stopped it, or a step that others need failed. */
  | "stopped";

/** A command that went to the gate, and what has come of it. */
export interface Sent {
  readonly command: Command;
  readonly stage: string;
  /** waiting: neither refused nor seen to work yet. */
  state: "waiting" | "confirmed" | "failed";
  detail: string;
  /** The load that goes dark by it. */
  readonly darkens?: string;
  /** What must be seen beside its own effect before it is confirmed. */
  readonly shows?: Test;
  /** When it was confirmed or failed; not in checkpoints of before that was kept. */
  ended?: Instant;
}

/** What a run has done with nobody asked, or darkened at all, and what has not been seen to be undone. */
export interface Deed {
  readonly point: PointId;
  readonly value: number;
  readonly darkens?: string;
  /** A person had a word in it. */
  readonly isAsked?: true;
}

/** The next stage of a shed ("batch", and the kW it would free) or the next step of a failover. */
export interface Outlook {
  readonly stage: string;
  readonly kw: number | null;
}

export interface Campaign {
  readonly response: ResponseId;
  /** Counts the times that it was started; part of every command's id. */
  run: number;
  phase: Phase;
  /** When the phase began. */
  since: Instant;
  /** When the wait, the settling or the next deadline ends; null where only an event moves it on. */
  until: Instant | null;
  stage: number;
  sent: Sent[];
  /** What comes next, for people to see before it does; null when nothing will. */
  outlook: Outlook | null;
  startedBy: string;
  /** A person started it: it goes on without an alarm that calls for it, until it is done or a person stops it. */
  byHand: boolean;
  /** Set while a shed holds what it has opened; not in checkpoints of before it could. */
  hold?: Hold | null;
  /** Since when, while a shed holds, the meter of each node has said nothing; without those that are seen. */
  blindSince?: Readonly<Record<string, Instant>>;
  /** Outlets that earlier runs of a shed have opened and that were not seen to be closed when this one began; not in checkpoints of before it was kept. */
  opened?: readonly PointId[];
  /** Set while what it has done is being undone; not in checkpoints of before it could. */
  undo?: Undo | null;
  /** Set while some steps are made for practice, and after it until the response begins anew; not in checkpoints of before there were drills. */
  drill?: Drill | null;
  /** Nothing calls for it now, or nothing did at some time since it was over: what calls for it then is new. Not in checkpoints of before it was kept. */
  cleared?: boolean;
  /** Since when it may be restored, by all that it waits for; null while it may not. */
  calmSince?: Instant | null;
  /** Why it does not begin for an alarm that is blind, as it was told last; not in checkpoints of before it was. */
  lacks?: string | null;
  /** Not in checkpoints of before it was kept. */
  answer?: Answer | null;
  /** When this run was called for. */
  begun?: Instant;
  /** When a person has said that power will be cut. */
  cutAt?: Instant | null;
  /** How it stands against its time; null where nothing presses. */
  race?: Race | null;
  /** Steps of this run that are left out because they would come too late. */
  skipped?: readonly string[];
  /** What it waits for a person's yes for while it runs; null where for nothing. */
  asks?: string | null;
  /** A person has said yes in this run: from then on it is not alone. */
  approved?: boolean;
  /** Other responses of which what they have darkened was known to whoever said yes to this one while it was held for it. */
  yesTo?: readonly ResponseId[];
  /** What earlier runs of it have done with nobody asked, and all that they have darkened. */
  earlier?: readonly Deed[];
}

/** What a person asked last of a response, and why it was refused; null where it was not. */
export interface Answer {
  /** Counts what has been asked. */
  readonly n: number;
  readonly at: Instant;
  readonly ask: string;
  readonly by: string;
  readonly why: string;
  readonly refused: string | null;
}

/** A failover against its time, as of the last scan. */
export interface Race {
  readonly is: "inTime" | "late" | "timeUnknown";
  /** By when all must be over; null where nobody knows. */
  readonly dueAt: Instant | null;
  /** What the longest chain of steps that are not over takes, as a rule. */
  readonly needsMs: number;
}

/** Which steps of a failover are made for practice. */
export interface DrillAsk {
  readonly steps: readonly string[];
  /** What was made stays so. */
  readonly keep: boolean;
  /** Steps may be among them that do not go back by their inverse. */
  readonly oneWay: boolean;
}

export interface Drill extends DrillAsk {
  /** Who, and why. */
  readonly by: string;
}

/** abort: a person has given it up under way. restore: a person has asked for it afterwards. */
export interface Undo {
  readonly manner: "abort" | "restore";
  /** Who, and why. */
  readonly by: string;
  /** How many commands had been sent before. */
  readonly from: number;
  /** Nothing more goes back before; not set where nothing has gone back yet, or each may at once. */
  readonly notBefore?: Instant;
}

/** What a shed remembers of what it holds. */
export interface Hold {
  /** Since when every node has been seen below its lowest band; null while one is not. */
  calmSince: Instant | null;
  /** No load comes back before. */
  notBefore: Instant;
}

export const idle = (response: ResponseId): Campaign => ({
  response,
  run: 0,
  phase: "idle",
  since: 0 as Instant,
  until: null,
  stage: 0,
  sent: [],
  outlook: null,
  startedBy: "",
  byHand: false,
});

export const isUnderWay = ({ phase }: Pick<Campaign, "phase">): boolean =>
  phase === "counting" || phase === "advised" || phase === "running";

export const waiting = (campaign: Campaign): readonly Sent[] => campaign.sent.filter((s) => s.state === "waiting");

/** Whether an id is one of this campaign's. */
export const sentAs = (campaign: Campaign, id: CommandId): Sent | undefined =>
  campaign.sent.find((s) => s.command.id === id);

/**
 * A response at work: the plan made step by step, each step confirmed by what the plant shows
 * before the next. Plain data; the next move is worked out from it and the image, so that a
 * restart in the middle goes on where it was and commands nothing twice.
 */
import type { Command, CommandId, ResponseId } from "../command.ts";
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
  /** When it was confirmed or failed; not in checkpoints of before that was kept. */
  ended?: Instant;
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
  /** Set while what a failover has done is being undone; not in checkpoints of before it could. */
  undo?: Undo | null;
  /** Set while some steps are made for practice, and after it until the response begins anew; not in checkpoints of before there were drills. */
  drill?: Drill | null;
  /** Since when a failover may be restored, by all that it waits for; null while it may not. */
  calmSince?: Instant | null;
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

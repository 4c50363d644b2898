import type { AlarmId } from "../alarm/definition.ts";
import type { ResponseId, Test } from "../command.ts";
import type { PointId } from "../reading.ts";
import type { Duration } from "../time.ts";
import type { NodeId } from "../topology/power.ts";

/** What is done about an alarm. Whether to do it blind, and whether to do it at all, a person has written down: there is no default. */
export interface Response {
  readonly id: ResponseId;
  readonly title: Readonly<Record<string, string>>;
  /** Any of these alarms starts it. */
  readonly when: readonly AlarmId[];
  /** What a blind alarm means to it: go ahead, or stay. */
  readonly ifBlind: "act" | "hold";
  /** One of these must be seen before anything is done for a blind alarm. Without them a shed never goes by one; a failover needs none. */
  readonly witness?: readonly Test[];
  /** observe: say what would be done. advise: plan, and wait for a person. act: do it. */
  readonly mode: Mode;
  /** Counted down, in sight, before anything is done. */
  readonly after: Duration;
  /** Why a person has accepted that one sensor alone can call for it, or how far it goes, where either matters. */
  readonly accept?: string;
  /** Other sheds of which that reason speaks as well: what all of them darken together is accepted by it. */
  readonly acceptWith?: readonly ResponseId[];
  readonly action: Action;
}

export type Mode = "observe" | "advise" | "act";
export type Action = ShedAction | FailoverAction;

/** Open outlets, least important load first, until each endangered supply carries no more than it should. */
export interface ShedAction {
  readonly kind: "shed";
  readonly relieve: readonly Relief[];
  /** How long an outlet may take to show that it is open. */
  readonly within: Duration;
  /** How long it takes as a rule. Plans are reckoned with it; nothing is given up for it. */
  readonly usual?: Duration;
  /** How long meters are given to settle between two stages. */
  readonly settle: Duration;
  /** In what time after its beginning all of it is to be done; without one, each class is looked at before the next is touched. */
  readonly deadline?: Duration;
  /** The loads that it may touch, in this order, in place of the least harm. */
  readonly order?: readonly string[];
  /** How what it has opened is closed again by itself. */
  readonly release?: Release;
  /** When a person may have what it has opened closed again; without it, and without a release, only by hand. */
  readonly restore?: Restore;
}

/** A node and the three bands that it is held in: above `capKw` load is shed until it carries no more than `toKw`; below `uncapKw` load may come back. */
export interface Relief {
  readonly node: NodeId;
  readonly toKw: number;
  /** `toKw` where it is not said. */
  readonly capKw?: number;
  readonly uncapKw?: number;
}

export interface Release {
  /** How long every node must have been seen below its `uncapKw`. */
  readonly after: Duration;
  /** From one load to the next. */
  readonly every: Duration;
  /** A node whose meter has said nothing for so long is taken to carry all that may hang on it, and is shed again for that; without it what is held stays as it is. */
  readonly tightenAfter?: Duration;
}

/** A service that can be moved: the point that says where it is, and the group that it may be emptied with. */
export interface Movable {
  readonly point: PointId;
  readonly group: string | null;
}

/** A target that services of this site hang on: in every state but `home` they are taken to have left. */
export interface Touching {
  readonly point: PointId;
  readonly home: number;
  /** Their points, those of movable services. */
  readonly services: readonly PointId[];
}

/** Ordered steps, each a write to a point ("this service, that site") and the effect that confirms it. */
export interface FailoverAction {
  readonly kind: "failover";
  readonly steps: readonly FailoverStep[];
  /** In what time all of it must be done, from the alarm that calls for it. */
  readonly deadline?: Duration;
  /** All of it must be done before this battery is empty, by the early end of what it may last. */
  readonly runtime?: RuntimeLimit;
  /** skip: a step that would be over too late is left out. Otherwise that is only told. */
  readonly ifLate?: "skip";
  /** When a person may have it undone afterwards; without it never by this service. */
  readonly restore?: Restore;
}

/** A UPS, and the channel of an alarm whose `runtime` tells how long its battery lasts. */
export interface RuntimeLimit {
  readonly node: NodeId;
  readonly alarm: AlarmId;
  readonly channel: number;
}

/** All of these must be seen to hold, for so long, before a person may have a response undone. */
export interface Restore {
  readonly when: readonly Test[];
  readonly settle: Duration;
  /** From one step or load that goes back to the next; without it each follows when the one before is confirmed. */
  readonly every?: Duration;
}

export interface FailoverStep {
  readonly id: string;
  readonly title: Readonly<Record<string, string>>;
  readonly point: PointId;
  readonly value: number;
  /** Steps that must be confirmed before this one starts. */
  readonly needs: readonly string[];
  readonly within: Duration;
  /** Attempts after the first. */
  readonly retries: number;
  /** What an unconfirmed step means for those that need it. */
  readonly ifFailed: "carryOn" | "stop";
  /** The step that is taken in its place when it is not confirmed, and only then. What needs this one waits for that one as well. */
  readonly fallback?: string;
  /** What must hold at the moment of writing, as the gate reads it; an attempt for which it does not has failed. */
  readonly when?: Test;
  /** What the plant must show beside it before it counts as done. */
  readonly shows?: Test;
  /** How long it takes as a rule. */
  readonly usual?: Duration;
  /** The value that undoes it; without one it stays as it is. */
  readonly inverse?: number;
  /** Once it is ordered there is no way back for it, nor for what it needed. */
  readonly isFinal?: true;
}

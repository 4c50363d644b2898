/**
 * The one player of a timeline. It is the same whatever a scenario befalls: a plant in virtual time, one on the wire, or
 * a live site that only readings can be laid over. What differs, where each thing goes, is the stage's.
 */
import { assert } from "../../src/core/assert.ts";
import type { Request } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import type { PlantEvent } from "../plant/index.ts";
import type { FaultBoard } from "../wire/index.ts";
import type { Arming } from "./asks.ts";
import { later } from "./asks.ts";
import type { Happening } from "./timeline.ts";

/** Something of a timeline that is told, at its instant of the scenario's time. */
export interface ToldOnStage {
  readonly at: Instant;
  readonly kind: "plant" | "fault";
  readonly text: string;
}

/** Where the things of a timeline go. */
export interface Stage {
  /** Null where no fault befalls anything, and looking for them would cost. */
  readonly board: FaultBoard | null;
  tell(told: ToldOnStage): void;
  apply(event: PlantEvent): void;
  ask(request: Request): void;
  /** Says in words where it is refused. */
  arm(arming: Arming, refused: (why: string) => void): void;
}

export interface Player {
  /** When the next thing happens, in the scenario's time; null when all has happened. */
  readonly next: Instant | null;
  /** Lets all happen that is due by an instant of the scenario's time. When the last of it was due; null if nothing was. */
  playTo(at: Instant): Instant | null;
}

/** A timeline that has not begun. The stage's own time is `shiftMs` later than the scenario's. */
export function player(timeline: readonly Happening[], stage: Stage, shiftMs = 0): Player {
  let played = 0;
  return {
    get next() {
      return timeline[played]?.at ?? null;
    },
    playTo(at) {
      let last: Instant | null = null;
      for (let due = timeline[played]; due && due.at <= at; due = timeline[played]) {
        played += 1;
        happen(due, stage, shiftMs);
        last = due.at;
      }
      for (const text of stage.board?.move() ?? []) stage.tell({ at, kind: "fault", text });
      return last;
    },
  };
}

function happen({ at, does, event, fault, asks, arming }: Happening, stage: Stage, shiftMs: number): void {
  if (does !== null) stage.tell({ at, kind: "plant", text: does });
  if (event) stage.apply(event);
  if (fault) {
    assert(stage.board !== null, "a timeline with a fault has a board");
    const wrong = stage.board.begin(fault);
    assert(wrong === null, `a scenario's fault is one: ${wrong}`);
  }
  if (asks) stage.ask(later(asks, shiftMs));
  if (arming)
    stage.arm(arming, (why) => {
      stage.tell({ at, kind: "fault", text: `${arming.kind} ${arming.response}: ${why}` });
    });
}

import type { Command, Outcome } from "../../src/core/command.ts";
import type { AlarmState, Notice, SiteModel, Transition } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";

/** All that a run put out, in order, and what was seen of the points that its promises and plots look at. */
export interface Record {
  readonly site: SiteModel;
  readonly starts: Instant;
  readonly ends: Instant;
  readonly transitions: readonly Transition[];
  readonly commands: readonly Command[];
  /** What became of the commands at the gate. */
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  readonly alarms: readonly AlarmState[];
  readonly samples: ReadonlyMap<PointId, Samples>;
}

/** What a point said, whenever it said something else than before; null where it said nothing that can be used. */
export interface Samples {
  readonly at: Instant[];
  readonly values: (number | null)[];
}

/** A promise that was read: the sentence, what has to be seen for it, and the check. The check says what went wrong, or null. */
export interface Promised {
  readonly text: string;
  readonly points: readonly PointId[];
  check(record: Record): string | null;
}

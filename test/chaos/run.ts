/** What a swarm's run is judged by: all that went in and came out, in order, and nothing of how it came about. */
import type { Alarm } from "../../src/core/alarm/lifecycle.ts";
import type { Command, Outcome } from "../../src/core/command.ts";
import type { ScanInput, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Phase } from "../../src/core/respond/campaign.ts";
import type { Swarm } from "./swarm.ts";

/** One scan. A life is what lies between two restarts of the core. */
export interface Scanned {
  readonly life: number;
  readonly input: ScanInput;
  readonly output: ScanOutput;
  /** Alarms that stand otherwise than after the scan before, by number, with how they stand now. */
  readonly alarms: readonly (readonly [alarm: number, stands: Alarm])[];
  /** Phases of all responses, where one has changed; null where none has. */
  readonly phases: readonly Phase[] | null;
}

/** The core began, at an instant, with its alarms so. */
export interface Life {
  readonly at: number;
  readonly alarms: readonly Alarm[];
  readonly phases: readonly Phase[];
}

/** What passed between the service, its gate and the plant. */
export type Contact =
  | { readonly did: "handed"; readonly command: Command; readonly token: number; readonly gate: number }
  | { readonly did: "read"; readonly point: PointId; readonly value: number | null; readonly gate: number }
  | {
      readonly did: "wrote";
      readonly id: string;
      readonly point: PointId;
      readonly value: number;
      readonly gate: number;
    }
  | { readonly did: "ended"; readonly outcome: Outcome; readonly gate: number }
  /** The gate was opened: anew, over what its ledger holds. */
  | { readonly did: "opened"; readonly gate: number }
  | { readonly did: "killed"; readonly gate: number }
  | { readonly did: "armed"; readonly response: string; readonly armed: boolean };

/** A contact, at its time. */
export type Touch = Contact & { readonly at: number };

/** What a journal held, record by record. */
export type Kept =
  | { readonly kind: "checkpoint"; readonly state: string }
  | { readonly kind: "scan"; readonly input: unknown };

/** For how long the plant truly was as an alarm's channel says that it should not be, on a device that nothing was done to. */
export interface Excursion {
  readonly alarm: number;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
}

/** What of the site's gate is looked at. */
export interface GateFacts {
  readonly allow: ReadonlySet<string>;
  readonly armed: ReadonlySet<string>;
  readonly neverBoth: readonly (readonly string[])[];
  readonly protectedOutlets: ReadonlySet<string>;
  readonly writesPerMinute: number;
  readonly plans: ReadonlyMap<string, ReadonlySet<string>>;
  readonly fire: ReadonlySet<string>;
}

export interface Run {
  readonly swarm: Swarm;
  readonly site: SiteModel;
  readonly gate: GateFacts;
  readonly starts: number;
  readonly ends: number;
  readonly lives: readonly Life[];
  readonly scans: readonly Scanned[];
  readonly touches: readonly Touch[];
  readonly journal: readonly Kept[];
  readonly excursions: readonly Excursion[];
  /** Where the journal, scanned again, did not give what it gave; null where it did. */
  readonly replayed: string | null;
}

/** What is wrong with a run, by the law that it breaks. */
export interface Breach {
  readonly law: 1 | 2 | 3 | 4 | 5;
  readonly at: number;
  readonly what: string;
}

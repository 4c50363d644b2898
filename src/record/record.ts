/**
 * What the journal holds of a run, so that a single file can be replayed anywhere: each segment
 * begins with the site as the core saw it and the core's whole memory; each scan is its input and,
 * beside it, what the scan before it had put out, for the replay to be held against.
 */
import type { KpiMemory } from "../core/alarm/kpi.ts";
import type { Checkpoint } from "../core/checkpoint.ts";
import { checkpoint, restore } from "../core/checkpoint.ts";
import type { Plant, ScanInput, ScanOutput, SiteModel } from "../core/plant.ts";
import { scan } from "../core/scan.ts";

/** A checkpoint record's state. */
export interface RecordedState {
  readonly site: RecordedSite;
  readonly timezone: string;
  readonly plant: Checkpoint;
  /** What the last scan before it had put out. */
  readonly before?: ScanOutput;
  /** What was counted of its alarms until then. */
  readonly kpi?: KpiMemory;
}

/** A scan record's input. `before` is left out where the scan before put out nothing. */
export interface RecordedScan {
  readonly scanned: ScanInput;
  readonly before?: ScanOutput;
}

/** The site model as plain data. */
interface RecordedSite {
  readonly id: string;
  readonly points: readonly (readonly [string, unknown])[];
  readonly alarms: SiteModel["alarms"];
  readonly responses: SiteModel["responses"];
  readonly nodes: readonly unknown[];
  readonly loads: SiteModel["power"]["loads"];
}

export function recordState(plant: Plant, timezone: string, before: ScanOutput | null, kpi?: KpiMemory): RecordedState {
  const { id, points, alarms, responses, power } = plant.site;
  const site = { id, points: [...points], alarms, responses, nodes: [...power.nodes.values()], loads: power.loads };
  return { site, timezone, plant: checkpoint(plant), ...(before ? { before } : {}), ...(kpi ? { kpi } : {}) };
}

/** The plant of a recorded state, on the site that was recorded with it. */
export function reviveState(state: RecordedState): Plant {
  return restore(reviveSite(state.site), state.plant);
}

function reviveSite({ id, points, alarms, responses, nodes, loads }: RecordedSite): SiteModel {
  const tree = new Map((nodes as { id: string }[]).map((node) => [node.id, node]));
  return { id, points: new Map(points), alarms, responses, power: { nodes: tree, loads } } as unknown as SiteModel;
}

export const isEmpty = ({ transitions, commands, notices }: ScanOutput): boolean =>
  transitions.length + commands.length + notices.length === 0;

/** One scan, done again. */
export interface Replayed {
  readonly input: ScanInput;
  readonly output: ScanOutput;
  readonly site: SiteModel;
  readonly timezone: string;
}

/** A record as the journal's files have it. */
type Recorded =
  | { readonly kind: "checkpoint"; readonly state: unknown }
  | { readonly kind: "scan"; readonly input: unknown };

const nothing: ScanOutput = { transitions: [], commands: [], notices: [] };

/** Where a replay and what was recorded differ. */
export class Deviation extends Error {
  override name = "Deviation";
}

/**
 * Scans recorded inputs again. Throws {@link Deviation} at the first output that is not, to the
 * byte, the recorded one.
 */
export function* replay(records: Iterable<Recorded>): Generator<Replayed> {
  let plant: Plant | null = null;
  let timezone = "UTC";
  let last: Replayed | null = null;
  for (const record of records) {
    if (record.kind === "checkpoint") {
      const state = record.state as RecordedState;
      if (last && follows(state, last)) compare(last, state.before ?? nothing);
      timezone = state.timezone;
      plant = reviveState(state);
      last = null;
      continue;
    }
    if (plant === null) continue;
    const { scanned, before } = record.input as RecordedScan;
    if (last) compare(last, before ?? nothing);
    last = { input: scanned, output: scan(plant, scanned), site: plant.site, timezone };
    yield last;
  }
}

/**
 * Whether a checkpoint was made right after that scan. It was not where the run before was killed, or where the ring
 * has dropped what lay between two pinned segments: then nobody recorded what that scan put out.
 */
const follows = (state: RecordedState, last: Replayed): boolean => state.plant.now === last.input.at;

function compare(last: Replayed, recorded: ScanOutput): void {
  const [now, then] = [JSON.stringify(last.output), JSON.stringify(recorded)];
  if (now === then) return;
  const at = new Date(last.input.at).toISOString();
  throw new Deviation(`the scan of ${at} gave other outputs\n  recorded: ${then}\n  replayed: ${now}`);
}

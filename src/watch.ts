/**
 * The journalled loop of a running site: recovered from what the last run left, checkpointed, and
 * turned at its period. Everything else of the service is an inlet to it or an outlet of it.
 */
import type { Clock } from "./clock.ts";
import type { Kpi } from "./core/alarm/kpi.ts";
import { beginKpi, kpiOver } from "./core/alarm/kpi.ts";
import { restore, resume } from "./core/checkpoint.ts";
import type { Command } from "./core/command.ts";
import type { Plant, ScanInput, ScanOutput, SiteModel } from "./core/plant.ts";
import { isRaising, start } from "./core/plant.ts";
import { waiting } from "./core/respond/campaign.ts";
import { scan } from "./core/scan.ts";
import type { Instant } from "./core/time.ts";
import { after, instant, minutes } from "./core/time.ts";
import type { Lane, Loop } from "./loop.ts";
import { openLoop } from "./loop.ts";
import { type Pace, turnLoop } from "./pace.ts";
import type { RecordedScan, RecordedState } from "./record/record.ts";
import { isEmpty, recordState } from "./record/record.ts";
import type { Journal } from "./store/index.ts";

export interface Watch {
  readonly loop: Loop;
  readonly pace: Pace;
  /** What is counted of its alarms, since the site was watched first. */
  readonly kpi: Kpi;
  /** Commands of the last run of which nobody knows what became: the gate is asked again under the same ids. */
  readonly unfinished: readonly Command[];
  /** Turns the loop until `stop`, then syncs the journal. */
  run(stop: AbortSignal): Promise<void>;
}

/** What a watch asks of a journal. */
export type WatchJournal = Pick<Journal, "full" | "append" | "checkpoint" | "sync" | "recover" | "pin">;

export interface WatchOptions {
  readonly site: SiteModel;
  readonly timezone: string;
  readonly clock: Clock;
  readonly journal: WatchJournal;
  readonly command: (command: Command) => void;
  readonly scanned: (input: ScanInput, output: ScanOutput) => void;
  /** What is scanned beside the site; none where it is left out. */
  readonly lane?: Lane;
}

/** A checkpoint is made at least this often, so that a restart replays little. Plant time. */
const checkpointEvery = minutes(5);
/** Around a raised alarm the journal keeps this much. */
const pinBefore = minutes(15);
const pinAfter = minutes(60);

export function openWatch(options: WatchOptions): Watch {
  const { clock, journal, timezone } = options;
  const recovered = recover(options);
  const { plant, kpi } = recovered;
  const pace: Pace = { scans: 0, overruns: 0, scanMs: 0 };
  let { before } = recovered;
  let checkpointedAt = plant.now;
  const mark = (): void => {
    journal.checkpoint(plant.now, recordState(plant, timezone, before, kpi.memory));
    checkpointedAt = plant.now;
    before = null;
  };
  const loop = openLoop(
    plant,
    {
      journal(input) {
        if (journal.full || input.at - checkpointedAt >= checkpointEvery) mark();
        const record: RecordedScan = before ? { scanned: input, before } : { scanned: input };
        journal.append({ kind: "scan", at: input.at, input: record });
      },
      durable: async () => void (await journal.sync()),
      command: options.command,
      scanned(input, output) {
        before = isEmpty(output) ? null : output;
        kpi.take(output.transitions);
        if (output.transitions.some(isRaising)) pin(journal, input.at);
        options.scanned(input, output);
      },
    },
    options.lane ?? null,
  );
  mark();
  const unfinished = plant.campaigns.flatMap((campaign) => waiting(campaign).map(({ command }) => command));
  return {
    loop,
    pace,
    kpi,
    unfinished,
    async run(stop) {
      await turnLoop(loop, clock, { pace }, stop);
      mark();
      await journal.sync();
    },
  };
}

const pin = (journal: WatchJournal, at: Instant): void => journal.pin(instant(at - pinBefore), after(at, pinAfter));

interface Recovered {
  readonly plant: Plant;
  readonly before: ScanOutput | null;
  readonly kpi: Kpi;
}

/**
 * The plant as the last run left it, or a new one, and what its last scan put out. What the plant shows now is looked
 * at before anything is planned.
 */
function recover({ site, clock, journal }: WatchOptions): Recovered {
  const { checkpoint, inputs } = journal.recover();
  const state = checkpoint?.state as RecordedState | undefined;
  const now = clock.now();
  if (!state || state.site.id !== site.id) {
    const plant = start(site, now);
    resume(plant, now);
    return { plant, before: null, kpi: kpiOver(beginKpi(now)) };
  }
  const plant = restore(site, state.plant);
  const kpi = kpiOver(state.kpi ?? beginKpi(plant.now));
  let before: ScanOutput | null = null;
  for (const input of inputs) {
    const output = scan(plant, (input as RecordedScan).scanned);
    kpi.take(output.transitions);
    before = isEmpty(output) ? null : output;
  }
  const left = plant.now;
  // A clock that was set back while nobody watched must not take the plant back in time.
  resume(plant, instant(Math.max(now, plant.now)));
  kpi.skip(left, plant.now);
  return { plant, before, kpi };
}

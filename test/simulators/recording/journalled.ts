/** A site's journal as its service would have written it, of a scenario in virtual time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scenario } from "../../../simulators/scenario.ts";
import { parseScenario } from "../../../simulators/scenario.ts";
import { assert } from "../../../src/core/assert.ts";
import type { ScanInput, ScanOutput, Transition } from "../../../src/core/plant.ts";
import { start } from "../../../src/core/plant.ts";
import { scan } from "../../../src/core/scan.ts";
import type { Instant } from "../../../src/core/time.ts";
import { isEmpty, recordState } from "../../../src/record/record.ts";
import { journalLimits, openJournal } from "../../../src/store/index.ts";
import { castOf, play, scenariosDir } from "../../scenarios/rehearsed.ts";

/** The utility fails and comes back, a device falls silent and an operator acknowledges. */
const eventful = `
scenario: own
about: What is recorded.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 6min
seed: 4
timeline:
  - { at: 60s, does: the utility fails, event: { utility: fail } }
  - { at: 100s, asks: { acknowledge: utility-lost, by: operator, why: seen } }
  - { at: 120s, does: a meter falls silent, event: { sensor: meter-a2, silent: true } }
  - { at: 200s, does: the utility is back, event: { utility: restore } }
promises: []
`;

/** A journal, and what truly happened. */
export interface Journalled {
  readonly scenario: Scenario;
  readonly journal: string;
  readonly inputs: readonly ScanInput[];
  readonly transitions: readonly Transition[];
}

/** Plays it and journals it; a checkpoint is made at the start and at each of these instants. */
export async function journalled(checkpoints: readonly number[] = []): Promise<Journalled> {
  const loaded = parseScenario(join(scenariosDir, "own", "scenario.yaml"), eventful);
  assert("scenario" in loaded, "the test's scenario has no mistakes");
  const { scenario } = loaded;
  const cast = castOf(scenario);
  const folder = mkdtempSync(join(tmpdir(), "haechi-journalled-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const journal = join(folder, "journal");
  const kept = openJournal(journal, journalLimits(500));
  // Beside the rehearsal's own core, which cannot be looked into, a second one that does the same.
  const plant = start(cast.site.model, scenario.starts);
  const due = [0, ...checkpoints];
  const inputs: ScanInput[] = [];
  const transitions: Transition[] = [];
  let before: ScanOutput | null = null;
  await play(cast, {
    onScan(scanned, output) {
      if (output !== null) return;
      if (due[0] !== undefined && scanned.at - scenario.starts >= due[0]) {
        due.shift();
        kept.checkpoint(plant.now, recordState(plant, cast.site.timezone, before));
        before = null;
      }
      kept.append({ kind: "scan", at: scanned.at, input: before ? { scanned, before } : { scanned } });
      const out = scan(plant, scanned);
      inputs.push(scanned);
      transitions.push(...out.transitions);
      before = isEmpty(out) ? null : out;
    },
  });
  await kept.close();
  return { scenario, journal, inputs, transitions };
}

/** An instant so many seconds after a scenario's start. */
export const atSecond = ({ scenario }: Journalled, second: number): Instant =>
  (scenario.starts + second * 1000) as Instant;

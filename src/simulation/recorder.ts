/**
 * What a scenario's run puts out, kept as its promises are judged by it: the same record whether the run is a
 * rehearsal, the service over the wire, or a second core beside a site that is alive.
 */
import type { Promised, Record, Samples } from "../../simulators/promises/index.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { Command, Outcome } from "../core/command.ts";
import type { AlarmState, Notice, ScanInput, ScanOutput, SiteModel, Transition } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { valueOf } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { Told } from "../record/transcript.ts";
import { tell } from "../record/transcript.ts";

/** What a run gave: all that happened, told line by line, and the record that promises are held against. */
export interface Run {
  readonly told: readonly Told[];
  readonly record: Record;
  /** Promises that were not kept, with what went wrong. */
  readonly broken: readonly { readonly text: string; readonly why: string }[];
}

export interface Recorder {
  /** A scan's input and output. */
  take(input: ScanInput, output: ScanOutput): void;
  /** A line of its own, at the run's time. */
  tell(told: Told): void;
  /** Ends the record and holds the scenario's promises against it. */
  end(): Run;
}

/** What is recorded of. */
export interface Recorded {
  readonly scenario: Pick<Scenario, "starts" | "ends" | "promises" | "plots">;
  readonly site: SiteModel;
  /** The alarms as they stand, which change while the run goes on. */
  readonly alarms: readonly AlarmState[];
  /** Whether the points that the scenario plots are remembered, beside those that its promises look at. */
  readonly isPlotted?: boolean;
  /** How much later than the scenario's time the run's own is, ms. */
  readonly shiftMs?: number;
}

export function openRecorder({ scenario, site, alarms, isPlotted = true, shiftMs = 0 }: Recorded): Recorder {
  const transitions: Transition[] = [];
  const commands: Command[] = [];
  const outcomes: Outcome[] = [];
  const notices: Notice[] = [];
  const told: Told[] = [];
  const watched = watchedPoints(isPlotted ? scenario : { ...scenario, plots: [] });
  const samples = new Map(watched.map((point): [PointId, Samples] => [point, { at: [], values: [] }]));
  const { starts, ends } = scenario;
  const record: Record = { site, starts, ends, transitions, commands, outcomes, notices, alarms, samples };
  const inTime = (at: Instant): Instant => instant(at - shiftMs);
  const keep = (output: ScanOutput): void => {
    if (shiftMs === 0) {
      transitions.push(...output.transitions);
      commands.push(...output.commands);
      notices.push(...output.notices);
      return;
    }
    for (const one of output.transitions) transitions.push({ ...one, at: inTime(one.at) });
    for (const one of output.commands) commands.push({ ...one, issued: inTime(one.issued) });
    for (const one of output.notices) notices.push({ ...one, at: inTime(one.at) });
  };
  return {
    take(input, output) {
      keep(output);
      for (const outcome of input.outcomes) outcomes.push({ ...outcome, at: inTime(outcome.at) });
      for (const line of tell(site, output, input.at))
        told.push(shiftMs === 0 ? line : { ...line, at: inTime(line.at) });
      if (samples.size > 0) for (const reading of input.readings) note(samples, reading, shiftMs);
    },
    tell: (line) => void told.push(line),
    end() {
      told.push({ at: ends, kind: "end", text: lastWord(record) });
      return { told, record, broken: brokenOf(scenario.promises, record) };
    },
  };
}

/** Points that the promises and plots of a scenario look at: those alone are remembered. */
const watchedPoints = ({ promises, plots }: Pick<Scenario, "promises" | "plots">): readonly PointId[] => [
  ...new Set([...promises.flatMap(({ points }) => points), ...plots]),
];

function note(samples: ReadonlyMap<PointId, Samples>, reading: Reading, shiftMs: number): void {
  const seen = samples.get(reading.point);
  if (!seen) return;
  const value = valueOf(reading);
  if (seen.values.length > 0 && seen.values.at(-1) === value) return;
  seen.at.push(instant(reading.at - shiftMs));
  seen.values.push(value);
}

const brokenOf = (promises: readonly Promised[], record: Record): Run["broken"] =>
  promises.flatMap((promise) => {
    const why = promise.check(record);
    return why === null ? [] : [{ text: promise.text, why }];
  });

function lastWord({ alarms, commands, transitions }: Record): string {
  const active = alarms.filter(({ alarm }) => alarm.active).length;
  const blind = alarms.filter(({ alarm }) => alarm.blind).length;
  return `${transitions.length} transitions, ${commands.length} commands; ${active} alarms active, ${blind} blind`;
}

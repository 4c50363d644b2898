/** A rule test, played through the core in virtual time, and what was expected of it held against what happened. */

import { pointsOf } from "../core/alarm/definition.ts";
import type { Plant, ScanInput, SiteModel, Transition } from "../core/plant.ts";
import { isRaising, start } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { passTime, scan } from "../core/scan.ts";
import { instant } from "../core/time.ts";
import { openRecorder } from "../simulation/recorder.ts";
import type { RuleTest } from "./load.ts";
import { moveOf } from "./moves.ts";

/** An expectation that did not hold: where it stands, what went wrong, and what happened instead, line by line. */
export interface Failure {
  readonly place: string;
  readonly text: string;
  readonly why: string;
  readonly instead: readonly string[];
}

/** A test that was played. */
export interface PlayedTest {
  readonly test: RuleTest;
  readonly failures: readonly Failure[];
  /** Alarms that were put before people in it. */
  readonly raised: ReadonlySet<string>;
  readonly transitions: readonly Transition[];
}

/** What is told of an alarm that did otherwise than was expected. */
const insteadMost = 12;

/** Plays a test. */
export function playTest(test: RuleTest): PlayedTest {
  const plant = start(test.site, test.starts);
  plant.leads = true;
  const promises = test.expectations.map(({ promised }) => promised);
  const scenario = { starts: test.starts, ends: test.ends, promises, plots: [] };
  const recorder = openRecorder({ scenario, site: test.site, alarms: plant.alarms });
  const take = (input: ScanInput): void => recorder.take(input, scan(plant, input));
  for (const { at, readings, requests } of test.arrivals) {
    passTime(plant, at, take);
    take({ at, readings, requests, outcomes: [], leads: true });
  }
  passTime(plant, instant(test.ends + 1), take);
  const { record } = recorder.end();
  const { transitions } = record;
  const failures = test.expectations.flatMap(({ promised, place }): readonly Failure[] => {
    const why = promised.check(record);
    return why === null
      ? []
      : [{ place, text: promised.text, why, instead: insteadOf(promised.text, test, plant, transitions) }];
  });
  const raised = new Set<string>(transitions.filter(isRaising).map(({ alarm }) => alarm));
  return { test, failures: [...failures, ...otherMoves(test, transitions)], raised, transitions };
}

/** What the alarms and responses that a sentence names did, or how they stand where they did nothing. */
function insteadOf(
  sentence: string,
  { site, starts }: RuleTest,
  plant: Plant,
  transitions: readonly Transition[],
): readonly string[] {
  const words = new Set(sentence.split(/\s+/));
  const named = site.alarms.filter(({ id }) => words.has(id));
  const ids = new Set<string>(named.map(({ id }) => id));
  const moved = transitions.filter(({ alarm }) => ids.size === 0 || ids.has(alarm));
  const lines = moved.map((t) => `${moveOf(t, starts)}${t.because === "" ? "" : ` (${t.because})`}`);
  const still = named
    .filter(({ id }) => !moved.some(({ alarm }) => alarm === id))
    .map(({ id }) => `${id} did not move; at the end: ${standingOf(plant, plant.index.alarmAt.get(id)!)}`);
  const left = lines.length - insteadMost;
  return [...lines.slice(0, insteadMost), ...(left > 0 ? [`and ${left} more`] : []), ...still];
}

/** What each channel of an alarm made of what its point said last. */
function standingOf(plant: Plant, at: number): string {
  const { verdicts } = plant.alarms[at]!;
  return plant.site.alarms[at]!.channels.map(
    ({ point }, i) => `${saidBy(plant.newest.get(point), point, plant.site)}: ${verdicts[i]}`,
  ).join("; ");
}

function saidBy(reading: Reading | undefined, point: PointId, site: SiteModel): string {
  if (!reading) return `${point} said nothing`;
  if (reading.quality === "bad") return `${point} ${reading.reason}`;
  const state = site.points.get(point)?.states?.[reading.value];
  return `${point} = ${state ?? Number(reading.value.toPrecision(6))}`;
}

/** What happened and was not written, and what was written and did not happen, of the alarms that the test speaks for. */
function otherMoves({ moves, site, fed, starts }: RuleTest, transitions: readonly Transition[]): readonly Failure[] {
  if (moves === null) return [];
  const meant = new Set<string>(
    site.alarms
      .filter(({ channels }) => channels.flatMap(pointsOf).some((point) => fed.has(point)))
      .map(({ id }) => id),
  );
  const happened = transitions.filter(({ alarm }) => meant.has(alarm)).map((t) => moveOf(t, starts));
  if (happened.join("\n") === moves.lines.join("\n")) return [];
  const missing = notIn(happened, moves.lines).map((line) => `expected, and did not happen: ${line}`);
  const more = notIn(moves.lines, happened).map((line) => `happened, and was not expected: ${line}`);
  const instead = [...missing, ...more];
  const why = instead.length === 0 ? "it happened in another order" : `${instead.length} transitions are otherwise`;
  return [{ place: moves.place, text: "transitions", why, instead: instead.length === 0 ? happened : instead }];
}

/** The lines that another list has not, each as often as it is missing there. */
function notIn(others: readonly string[], lines: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

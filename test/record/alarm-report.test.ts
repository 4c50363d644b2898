import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { kpiPage } from "../../src/cli/report/kpi-page.ts";
import { virtualClock } from "../../src/clock.ts";
import type { KpiFigures } from "../../src/core/alarm/kpi.ts";
import type { AlarmRequest } from "../../src/core/alarm/lifecycle.ts";
import { instant, minutes, ms } from "../../src/core/time.ts";
import { alarmReportOf } from "../../src/record/alarm-report.ts";
import { readJournal } from "../../src/store/index.ts";
import { openWatch } from "../../src/watch.ts";
import { MemoryJournal } from "../chaos/memory-journal.ts";
import { alarm, alarmId, good, site, t0 } from "../core/fixture.ts";
import type { Journalled } from "../simulators/recording/journalled.ts";
import { journalled } from "../simulators/recording/journalled.ts";

const whole = { from: null, to: null };
let was: Journalled;
beforeAll(async () => {
  was = await journalled([60_000, 150_000]);
});

describe("a report of a journal", () => {
  test("counts what was put before people, over checkpoints and to the last scan", () => {
    const report = alarmReportOf(readJournal(was.journal), whole);
    const raised = was.transitions.filter(({ to }) => to === "unacknowledged");
    expect(raised.length).toBeGreaterThan(0);
    expect(report?.figures.annunciated).toBe(raised.length);
    expect(report?.figures.answered).toEqual({ count: 1, inTime: 1 });
    expect(report?.gaps).toEqual({ count: 0, ms: 0 });
    expect(report?.figures.watchedMs).toBe(was.inputs.at(-1)!.at - was.scenario.starts);
  });

  test("of a stretch counts that alone", () => {
    const { starts } = was.scenario;
    const early = { from: null, to: instant(starts + 59_000) };
    expect(alarmReportOf(readJournal(was.journal), early)?.figures.annunciated).toBe(0);
    const later = { from: instant(starts + 180_000), to: null };
    const raised = was.transitions.filter(({ to, at }) => to === "unacknowledged" && at >= later.from);
    expect(alarmReportOf(readJournal(was.journal), later)?.figures.annunciated).toBe(raised.length);
    expect(alarmReportOf(readJournal(was.journal), { from: instant(starts + 3_600_000), to: null })).toBeNull();
  });

  test("does not take a gap for quiet time", () => {
    const records = [...readJournal(was.journal)];
    const [first, second] = records.flatMap((record, i) => (record.kind === "checkpoint" ? [i] : [])).slice(1);
    const torn = [...records.slice(0, first), ...records.slice(second)];
    const report = alarmReportOf(torn, whole);
    const lost = records[second!]!.at - records[first! - 1]!.at;
    expect(report?.gaps).toEqual({ count: 1, ms: lost });
    expect(report?.figures.watchedMs).toBe(was.inputs.at(-1)!.at - was.scenario.starts - lost);
  });

  test("is a page as well, with its figures and what they should be", () => {
    const page = kpiPage(alarmReportOf(readJournal(was.journal), whole)!);
    expect(page).toContain("<td>time in flood</td><td>0%</td><td>1%</td>");
    expect(page).toContain("<td>utility-lost</td>");
  });

  test("says what the service counted while it lived, over shelves, re-alarms, stops, kills and restarts (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const { live, journal } = await livedThrough(steps);
        const records = journal.kept.map((record) =>
          record.kind === "scan" ? record : { kind: record.kind, state: JSON.parse(record.state) as unknown },
        );
        expect(alarmReportOf(records, whole)?.figures ?? null).toEqual(live);
      }),
    );
  });
});

const step = fc.record({
  waitS: fc.integer({ min: 1, max: 90 }),
  does: fc.oneof(
    { weight: 8, arbitrary: fc.record({ x: fc.constantFrom(5, 11), y: fc.constantFrom(5, 11) }) },
    { weight: 3, arbitrary: fc.constantFrom("acknowledge", "shelve", "outOfService") },
    { weight: 1, arbitrary: fc.constantFrom("stop", "kill", "checkpoint") },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const said = { by: "operator", why: "a test" } as const;
const requestOf = (kind: "acknowledge" | "shelve" | "outOfService", now: number): AlarmRequest => {
  const until = instant(now + 40_000);
  if (kind === "acknowledge") return { kind, ...said };
  return kind === "shelve" ? { kind, ...said, until } : { kind, ...said, until, permit: "W-1" };
};

/** The lives of a service in which all this happens, and what it had counted at the end; null where it has scanned nothing. */
async function livedThrough(steps: readonly Step[]): Promise<{ live: KpiFigures | null; journal: MemoryJournal }> {
  const hot = alarm("hot", { reAlarm: minutes(1), offDelay: 2000 });
  const model = site({
    alarms: [hot, alarm("warm", { on: ["y"], suppressedBy: ["hot"], reAlarm: ms(20_000) })],
    points: { x: { maxAge: minutes(60) }, y: { maxAge: minutes(60) } },
  });
  const [clock, journal] = [virtualClock(instant(t0)), new MemoryJournal()];
  const begin = () =>
    openWatch({ site: model, timezone: "UTC", clock, journal, command: () => undefined, scanned: () => undefined });
  let watch = begin();
  for (const { waitS, does } of steps) {
    const until = clock.now() + 1000 * waitS;
    for (let now = clock.now() + 1000; now <= until; now += 1000) {
      clock.moveTo(instant(now));
      watch.loop.cycle(clock.now());
    }
    if (does === "stop") await watch.run(AbortSignal.abort());
    if (does === "checkpoint") journal.full = true;
    else if (does === "stop" || does === "kill") {
      clock.moveTo(instant(clock.now() + 700_000));
      watch = begin();
    } else if (typeof does === "string")
      watch.loop.request({ to: "alarm", alarm: alarmId("hot"), event: requestOf(does, clock.now()) });
    else watch.loop.offer(Object.entries(does).map(([name, value]) => good(name, value, clock.now() - t0)));
  }
  const { plant } = watch.loop;
  const hasScans = journal.kept.some(({ kind }) => kind === "scan");
  return { live: hasScans ? watch.kpi.read(plant.now) : null, journal };
}

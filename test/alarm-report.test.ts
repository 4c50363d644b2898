import { beforeAll, describe, expect, test } from "vitest";
import { alarmReportOf } from "../src/alarm-report.ts";
import { kpiPage } from "../src/cli/report/kpi-page.ts";
import { instant } from "../src/core/time.ts";
import { readJournal } from "../src/store/index.ts";
import type { Journalled } from "./simulators/recording/journalled.ts";
import { journalled } from "./simulators/recording/journalled.ts";

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
    expect(report?.figures.watchedMs).toBe(was.inputs.at(-1)!.at - was.inputs[0]!.at);
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
    expect(report?.figures.watchedMs).toBe(was.inputs.at(-1)!.at - was.inputs[0]!.at - lost);
  });

  test("is a page as well, with its figures and what they should be", () => {
    const page = kpiPage(alarmReportOf(readJournal(was.journal), whole)!);
    expect(page).toContain("<td>time in flood</td><td>0%</td><td>1%</td>");
    expect(page).toContain("<td>utility-lost</td>");
  });
});

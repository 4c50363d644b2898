import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../core/time.ts";
import type { AlarmReport } from "../record/alarm-report.ts";
import { alarmReportOf } from "../record/alarm-report.ts";
import { readJournal } from "../store/index.ts";
import { exit, Refusal } from "./exit.ts";
import { instantOf } from "./instant.ts";
import { figuresIn, kpiPage, timesIn } from "./report/kpi-page.ts";
import { printTable } from "./table.ts";

export interface ReportWords {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly html?: string;
}

/** `haechi report JOURNAL`: how the alarm system has served its people, against the figures of EEMUA 191 and ISA-18.2. */
export function report(path: string, words: ReportWords): number {
  const stretch: { from: Instant | null; to: Instant | null } = {
    from: instantOf(words.from, "--from"),
    to: instantOf(words.to, "--to"),
  };
  const counted = alarmReportOf(readJournal(journalIn(path)), stretch);
  if (counted === null) throw new Refusal(`${path}: there are no scans in it of that time`, exit.failed);
  if (words.html !== undefined) writeFileSync(words.html, kpiPage(counted));
  const { figures, standing, targets, gaps, site } = counted;
  if (words.json) console.log(JSON.stringify({ site: site.id, ...figures, standing, targets, gaps }, null, 2));
  else sayReport(counted);
  return exit.done;
}

/** A journal's folder or segment, or the journal in a state folder. */
export function journalIn(path: string): string {
  const inside = join(path, "journal");
  const journal = existsSync(inside) ? inside : path;
  if (!existsSync(journal)) throw new Refusal(`${path}: there is no such journal`, exit.usage);
  return journal;
}

function sayReport(counted: AlarmReport): void {
  const { site, targets, figures } = counted;
  console.log(`${site.id}, ${timesIn(counted)}\n`);
  const rows = targets.map(({ name, value, unit, most, isMet }) => [
    isMet ? "met" : "NOT MET",
    name,
    `${Number(value.toFixed(2))}${unit}`,
    `${most}${unit}`,
  ]);
  printTable(["", "figure", "counted", "at most"], rows);
  console.log("");
  printTable(["", ""], figuresIn(counted));
  if (figures.top.length === 0) return;
  console.log("");
  printTable(
    ["alarm", "times", "share", "chattered", "fleeting"],
    figures.top.map(({ alarm, count, share }) => [
      alarm,
      String(count),
      `${Math.round(100 * share)}%`,
      String(figures.chattering.find((one) => one.alarm === alarm)?.count ?? 0),
      String(figures.fleeting.find((one) => one.alarm === alarm)?.count ?? 0),
    ]),
  );
}

/** The figures of an alarm system for people: in words, and as a page in one file. */
import { priorities } from "../../core/alarm/definition.ts";
import { answerWithin } from "../../core/alarm/kpi.ts";
import type { AlarmReport } from "../../record/alarm-report.ts";
import { inXml } from "./in-xml.ts";
import { style } from "./style.ts";

const dayMs = 24 * 3600 * 1000;

/** From when to when, in the site's time, and how much of it nobody watched. */
export function timesIn({ timezone, figures, gaps }: AlarmReport): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const span = `${format.format(figures.since)} to ${format.format(figures.now)} (${timezone})`;
  if (gaps.count === 0) return span;
  return `${span}; ${gaps.count} gaps of ${spanOf(gaps.ms)} in all, which count for nothing`;
}

/** Everything that has no target, name and value. */
export function figuresIn({ figures, standing }: AlarmReport): readonly (readonly [string, string])[] {
  const { annunciated, watchedMs, per10min, flood, byPriority, answered } = figures;
  const perDay = watchedMs >= dayMs ? `, ${Number(((annunciated * dayMs) / watchedMs).toFixed(1))} a day` : "";
  const split = priorities.map((p) => `${p} ${byPriority[p].count} (${Math.round(100 * byPriority[p].share)}%)`);
  const times = priorities.map((p) => `${p} ${spanOf(answerWithin[p])}`);
  return [
    ["put before people", `${annunciated}${perDay}`],
    ["by priority", split.join(", ")],
    ["in the last 10 min", String(per10min.now)],
    ["floods", `${flood.count}, ${spanOf(flood.ms)} in all${flood.isOn ? "; one goes on" : ""}`],
    ["acknowledged", `${answered.count}, of them in time ${answered.inTime} (${times.join(", ")})`],
    ["standing", `${standing.active}, of them unacknowledged ${standing.unacknowledged}`],
    [
      "kept from people",
      `shelved ${standing.shelved}, suppressed ${standing.suppressed}, out of service ${standing.outOfService}`,
    ],
    ["cannot be judged", String(standing.blind)],
    ...(standing.stale.length > 0 ? [["for more than a day", standing.stale.join(", ")] as const] : []),
  ];
}

const units = [
  [dayMs, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
] as const;

/** "2 d 3 h", in two units at most. */
function spanOf(ms: number): string {
  const first = units.findIndex(([size]) => ms >= size);
  if (first < 0) return "0 s";
  let left = ms;
  const parts = units.slice(first, first + 2).flatMap(([size, unit]) => {
    const n = Math.floor(left / size);
    left -= n * size;
    return n > 0 ? [`${n} ${unit}`] : [];
  });
  return parts.join(" ");
}

/** The whole report as a page that needs nothing else. */
export function kpiPage(report: AlarmReport): string {
  const { site, figures, targets } = report;
  const titles = new Map(site.alarms.map(({ id, title }) => [id, title["en"] ?? id]));
  const head = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<th>${cell}</th>`).join("")}</tr>`;
  const row = (cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<td>${inXml(cell)}</td>`).join("")}</tr>`;
  const badge = (isMet: boolean): string =>
    `<span class="badge ${isMet ? "kept" : "broken"}">${isMet ? "met" : "not met"}</span>`;
  const goals = targets.map(
    ({ name, value, unit, most, isMet }) =>
      `<tr><td>${badge(isMet)}</td><td>${inXml(name)}</td><td>${Number(value.toFixed(2))}${unit}</td><td>${most}${unit}</td></tr>`,
  );
  const top = figures.top.map(({ alarm, count, share }) =>
    row([alarm, titles.get(alarm) ?? "", String(count), `${Math.round(100 * share)}%`]),
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${inXml(site.id)}: alarms</title><style>${style}</style></head><body><main><article>`,
    `<header><h1>${inXml(site.id)}: alarms</h1></header><p class="about">${inXml(timesIn(report))}</p>`,
    `<section><h2>Against EEMUA 191 and ISA-18.2</h2><table>${head(["", "figure", "counted", "at most"])}${goals.join("")}</table></section>`,
    `<section><h2>Figures</h2><table>${figuresIn(report).map(row).join("")}</table></section>`,
    `<section><h2>Most frequent</h2><table>${head(["alarm", "", "times", "share"])}${top.join("")}</table></section>`,
    "</article><footer>Made by haechi report. Times are the site's.</footer></main></body></html>",
    "",
  ].join("\n");
}

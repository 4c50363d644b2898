/** A run as a page for people: one file that needs nothing else, with drawings in it and no script. */
import { isRaising } from "../../core/plant.ts";
import type { Axis } from "./axis.ts";
import { axisOf, clockOf } from "./axis.ts";
import { inXml } from "./in-xml.ts";
import { eventsOf, lanesOf } from "./lanes.ts";
import type { Played, Stand } from "./played.ts";
import { verdictsOf } from "./played.ts";
import { plotOf } from "./plot.ts";
import { style } from "./style.ts";

const leftPx = 250;
const rightPx = 1184;
/** More lines than this are folded away until somebody asks. */
const linesOpenMax = 120;

const stands: { readonly [stand in Stand]: string } = {
  core: "the core, in virtual time",
  wire: "the whole service, over the wire",
  shadow: "a second core beside a live site; nothing was written",
};

export function pageOf(runs: readonly Played[]): string {
  const title = runs.length === 1 ? runs[0]!.scenario.name : `${runs.length} scenarios`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${inXml(title)}</title><style>${style}</style></head><body>`,
    '<svg width="0" height="0" style="position:absolute"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="var(--quiet)" opacity="0.25"/><rect width="2.5" height="7" fill="var(--dim)" opacity="0.55"/></pattern></defs></svg>',
    `<main>${runs.length > 1 ? contents(runs) : ""}${runs.map(article).join("")}`,
    "<footer>Made by haechi scenario run. Times are the site's.</footer></main></body></html>",
    "",
  ].join("\n");
}

function contents(runs: readonly Played[]): string {
  const rows = runs.map(
    ({ scenario, run }) =>
      `<tr><td><a href="#${inXml(scenario.name)}">${inXml(scenario.name)}</a></td><td>${badge({ scenario, run })}</td><td>${inXml(scenario.about)}</td></tr>`,
  );
  return `<section><h2>Scenarios</h2><table>${rows.join("")}</table></section>`;
}

function badge({ scenario, run }: Pick<Played, "scenario" | "run">): string {
  const [all, broken] = [scenario.promises.length, run.broken.length];
  if (all === 0) return '<span class="badge kept">nothing promised</span>';
  return broken === 0
    ? `<span class="badge kept">${all === 1 ? "its promise" : `all ${all} promises`} kept</span>`
    : `<span class="badge broken">${broken} of ${all} promises broken</span>`;
}

function article(played: Played): string {
  const { scenario, run } = played;
  const axis = axisFor(played);
  const plots = scenario.plots.map((point) => plotOf(played, point, axis)).join("");
  return [
    `<article id="${inXml(scenario.name)}"><header><h1>${inXml(scenario.name)}</h1>${badge(played)}</header>`,
    `<p class="about">${inXml(scenario.about)}</p>${facts(played)}`,
    `<section><h2>Promises</h2>${promises(played)}</section>`,
    `<section><h2>Timeline</h2>${lanesOf(played, axis)}${key(played)}</section>`,
    plots === "" ? "" : `<section><h2>Plots</h2>${plots}</section>`,
    `<section><h2>What was told</h2><details${run.told.length <= linesOpenMax ? " open" : ""}><summary>${run.told.length} lines</summary>${told(played)}</details></section></article>`,
  ].join("\n");
}

function axisFor({ scenario, run: { record, told: lines } }: Played): Axis {
  const busy = [...lines.map(({ at }) => at), ...record.transitions.map(({ at }) => at)];
  const { starts: from, ends: to, site } = scenario;
  return axisOf({
    from,
    to,
    busy: busy.filter((at) => at < to),
    left: leftPx,
    right: rightPx,
    timezone: site.timezone,
  });
}

function facts({ scenario, run: { record }, on }: Played): string {
  const { site, starts, ends, seed, values } = scenario;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: site.timezone, dateStyle: "short" }).format(starts);
  const raised = record.transitions.filter(isRaising).length;
  const pairs: (readonly [string, string])[] = [
    ["Site", site.name["en"] ?? site.id],
    ["From", `${day} ${clockOf(site.timezone, false)(starts)}`],
    ["Span", spanOf((ends - starts) / 1000)],
    ["Played on", stands[on]],
    ["Seed", String(seed)],
    ["Alarms raised", String(raised)],
    ["Commands", String(record.commands.length)],
    ...[...values].map(([name, value]) => [name, String(value)] as const),
  ];
  return `<dl>${pairs.map(([name, value]) => `<div><dt>${inXml(name)}</dt><dd>${inXml(value)}</dd></div>`).join("")}</dl>`;
}

function spanOf(s: number): string {
  const parts = [
    [Math.floor(s / 3600), "h"],
    [Math.floor((s % 3600) / 60), "min"],
    [Math.round(s % 60), "s"],
  ] as const;
  return parts.flatMap(([n, unit]) => (n > 0 ? `${n} ${unit}` : [])).join(" ");
}

function promises(played: Played): string {
  const items = verdictsOf(played).map(({ text, broken }) =>
    broken === null
      ? `<li><b>✓</b><span>${inXml(text)}</span></li>`
      : `<li class="broken"><b>✗</b><span>${inXml(text)}<small>${inXml(broken)}</small></span></li>`,
  );
  return items.length === 0 ? "None." : `<ul class="promises">${items.join("")}</ul>`;
}

function key(played: Played): string {
  const clock = clockOf(played.scenario.site.timezone, true);
  const events = eventsOf(played).map(({ at, text }, i) => `<span><b>${i + 1}</b> ${clock(at)} ${inXml(text)}</span>`);
  const colours = (["critical", "high", "medium", "low"] as const).map(
    (priority) => `<span><i style="background:var(--${priority})"></i>${priority}</span>`,
  );
  const marks = [
    '<span><i style="background:var(--high);opacity:.45"></i>acknowledged</span>',
    '<span><i style="background:var(--high);opacity:.22"></i>returned or latched</span>',
    '<span><i style="background:repeating-linear-gradient(45deg,var(--dim) 0 2px,transparent 2px 5px)"></i>cannot be judged</span>',
    '<span><i style="background:var(--good);border-radius:50%"></i>command confirmed</span>',
    '<span><i style="background:var(--bad);border-radius:50%"></i>failed</span>',
  ];
  return `<p class="key">${events.join("")}</p><p class="key">${[...colours, ...marks].join("")}</p>`;
}

function told({ scenario, run }: Played): string {
  const clock = clockOf(scenario.site.timezone, true);
  const rows = run.told.map(
    ({ at, kind, text }) => `<tr class="${kind}"><td>${clock(at)}</td><td>${kind}</td><td>${inXml(text)}</td></tr>`,
  );
  return `<table>${rows.join("")}</table>`;
}

/**
 * All that is taken from grafana-dash-gen: dashboard, rows, the query variable and links. What it makes is
 * a dashboard of Grafana's oldest schema; `modernise` brings it up to date. It asks of a panel only that it
 * generates itself, which its types do not say, so it is spoken to here and nowhere else.
 */
import type { Panel, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import dashgen from "grafana-dash-gen";

/** A panel as wide as some twelfths of its row. */
export type SpannedPanel = Panel & { readonly span: number };

/** A row as it is written down. */
export interface RowPlan {
  readonly title: string;
  /** Height of its panels. */
  readonly heightPx: number;
  /** A closed row asks the database nothing until somebody opens it. */
  readonly isClosed?: boolean;
  readonly panels: readonly SpannedPanel[];
}

/** A variable that lists what a query finds. */
export interface QueryPlan {
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly datasource: string;
}

/** A dashboard as it is written down. */
export interface DashboardPlan {
  readonly title: string;
  readonly tags: readonly string[];
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly rows: readonly RowPlan[];
  /** In the order in which they depend on each other. */
  readonly variables: readonly (QueryPlan | VariableModel)[];
  readonly links: readonly { readonly title: string; readonly tooltip: string; readonly url: string }[];
}

/** What grafana-dash-gen makes of a plan, as far as anything of it is still of use. */
export interface RawDashboard {
  readonly title: string;
  readonly tags: string[];
  readonly refresh: string;
  readonly time: { from: string; to: string };
  readonly timezone: string;
  readonly editable: boolean;
  readonly rows: readonly RawRow[];
  readonly links: readonly RawLink[];
  readonly templating: { readonly list: readonly (RawQueryVariable | VariableModel)[] };
}

export interface RawRow {
  readonly title: string;
  /** "304px" */
  readonly height: string;
  readonly collapse: boolean;
  readonly panels: readonly SpannedPanel[];
}

/** `allFormat` is gone from today's Grafana: by it one of the old variables is known. */
export interface RawQueryVariable {
  readonly name: string;
  readonly label: string;
  readonly query: string;
  readonly datasource: string;
  readonly allFormat: string;
}

export interface RawLink {
  readonly title: string;
  readonly tooltip: string;
  readonly url: string;
  readonly icon: string;
  readonly targetBlank: boolean;
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}

/** Lets grafana-dash-gen make the dashboard of a plan. Throws where a link has no title or address. */
export function skeleton(plan: DashboardPlan): RawDashboard {
  const { title, tags, refresh, time, rows, variables, links } = plan;
  const dashboard = new dashgen.Dashboard({
    title,
    tags: [...tags],
    refresh,
    time: { ...time },
    links: links.map((link) => new dashgen.ExternalLink(link)),
  });
  for (const variable of variables) dashboard.addTemplate(generating(variable) as never);
  for (const row of rows) dashboard.addRow(rowOf(row));
  return dashboard.generate() as unknown as RawDashboard;
}

function rowOf({ title, heightPx, isClosed = false, panels }: RowPlan): InstanceType<typeof dashgen.Row> {
  const row = new dashgen.Row({ title, height: `${heightPx}px`, collapse: isClosed });
  for (const panel of panels) row.addPanel({ generate: () => panel } as never);
  return row;
}

function generating(variable: QueryPlan | VariableModel): { generate(): object } {
  if ("type" in variable) return { generate: () => variable };
  const { name, label, query, datasource } = variable;
  return new dashgen.Templates.Query(query, { name, label, datasource, includeAll: false });
}

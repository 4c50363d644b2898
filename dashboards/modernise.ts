/**
 * From rows and spans to the schema that Grafana calls its last for dashboards of this kind: panels on a grid
 * of 24 columns with ids and places, rows as panels of their own, data sources as references. Rows left in a
 * dashboard that claims a new schema would show nothing at all.
 */
import type {
  AnnotationQuery,
  Dashboard,
  DashboardLink,
  Panel,
  RowPanel,
  VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  DashboardCursorSync,
  DashboardLinkType,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { assert } from "../src/core/assert.ts";
import type { RawDashboard, RawLink, RawQueryVariable, RawRow, SpannedPanel } from "./skeleton.ts";

/** What the old schema has no place for. */
export interface Additions {
  readonly uid: string;
  readonly description: string;
  readonly annotations: readonly AnnotationQuery[];
}

const schemaVersion = 42;
const columns = 24;
/** The old rows have twelve spans, and their panels a height in pixels; a line of the grid is 30 of them and a gap of 8. */
const columnsOfSpan = 2;
const pxOfLine = 38;

/** The dashboard in today's schema. Ids count up in reading order, so that a regenerated file differs only where its content does. */
export function modernise(raw: RawDashboard, { uid, description, annotations }: Additions): Dashboard {
  const { title, tags, time, timezone, refresh, editable, links, templating, rows } = raw;
  return {
    uid,
    title,
    description,
    tags,
    timezone,
    editable,
    graphTooltip: DashboardCursorSync.Crosshair,
    time,
    timepicker: {},
    refresh,
    schemaVersion,
    links: links.map(linkOf),
    templating: {
      list: templating.list.map((variable) => ("allFormat" in variable ? variableOf(variable) : variable)),
    },
    annotations: { list: [...annotations] },
    panels: layOut(rows),
  };
}

function linkOf({ title, tooltip, url, icon, targetBlank, includeVars, keepTime }: RawLink): DashboardLink {
  const type = DashboardLinkType.Link;
  return { title, tooltip, url, icon, targetBlank, includeVars, keepTime, type, tags: [], asDropdown: false };
}

function variableOf({ name, label, query, datasource }: RawQueryVariable): VariableModel {
  return {
    type: "query",
    name,
    label,
    query,
    definition: query,
    datasource: { type: "influxdb", uid: datasource },
    refresh: VariableRefresh.OnDashboardLoad,
    sort: VariableSort.AlphabeticalAsc,
    includeAll: false,
    multi: false,
    options: [],
    current: { text: "", value: "" },
  } as VariableModel;
}

function layOut(rows: readonly RawRow[]): (Panel | RowPanel)[] {
  const laid: (Panel | RowPanel)[] = [];
  let id = 0;
  let y = 0;
  for (const { title, height, collapse, panels } of rows) {
    const head: RowPanel = {
      type: "row",
      id: ++id,
      title,
      collapsed: collapse,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    };
    const { placed, bottom } = flow(panels, y + 1, Math.round(Number.parseInt(height, 10) / pxOfLine));
    for (const panel of placed) panel.id = ++id;
    // A closed row keeps its panels inside, where nothing is asked for them; what follows comes right below it.
    if (collapse) head.panels = placed;
    laid.push(head, ...(collapse ? [] : placed));
    y = collapse ? y + 1 : bottom;
  }
  return laid;
}

/** From left to right, and on to the next line when the width is used up. */
function flow(panels: readonly SpannedPanel[], top: number, h: number): { placed: Panel[]; bottom: number } {
  let x = 0;
  let y = top;
  const placed = panels.map(({ span, ...panel }): Panel => {
    const w = span * columnsOfSpan;
    assert(w > 0 && w <= columns, `panel "${panel.title}" is 1 to 12 spans wide`);
    if (x + w > columns) {
      x = 0;
      y += h;
    }
    const gridPos = { x, y, w, h };
    x += w;
    return { ...panel, gridPos };
  });
  return { placed, bottom: panels.length > 0 ? y + h : top };
}

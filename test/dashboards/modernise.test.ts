import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { describe, expect, test } from "vitest";
import { modernise } from "../../dashboards/modernise.ts";
import type { DashboardPlan, RowPlan, SpannedPanel } from "../../dashboards/skeleton.ts";
import { skeleton } from "../../dashboards/skeleton.ts";

const panel = (title: string, span: number): SpannedPanel => ({ type: "timeseries", title, span });
const row = (title: string, ...panels: SpannedPanel[]): RowPlan => ({ title, heightPx: 304, panels });

const plan = (...rows: RowPlan[]): DashboardPlan => ({
  title: "t",
  tags: ["a"],
  refresh: "10s",
  time: { from: "now-1h", to: "now" },
  rows,
  variables: [{ name: "site", label: "Site", query: "SHOW", datasource: "${datasource}" }],
  links: [{ title: "l", tooltip: "", url: "http://x" }],
});
const modern = (...rows: RowPlan[]): Dashboard =>
  modernise(skeleton(plan(...rows)), { uid: "u", description: "d", annotations: [] });
const places = (panels: readonly (Panel | RowPanel)[] = []) =>
  panels.map(({ id, title, gridPos }) => [id, title, gridPos?.x, gridPos?.y, gridPos?.w, gridPos?.h]);

describe("a modernised dashboard", () => {
  test("has rows as panels, twelfths as columns and pixels as lines, in reading order", () => {
    const { panels } = modern(row("r", panel("a", 6), panel("b", 6), panel("c", 4)), row("s", panel("d", 12)));
    expect(places(panels)).toEqual([
      [1, "r", 0, 0, 24, 1],
      [2, "a", 0, 1, 12, 8],
      [3, "b", 12, 1, 12, 8],
      [4, "c", 0, 9, 8, 8],
      [5, "s", 0, 17, 24, 1],
      [6, "d", 0, 18, 24, 8],
    ]);
  });

  test("keeps the panels of a closed row inside it", () => {
    const { panels } = modern({ ...row("r", panel("a", 12)), isClosed: true }, row("s", panel("b", 12)));
    expect(places(panels)).toEqual([
      [1, "r", 0, 0, 24, 1],
      [3, "s", 0, 1, 24, 1],
      [4, "b", 0, 2, 24, 8],
    ]);
    const [closed] = (panels ?? []) as RowPanel[];
    expect(closed?.collapsed).toBe(true);
    expect(places(closed?.panels)).toEqual([[2, "a", 0, 1, 24, 8]]);
  });

  test("has an empty row where a row is empty", () => {
    expect(places(modern(row("r"), row("s")).panels)).toEqual([
      [1, "r", 0, 0, 24, 1],
      [2, "s", 0, 1, 24, 1],
    ]);
  });

  test.each([0, 13])("refuses a panel of %i twelfths", (span) => {
    expect(() => modern(row("r", panel("a", span)))).toThrow('panel "a" is 1 to 12 spans wide');
  });

  test("carries nothing of the old schema", () => {
    const text = JSON.stringify(modern(row("r", panel("a", 12))));
    for (const key of [
      "rows",
      "span",
      "originalTitle",
      "style",
      "hideControls",
      "sharedCrosshair",
      "hideAllLegends",
      "allFormat",
      "allValue",
      "height",
    ]) {
      expect(text).not.toContain(`"${key}":`);
    }
  });

  test("has the schema that Grafana calls its last, its variables by reference and its links", () => {
    expect(modern()).toMatchObject({
      uid: "u",
      description: "d",
      schemaVersion: 42,
      refresh: "10s",
      tags: ["a"],
      time: { from: "now-1h", to: "now" },
      templating: { list: [{ name: "site", type: "query", datasource: { type: "influxdb", uid: "${datasource}" } }] },
      links: [{ title: "l", url: "http://x", type: "link", asDropdown: false }],
    });
  });

  test("is not made with a link that leads nowhere", () => {
    expect(() => skeleton({ ...plan(), links: [{ title: "l", tooltip: "", url: "" }] })).toThrow("url");
  });
});

import type { Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { describe, expect, test } from "vitest";
import { priorityColor } from "../../dashboards/panels.ts";
import { quantities } from "../../src/core/quantity.ts";
import { measurementOf } from "../../src/store/line.ts";
import { priorityColor as wallColor } from "../../src/wall/palette.ts";
import { generatedOverview, gridPanels, shownPanels, targetsOf } from "./generated.ts";

/** Panels of Grafana's own core that will stay; "graph", "singlestat" and "table-old" are gone. */
const allowedTypes = ["timeseries", "state-timeline", "table"];

const named = shownPanels.map((panel) => [panel.title ?? "", panel] as const);

/** The standard quantities that a query asks for, each as its first instance. */
function askedPoints(query: string): readonly string[] {
  const [, pattern] = /"point" =~ \/(\S+)\/ /.exec(query) ?? [];
  if (pattern === undefined) return [];
  return Object.keys(quantities).filter((name) => new RegExp(pattern).test(name.replace("[n]", "[1]")));
}

describe("the overview for Grafana", () => {
  test("shows what a site is watched by", () => {
    const titles = named.map(([title]) => title);
    for (const title of [
      "Supply power",
      "Power by feed",
      "UPS load",
      "Battery charge",
      "Battery runtime",
      "Temperatures by hall",
      "Cooling output",
      "Smoke levels",
      "Off-gas, flame, suppression and leaks",
      "Alarms",
      "Actions",
      "Link health",
      "Points by quality",
    ]) {
      expect(titles).toContain(title);
    }
  });

  test("gives every panel, open or closed away, an id and a title of its own", () => {
    const all = [...new Set([...gridPanels, ...shownPanels])];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });

  test.each(named)("%s says what it shows, in a unit, with a panel that Grafana still has", (_, panel) => {
    expect(allowedTypes).toContain(panel.type);
    expect(panel.title?.length).toBeGreaterThan(3);
    expect(panel.description?.length).toBeGreaterThan(10);
    expect(panel.fieldConfig?.defaults.unit).toBeTruthy();
    expect(panel.datasource?.uid).toBe("${datasource}");
  });

  test.each(named)("%s asks the database that is chosen, about the site that is chosen, in its time", (_, panel) => {
    const targets = targetsOf(panel);
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const { refId, datasource, query, rawQuery, resultFormat } of targets) {
      expect(refId).toMatch(/^[A-Z]$/);
      expect(datasource).toEqual({ type: "influxdb", uid: "${datasource}" });
      expect(rawQuery).toBe(true);
      expect(query).toContain('"site" =~ /^$site$/');
      expect(query).toContain("$timeFilter");
      expect(resultFormat).toBe(panel.type === "table" ? "table" : "time_series");
    }
  });

  test.each(named)("%s fills no silence with zeros", (_, panel) => {
    for (const { query } of targetsOf(panel)) {
      expect(query).not.toMatch(/fill\((0|linear|previous|-?\d+)\)/);
      if (query.includes("GROUP BY time")) expect(query).toMatch(/fill\((null|none)\)$/);
    }
  });

  test.each(named)("%s asks where the store has put its points", (_, panel) => {
    for (const { query } of targetsOf(panel)) {
      if (!query.includes('"point" =~')) continue;
      const points = askedPoints(query);
      expect(points.length).toBeGreaterThan(0);
      const [, measurement] = /FROM "(\w+)"/.exec(query) ?? [];
      for (const point of points) expect([point, measurementOf(point)]).toEqual([point, measurement]);
    }
  });

  test("has a word for every state that it can show, and a hue only for those that are alarms", () => {
    const hues = Object.values(priorityColor);
    for (const panel of shownPanels.filter(({ type }) => type === "state-timeline")) {
      targetsOf(panel).forEach(({ query, refId }) => {
        const override = panel.fieldConfig?.overrides.find(({ matcher }) => matcher.options === refId);
        const words = override?.properties[0]?.value[0].options as Record<string, { text: string; color: string }>;
        const [point = ""] = askedPoints(query);
        expect(Object.values(words).map(({ text }) => text)).toEqual(quantities[point]?.states);
        expect(hues).not.toContain(usualColor(point, words));
      });
    }
  });

  test("draws no threshold but those of the product's own alarms", () => {
    const drawn = shownPanels.filter(({ fieldConfig }) => fieldConfig?.defaults.thresholds);
    const steps = Object.fromEntries(
      drawn.map((panel) => [panel.title, panel.fieldConfig?.defaults.thresholds?.steps]),
    );
    expect(steps).toEqual({
      "UPS load": [
        { value: null, color: "transparent" },
        { value: 90, color: priorityColor.medium },
      ],
      "Battery runtime": [
        { value: null, color: priorityColor.critical },
        { value: 300, color: "transparent" },
      ],
      "Hottest battery module": [
        { value: null, color: "transparent" },
        { value: 45, color: priorityColor.high },
        { value: 55, color: priorityColor.critical },
      ],
      "Lowest cell voltage": [
        { value: null, color: priorityColor.high },
        { value: 2.8, color: "transparent" },
      ],
      "Supply air": [
        { value: null, color: "transparent" },
        { value: 27, color: priorityColor.high },
      ],
    });
  });

  test("has the wall's hues", () => expect(priorityColor).toEqual(wallColor));

  test("fits on a grid of 24 columns, nothing over anything else", () => {
    const closed = gridPanels.filter(({ type }) => type === "row").map((row) => (row as RowPanel).panels);
    for (const panels of [gridPanels, ...closed]) {
      const taken = new Set<string>();
      for (const cell of panels.flatMap(cellsOf)) {
        expect(taken, cell).not.toContain(cell);
        taken.add(cell);
      }
    }
  });

  test("lets its reader choose the database, the site and the address of the wall", () => {
    expect(generatedOverview.templating.list?.map(({ name, type }) => [name, type])).toEqual([
      ["datasource", "datasource"],
      ["site", "query"],
      ["wall", "textbox"],
    ]);
    expect(generatedOverview.links?.map(({ url }) => url)).toEqual(["${wall}"]);
  });
});

/** The color of the state in which a point usually is. */
function usualColor(point: string, words: Record<string, { text: string; color: string }>): string {
  const usual = ["normal", "online", "on", "up", "yes", "stopped"];
  const calm = Object.values(words).find(({ text }) => usual.includes(text));
  expect(calm?.color, `${point} has a usual state`).toMatch(/^#/);
  return calm?.color ?? "";
}

function cellsOf({ gridPos }: Panel | RowPanel): readonly string[] {
  const { x = -1, y = -1, w = 0, h = 0 } = gridPos ?? {};
  expect(x).toBeGreaterThanOrEqual(0);
  expect(y).toBeGreaterThanOrEqual(0);
  expect(w * h).toBeGreaterThan(0);
  expect(x + w).toBeLessThanOrEqual(24);
  return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
}

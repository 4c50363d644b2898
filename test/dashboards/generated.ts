import type { Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { dangerOf } from "../../dashboards/danger.ts";
import type { InfluxTarget } from "../../dashboards/influxql.ts";
import { overview } from "../../dashboards/overview.ts";
import { loadLibrary } from "../../src/profiles/index.ts";

/** The overview as it is generated from the product's profiles. */
export const generatedOverview = overview(dangerOf(loadLibrary().profiles.values()));

/** Its panels in their rows; those that closed rows hold are marked. */
export const gridPanels: readonly (Panel | RowPanel)[] = generatedOverview.panels ?? [];

/** All panels that show something, those in closed rows included. */
export const shownPanels: readonly Panel[] = gridPanels.flatMap((panel): readonly Panel[] =>
  panel.type === "row" ? (panel as RowPanel).panels : [panel as Panel],
);

/** A panel's queries. */
export const targetsOf = (panel: Panel): readonly InfluxTarget[] => (panel.targets ?? []) as unknown as InfluxTarget[];

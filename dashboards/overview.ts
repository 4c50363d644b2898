/** The overview of any site: where its power comes from and goes, its rooms, its fire detection, what happened, and how well it is watched. */
import type { AnnotationQuery, Dashboard, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import { DatasourceVariableBuilder, TextBoxVariableBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Danger } from "./danger.ts";
import { asDataquery, chosenDatasource, raisedAlarms } from "./influxql.ts";
import { modernise } from "./modernise.ts";
import { priorityColor } from "./panels.ts";
import { batteryRow, fireRow, powerRow, roomRow } from "./plant.ts";
import type { QueryPlan } from "./skeleton.ts";
import { skeleton } from "./skeleton.ts";
import { eventRow, qualityRow, watchRow } from "./watch.ts";

/** The overview; limits and hues are those of the alarms in `danger`. */
export const overview = (danger: Danger): Dashboard =>
  modernise(
    skeleton({
      title: "Haechi overview",
      tags: ["haechi", "facility"],
      refresh: "10s",
      time: { from: "now-3h", to: "now" },
      variables: [datasourceVariable(), siteVariable, wallVariable()],
      links: [{ title: "Wall", tooltip: "The live display of this site", url: "${wall}" }],
      rows: [
        powerRow(danger),
        batteryRow(danger),
        fireRow(danger),
        roomRow(danger),
        eventRow(),
        watchRow(danger),
        qualityRow(),
      ],
    }),
    {
      uid: "haechi-overview",
      description:
        "History of one site. Grey is normal; a hue is an alarm's. A gap is silence and not zero. " +
        "What stands right now, and what to do about it, is on the wall.",
      annotations: [builtInAnnotations, alarmAnnotations],
    },
  );

const siteVariable: QueryPlan = {
  name: "site",
  label: "Site",
  query: 'SHOW TAG VALUES WITH KEY = "site"',
  datasource: chosenDatasource.uid,
};

/** The database that is provisioned beside the dashboard, and is chosen where nobody chooses. */
export const provisioned = { name: "Haechi", uid: "haechi" } as const;

const datasourceVariable = (): VariableModel =>
  new DatasourceVariableBuilder("datasource")
    .label("Database")
    .type(chosenDatasource.type)
    .current({ text: provisioned.name, value: provisioned.uid })
    .build();

/** Where a site's wall is only the site knows; this is where it is without being told. */
const wallVariable = (): VariableModel =>
  new TextBoxVariableBuilder("wall").label("Wall").defaultValue("http://127.0.0.1:8080").build();

const builtInAnnotations: AnnotationQuery = {
  name: "Annotations & Alerts",
  builtIn: 1,
  datasource: { type: "grafana", uid: "-- Grafana --" },
  enable: true,
  hide: true,
  iconColor: "rgba(0, 211, 255, 1)",
  type: "dashboard",
};

const alarmAnnotations: AnnotationQuery = {
  name: "Alarms",
  datasource: chosenDatasource,
  enable: true,
  iconColor: priorityColor.high,
  target: asDataquery(raisedAlarms),
};

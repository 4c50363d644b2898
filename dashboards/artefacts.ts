/** Every file that is generated for Grafana, as text, by its path under dashboards/generated. */
import { stringify } from "yaml";
import type { Library } from "../src/profiles/index.ts";
import { dangerOf } from "./danger.ts";
import { chosenDatasource } from "./influxql.ts";
import { overview, provisioned } from "./overview.ts";

const generated = "# Generated. What is written here by hand is lost.\n";

/** The same profiles always give the same texts. */
export const artefacts = ({ profiles }: Library): ReadonlyMap<string, string> =>
  new Map([
    ["overview.json", `${JSON.stringify(overview(dangerOf(profiles.values())), null, 2)}\n`],
    ["provisioning/datasources/haechi.yaml", datasources()],
    ["provisioning/dashboards/haechi.yaml", dashboards()],
  ]);

/** Grafana fills in its own environment; a name that is not set there is empty, which a database without sign-in does not mind. */
const datasources = (): string =>
  `${generated}# InfluxDB 1, queried in InfluxQL. For InfluxDB 2 map the bucket to a database first (DBRP) and set a token.\n${stringify(
    {
      apiVersion: 1,
      datasources: [
        {
          ...provisioned,
          type: chosenDatasource.type,
          access: "proxy",
          url: "http://127.0.0.1:8086",
          user: "$HAECHI_INFLUX_USER",
          jsonData: { dbName: "haechi", httpMode: "POST", version: "InfluxQL" },
          secureJsonData: { password: "$HAECHI_INFLUX_PASSWORD" },
        },
      ],
    },
  )}`;

const dashboards = (): string =>
  `${generated}# overview.json goes into the folder that is named under path.\n${stringify({
    apiVersion: 1,
    providers: [
      {
        name: "Haechi",
        folder: "Haechi",
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: "/var/lib/grafana/dashboards/haechi" },
      },
    ],
  })}`;

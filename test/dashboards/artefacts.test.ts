import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { artefacts } from "../../dashboards/artefacts.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import { generatedOverview } from "./generated.ts";

const folder = fileURLToPath(new URL("../../dashboards/generated", import.meta.url));
const library = loadLibrary();
const made = artefacts(library);

describe("what is committed for Grafana", () => {
  test("is just what the generator writes: npm run generate changes nothing", () => {
    for (const [path, text] of made) expect(readFileSync(join(folder, path), "utf8"), path).toBe(text);
  });

  test("has no file that the generator does not write", () => {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect(found.toSorted()).toEqual([...made.keys()].toSorted());
  });

  test("is the same every time it is made", () => expect(artefacts(library)).toEqual(made));

  test("is JSON that says the whole dashboard: nothing in it is undefined or a function", () => {
    expect(JSON.parse(made.get("overview.json") ?? "")).toEqual(generatedOverview);
  });

  test("provisions the database that the dashboard chooses when nobody does", () => {
    const { datasources } = parse(made.get("provisioning/datasources/haechi.yaml") ?? "");
    expect(datasources).toMatchObject([{ uid: "haechi", type: "influxdb", jsonData: { version: "InfluxQL" } }]);
    const chosen = generatedOverview.templating.list?.find(({ name }) => name === "datasource");
    expect(chosen).toMatchObject({ query: "influxdb", current: { value: datasources[0].uid } });
  });

  test("provisions the dashboard from files, which nobody can lose by a click", () => {
    const { providers } = parse(made.get("provisioning/dashboards/haechi.yaml") ?? "");
    expect(providers).toMatchObject([{ type: "file", disableDeletion: true, options: { path: expect.any(String) } }]);
  });

  test("holds no secret", () => {
    const { datasources } = parse(made.get("provisioning/datasources/haechi.yaml") ?? "");
    expect(datasources[0].secureJsonData).toEqual({ password: "$HAECHI_INFLUX_PASSWORD" });
  });
});

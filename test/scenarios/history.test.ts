import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { packagedLibrary } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { cast, castOf, play, scenarioFolders, scenariosDir } from "./rehearsed.ts";

// Scenarios that tell an event of the world again, and the sites that they befall.

const sitesDir = join(scenariosDir, "../sites");
const library = packagedLibrary();
const told = scenarioFolders.filter((name) =>
  /^history:/m.test(readFileSync(join(scenariosDir, name, "scenario.yaml"), "utf8")),
);

function otherwise(name: string, set: Readonly<Record<string, unknown>>) {
  const params = new Map(Object.entries(set).map(([key, value]) => [key, String(value)]));
  const loaded = loadScenario(join(scenariosDir, name), { params });
  if ("problems" in loaded) throw new Error(`${name}: ${JSON.stringify(loaded.problems)}`);
  return loaded.scenario;
}

const siteFiles = readdirSync(sitesDir).filter((file) => !file.endsWith(".rules.yaml"));

describe("the sites of scenarios", () => {
  test.each(siteFiles)("%s is a good site file, small enough to be read", (file) => {
    const path = join(sitesDir, file);
    const loaded = parseSite(path, readFileSync(path, "utf8"), library);
    expect("problems" in loaded ? loaded.problems : []).toEqual([]);
    expect("site" in loaded && loaded.site.devices.length).toBeLessThanOrEqual(80);
  });

  test.each(siteFiles)("%s takes a release of agent for no end: its alarm stays, and keeps people out", (file) => {
    const path = join(sitesDir, file);
    const loaded = parseSite(path, readFileSync(path, "utf8"), library);
    const alarms = "site" in loaded ? loaded.site.model.alarms : [];
    const released = alarms.filter(({ channels }) =>
      channels.some(({ point }) => point.endsWith("/suppression.released")),
    );
    for (const { id, latch, response } of released)
      expect({ id, latch, keepsOut: /everybody out/i.test(response) }).toEqual({ id, latch: true, keepsOut: true });
  });
});

describe("a scenario of an incident", () => {
  test("is there for several of them", () => {
    expect(told.length).toBeGreaterThan(5);
  });

  test.each(told)("%s says where its facts come from, and can be run otherwise in every way that it lists", (name) => {
    const { scenario } = cast(name);
    expect(readFileSync(join(scenariosDir, name, "scenario.yaml"), "utf8")).toMatch(/^sources: /m);
    expect(scenario.history?.sensitivity.length).toBeGreaterThan(0);
    for (const { set } of scenario.history?.sensitivity ?? []) {
      const other = otherwise(name, set);
      expect(other.starts, name).toBe(scenario.starts);
      for (const [key, value] of Object.entries(set)) expect(String(other.values.get(key)), name).toBe(String(value));
    }
  });

  test("ends otherwise where a parameter matters: a rack with its second cord in the other feed stays up", async () => {
    const rack = "rack-203-dark";
    const raisedIn = async (set: Readonly<Record<string, unknown>>): Promise<boolean> => {
      const { record } = await play(castOf(otherwise("delta-2016", set)));
      return record.transitions.some(({ alarm, to }) => alarm === rack && to === "unacknowledged");
    };
    expect(await raisedIn({})).toBe(true);
    expect(await raisedIn({ cord: "b" })).toBe(false);
  }, 60_000);
});

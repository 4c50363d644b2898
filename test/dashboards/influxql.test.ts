import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lines, raisedAlarms } from "../../dashboards/influxql.ts";
import { influx1 } from "../../src/store/influx1.ts";
import { linesOf } from "../../src/store/lines.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { startInfluxd } from "../setup/services.ts";
import { generatedOverview, shownPanels, targetsOf } from "./generated.ts";
import type { Played } from "./played.ts";
import { played, silence } from "./played.ts";

describe("a query of readings", () => {
  const selection = { measurement: "load", points: ["output.load[n]"], take: "max", by: ["device", "point"] } as const;

  test("asks for every instance of a repeated point and names its lines by tags", () => {
    expect(lines(selection)).toMatchObject({
      query:
        'SELECT max("value") FROM "load" WHERE "site" =~ /^$site$/ AND "point" =~ /^(output\\.load\\[\\d+\\])$/ ' +
        'AND $timeFilter GROUP BY time($__interval), "device", "point" fill(null)',
      alias: "$tag_device $tag_point",
    });
  });

  test("has nothing that Grafana takes for a variable of its own", () => {
    for (const { query } of shownPanels.flatMap(targetsOf)) {
      expect(query).not.toContain("[[");
      expect(query.match(/\$\w+/g)?.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  test("is not made for a point that no device can have", () => {
    expect(() => lines({ ...selection, points: ["output.lode"] })).toThrow('"output.lode" is a standard quantity');
  });
});

describe("the marks of alarms", () => {
  test("name their time once: Grafana fills in no more than that in an annotation", () => {
    expect(raisedAlarms.query.split("$timeFilter").length).toBe(2);
  });
});

const known = new Set(["$site", "$timeFilter", "$__interval"]);
const intervalMs = 10_000;

interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

const targets = shownPanels.flatMap((panel) =>
  targetsOf(panel).map((target) => [`${panel.title} ${target.refId}`, target.query] as const),
);

describeWith("influxd", "InfluxDB, filled with some minutes of the demo site", () => {
  let influxd: Running;
  let play: Played;

  beforeAll(async () => {
    [influxd, play] = await Promise.all([startInfluxd(), played()]);
    await ask("CREATE DATABASE haechi");
    const send = influx1({ url: influxd.url, database: "haechi" });
    for (let at = 0; at < play.lines.length; at += 5000) {
      expect(await send(linesOf(play.lines.slice(at, at + 5000)))).toEqual({ kind: "sent" });
    }
  });
  afterAll(() => influxd.stop());

  async function ask(query: string): Promise<readonly Series[]> {
    const body = new URLSearchParams({ q: query, db: "haechi", epoch: "ms" });
    const response = await fetch(`${influxd.url}/query`, { method: "POST", body });
    const { results, error } = (await response.json()) as {
      error?: string;
      results?: { error?: string; series?: Series[] }[];
    };
    expect([error, results?.[0]?.error], query).toEqual([undefined, undefined]);
    return results?.[0]?.series ?? [];
  }

  /** As Grafana does it: its variables become a site, a span of time and a width of interval. */
  const filled = (query: string, site = play.site): string =>
    query
      .replaceAll("$timeFilter", `time >= ${play.starts}ms AND time <= ${play.ends}ms`)
      .replaceAll("$__interval", `${intervalMs}ms`)
      .replaceAll("$site", site);
  const queryOf = (title: string): string => {
    const [panel] = shownPanels.filter((each) => each.title === title);
    return filled(targetsOf(panel!)[0]!.query);
  };
  const tagged = async (title: string, tag: string): Promise<readonly string[]> =>
    [...new Set((await ask(queryOf(title))).map(({ tags }) => tags?.[tag] ?? ""))].toSorted();

  test.each(targets)("answers %s with values", async (_, query) => {
    const series = await ask(filled(query));
    const values = series.flatMap((one) => one.values.flatMap((row) => row.slice(1)));
    expect(values.filter((value) => value !== null).length).toBeGreaterThan(0);
  });

  test.each(targets)("keeps other sites out of %s", async (_, query) => {
    expect(await ask(filled(query, "elsewhere"))).toEqual([]);
  });

  test("names the site for the reader to choose", async () => {
    const variable = generatedOverview.templating.list?.find(({ name }) => name === "site");
    const names = (await ask(variable?.query as string)).flatMap(({ values }) => values.map(([, value]) => value));
    expect([...new Set(names)]).toEqual([play.site]);
  });

  test("tells the feeds, the halls and the links apart", async () => {
    expect(await tagged("Power by feed", "device")).toEqual(["ups-a", "ups-b"]);
    expect(await tagged("Battery charge", "device")).toEqual(["bat-a", "bat-b", "ups-a", "ups-b"]);
    expect(await tagged("Temperatures by hall", "space")).toEqual(expect.arrayContaining(["hall-1", "hall-2"]));
    expect(await tagged("Smoke levels", "space")).toEqual(["battery-room", "hall-1", "hall-2", "ups-room"]);
    expect(await tagged("Link health", "device")).toHaveLength(20);
  });

  test("leaves a gap, and no zero, where a meter was silent", async () => {
    const meter = (await ask(queryOf("Supply power"))).find(({ tags }) => tags?.["device"] === silence.device);
    const during = meter?.values.filter(([time]) => {
      const at = Number(time) - play.starts;
      return at >= silence.from + intervalMs && at + intervalMs <= silence.to;
    });
    expect(during?.length).toBeGreaterThan(2);
    expect(during?.every(([, value]) => value === null)).toBe(true);
  });

  test("shows the off-gas, the silent link and the points that had no value then", async () => {
    const offGas = (await ask(queryOf("Off-gas, flame, suppression and leaks"))).flatMap(({ values }) => values);
    expect(offGas.map(([, value]) => value)).toContain(1);
    const links = await ask(queryOf("Link health"));
    const down = links.filter(({ values }) => values.some(([, value]) => value === 0));
    expect(down.map(({ tags }) => tags?.["device"])).toEqual([silence.device]);
    const bad = shownPanels.flatMap(targetsOf).find(({ query }) => query.includes('"worst" = 2'));
    const counts = await ask(filled(bad!.query));
    const times = counts.flatMap(({ values }) => values.map(([time]) => Number(time) - play.starts));
    expect(times).toEqual(expect.arrayContaining([silence.from + intervalMs]));
  });

  test("lists alarms and actions newest first, with their words", async () => {
    const [alarms] = await ask(queryOf("Alarms"));
    expect(alarms?.columns).toEqual(["time", "alarm", "priority", "status", "sight", "was", "because"]);
    expect(alarms?.values.map(([, alarm]) => alarm)).toEqual(
      expect.arrayContaining(["utility-lost", "battery-off-gas"]),
    );
    const [actions] = await ask(queryOf("Actions"));
    const results = new Set(actions?.values.map((row) => row[actions.columns.indexOf("result")]));
    expect(results).toEqual(new Set(["planned", "done"]));
    for (const { values } of [alarms!, actions!]) {
      const times = values.map(([time]) => Number(time));
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }
  });

  test("marks the graphs where alarms were raised", async () => {
    const [marks] = await ask(filled(raisedAlarms.query));
    const { titleColumn, textColumn, tagsColumn } = raisedAlarms;
    expect(marks?.columns).toEqual(expect.arrayContaining([titleColumn, textColumn, tagsColumn]));
    expect(marks?.values.map((row) => row[marks.columns.indexOf(titleColumn)])).toContain("battery-off-gas");
  });
});

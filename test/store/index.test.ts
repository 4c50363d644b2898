import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { PointId } from "../../src/core/reading.ts";
import { hours, instant, seconds } from "../../src/core/time.ts";
import type { StoreConfig, StoreSite } from "../../src/store/index.ts";
import { openStore } from "../../src/store/index.ts";
import { freePort } from "../setup/services.ts";
import { testFolder } from "./folder.ts";
import { databaseThatAnswers } from "./http.ts";
import { bad, good, meta } from "./readings.ts";

const site: StoreSite = { id: "icn-1", meta, maxAge: () => seconds(5), now: () => 10_000 };
const config: StoreConfig = { retention: hours(1), spoolMb: 16, spoolAge: hours(1) };
const point = "ups-a/battery.temperature" as PointId;
const transition = {
  alarm: "hot" as AlarmId,
  at: instant(9000),
  priority: "critical",
  from: "normal",
  to: "unacknowledged",
  because: "61",
} as const;

describe("the store", () => {
  test("without any database still has a history, with its gaps", async () => {
    const store = openStore(config, testFolder(), site);
    store.record([good(point, 1000, 20), bad(point, 2000), good(point, 3000, 22)]);
    store.event({ kind: "transition", transition });
    const samples = await store.history({ point, from: 0, to: 10_000, count: 200 });
    expect(samples).toEqual([
      [1000, 20],
      [2000, null],
      [3000, 22],
    ]);
    expect(await store.events(0, 10_000, 5)).toHaveLength(1);
    expect(store.health()).toMatchObject({ copies: {}, spoolBytes: 0, lost: 0, historian: { stored: 4 } });
    await store.close();
  });

  test("copies everything to each database that the site names", async () => {
    const came: Record<string, string[]> = { v1: [], v2: [] };
    const url = await databaseThatAnswers((body, path) => {
      came[path.startsWith("/api/v2/write") ? "v2" : "v1"]!.push(...body.split("\n"));
      return { status: 204 };
    });
    const targets = { influx1: { url, database: "d" }, influx2: { url, org: "o", bucket: "b", token: "t" } };
    const store = openStore({ ...config, ...targets }, testFolder(), site);
    store.record([good(point, 1000, 20), bad(point, 2000)]);
    store.event({ kind: "transition", transition });
    await expect.poll(() => came["v1"]!.length + came["v2"]!.length, { timeout: 10_000 }).toBe(6);
    expect(came["v1"]!.toSorted()).toEqual(came["v2"]!.toSorted());
    expect(came["v1"]!.toSorted().map((line) => line.split(",")[0])).toEqual([
      "alarm_event",
      "temperature",
      "temperature",
    ]);
    await store.close();
  });

  test("makes nobody wait for a database that is away, and has everything for it after a restart", async () => {
    const dir = testFolder();
    const away = { influx1: { url: `http://127.0.0.1:${await freePort()}`, database: "d" } };
    const first = openStore({ ...config, ...away }, dir, site);
    first.record([good(point, 1000, 20)]);
    first.event({ kind: "transition", transition });
    await expect
      .poll(() => first.health().copies["influx1"]!.readings.waiting, { timeout: 10_000 })
      .toContain("ECONNREFUSED");
    expect(first.health().spoolBytes).toBeGreaterThan(0);
    await first.close();
    const came: string[] = [];
    const url = await databaseThatAnswers((body) => {
      came.push(...body.split("\n"));
      return { status: 204 };
    });
    const second = openStore({ ...config, influx1: { url, database: "d" } }, dir, site);
    await expect.poll(() => came.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => second.health().spoolBytes, { timeout: 10_000 }).toBe(0);
    await second.close();
    expect(existsSync(join(dir, "history.duckdb"))).toBe(true);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { influx1 } from "../../src/store/influx1.ts";
import { gapLine } from "../../src/store/line.ts";
import { linesOf } from "../../src/store/lines.ts";
import { openSpool, spoolDefaults } from "../../src/store/spool.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { freePort, startInfluxd } from "../setup/services.ts";
import { testFolder } from "./folder.ts";
import { databaseThatAnswers } from "./http.ts";
import { influxQuery } from "./influxd.ts";

describe("a write to InfluxDB 1", () => {
  const answered = async (status: number, headers = {}) => {
    const url = await databaseThatAnswers(() => ({ status, headers, body: '{"error":"partial write: x"}' }));
    return influx1({ url, database: "haechi" })(linesOf(["m value=1 1"]));
  };

  test.each([400, 413, 422])("answered with %i is refused for its lines", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "reject", reason: expect.stringContaining(String(status)) });
  });

  test.each([401, 403, 404, 500, 503])("answered with %i is tried again", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "retry" });
  });

  test("that comes too often is tried again when the server says", async () => {
    expect(await answered(429, { "retry-after": "7" })).toMatchObject({ kind: "retry", waitMs: 7000 });
  });

  test("that nobody answers is tried again, and succeeds when somebody does", async () => {
    const send = influx1({ url: `http://127.0.0.1:${await freePort()}`, database: "haechi" });
    expect(await send(linesOf(["m value=1 1"]))).toMatchObject({ kind: "retry" });
    expect(await send(linesOf(["m value=1 1"]))).toMatchObject({ kind: "retry" });
  });

  test("carries the lines, the database and ms", async () => {
    const seen: string[] = [];
    const url = await databaseThatAnswers((body, path) => {
      seen.push(path, body);
      return { status: 204 };
    });
    expect(await influx1({ url, database: "h 1" })(linesOf(["a v=1 1", "b v=2 2"]))).toEqual({ kind: "sent" });
    expect(seen).toEqual(["/write?db=h%201&precision=ms", "a v=1 1\nb v=2 2"]);
  });
});

describeWith("influxd", "a real InfluxDB 1", () => {
  let influxd: Running;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.stop());

  test("takes lines, and the same lines again without counting them twice", async () => {
    await influxQuery(influxd.url, "CREATE DATABASE twice");
    const send = influx1({ url: influxd.url, database: "twice" });
    const lines = ["temperature,point=a value=1.5,quality=0i 1000", "temperature,point=a quality=2i 2000"];
    for (let i = 0; i < 2; i++) expect(await send(linesOf(lines))).toEqual({ kind: "sent" });
    const rows = await influxQuery(influxd.url, "SELECT value, quality FROM temperature", "twice");
    expect(rows).toEqual([
      [1000, 1.5, 0],
      [2000, null, 2],
    ]);
  });

  test("that lacks the database is waited for", async () => {
    const send = influx1({ url: influxd.url, database: "none" });
    expect(await send(linesOf(["m value=1 1"]))).toMatchObject({
      kind: "retry",
      reason: expect.stringContaining("404"),
    });
  });

  test("gets every good line of a batch of which one is of another type; that one is put aside", async () => {
    await influxQuery(influxd.url, "CREATE DATABASE mixed");
    const dir = testFolder();
    const options = { bytesMax: 1e6, ageMaxMs: 1e9, gapLine: gapLine.bind(null, "s") };
    const spool = openSpool(dir, { ...spoolDefaults, ...options });
    await spool.put(linesOf(["m value=1 1"]));
    await spool.put(
      linesOf(Array.from({ length: 20 }, (_, i) => (i === 7 ? 'm value="seven" 7' : `m value=${i} ${i + 10}`))),
    );
    const stop = new AbortController();
    const draining = spool.drain(influx1({ url: influxd.url, database: "mixed" }), stop.signal);
    await expect.poll(() => spool.health().bytes, { timeout: 20_000 }).toBe(0);
    stop.abort();
    await draining;
    await spool.close();
    expect(await influxQuery(influxd.url, "SELECT count(value), sum(value) FROM m", "mixed")).toEqual([[0, 20, 184]]);
    expect(JSON.parse(readFileSync(join(dir, "quarantine.jsonl"), "utf8"))).toMatchObject({
      line: 'm value="seven" 7',
    });
  });
});

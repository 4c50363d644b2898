import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import { influx1 } from "../../src/store/influx1.ts";
import { lineEncoder } from "../../src/store/line-encoder.ts";
import { linesOf, textsOf } from "../../src/store/lines.ts";
import { slicesOf } from "../../src/store/past.ts";
import { openPastInflux1 } from "../../src/store/past-influx1.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { startInfluxd } from "../setup/services.ts";
import { influxQuery } from "./influxd.ts";
import { bad, good, meta } from "./readings.ts";

const t0 = 1_700_000_000_000;
const doubtful: Reading = {
  ...good("ups-a/output.load", t0 + 500, 41),
  quality: "uncertain",
  reason: "notAccurate",
} as Reading;
const readings: readonly Reading[] = [
  good("ups-a/output.load", t0, 40),
  doubtful,
  good("ups-b/output.power", t0 + 700, 12.25),
  bad("ups-a/output.load", t0 + 1000),
  good("ups-a/output.load", t0 + 7_200_000, 42),
];

describeWith("influxd", "a copy in a real InfluxDB 1", () => {
  let influxd: Running;
  beforeAll(async () => {
    influxd = await startInfluxd();
    await influxQuery(influxd.url, "CREATE DATABASE past");
    for (const site of ["here", "elsewhere"]) {
      const encode = lineEncoder(site, meta);
      const written = site === "here" ? readings : [good("ups-a/output.load", t0 - 5000, 99)];
      const lines: string[] = [];
      encode(written, (some) => lines.push(...textsOf(some)));
      expect(await influx1({ url: influxd.url, database: "past" })(linesOf(lines))).toEqual({ kind: "sent" });
    }
  });
  afterAll(() => influxd.stop());

  const opened = () =>
    openPastInflux1({ url: influxd.url, database: "past" }, "here", ["output.load", "output.power", "scan.time"]);

  test("is read back as it was written, of this site alone, in the order of time", async () => {
    const past = opened();
    const span = await past.span();
    expect(span).toEqual({ oldest: t0, newest: t0 + 7_200_000 });
    const read: Reading[] = [];
    for await (const slice of slicesOf(past, span!.oldest, span!.newest)) read.push(...slice);
    expect(read).toEqual(readings);
  });

  test("begins where it is asked to, and ends before the other instant", async () => {
    const some = await opened().readings(t0 + 500, t0 + 1000);
    expect(some.map(({ at }) => at)).toEqual([instant(t0 + 500), instant(t0 + 700)]);
  });

  test("that is not there says so", async () => {
    const past = openPastInflux1({ url: influxd.url, database: "none" }, "here", ["output.load"]);
    await expect(past.span()).rejects.toThrow("database not found");
  });
});

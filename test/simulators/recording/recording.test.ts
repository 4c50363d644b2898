import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Recording } from "../../../simulators/recording/index.ts";
import { readRecording, withoutSecrets, writeRecording } from "../../../simulators/recording/index.ts";
import { checkpoint } from "../../../src/core/checkpoint.ts";
import { start } from "../../../src/core/plant.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant } from "../../../src/core/time.ts";
import { folderWith } from "../../cli/folder.ts";
import { good, input, t0 } from "../../core/fixture.ts";
import { movesOnFire } from "../../whole/small-site.ts";

const at = instant(t0 + 500);
const readings: readonly Reading[] = [
  good("x", 0.1, 500),
  good("x", 2, 400),
  { point: good("y", 0, 0).point, at, quality: "uncertain", value: 7, reason: "outOfRange" },
  { point: good("y", 0, 0).point, at, quality: "bad", reason: "noCommunication" },
];
const recording: Recording = {
  site: "test",
  timezone: "Asia/Seoul",
  starts: at,
  ends: instant(t0 + 1500),
  lines: [
    {
      input: input(500, { readings }),
      output: { transitions: [], commands: [], notices: [] },
      state: checkpoint(start(movesOnFire(), instant(t0))),
    },
    { input: { ...input(1500), leads: false }, output: null, state: null },
  ],
};

function written(): string {
  const file = join(folderWith(), "readings.ndjson.gz");
  writeRecording(file, recording);
  return file;
}

describe("a recording's file", () => {
  test("gives back every scan that was written, whatever its readings' quality and age", () => {
    expect(readRecording(written())).toEqual(JSON.parse(JSON.stringify(recording)));
  });

  test("names each point once and counts time from its start", () => {
    const [head, first] = gunzipSync(readFileSync(written())).toString().split("\n");
    expect(JSON.parse(head!)).toMatchObject({ recording: 1, points: ["x", "y"] });
    expect(JSON.parse(first!)).toMatchObject({
      t: 0,
      r: [
        [0, 0.1],
        [0, 2, 100],
        [1, 7, 0, "outOfRange"],
        [1, null, 0, "noCommunication"],
      ],
    });
  });

  test.each([
    ["is no gzip", () => Buffer.from("hello"), /it cannot be unpacked/],
    ["is cut off", (whole: Buffer) => whole.subarray(0, whole.length - 20), /it cannot be unpacked/],
    [
      "is of another version",
      (whole: Buffer) => altered(whole, '"recording":1', '"recording":2'),
      /:1: this is no recording/,
    ],
    ["runs backwards", (whole: Buffer) => altered(whole, '"t":1000', '"t":-1'), /:3: a scan's time/],
    ["lacks its first state", (whole: Buffer) => altered(whole, '"state":', '"states":'), /:2: the first scan lacks/],
    [
      "names a point that is not there",
      (whole: Buffer) => altered(whole, "[1,7,0", "[9,7,0"),
      /:2: a reading is of no point/,
    ],
    [
      "has a line that is no JSON",
      (whole: Buffer) => altered(whole, '{"t":1000', '{"t"1000'),
      /:3: this line is no JSON/,
    ],
  ] as const)("that %s is refused, with the line", (_, change, message) => {
    const file = written();
    writeFileSync(file, change(readFileSync(file)));
    expect(() => readRecording(file)).toThrow(message);
  });
});

function altered(whole: Buffer, from: string, to: string): Buffer {
  const text = gunzipSync(whole).toString();
  expect(text).toContain(from);
  return gzipSync(text.replace(from, to));
}

describe("the copy of a site file", () => {
  test("has no community in it that only those who should know it know; references and comments stay", () => {
    const site =
      '# ours\ndevices:\n  a: { snmp: { community: s3cr3t } }\n  b: { snmp: { community: public } }\n  c: { snmp: { community: "${env:C}" } }\n';
    const copy = withoutSecrets(site);
    expect(copy).toBe(site.replace("s3cr3t", "public"));
  });
});

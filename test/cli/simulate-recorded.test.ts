import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { readRecording } from "../../simulators/recording/index.ts";
import { scenarioRecord } from "../../src/cli/scenario-record.ts";
import { simulateSite } from "../../src/cli/simulate-site.ts";
import type { SimulateSiteWords } from "../../src/cli/simulate-words.ts";
import type { Reading } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import type { Journalled } from "../simulators/recording/journalled.ts";
import { journalled } from "../simulators/recording/journalled.ts";
import { folderWith } from "./folder.ts";
import type { Haechi } from "./haechi.ts";
import { haechi, start } from "./haechi.ts";
import { told } from "./told.ts";

/** A site is read, served, watched and stopped in some seconds, and in more on a busy machine. */
const longMs = 180_000;

let was: Journalled;
let recorded: string;
beforeAll(async () => {
  was = await journalled();
  // Beside the journal, with which it goes.
  recorded = join(dirname(was.journal), "failed-utility");
  const words = { site: demoSiteFile(), out: recorded };
  expect(await told(async () => scenarioRecord(was.journal, words))).toMatchObject({ code: 0 });
}, longMs);

interface Greeted {
  readonly siteFile: string;
  readonly devices: Readonly<Record<string, object>>;
  readonly points: { readonly recorded: number };
  readonly recording: { readonly starts: Instant; readonly ends: Instant };
}

async function simulated(...words: readonly string[]): Promise<Greeted & { readonly process: Haechi }> {
  const process = start(["simulate", recorded, "--json", ...words]);
  return { ...(JSON.parse(await process.says(/^\{"site"/)) as Greeted), process };
}

/** All that was ever read of a point. */
function valuesOf(point: string): ReadonlySet<number> {
  const { lines } = readRecording(join(recorded, "readings.ndjson.gz"));
  const readings = lines.flatMap(({ input }) => input.readings).filter((reading: Reading) => reading.point === point);
  return new Set(readings.flatMap((reading) => (reading.quality === "bad" ? [] : [reading.value])));
}

describe("haechi simulate, of a recorded site, as a user has it", { timeout: longMs }, () => {
  test("puts it on the wire as it was, where Haechi sees happen again what happened", async () => {
    const out = join(folderWith(), "out.yaml");
    const { siteFile, devices, points, recording, process } = await simulated("--out", out, "--loop", "--speed", "10");
    expect(siteFile).toBe(out);
    expect(Object.keys(devices)).toHaveLength(was.scenario.site.devices.length);
    expect(points.recorded).toBeGreaterThan(300);
    expect(recording.ends - recording.starts).toBeGreaterThan(350_000);
    expect(readFileSync(out, "utf8")).toMatch(/^# Written by haechi simulate from .*failed-utility\/site\.yaml/);
    expect(await haechi(["check", out])).toMatchObject({ code: 0 });
    const watching = start(["run", out, "--state", join(folderWith(), "state"), "--port", "0", "--json"]);
    const { url } = JSON.parse(await watching.says(/^\{"url"/)) as { url: string };
    const get = async (path: string) => (await (await fetch(`${url}/api/v1/${path}`)).json()) as { v?: number };
    const power = "ups-a/output.power";
    const shown: number[] = [];
    const look = async (): Promise<number> => {
      const { v } = await get(`points/${power}`);
      // Before it is read, and while it was silent in the recording, there is none.
      if (typeof v === "number") shown.push(v);
      return shown.length;
    };
    await expect.poll(look, { timeout: 60_000 }).toBeGreaterThan(2);
    const values = valuesOf(power);
    expect(shown.filter((value) => !values.has(value))).toEqual([]);
    await watching.says(/Utility lost: normal → unacknowledged/);
    watching.kill("SIGINT");
    expect((await watching.ended).code).toBe(0);
    process.kill("SIGINT");
    expect(await process.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("begins anew at its end where it is told to, and takes faults until it is stopped", async () => {
    const faults = join(
      folderWith({ "f.yaml": "faults: [{ at: 10s, fault: drop, on: ups-a, for: 15min }]" }),
      "f.yaml",
    );
    const { process } = await simulated("--loop", "--speed", "200", "--faults", faults);
    await process.says(/"begins: drop on ups-a"/);
    // The recording has been over for long when this is.
    await process.says(/"ends: drop on ups-a"/);
    expect(process.stdout).not.toContain("is over");
    process.kill("SIGTERM");
    expect(await process.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("tells people what is shown and how to watch it, and ends with the recording", async () => {
    const process = start(["simulate", recorded, "--speed", "100"]);
    const line = await process.says(/^demo: /);
    expect(line).toMatch(
      /^demo: \d+ devices on 127\.0\.0\.1; \d+ of their points show what was recorded from 2026-03-02 09:00:0\d to 2026-03-02 09:06:00$/,
    );
    await process.says(/^watch it: haechi run \S+\.yaml --state var\/demo-simulated$/);
    const { code, stdout, stderr } = await process.ended;
    expect([code, stderr, stdout.trim().split("\n").at(-1)]).toEqual([0, "", "end: the recording is over"]);
  });
});

const usual: SimulateSiteWords = { speed: 1, rows: 3, faultRate: 60 };
const asked = (path: string, words: Partial<SimulateSiteWords>) =>
  told(() => simulateSite(path, { ...usual, ...words }));

describe("haechi simulate, of a recorded site, asked for what it cannot do", { timeout: longMs }, () => {
  test("lets no scenario befall what was recorded, and loops no plant: 2", async () => {
    expect(await asked(recorded, { scenario: "calm" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("what was recorded stands"),
    });
    expect(await asked(demoSiteFile(), { loop: true })).toMatchObject({
      code: 2,
      err: expect.stringContaining("--loop is for recorded sites"),
    });
  });

  test("says what is wrong with a folder: 78", async () => {
    const text = readFileSync(join(recorded, "scenario.yaml"), "utf8");
    const folder = folderWith({
      "scenario.yaml": text,
      "site.yaml": readFileSync(join(recorded, "site.yaml"), "utf8"),
    });
    expect(await asked(folder, {})).toMatchObject({
      code: 78,
      err: expect.stringMatching(/scenario\.yaml:\d+:\d+ recording: .*readings\.ndjson\.gz is missing/),
    });
  });
});

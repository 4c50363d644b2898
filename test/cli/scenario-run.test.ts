import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scenarioFolders } from "../scenarios/rehearsed.ts";
import { freePort } from "../setup/services.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";
import { scenarioFolder, soonDark } from "./scenario-folder.ts";

/** Each starts processes that read the whole library of devices, also on a busy machine. */
const longMs = 120_000;

describe("haechi scenario run", () => {
  test(
    "prints what an operator would have seen, writes the same to a file, and ends with 0",
    async () => {
      const scenario = scenarioFolder(soonDark("alarm utility-lost raised by 09:00:06", "no commands"));
      const out = join(folderWith(), "transcript.txt");
      const ended = await haechi(["scenario", "run", scenario, "--out", out]);
      expect(ended.code).toBe(0);
      expect(ended.stdout).toMatch(/^09:00:02 {2}plant {5}the utility fails$/m);
      expect(ended.stdout).toMatch(/^09:00:0\d {2}alarm {5}2 Utility lost: normal → unacknowledged/m);
      expect(ended.stdout).toContain("kept      alarm utility-lost raised by 09:00:06\n");
      expect(readFileSync(out, "utf8")).toBe(ended.stdout);
    },
    longMs,
  );

  test(
    "ends with 1 where a promise is broken, and says which and why",
    async () => {
      const promise = "alarm battery-room-fire raised by 09:00:30";
      const scenario = scenarioFolder(soonDark("alarm utility-lost raised by 09:00:30", promise));
      const [ended, json] = await Promise.all([
        haechi(["scenario", "run", scenario]),
        haechi(["scenario", "run", scenario, "--json"]),
      ]);
      expect([ended.code, json.code]).toEqual([1, 1]);
      expect(ended.stdout).toContain(`BROKEN    ${promise}: it was never raised\n`);
      expect(JSON.parse(json.stdout)).toMatchObject({
        scenario: "own",
        transitions: expect.arrayContaining([expect.objectContaining({ alarm: "utility-lost", to: "unacknowledged" })]),
        commands: [],
        promises: [{ broken: null }, { text: promise, broken: "it was never raised" }],
      });
    },
    longMs,
  );

  test(
    "ends with 2 for a scenario that there is not, and says which was meant",
    async () => {
      const ended = await haechi(["scenario", "run", "utilty-lost"]);
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toContain('there is no scenario "utilty-lost" (did you mean "utility-lost"?)');
    },
    longMs,
  );

  test(
    "ends with 78 for a scenario that is wrong, with every mistake of it",
    async () => {
      const text = soonDark("alarm utility-lost raised at 09:00:06").replace("at: 2s", "at: soon");
      const ended = await haechi(["scenario", "run", scenarioFolder(text)]);
      expect(ended).toMatchObject({ code: 78, stdout: "" });
      expect(ended.stderr).toMatch(/scenario\.yaml:9:\d+ .*"soon" is neither 5min nor "15:19:00"/);
      expect(ended.stderr).toMatch(/scenario\.yaml:10:\d+ .*is no promise that can be checked/);
    },
    longMs,
  );

  test(
    "takes a file as well as a folder, and other values for its parameters",
    async () => {
      const text = soonDark("alarm utility-lost raised within ${within} of +2s").replace(
        "seed: 1",
        "seed: 1\nparams: { within: 20s }",
      );
      const file = join(scenarioFolder(text), "scenario.yaml");
      const [broken, unknown] = await Promise.all([
        haechi(["scenario", "run", file, "--set", "within=100ms"]),
        haechi(["scenario", "run", file, "--set", "withn=1s"]),
      ]);
      expect([broken.code, unknown.code]).toEqual([1, 78]);
      expect(broken.stdout).toMatch(
        /^BROKEN {4}alarm utility-lost raised within 100ms of \+2s: it was raised [\d.]+ s too late$/m,
      );
      expect(unknown.stderr).toContain('--set withn: there is no parameter "withn" (did you mean "within"?)');
    },
    longMs,
  );

  test(
    "tells of several scenarios how each went, and writes them down for build servers and for people",
    async () => {
      const good = scenarioFolder(soonDark("no commands"));
      const bad = scenarioFolder(soonDark("no alarms"));
      const folder = folderWith();
      const [xml, html] = [join(folder, "promises.xml"), join(folder, "report.html")];
      const ended = await haechi(["scenario", "run", good, bad, "--junit", xml, "--html", html]);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toMatch(/^kept {4}own +1 of 1 /m);
      expect(ended.stdout).toMatch(/^BROKEN {2}own +0 of 1 /m);
      expect(ended.stdout).toMatch(/^BROKEN {4}own: no alarms: utility-lost went normal → unacknowledged$/m);
      expect(readFileSync(xml, "utf8")).toContain('tests="2" failures="1"');
      expect(readFileSync(html, "utf8").match(/<article /g)).toHaveLength(2);
    },
    longMs,
  );

  test(
    "runs from many seeds, and tells how many kept each promise and which did not",
    async () => {
      const text = soonDark("alarm utility-lost raised by 09:00:20", "no commands").replace("at: 2s", 'at: "${lost}"');
      const folder = scenarioFolder(text.replace("seed: 1", "seed: 1\ndraw: { lost: uniform 2s..40s }"));
      const [told, wrong] = await Promise.all([
        haechi(["scenario", "run", folder, "--seeds", "1..8"]),
        haechi(["scenario", "run", folder, "--seeds", "8..1"]),
      ]);
      expect([told.code, wrong.code]).toEqual([1, 2]);
      expect(told.stdout).toMatch(/^kept {4}8 of 8 {2}no commands$/m);
      const [, kept, seeds] = /^BROKEN {2}(\d) of 8 .*\n +seed ([\d, ]+); first: it was raised/m.exec(told.stdout)!;
      expect(seeds!.split(", ")).toHaveLength(8 - Number(kept));
      expect(Number(kept)).toBeGreaterThan(0);
    },
    longMs,
  );

  test(
    "beside a live site wants the site, a word that readings are injected, and a service that answers",
    async () => {
      const scenario = scenarioFolder(
        soonDark().replace("{ utility: fail }", "{ reading: io-battery/flame.state, shows: 1 }"),
      );
      const site = join(scenario, "../../sites/demo.yaml");
      const url = `http://127.0.0.1:${await freePort()}`;
      const shadow = ["scenario", "run", scenario, "--on", "shadow"];
      const [noSite, noWord, nobody, core] = await Promise.all([
        haechi([...shadow, "--inject"]),
        haechi([...shadow, site]),
        haechi([...shadow, site, "--inject", "--url", url]),
        haechi(["scenario", "run", scenario, "--inject"]),
      ]);
      expect([noSite.code, noWord.code, nobody.code, core.code]).toEqual([2, 2, 69, 2]);
      expect(nobody.stderr).toContain(`no live service at ${url}`);
    },
    longMs,
  );
});

describe("haechi scenario list", () => {
  test(
    "names every scenario that comes with the product, its site, its span and what it is about",
    async () => {
      const [told, json] = await Promise.all([haechi(["scenario", "list"]), haechi(["scenario", "list", "--json"])]);
      const rows = JSON.parse(json.stdout) as readonly { name: string; about: string }[];
      expect(rows.map(({ name }) => name)).toEqual(scenarioFolders);
      expect(told.stdout).toMatch(/^pangyo-2022 +demo +9h +\d+ +The fire of 2022-10-15/m);
      for (const { about } of rows) expect(told.stdout).toContain(about);
    },
    longMs,
  );
});

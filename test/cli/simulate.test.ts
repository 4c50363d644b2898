import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";
import { scenarioFolder, soonDark } from "./scenario-folder.ts";

describe("haechi simulate", () => {
  test("prints what an operator would have seen, writes the same to a file, and ends with 0", async () => {
    const scenario = scenarioFolder(soonDark("alarm utility-lost raised by 09:00:06", "no commands"));
    const out = join(folderWith(), "transcript.txt");
    const ended = await haechi(["scenario", "run", scenario, "--out", out]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^09:00:02 {2}plant {5}the utility fails$/m);
    expect(ended.stdout).toMatch(/^09:00:0\d {2}alarm {5}2 Utility lost: normal → unacknowledged/m);
    expect(ended.stdout).toContain("kept      alarm utility-lost raised by 09:00:06\n");
    expect(readFileSync(out, "utf8")).toBe(ended.stdout);
  });

  test("ends with 1 where a promise is broken, and says which and why", async () => {
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
  });

  test("ends with 2 for a scenario that there is not, and says which was meant", async () => {
    const ended = await haechi(["scenario", "run", "utilty-lost"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain('there is no scenario "utilty-lost" (did you mean "utility-lost"?)');
  });

  test("ends with 78 for a scenario that is wrong, with every mistake of it", async () => {
    const text = soonDark("alarm utility-lost raised at 09:00:06").replace("at: 2s", "at: soon");
    const ended = await haechi(["scenario", "run", scenarioFolder(text)]);
    expect(ended).toMatchObject({ code: 78, stdout: "" });
    expect(ended.stderr).toMatch(/scenario\.yaml:9:\d+ .*"soon" is neither 5min nor "15:19:00"/);
    expect(ended.stderr).toMatch(/scenario\.yaml:10:\d+ .*is no promise that can be checked/);
  });
});

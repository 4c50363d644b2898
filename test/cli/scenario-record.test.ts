import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { Journalled } from "../simulators/recording/journalled.ts";
import { journalled } from "../simulators/recording/journalled.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

let was: Journalled;
beforeAll(async () => {
  was = await journalled();
});

const record = (out: string, ...more: readonly string[]) =>
  haechi(["scenario", "record", was.journal, "--site", demoSiteFile(), "--out", out, ...more]);

describe("haechi scenario record", () => {
  test("writes a scenario that plays as it was recorded, and that says where a changed site differs", async () => {
    const out = join(folderWith(), "failed-utility");
    const made = await record(out);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain("  alarm utility-lost raised by 09:01:0");
    expect(made.stdout).toContain("as they were recorded");
    const played = await haechi(["scenario", "run", out]);
    expect(played.code).toBe(0);
    expect(played.stdout).toContain("kept      alarm utility-lost raised by");
    expect(played.stdout).not.toContain("DIFFERS");
    const site = join(out, "site.yaml");
    writeFileSync(
      site,
      readFileSync(site, "utf8").replace(/(utility-lost:\n(?: {4}.*\n)*? {4}onDelay:) \S+/, "$1 45s"),
    );
    const changed = await haechi(["scenario", "run", out]);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(
      /DIFFERS {3}2026-03-02T00:01:\S+Z utility-lost normal → unacknowledged was recorded/,
    );
    expect(changed.stdout).toMatch(/BROKEN {4}alarm utility-lost raised by/);
  });

  test("takes the stretch that is asked for, and writes over nothing", async () => {
    const out = join(folderWith(), "end");
    const made = await record(out, "--from", "2026-03-02T09:03:00+09:00", "--json");
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ differences: [], broken: [] });
    expect(readFileSync(join(out, "scenario.yaml"), "utf8")).toContain("starts: 2026-03-02T09:03:0");
    expect(await record(out)).toMatchObject({ code: 2, stderr: `${out}: there is something in it already\n` });
  });

  test("ends with 2 for what is no journal or no instant, and with 1 where there is nothing of that time", async () => {
    const out = join(folderWith(), "none");
    const none = await haechi(["scenario", "record", "/nowhere", "--site", demoSiteFile(), "--out", out]);
    expect(none).toMatchObject({ code: 2, stderr: "/nowhere: there is no such journal\n" });
    const never = await record(out, "--from", "yesterday");
    expect(never.code).toBe(2);
    expect(never.stderr).toContain("--from yesterday is no instant");
    const late = await record(out, "--from", "2030-01-01T00:00:00Z");
    expect(late.code).toBe(1);
    expect(late.stderr).toContain("there are no scans in it of that time");
  });
});

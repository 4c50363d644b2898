import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;

/** The demo's site file with a piece of its text replaced. */
function siteWith(from: string, to: string): string {
  const text = readFileSync(demoSiteFile(), "utf8");
  expect(text).toContain(from);
  return join(folderWith({ "site.yaml": text.replace(from, to) }), "site.yaml");
}

describe("haechi plan failover", { timeout: longMs }, () => {
  test("says how long a failover takes, as a rule and at worst, and by which steps", async () => {
    const { code, stdout } = await haechi(["plan", "failover", demoSiteFile(), "move-tier-0"]);
    expect(code).toBe(0);
    expect(stdout).toContain("as a rule 105 s: login > message\n");
    expect(stdout).toContain("at worst  372 s: login > message\n");
  });

  test("prints what is found of every response as data", async () => {
    const { code, stdout } = await haechi(["plan", "failover", demoSiteFile(), "--json"]);
    expect(code).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { kind: string; response: string }[] };
    expect(findings).toEqual([]);
    const inShed = await haechi([
      "plan",
      "failover",
      siteWith("haechi: { loads: [r101] }", "haechi: { loads: [r105] }"),
      "--json",
    ]);
    expect((JSON.parse(inShed.stdout) as { findings: object[] }).findings).toContainEqual(
      expect.objectContaining({ kind: "own-fate", response: "stretch-batteries" }),
    );
  });

  test("says of a finding where its response stands in the file, and which sheds may darken too much together", async () => {
    const site = siteWith(
      "      with: [stretch-batteries, spare-string-a, spare-ups-a, spare-ups-b]\n",
      "      with: [spare-string-a]\n",
    );
    const { code, stdout } = await haechi(["plan", "failover", site]);
    expect(code).toBe(0);
    const lines = readFileSync(site, "utf8").split("\n");
    const found = /^(.*):(\d+):3 scope \((.+?)\): several alarms between them may darken \d+ % .* to the sum$/m.exec(
      stdout,
    );
    expect(found?.[1]).toBe(site);
    expect(lines[Number(found?.[2]) - 1]).toBe(`  ${found?.[3]}:`);
  });

  test("refuses a response that is not there", async () => {
    expect(await haechi(["plan", "failover", demoSiteFile(), "move-all"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no response "move-all"'),
    });
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;

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
    expect(findings).toContainEqual(expect.objectContaining({ kind: "own-fate", response: "stretch-batteries" }));
  });

  test("says of a finding where its response stands in the file, and which sheds may darken too much together", async () => {
    const { code, stdout } = await haechi(["plan", "failover", demoSiteFile()]);
    expect(code).toBe(0);
    const lines = readFileSync(demoSiteFile(), "utf8").split("\n");
    const found = /^(.*):(\d+):3 scope \((.+?)\): several alarms between them may darken \d+ % .* to the sum$/m.exec(
      stdout,
    );
    expect(found?.[1]).toBe(demoSiteFile());
    expect(lines[Number(found?.[2]) - 1]).toBe(`  ${found?.[3]}:`);
  });

  test("refuses a response that is not there", async () => {
    expect(await haechi(["plan", "failover", demoSiteFile(), "move-all"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no response "move-all"'),
    });
  });
});

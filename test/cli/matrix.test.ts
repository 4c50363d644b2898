import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;

describe("haechi matrix", { timeout: longMs }, () => {
  test("prints causes against effects, and what each effect is", async () => {
    const { code, stdout, stderr } = await haechi(["matrix", demoSiteFile()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(
      /^cause +priority +vote +on +off +move-tier-0 +move-tier-1 +drain-site +stretch-batteries /,
    );
    expect(lines[0]).toMatch(/ spare-string-a +spare-string-b +spare-ups-a +spare-ups-b$/);
    expect(lines.find((line) => line.startsWith("generator-not-carrying"))).toMatch(
      /critical +1 of 1 +0 s +10 s +act, 30 s$/,
    );
    expect(lines.find((line) => line.startsWith("ups-a-runtime-low"))).toMatch(
      /critical +2 of 2, diverse +2 s +30 s +act, 0 s$/,
    );
    expect(stdout).toMatch(/\nspare-string-a +shed +loads may go dark +act +yes +60 s +hold +r103 /);
    expect(stdout).toMatch(
      /\nspare-string-a accepts one sensor: Warmth, cells, vapour and silence are weighed together/,
    );
  });

  test("prints the same as JSON, and as a sheet with as many columns in every row", async () => {
    const [json, csv] = await Promise.all([
      haechi(["matrix", demoSiteFile(), "--json"]),
      haechi(["matrix", demoSiteFile(), "--csv"]),
    ]);
    const { causes, effects } = JSON.parse(json.stdout) as {
      causes: { alarm: string }[];
      effects: { response: string }[];
    };
    expect(effects.map(({ response }) => response)).toContain("drain-site");
    const rows = csv.stdout
      .trimEnd()
      .split("\n")
      .map((row) => row.replaceAll(/"([^"]|"")*"/g, "quoted").split(","));
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([7 + effects.length]));
    expect(rows.slice(-causes.length).map(([alarm]) => alarm)).toEqual(causes.map(({ alarm }) => alarm));
  });

  test("refuses two forms at once, and a site file that is wrong", async () => {
    const [both, none] = await Promise.all([
      haechi(["matrix", demoSiteFile(), "--json", "--csv"]),
      haechi(["matrix", "/nowhere/site.yaml"]),
    ]);
    expect(both).toMatchObject({ code: 2, stdout: "", stderr: "--json and --csv are two forms: say one\n" });
    expect(none).toMatchObject({ code: 78, stdout: "", stderr: "/nowhere/site.yaml: there is no such file\n" });
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ruleFile } from "../rules/rules.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

const rules = (expectation: string): string =>
  ruleFile(
    [
      "site: demo.yaml",
      "tests:",
      "  - name: hot",
      "    lasts: 1min",
      "    inputs: { crac-1/temperature.inlet: 22x10 31* }",
      `    expect: [${expectation}]`,
    ].join("\n"),
  );

describe("haechi test-rules", () => {
  test("ends with 0 where everything holds", async () => {
    const ended = await haechi(["test-rules", rules("alarm hall-1-hot.H raised by +20s")]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("  ok      hot\n1 passed, 0 failed\n");
  });

  test("ends with 1 and says what happened instead, also to a build server", async () => {
    const junit = join(folderWith(), "rules.xml");
    const ended = await haechi(["test-rules", rules("alarm hall-1-hot.H raised by +15s"), "--junit", junit]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/rules\.yaml:6:14: alarm hall-1-hot\.H raised by \+15s: it was raised 5 s too late\n/);
    expect(ended.stdout).toContain(
      "      +20s hall-1-hot.H normal → unacknowledged (crac-1/temperature.inlet = 31 Cel)",
    );
    expect(readFileSync(junit, "utf8")).toContain('<testsuites name="haechi rules" tests="1" failures="1">');
  });

  test("ends with 78 for a file with mistakes, and plays nothing", async () => {
    const ended = await haechi(["test-rules", rules("alarm hall-1-hott.H raised by +15s")]);
    expect(ended.code).toBe(78);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(/rules\.yaml:6:14 tests\.0\.expect\.0: the site has no alarm "hall-1-hott\.H"/);
    expect((await haechi(["test-rules", "/nowhere.yaml"])).code).toBe(78);
  });

  test("says with --coverage which alarms no test has shown to work", async () => {
    const ended = await haechi(["test-rules", rules("alarm hall-1-hot.H raised by +20s"), "--coverage"]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/: 1 of 48 alarms are raised in a test that names them\n/);
    expect(ended.stdout).toContain("  no test: utility-lost\n");
    expect(ended.stdout).not.toContain("no test: hall-1-hot.H\n");
  });
});

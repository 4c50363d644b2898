import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { openHistorian } from "../../src/store/historian.ts";
import type { Journalled } from "../simulators/recording/journalled.ts";
import { journalled } from "../simulators/recording/journalled.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

let was: Journalled;
beforeAll(async () => {
  was = await journalled();
});

/** A site file in which the loss of the utility is waited for longer. */
function slower(): string {
  const text = readFileSync(demoSiteFile(), "utf8");
  const changed = text.replace(/(utility-lost:\n(?: {4}.*\n)*? {4}onDelay:) \S+/, "$1 45s");
  return join(folderWith({ "new.yaml": changed }), "new.yaml");
}

describe("haechi hindcast", () => {
  test("says of a journal which alarms would have come otherwise, and by how much", async () => {
    const rules = slower();
    const said = await haechi(["hindcast", was.journal, "--rules", rules]);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/utility-lost +1 +1 +0 +0 +0 +1 +\+4\d(\.\d+)? s/);
    expect(said.stdout).toMatch(/time in flood +0% +0% +1%/);
    expect(said.stdout).toContain("what they would have done to the plant, no history tells");
    expect(said.stderr).toMatch(/^\d+ readings in \d+\.\d s, \d+ a second\n$/);
  });

  test("says which responses the new rules would have begun, and does not begin them", async () => {
    const text = readFileSync(slower(), "utf8").replace(
      "[battery-room-fire, battery-off-gas,",
      "[utility-lost, battery-room-fire, battery-off-gas,",
    );
    const rules = join(folderWith({ "new.yaml": text }), "new.yaml");
    const said = await haechi(["hindcast", was.journal, "--rules", rules]);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/response +old +new +missed/);
    expect(said.stdout).toMatch(/move-tier-0 +0 \(act\) +1 \(act\) +0 +1 +0 +0/);
    expect(said.stdout).toMatch(/added .* response move-tier-0 \(utility-lost\)/);
  });

  test("says of the embedded history what it cannot know, beside what it does", async () => {
    const rules = slower();
    const path = join(folderWith(), "history.duckdb");
    const historian = openHistorian(path, { retentionMs: 1e15, bytesMax: 1e12, now: () => was.scenario.ends });
    for (const { readings } of was.inputs) historian.record(readings);
    await historian.close();
    const said = await haechi(["hindcast", path, "--site", demoSiteFile(), "--rules", rules, "--json"]);
    expect(said.code).toBe(0);
    const cast = JSON.parse(said.stdout) as {
      alarms: { alarm: string; later: number; both: number }[];
      notes: string[];
    };
    expect(cast.alarms.find(({ alarm }) => alarm === "utility-lost")).toMatchObject({ both: 1, later: 1 });
    expect(cast.notes.join(" ")).toContain("A history keeps no requests");
  });

  test("ends with 2 without one source, or without the old rules of a history", async () => {
    const rules = slower();
    expect((await haechi(["hindcast", "--rules", rules])).code).toBe(2);
    const file = join(folderWith({ "history.duckdb": "" }), "history.duckdb");
    const unsaid = await haechi(["hindcast", file, "--rules", rules]);
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining("say --site") });
  });
});

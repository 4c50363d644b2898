import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { watching } from "./answers.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();

describe("haechi margin", { timeout: longMs }, () => {
  test("says by how much the other UPS carries what one does, and that a loop of one machine has no other", async () => {
    const url = await watching({ "ups-a/output.power": 30, "ups-b/output.power": 28 });
    const [told, json] = await Promise.all([
      haechi(["margin", demo, "--url", url]),
      haechi(["margin", demo, "--url", url, "--json"]),
    ]);
    expect(told).toMatchObject({ code: 1, stderr: "" });
    expect(told.stdout).toMatch(/^ups ups-a, ups-b: without ups-[ab] the others carry it, \d+\.\d kW left\n/);
    expect(told.stdout).toContain("cooling crac-1: without crac-1 there is no other\n");
    expect(JSON.parse(json.stdout)).toMatchObject({ site: "demo", margins: [{ kind: "ups", is: "carries" }, {}, {}] });
  });

  test("is not asked of a file alone, nor of a service that watches another site", async () => {
    const url = await watching();
    const other = readFileSync(demo, "utf8").replace("site: { id: demo,", "site: { id: other,");
    const file = join(
      folderWith({ "site.yaml": other.replaceAll(", inverse: demo }", ", inverse: other }") }),
      "site.yaml",
    );
    const [alone, wrong] = await Promise.all([haechi(["margin", demo]), haechi(["margin", file, "--url", url])]);
    expect(alone).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--url") });
    expect(wrong).toMatchObject({ code: 2, stdout: "", stderr: `${url} watches the site demo, not other\n` });
  });
});

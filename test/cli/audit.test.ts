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

describe("haechi audit", { timeout: longMs }, () => {
  test("tells what of the demo is doubled on paper only: among it the ceiling that it shares with Pangyo", async () => {
    const { code, stdout, stderr } = await haechi(["audit", demo]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(
      "shared-place (plenum b3-ceiling): 13 racks that stand elsewhere lose every feed with plenum b3-ceiling (battery-room, ups-room)\n" +
        "  Feeds that are two on the one-line diagram are one for fire, smoke and water.\n" +
        "  services: 5 (login, message, pay, mail, map)\n",
    );
    const kinds = [...stdout.matchAll(/^([a-z-]+) \(/gm)].map(([, kind]) => kind);
    expect(new Set(kinds)).toEqual(
      new Set([
        "shared-place",
        "shared-batteries",
        "one-place",
        "one-feed",
        "shared-node",
        "one-cooler",
        "one-control-plane",
        "own-fate",
        "no-room",
        "unsaid",
      ]),
    );
    expect(stdout).toContain(`\n${kinds.length} findings\n`);
    expect(stdout).toMatch(/was not looked at: --url asks a running service\n$/);
  });

  test("is counted by haechi check, which finds the file good all the same", async () => {
    const [check, json, findings] = await Promise.all([
      haechi(["check", demo]),
      haechi(["check", demo, "--json"]),
      haechi(["audit", demo, "--json"]),
    ]);
    const { length } = (JSON.parse(findings.stdout) as { findings: unknown[] }).findings;
    expect(check.stdout).toContain(`\n${length} findings of redundancy: haechi audit ${demo}\n`);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, findings: length });
  });

  test("asks a running service of the same site, and refuses one of another", async () => {
    const url = await watching();
    const other = readFileSync(demo, "utf8")
      .replace("site: { id: demo,", "site: { id: other,")
      .replaceAll(", inverse: demo }", ", inverse: other }");
    const file = join(folderWith({ "site.yaml": other }), "site.yaml");
    const [live, wrong] = await Promise.all([
      haechi(["audit", demo, "--url", url]),
      haechi(["audit", file, "--url", url]),
    ]);
    expect(live.code).toBe(0);
    expect(live.stdout).toContain("shared-place (plenum b3-ceiling)");
    expect(live.stdout).not.toContain("was not looked at");
    expect(wrong).toMatchObject({ code: 2, stdout: "", stderr: `${url} watches the site demo, not other\n` });
  });
});

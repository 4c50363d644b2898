import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { inFolder } from "../../src/cli/in-folder.ts";
import { readyScenario } from "../../src/cli/simulate-ready.ts";

const toldSite = `${readFileSync(demoSiteFile(), "utf8")}
notify:
  webhooks:
    - { url: "https://pager.example/hook", secret: "\${env:PAGER_SECRET}" }
`;

describe("a scenario's site made ready to be simulated", () => {
  test("tells nobody and copies to no database, whatever its file says", async () => {
    const { site, made } = await inFolder("test", (folder) => readyScenario({ siteText: toldSite }, folder));
    expect(site.notify.webhooks).toEqual([]);
    expect(made.leftOut).toEqual(["notify"]);
  });

  test("is spoken to with keys that are made up where none are at hand, and are gone with its folder", async () => {
    const { keys, made } = await inFolder("test", (folder) => readyScenario({ siteText: toldSite }, folder));
    expect(made.madeUp.length).toBeGreaterThan(0);
    expect(keys.addresses.size).toBeGreaterThan(10);
  });
});

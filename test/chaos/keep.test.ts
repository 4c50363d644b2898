import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { folderWith } from "../cli/folder.ts";
import { demoGround } from "./demo-ground.ts";
import { keep } from "./keep.ts";
import { playSwarm } from "./stage.ts";
import type { Swarm } from "./swarm.ts";

const ground = demoGround();
const withheld = { of: "alarm", alarm: "hall-smoke-action", forMs: 20_000 } as const;
const swarm: Swarm = {
  seed: 1,
  lastsMs: 20_000,
  deeds: [
    { atMs: 2000, does: "ask", ask: { ...withheld, asks: "bypass", channel: "asd-hall-1/smoke.level", by: "Kim" } },
    { atMs: 4000, does: "ask", ask: { ...withheld, asks: "restore", by: "Kim" } },
    { atMs: 6000, does: "ask", ask: { ...withheld, asks: "outOfService", by: "Lee" } },
  ],
  operator: { acknowledgesMs: null, resetsMs: null, approvesMs: null },
  advised: [],
  observed: [],
  unarmed: [],
  boldInBlindness: [],
  guarded: ["utility-lost"],
};

test("a swarm is kept with all that people ask for, and says what no scenario can", async () => {
  const folder = keep(folderWith({}), ground.siteText, await playSwarm(ground, swarm), []);
  const loaded = loadScenario(folder);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.scenario.timeline).toMatchObject([
    { asks: { event: { kind: "bypass", channel: "asd-hall-1/smoke.level", by: "Kim" } } },
    { asks: { event: { kind: "restore", by: "Kim" } } },
    { asks: { event: { kind: "outOfService", permit: "a swarm's", by: "Lee" } } },
  ]);
  expect(readFileSync(join(folder, "scenario.yaml"), "utf8")).toMatch(/^sources: .*guarded/m);
});

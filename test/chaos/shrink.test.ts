import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { rehearse } from "../../src/simulation/rehearsal.ts";
import { folderWith } from "../cli/folder.ts";
import { demoGround } from "./demo-ground.ts";
import { judge } from "./judge.ts";
import { keep } from "./keep.ts";
import { copyOf } from "./mutant.ts";
import { plantedBugs } from "./planted.ts";
import { shrink } from "./shrink.ts";
import type * as StageModule from "./stage.ts";
import { type Swarm, swarmOf } from "./swarm.ts";

const ground = demoGround();
const longMs = 600_000;

test("a seed that breaks a law is shrunk, and kept as a scenario that can be simulated", {
  timeout: longMs,
}, async () => {
  const bug = plantedBugs.find(({ is }) => is.startsWith("a latch is lost"))!;
  const { module, dispose } = await copyOf<typeof StageModule>("test/chaos/stage.ts", bug.edits);
  const breaches = async (swarm: Swarm) => judge(await module.playSwarm(ground, swarm));
  try {
    let seed = 1;
    while ((await breaches(swarmOf(seed, ground.names))).length === 0) seed += 1;
    const whole = swarmOf(seed, ground.names);
    const small = await shrink(whole, async (swarm) => (await breaches(swarm)).length > 0);
    expect(small.deeds.length).toBeLessThanOrEqual(3);
    expect(small.lastsMs).toBeLessThanOrEqual(whole.lastsMs);
    const found = await breaches(small);
    expect(found[0]?.what).toContain("has lost its latch");
    const folder = keep(folderWith({}), ground.siteText, await module.playSwarm(ground, small), found);
    expect(JSON.parse(readFileSync(join(folder, "swarm.json"), "utf8"))).toEqual(small);
    const loaded = loadScenario(folder);
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.scenario.about).toContain("has lost its latch");
    const { record } = await rehearse(ground.site, loaded.scenario, { siteText: ground.siteText });
    expect(record.transitions.some(({ to }) => to === "unacknowledged")).toBe(true);
  } finally {
    dispose();
  }
});

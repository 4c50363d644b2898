import { expect, test } from "vitest";
import { demoGround } from "./demo-ground.ts";
import { judge } from "./judge.ts";
import { playSwarm } from "./stage.ts";
import { swarmOf } from "./swarm.ts";

// A hundred seeds here; ten thousand in `npm run bench -- simulate`. docs/proving.md says how to play one of them again.

const ground = demoGround();
const seeds = 100;
const longMs = 600_000;

test(`${seeds} seeds of trouble break none of the five laws`, { timeout: longMs }, async () => {
  let [commands, writes, kills, raised, undone, bypassed, signed] = [0, 0, 0, 0, 0, 0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = await playSwarm(ground, swarmOf(seed, ground.names));
    expect(judge(run), `seed ${seed}`).toEqual([]);
    for (const { output, alarms } of run.scans) {
      bypassed += output.notices.filter(({ about, event }) => about === "vote" && event === "bypassed").length;
      signed += alarms.filter(([, { shelved, bypassed: taken }]) => (shelved ?? taken)?.by.includes(" and ")).length;
      commands += output.commands.length;
      undone += output.commands.filter(({ id }) => id.split("/")[2]?.startsWith("undo")).length;
      raised += output.transitions.filter(({ to }) => to === "unacknowledged").length;
    }
    writes += run.touches.filter(({ did }) => did === "wrote").length;
    kills += run.touches.filter(({ did }) => did === "killed").length + run.lives.length - 1;
  }
  // Laws that nothing is done about are easily kept.
  expect(Math.min(commands, writes, raised)).toBeGreaterThan(seeds);
  expect(kills).toBeGreaterThan(seeds / 10);
  expect(undone).toBeGreaterThan(seeds / 10);
  expect(Math.min(bypassed, signed)).toBeGreaterThan(seeds / 20);
});

test("the same seed makes the same swarm and the same run, to the byte", { timeout: longMs }, async () => {
  const told = async (): Promise<string> => {
    const { scans, touches } = await playSwarm(ground, swarmOf(5, ground.names));
    return JSON.stringify([scans, touches]);
  };
  expect(JSON.stringify(swarmOf(5, ground.names))).toBe(JSON.stringify(swarmOf(5, ground.names)));
  expect(await told()).toBe(await told());
});

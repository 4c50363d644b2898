import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { assert } from "../../src/core/assert.ts";
import { castOf, play, scenariosDir } from "./rehearsed.ts";

/** The ladder of a battery fire with one of its targets otherwise than sound. */
async function climbed(params: Readonly<Record<string, string>>) {
  const loaded = loadScenario(join(scenariosDir, "battery-fire-ladder"), { params: new Map(Object.entries(params)) });
  assert("scenario" in loaded, "the scenario has no mistakes");
  const { starts } = loaded.scenario;
  const { record } = await play(castOf({ ...loaded.scenario, ends: (starts + 6 * 60_000) as typeof starts }));
  const said = record.notices.filter(({ id }) => id === "move-tier-0").map(({ event, text }) => `${event}: ${text}`);
  return { record, said };
}

describe("the ladder of a battery fire", () => {
  test.each([
    ["stuck", "failed: standby/worker.state := 1: "],
    ["refusing", "failed: standby/worker.state := 1: standby refused: the device refused"],
    ["mute", "failed: standby/worker.state := 1: "],
  ])("goes on where the standby is %s, and says what is missing", async (is, failure) => {
    const { said, record } = await climbed({ standby: is });
    expect(said.find((line) => line.startsWith("failed:"))).toContain(failure);
    expect(said).toContain("confirmed: traffic/worker.state := 1: traffic/worker.state = 1");
    expect(said).toContain("confirmed: login/service.site := 1: login/service.site = 1");
    expect(said.at(-1)).toBe("done: not confirmed: warm");
    expect(record.commands.filter(({ point }) => point === "standby/worker.state")).toHaveLength(1);
  });

  test("waits for no target longer than its step may take", async () => {
    const { record, said } = await climbed({ standby: "mute", traffic: "stuck" });
    const login = record.commands.find(({ point }) => point === "login/service.site")!;
    const began = record.transitions.find(({ alarm }) => alarm === "battery-off-gas")!.at;
    expect(login.issued - began).toBeLessThanOrEqual(2 * 43_000);
    expect(said.at(-1)).toBe("done: not confirmed: warm, drain");
  });
});

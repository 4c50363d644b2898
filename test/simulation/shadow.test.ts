import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../simulators/scenario.ts";
import { openScenario } from "../../src/cli/scenario-files.ts";
import type { Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import { heldBack, playInShadow } from "../../src/simulation/shadow.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";

const scenario = (timeline: string, lasts = "3s"): Scenario =>
  openScenario(
    scenarioFolder(`
scenario: own
about: A flame is injected.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: ${lasts}
seed: 1
timeline:
${timeline}
promises: []
`),
    { isLive: true },
  );

const flame = "  - { at: 500ms, does: a flame, event: { reading: io-battery/flame.state, shows: 1 } }";

/** A live service whose site is at rest: every point of it says 0, or nothing. */
function calm({ site }: Scenario, isAnswering: () => boolean = () => true) {
  const began = performance.now();
  return async () => {
    if (!isAnswering()) throw new Error("refused");
    const now = instant(1_800_000_000_000 + Math.floor(performance.now() - began));
    const readings = [...site.model.points.keys()].map(
      (point): Reading => ({ point, at: now, quality: "good", value: 0 }),
    );
    return {
      now,
      readings: readings.filter(({ point }) => point.startsWith("io-battery/") || point.startsWith("asd-")),
    };
  };
}

const longMs = 60_000;

describe("a game day beside a live site", () => {
  test(
    "orders what the injected signal calls for, and holds every command back",
    async () => {
      const played = scenario(flame);
      const stop = new AbortController();
      const run = await playInShadow({ scenario: played, follow: calm(played), stop: stop.signal, settleMs: 1000 });
      const { transitions, commands, outcomes } = run.record;
      const fire = transitions.find(({ alarm }) => alarm === "battery-room-fire");
      expect(fire).toMatchObject({ to: "unacknowledged" });
      expect(fire!.at - played.starts).toBeGreaterThanOrEqual(500);
      expect(fire!.at).toBeLessThanOrEqual(played.ends);
      expect(commands.map(({ point }) => point)).toContain("login/service.site");
      expect(run.held).toHaveLength(commands.length);
      expect(outcomes.length).toBeGreaterThan(0);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ result: "refused", detail: heldBack });
    },
    longMs,
  );

  test(
    "has faults laid over what the live site says, and tells when they begin and end",
    async () => {
      const played = scenario("  - { at: 500ms, fault: drop, on: io-battery, for: 8s }", "10s");
      const stop = new AbortController();
      const run = await playInShadow({ scenario: played, follow: calm(played), stop: stop.signal, settleMs: 500 });
      expect(run.told.filter(({ kind }) => kind === "fault").map(({ text }) => text)).toEqual([
        "begins: drop on io-battery",
        "ends: drop on io-battery",
      ]);
      const ofGas = run.record.transitions.filter(({ alarm }) => alarm === "battery-off-gas");
      expect(ofGas.map(({ blind }) => blind)).toEqual([true, false]);
    },
    longMs,
  );

  test(
    "says that the live service is gone, and goes blind like any core that hears nothing",
    async () => {
      const played = scenario("  - { at: 500ms, does: nothing }", "12s");
      let isAnswering = true;
      const follow = calm(played, () => isAnswering);
      const stop = new AbortController();
      const onProgress = (part: number): void => {
        if (part > 0.1) isAnswering = false;
      };
      const run = await playInShadow({ scenario: played, follow, stop: stop.signal, settleMs: 500, onProgress });
      expect(run.told.map(({ text }) => text)).toContain("the live service does not answer: refused");
      expect(run.record.transitions.filter(({ blind }) => blind).map(({ alarm }) => alarm)).toContain(
        "battery-room-fire",
      );
    },
    longMs,
  );

  test("has no way to an actuator: nothing that it is made of is the gate's or a collector's", () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      const text = readFileSync(path, "utf8").replaceAll(/import type [^;]+;|export type [^;]+;/g, "");
      for (const [, target] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g))
        visit(normalize(join(dirname(path), target!)));
    };
    visit("src/simulation/shadow.ts");
    visit("src/cli/scenario-shadow.ts");
    expect(reached.size).toBeGreaterThan(30);
    expect([...reached].filter((path) => /^src\/(gate|collect|cluster|notify)\//.test(path))).toEqual([]);
    expect([...reached].filter((path) => path === "src/secrets.ts")).toEqual([]);
  });
});

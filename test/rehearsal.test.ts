import { describe, expect, test } from "vitest";
import { loadScenario } from "../simulators/scenario.ts";
import type { Reading } from "../src/core/reading.ts";
import { scenarioFolder, soonDark } from "./cli/scenario-folder.ts";
import type { Cast } from "./scenarios/rehearsed.ts";
import { castOf, play } from "./scenarios/rehearsed.ts";

function own(text: string): Cast {
  const loaded = loadScenario(scenarioFolder(text));
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return castOf(loaded.scenario);
}

/** A battery vents, and login is the first service that is moved. */
const venting = `
scenario: own
about: A module vents.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 3min
seed: 1
timeline:
  - { at: 2s, does: a module vents, event: { battery: bat-a, archetype: vent } }
promises: []
`;

describe("a rehearsal", () => {
  test("tells what happens to the plant at its time, and ends at its end", async () => {
    const actors = own(soonDark());
    const { told, broken } = await play(actors);
    const { starts, ends } = actors.scenario;
    expect(told[0]).toEqual({ at: starts + 2000, kind: "plant", text: "the utility fails" });
    expect(told.at(-1)).toMatchObject({ at: ends, kind: "end" });
    expect(broken).toEqual([]);
    expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test("says of every promise that was broken why, and of none that was kept", async () => {
    const actors = own(
      soonDark(
        "alarm utility-lost raised by 09:00:30",
        "alarm utility-lost raised by 09:00:03",
        "alarm battery-room-fire blind by 09:00:30",
        "no alarms",
        "no commands",
        "service login moved by 09:00:30",
        "response stretch-batteries done by 09:00:30",
        "at most 0 primary alarms from 09:00:00 to 09:00:30",
      ),
    );
    const { broken } = await play(actors);
    expect(Object.fromEntries(broken.map(({ text, why }) => [text, why]))).toEqual({
      "alarm utility-lost raised by 09:00:03": expect.stringMatching(/^it was raised [\d.]+ s too late$/),
      "alarm battery-room-fire blind by 09:00:30": "it was never blind",
      "no alarms": expect.stringContaining("utility-lost went normal → unacknowledged"),
      "service login moved by 09:00:30": "its move was never confirmed",
      "response stretch-batteries done by 09:00:30": "it was never done",
      "at most 0 primary alarms from 09:00:00 to 09:00:30": expect.stringContaining("utility-lost"),
    });
  });

  test("sends commands through the gate, whose ledger knows of each, and has services moved by the plant", async () => {
    const { record, gate } = await play(own(venting));
    const orders = record.commands.filter(({ point }) => point.endsWith("/service.site"));
    expect(orders[0]?.point).toBe("login/service.site");
    expect(gate).toMatchObject({ highWater: 1, broken: null });
    expect(gate.ended + gate.open.length).toBe(record.commands.length);
    const confirmed = record.notices.filter(({ event }) => event === "confirmed").map(({ text }) => text);
    expect(confirmed).toContain("login/service.site := 1: login/service.site = 1");
  });

  test("has nothing written where the gate has armed nothing: it refuses, and the response says so", async () => {
    const actors = own(venting);
    const unarmed = { ...actors.site, gate: { ...actors.site.gate, armed: [] } };
    const { record, gate } = await play({ ...actors, site: unarmed });
    expect(record.commands.length).toBeGreaterThan(0);
    expect(gate.ended).toBe(record.commands.length);
    expect(gate.highWater).toBe(0);
    expect(record.notices.filter(({ event }) => event === "confirmed")).toEqual([]);
    expect(record.notices.some(({ event }) => event === "failed")).toBe(true);
  });

  test("can be given other readings than the plant's", async () => {
    const without = (readings: readonly Reading[]) => readings.filter(({ point }) => !point.startsWith("io-switch/"));
    const { record } = await play(own(soonDark()), { alter: without });
    const ofUtility = record.transitions.filter(({ alarm }) => alarm === "utility-lost");
    expect(ofUtility).toMatchObject([{ blind: true, from: "normal", to: "normal" }]);
  });

  test("shows every scan, its input first, and how far it is", async () => {
    const seen: string[] = [];
    const parts: number[] = [];
    await play(own(venting), {
      onScan: (_, output) => seen.push(output === null ? "input" : "output"),
      onProgress: (part) => parts.push(part),
    });
    expect(seen.length).toBeGreaterThan(300);
    expect(seen.every((what, i) => what === (i % 2 === 0 ? "input" : "output"))).toBe(true);
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  });
});

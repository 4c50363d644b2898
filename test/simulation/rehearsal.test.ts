import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import type { Reading } from "../../src/core/reading.ts";
import { scenarioFolder, soonDark } from "../cli/scenario-folder.ts";
import type { Cast } from "../scenarios/rehearsed.ts";
import { castOf, play } from "../scenarios/rehearsed.ts";

function own(text: string, change?: (site: string) => string): Cast {
  const loaded = loadScenario(scenarioFolder(text, change));
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

  test("commands targets, and moves services by them, as the real gate would", async () => {
    const changes = [
      [
        "alarms:\n",
        'targets:\n  orders: { name: { en: Orders }, patroni: { members: { pg-1: "http://a", pg-2: "http://b" } } }\nalarms:\n',
      ],
      [
        '{ url: "http://127.0.0.1:15080/services/pay", secret: "${env:HAECHI_DEMO_SECRET}" }',
        "{ target: orders, at: { demo: pg-1, anyang: pg-2 } }",
      ],
      [
        "{ id: login, service: login, to: anyang, within: 90s, retries: 1, ifFailed: carryOn, inverse: demo }",
        "{ id: login, target: orders, to: pg-2, within: 90s, retries: 1, ifFailed: carryOn, inverse: pg-1 }",
      ],
      ["allow: [pdu-a1,", "allow: [orders, pdu-a1,"],
    ] as const;
    const change = (site: string): string =>
      changes.reduce((text, [from, to]) => {
        expect(text).toContain(from);
        return text.replace(from, () => to);
      }, site);
    const { record } = await play(own(venting, change));
    const confirmed = record.notices.filter(({ event }) => event === "confirmed").map(({ text }) => text);
    expect(confirmed).toContain("orders/cluster.leader := 1: orders/cluster.leader = 1");
    expect(confirmed).toContain("pay/service.site := 1: pay/service.site = 1");
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

  test("has faults begin and end in their time, befall what is read, and told", async () => {
    const faults = own(
      soonDark().replace(
        "timeline:",
        `timeline:
  - { at: 1s, fault: drop, on: io-switch, for: 40s }
  - { at: 10s, fault: wrong-scale, by: 2, on: ups-a/output.power, for: 20s }`,
      ),
    );
    const second = (at: number): number => (at - faults.scenario.starts) / 1000;
    const power = { wrong: [] as number[], right: [] as number[] };
    const { told, record } = await play(faults, {
      onScan: ({ readings }) => {
        for (const reading of readings)
          if (reading.point === "ups-a/output.power" && reading.quality !== "bad")
            power[second(reading.at) >= 10 && second(reading.at) < 30 ? "wrong" : "right"].push(reading.value);
      },
    });
    expect(told.filter(({ kind }) => kind === "fault").map(({ at, text }) => [second(at), text])).toEqual([
      [1, "begins: drop on io-switch"],
      [10, "begins: wrong-scale 2 on ups-a/output.power"],
      [30, "ends: wrong-scale 2 on ups-a/output.power"],
      [41, "ends: drop on io-switch"],
    ]);
    const ofUtility = record.transitions.filter(({ alarm }) => alarm === "utility-lost");
    expect(ofUtility.map(({ blind, to }) => [blind, to])).toEqual([
      [true, "normal"],
      [false, "normal"],
      [undefined, "unacknowledged"],
    ]);
    expect(second(ofUtility[1]!.at)).toBeGreaterThanOrEqual(41);
    expect(Math.min(...power.wrong)).toBeGreaterThan(Math.max(...power.right) * 1.5);
  });

  test("has the same swarm befall it from the same seed, and another from another", async () => {
    const swarmed = (seed: number) =>
      own(`
scenario: own
about: Much goes wrong with devices and links, and nothing with the plant.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 4min
seed: ${seed}
swarm: { rate: 600 }
timeline: []
promises: []
`);
    const [one, again, other] = await Promise.all([1, 1, 2].map((seed) => play(swarmed(seed))));
    expect(one!.told).toEqual(again!.told);
    expect(one!.record.transitions.length).toBeGreaterThan(5);
    expect(one!.told.filter(({ kind }) => kind === "fault")).not.toEqual(
      other!.told.filter(({ kind }) => kind === "fault"),
    );
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

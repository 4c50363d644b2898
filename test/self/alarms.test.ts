import { describe, expect, test } from "vitest";
import { start } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import { scan } from "../../src/core/scan.ts";
import { instant } from "../../src/core/time.ts";
import { queueRoom, selfAlarms, selfResponses } from "../../src/self/alarms.ts";
import { withSelf } from "../../src/self/points.ts";
import type { SelfRules } from "../../src/site/index.ts";
import { site, t0 } from "../core/fixture.ts";

/** What a service's own alarms come to when its points say this for somewhat over two minutes, a reading a second. */
function raisedBy(values: Readonly<Record<string, (s: number) => number>>, rules: SelfRules = {}): readonly string[] {
  const plant = start(withSelf({ model: site(), traps: null, self: rules }), instant(t0));
  const raised: string[] = [];
  for (let s = 0; s <= 125; s += 1) {
    const at = instant(t0 + s * 1000);
    const readings = Object.entries(values).map(([name, of]) => ({
      point: `haechi/${name}` as PointId,
      at,
      quality: "good" as const,
      value: of(s),
    }));
    const { transitions } = scan(plant, { at, readings, requests: [], outcomes: [], leads: true });
    raised.push(...transitions.filter(({ to }) => to === "unacknowledged").map(({ alarm }) => alarm));
  }
  return raised;
}

const quiet: Readonly<Record<string, (s: number) => number>> = {
  "scan.time": () => 3,
  "scan.overruns": (s) => s,
  "journal.lag": () => 900,
  "chain.p99": () => 12,
  "chain.silence": () => 0.6,
  "cause.faults": () => 0,
  "clock.drift": () => -4,
  "memory.used": () => 40,
  "spool.lag": () => 2,
  "disk.free": () => 50_000,
  ...Object.fromEntries(Object.keys(queueRoom).map((name) => [`queue.${name}`, () => 10])),
};

describe("the service's own alarms", () => {
  test("say nothing of a service that is well", () => {
    expect(raisedBy(quiet)).toEqual([]);
  });

  test.each([
    ["haechi.scan", "scan.time", () => 150],
    ["haechi.scan", "scan.overruns", (s: number) => 8 * s],
    ["haechi.journal", "journal.lag", (s: number) => 1000 * s],
    ["haechi.clock", "clock.drift", (s: number) => (s > 20 ? 3_600_000 : 0)],
    ["haechi.clock", "clock.drift", (s: number) => (s > 20 ? -3_600_000 : 0)],
    ["haechi.queues", "queue.readings", () => 120_000],
    ["haechi.queues", "queue.requests", () => 600],
    ["haechi.queues", "queue.gate", () => 600],
    ["haechi.queues", "queue.notify", () => 6000],
    ["haechi.queues", "queue.store", () => 300_000],
    ["haechi.memory", "memory.used", () => 90],
    ["haechi.spool", "spool.lag", (s: number) => 250 + s],
    ["haechi.disk", "disk.free", () => 1500],
    ["haechi.chain", "chain.p99", () => 501],
    ["haechi.chain", "chain.silence", (s: number) => (s > 1 ? 100 : 0)],
    ["haechi.causes", "cause.faults", (s: number) => (s > 1 ? 1 : 0)],
  ])("%s is raised by %s", (alarm, point, of) => {
    expect(raisedBy({ ...quiet, [point]: of })).toEqual([alarm]);
  });

  test("have other numbers where the site says so, or are left out", () => {
    expect(raisedBy({ ...quiet, "disk.free": () => 1500 }, { disk: { limit: 1000 } })).toEqual([]);
    expect(raisedBy({ ...quiet, "disk.free": () => 1500 }, { disk: false })).toEqual([]);
    expect(raisedBy({ ...quiet, "queue.store": () => 120_000 }, { queues: { limit: 20 } })).toEqual(["haechi.queues"]);
    expect(
      selfAlarms({ disk: { priority: "low", onDelay: 0 as never } }).find(({ id }) => id === "haechi.disk"),
    ).toMatchObject({
      priority: "low",
      onDelay: 0,
    });
    expect(selfAlarms({ disk: false, clock: false })).toHaveLength(7);
  });

  test("say what is wrong, what follows and what to do, in English and Korean", () => {
    for (const { id, title, cause, consequence, response } of selfAlarms({})) {
      expect(title["ko"], id).toMatch(/[가-힣]/);
      expect(
        [cause, consequence, response].every((text) => text.length > 10),
        id,
      ).toBe(true);
      expect(selfResponses.get(id)?.["ko"], id).toMatch(/[가-힣]/);
      expect(selfResponses.get(id)?.["en"]).toBe(response);
    }
  });

  test("go blind, and not off, while the service says nothing of itself", () => {
    const plant = start(withSelf({ model: site(), traps: null, self: {} }), instant(t0));
    const { transitions } = scan(plant, {
      at: instant(t0 + 10_000),
      readings: [],
      requests: [],
      outcomes: [],
      leads: true,
    });
    expect(transitions.map(({ alarm, blind }) => [alarm, blind])).toContainEqual(["haechi.journal", true]);
    expect(transitions.every(({ to }) => to === "normal")).toBe(true);
  });
});

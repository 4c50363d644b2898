import { describe, expect, test } from "vitest";
import type { Plant } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { instant, minutes } from "../../src/core/time.ts";
import { alarmsMax } from "../../src/serve/alarms.ts";
import type { Snapshot } from "../../src/serve/api.ts";
import { shownPoints } from "../../src/serve/info.ts";
import { view } from "../../src/serve/view.ts";
import { large } from "./large.ts";
import {
  again,
  begin,
  burning,
  calmPlant,
  cycle,
  fire,
  info,
  moveTier0,
  point,
  site,
  stretch,
  upsOnBattery,
} from "./plants.ts";

const host = { build: "1", hasHistory: false };
const seen = (plant: Plant): Snapshot => view(plant, info, host);

/** A plant that has gone from calm to these values, one second later. */
function later(values: Readonly<Record<string, number>>): Plant {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  return plant;
}

describe("the view of a plant", () => {
  test("of a calm site shows no alarm, no response and the mode normal", () => {
    const snapshot = seen(calmPlant());
    expect(snapshot.mode).toBe("normal");
    expect(snapshot.alarms).toEqual([]);
    expect(snapshot.responses).toEqual([]);
    expect(snapshot.counts).toMatchObject({ unacknowledged: 0, blind: 0, more: 0 });
    expect(snapshot.health).toEqual({
      points: { good: site.points.size, uncertain: 0, bad: 0 },
      ageMs: 0,
      leads: true,
    });
  });

  test("names places, nodes and limits, and survives the way through JSON", () => {
    const snapshot = seen(calmPlant());
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.site.nodes.find(({ id }) => id === "ups-a")).toMatchObject({
      name: { en: "UPS A" },
      feed: "A",
      devices: ["ups-a", "bat-a"],
    });
    expect(snapshot.site.points["crac-1/temperature.inlet"]).toMatchObject({
      high: 30,
      low: null,
      unit: "Cel",
      space: "hall-1",
    });
    expect(snapshot.site.points["gen-1/fuel.level"]).toMatchObject({ high: null, low: 40 });
  });

  test("leaves single outlets to the points route", () => {
    expect(shownPoints(site, info).some((id) => id.includes("outlet"))).toBe(false);
    expect(shownPoints(site, info)).toContain(point("ups-a/output.power"));
  });

  test("shows a site whose points have never spoken as not known, never as zero or off", () => {
    const snapshot = seen(start(site, instant(begin)));
    expect(Object.values(snapshot.points).every(({ v, q, at }) => v === null && q === 2 && at === null)).toBe(true);
    expect(Object.values(snapshot.nodes).every(({ live, kw }) => live === null && kw === null)).toBe(true);
    expect(snapshot.racks.map(({ unknown, total }) => unknown === total)).toEqual([true, true]);
    expect(snapshot.health).toMatchObject({ points: { good: 0, bad: site.points.size }, ageMs: null });
  });

  test("takes the value from a point that has grown too old, and says since when", () => {
    const plant = calmPlant();
    cycle(
      plant,
      begin + 31_000,
      Object.fromEntries(Object.entries(again()).filter(([name]) => !name.startsWith("ups-b/"))),
    );
    const { points, nodes, health } = seen(plant);
    expect(points["ups-b/output.power"]).toEqual({ v: null, q: 2, at: begin });
    expect(nodes["ups-b"]).toMatchObject({ kw: null, silentSince: begin, mode: null });
    expect(health.points.bad).toBe(4);
    expect(health.ageMs).toBe(0);
  });
});

describe("alarms", () => {
  test("stand worst first, their consequences folded under them and counted", () => {
    const { alarms, counts, mode } = seen(later(burning));
    expect(alarms.map(({ priority }) => priority)).toEqual(["critical", "critical", "high", "medium"]);
    expect(alarms.find(({ id }) => id === fire)).toMatchObject({
      folds: 1,
      devices: ["asd-battery"],
      acknowledged: false,
      space: "battery-room",
    });
    expect(counts).toMatchObject({
      active: { critical: 2, high: 1, medium: 1, low: 0 },
      suppressed: 1,
      unacknowledged: 4,
    });
    expect(mode).toBe("failover");
  });

  test("what nobody has acknowledged comes before what somebody has, within one priority", () => {
    const plant = later(burning);
    const [first, second] = seen(plant).alarms;
    const request = {
      to: "alarm",
      alarm: first!.id as typeof fire,
      event: { kind: "acknowledge", by: "operator", why: "seen" },
    } as const;
    cycle(plant, begin + 2000, {}, { requests: [request] });
    expect(seen(plant).alarms[0]!.id).toBe(second!.id);
    expect(seen(plant).alarms[1]).toMatchObject({ id: first!.id, acknowledged: true });
  });

  test("what stands comes before what has returned, though that came later, within one priority", () => {
    const plant = later({ "io-battery/offgas.state": 1 });
    const smoke = { "io-battery/offgas.state": 1, "asd-battery/smoke.level": 4 };
    cycle(plant, begin + 5000, again(smoke));
    expect(seen(plant).alarms.map(({ id }) => id)).toEqual([fire, "battery-off-gas"]);
    for (let s = 6; s <= 70; s += 1) cycle(plant, begin + 1000 * s, again({ "io-battery/offgas.state": 1 }));
    expect(
      seen(plant)
        .alarms.slice(0, 2)
        .map(({ id, active }) => [id, active]),
    ).toEqual([
      ["battery-off-gas", true],
      [fire, false],
    ]);
  });

  test("the first of several in one space is marked", () => {
    const plant = later({ "io-battery/offgas.state": 1 });
    cycle(plant, begin + 5000, burning);
    expect(
      seen(plant)
        .alarms.filter(({ firstOut }) => firstOut)
        .map(({ id }) => id),
    ).toEqual(["battery-off-gas"]);
  });

  test("a shelved alarm leaves the list and stays in the count", () => {
    const plant = later(burning);
    const until = instant(plant.now + minutes(10));
    cycle(
      plant,
      begin + 2000,
      {},
      { requests: [{ to: "alarm", alarm: fire, event: { kind: "shelve", by: "operator", why: "test", until } }] },
    );
    const { alarms, counts } = seen(plant);
    expect(alarms.map(({ id }) => id)).not.toContain(fire);
    expect(counts).toMatchObject({ shelved: 1, active: { critical: 1 } });
  });

  test("that cannot be judged are counted as blind and not called normal", () => {
    const plant = calmPlant();
    cycle(plant, begin + 31_000, {});
    expect(seen(plant).counts.blind).toBeGreaterThan(0);
  });

  test("beyond what a list can hold are counted, not lost", () => {
    const many = Array.from({ length: alarmsMax + 30 }, (_, i) => ({
      ...site.alarms[0]!,
      id: `fire-${i}` as typeof fire,
      latch: false,
    }));
    const plant = start({ ...site, alarms: many, responses: [] }, instant(begin));
    cycle(plant, begin + 1, again(burning));
    const { alarms, counts } = seen(plant);
    expect([alarms.length, counts.more, counts.active.critical]).toEqual([alarmsMax, 30, alarmsMax + 30]);
  });
});

describe("power", () => {
  test("runs from the source that the transfer switch has chosen to every rack", () => {
    const { nodes, racks } = seen(calmPlant());
    expect(
      Object.entries(nodes)
        .filter(([, { live }]) => !live)
        .map(([id]) => id),
    ).toEqual(["gen"]);
    expect(nodes["ats"]).toMatchObject({ mode: "utility", live: true, kw: 26.4 + 24.9 });
    expect(racks).toEqual([
      { space: "hall-1", total: 8, fed: { A: 8, B: 8 }, single: 0, dark: 0, unknown: 0 },
      { space: "hall-2", total: 6, fed: { A: 6, B: 6 }, single: 0, dark: 0, unknown: 0 },
    ]);
  });

  test("follows the switch to the generator", () => {
    const values = {
      "meter-main/power.active": 0,
      "io-switch/ats.on_utility": 0,
      "io-switch/ats.on_generator": 1,
      "gen-1/generator.state": 2,
      "gen-1/generator.power": 58,
    };
    const { nodes, mode } = seen(later(values));
    expect([nodes["utility"]!.live, nodes["gen"]!.live, nodes["ats"]!.live, mode]).toEqual([
      false,
      true,
      true,
      "generator",
    ]);
  });

  test("a static switch is judged by the supply that it has chosen, as one with contacts is", () => {
    const nodes = new Map(site.power.nodes);
    const ats = [...nodes.values()].find(({ kind }) => kind === "ats")!;
    nodes.set(ats.id, { ...ats, kind: "sts" });
    const plant = start({ ...site, power: { ...site.power, nodes } }, instant(begin));
    const dark = { "meter-main/power.active": 0, "io-switch/ats.on_utility": 0 };
    cycle(plant, begin + 1, again(dark));
    expect(seen(plant).nodes[ats.id]).toMatchObject({ mode: null, live: false });
    cycle(plant, begin + 1001, again({ ...dark, "io-switch/ats.on_generator": 1, "gen-1/generator.state": 2 }));
    expect(seen(plant).nodes[ats.id]).toMatchObject({ mode: "generator", live: true });
  });

  test("a UPS that is off leaves its racks on the other feed", () => {
    const { nodes, racks } = seen(
      later({ "ups-a/ups.mode": 0, "ups-a/output.power": 0, "pdu-a1/power.active": 0, "pdu-a2/power.active": 0 }),
    );
    expect([nodes["ups-a"]!.live, nodes["row-a1"]!.live, nodes["ups-b"]!.live]).toEqual([false, false, true]);
    expect(racks[0]).toMatchObject({ fed: { A: 0, B: 8 }, single: 8, dark: 0 });
  });

  test("racks whose outlets are both open are dark", () => {
    const outlets = Object.fromEntries(["a1", "b1"].map((pdu) => [`pdu-${pdu}/outlet[3].state`, 0]));
    expect(seen(later(outlets)).racks[0]).toMatchObject({ total: 8, dark: 1, single: 0 });
  });

  test("a UPS on battery says when that is empty; a UPS on its input does not", () => {
    const { nodes, mode } = seen(later({ "ups-a/ups.mode": 3 }));
    expect(nodes["ups-a"]).toMatchObject({ mode: "battery", live: true, emptyAt: begin + 701_000, chargePct: 100 });
    expect(nodes["ups-b"]).toMatchObject({ mode: "online", emptyAt: null, runtimeS: 745 });
    expect(mode).toBe("battery");
  });

  test("a transfer switch on neither side has no power to give", () => {
    const { nodes } = seen(later({ "io-switch/ats.on_utility": 0, "meter-main/power.active": 0 }));
    expect(nodes["ats"]!.live).toBe(false);
  });

  test("chains of any number of feeds are live from end to end", () => {
    const { plant, info: names } = large({ feeds: 8, rooms: 40, rows: 6, ups: 2 });
    const { nodes } = view(plant, names, host);
    expect(
      Object.entries(nodes)
        .filter(([, { live }]) => live !== true)
        .map(([id]) => id),
    ).toEqual(["Gen"]);
  });
});

describe("responses", () => {
  test("under way show their steps, what waits and until when", () => {
    const { responses } = seen(later(burning));
    const moving = responses.find(({ id }) => id === moveTier0);
    expect(moving).toMatchObject({ kind: "failover", phase: "running", next: { stage: "login" } });
    expect(moving?.steps).toMatchObject([
      { id: "login", state: "waiting", due: begin + 91_000, sent: 1, confirmed: 0 },
      { id: "message", state: "open", due: null, sent: 0 },
    ]);
    expect(responses.find(({ id }) => id === stretch)).toMatchObject({
      phase: "counting",
      until: begin + 26_000,
      next: { stage: "move batch, normal" },
    });
  });

  test("a confirmed step is shown as such, and the next one waits", () => {
    const plant = later(burning);
    cycle(plant, begin + 3000, { "login/service.site": 1 });
    cycle(plant, begin + 3100, {});
    expect(
      seen(plant)
        .responses.find(({ id }) => id === moveTier0)
        ?.steps.map(({ state }) => state),
    ).toEqual(["confirmed", "waiting"]);
  });

  test("a shed waits for a yes, then shows its stage with what has been confirmed", () => {
    const plant = calmPlant();
    cycle(plant, begin + 1000, { "ups-a/ups.mode": 3 });
    cycle(plant, begin + 26_500, again({ "ups-a/ups.mode": 3 }));
    expect(seen(plant).responses).toMatchObject([{ id: stretch, phase: "advised", steps: [] }]);
    expect(seen(plant).mode).toBe("battery");
    const approve = {
      to: "response",
      response: stretch,
      event: "approve",
      by: "operator",
      why: "yes",
    } as const;
    cycle(plant, begin + 27_000, {}, { requests: [approve] });
    expect(seen(plant).mode).toBe("shed");
    const [stage] = seen(plant).responses[0]!.steps;
    expect(stage).toMatchObject({ id: "1", state: "waiting", confirmed: 0, due: begin + 37_000 });
    expect(stage!.sent).toBeGreaterThan(0);
  });

  test("that only observes does not change what the site is in", () => {
    const observed = { ...site, responses: site.responses.map((r) => ({ ...r, mode: "observe" as const })) };
    const plant = start(observed, instant(begin));
    cycle(plant, begin + 1, again({ "ups-a/ups.mode": 3 }));
    expect(seen(plant).mode).toBe("battery");
    expect(plant.site.alarms.some(({ id }) => id === upsOnBattery)).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import { advance, answers, apply, demoPlant, eventSchema, strangerIn } from "../../../simulators/plant/index.ts";
import { ms } from "../../../src/core/time.ts";
import { plantWith, run } from "./run.ts";

describe("an event", () => {
  test.each([
    { utility: "fail" },
    { battery: "bat-a", archetype: "short" },
    { battery: "bat-a", chargeStop: "relay-c/relay[0].state" },
    { smoke: { room: "hall-1", rate: 2 } },
    { sensor: "asd-battery", silent: true },
    { freeze: "bat-a" },
    { reading: "bat-a/battery.voltage", shows: null },
    { cut: "site" },
    { utility: "fail", line: "utility" },
    { voltage: 88 },
    { frequency: 57.5, line: "utility" },
    { generator: "flat-starter", set: "gen" },
    { fuel: "gen", litres: 40 },
    { breaker: "row-a1", does: "short" },
    { transfer: "ats", stuck: true },
    { ups: "ups-a", bypass: "maintenance" },
    { ups: "ups-a", eco: true },
    { ups: "ups-a", inverter: "fail" },
    { ups: "ups-a", rectifier: "repair" },
  ])("%j is one", (event) => {
    expect(eventSchema.safeParse(event).success).toBe(true);
  });

  test.each([
    { utility: "explode" },
    { battery: "bat-a" },
    { utility: "fail", generator: "trip" },
    { smoke: { room: "hall-1", rate: -1 } },
    { voltage: 200 },
    { fuel: "gen", litres: -1 },
    { breaker: "row-a1", does: "explode" },
    { ups: "ups-a", off: true, eco: true },
    {},
    "fail",
  ])("%j is none", (event) => {
    expect(eventSchema.safeParse(event).success).toBe(false);
  });

  test("that names a stranger is told so, with the names that are known", () => {
    const plant = demoPlant(1);
    expect(strangerIn(plant, { cooling: "crac-9", fail: true })).toEqual({
      name: "crac-9",
      known: ["crac-1", "crac-2"],
    });
    expect(strangerIn(plant, { cooling: "crac-1", fail: true })).toBeNull();
    expect(strangerIn(plant, { utility: "fail" })).toBeNull();
    const wired = { battery: "bat-a", chargeStop: "relay-a2/relay[0].state" };
    // It feeds a rack.
    expect(strangerIn(plant, wired)?.name).toBe(wired.chargeStop);
    expect(strangerIn(plant, { reading: "bat-a/battery.volts", shows: 1 })?.known).toContain("bat-a/battery.voltage");
    expect(() => apply(plant, { ups: "ups-z", off: true })).toThrow("ups-z");
  });
});

describe("an event of the power chain", () => {
  test.each([
    [{ utility: "fail", line: "grid-9" }, ["utility"]],
    [{ generator: "trip", set: "gen-9" }, ["gen"]],
    [{ fuel: "gen-9", litres: 1 }, ["gen"]],
    [{ transfer: "sts", stuck: true }, ["ats"]],
    [{ ups: "ups-z", eco: true }, ["ups-a", "ups-b"]],
  ] as const)("%j names a stranger, and is told who there is", (event, known) => {
    expect(strangerIn(demoPlant(1), event)?.known).toEqual(known);
  });

  test("on a breaker may be at any node", () => {
    const known = strangerIn(demoPlant(1), { breaker: "row-z", does: "trip" })?.known;
    expect(known?.toSorted()).toEqual([
      "ats",
      "gen",
      "row-a1",
      "row-a2",
      "row-b1",
      "row-b2",
      "ups-a",
      "ups-b",
      "utility",
    ]);
  });

  test("that names no line means them all; low voltage or a wrong frequency is as good as none", () => {
    for (const event of [{ voltage: 80 }, { frequency: 42 }] as const) {
      const { plant, shows } = plantWith(event);
      run(plant, 3);
      expect(shows("ups-a", "ups.mode")).toBe(3);
    }
    const { plant, shows } = plantWith({ voltage: 92 });
    run(plant, 3);
    expect(shows("ups-a", "ups.mode")).toBe(1);
    expect(shows("ups-a", "input.voltage[1]")).toBeCloseTo(0.92 * 220, -1);
  });

  test("takes effect at its moment, though the plant was at rest", () => {
    const { plant } = plantWith();
    run(plant, 300);
    advance(plant, ms(300));
    apply(plant, { breaker: "row-a1", does: "open" });
    advance(plant, ms(100));
    expect(plant.grid.live[plant.grid.ids.indexOf("row-a1")]).toBe(0);
  });
});

describe("instruments that fail", () => {
  test("a silent device does not answer, and the plant goes on as before", () => {
    const { plant, shows } = plantWith({ sensor: "meter-main", silent: true });
    run(plant, 10);
    expect(answers(plant, "meter-main")).toBe(false);
    expect(shows("meter-main", "power.active")).toBeGreaterThan(50);
    apply(plant, { sensor: "meter-main", silent: false });
    expect(answers(plant, "meter-main")).toBe(true);
  });

  test("a frozen device shows what it showed, heartbeat and all, until it thaws", () => {
    const { plant, shows } = plantWith();
    run(plant, 10);
    apply(plant, { freeze: "bat-a", on: true });
    const [beat, current] = [shows("bat-a", "battery.heartbeat"), shows("bat-a", "battery.current")];
    run(plant, 60);
    expect([shows("bat-a", "battery.heartbeat"), shows("bat-a", "battery.current")]).toEqual([beat, current]);
    expect(shows("bat-b", "battery.heartbeat")).not.toBe(beat);
    apply(plant, { freeze: "bat-a", on: false });
    expect(shows("bat-a", "battery.heartbeat")).toBe((beat ?? 0) + 60);
  });

  test("a reading can be laid over the truth, taken away, and given back", () => {
    const { plant, shows } = plantWith({ reading: "crac-1/temperature.inlet", shows: 60 });
    expect(shows("crac-1", "temperature.inlet")).toBe(60);
    apply(plant, { reading: "crac-1/temperature.inlet", shows: null });
    expect(shows("crac-1", "temperature.inlet")).toBeNull();
    apply(plant, { reading: "crac-1/temperature.inlet", shows: "truth" });
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(25);
    expect(plant.rooms.every(({ airC }) => airC < 30)).toBe(true);
  });

  test("a choked pipe is a fault of the detector and no smoke", () => {
    const { plant, shows } = plantWith({ airflow: "asd-ups", percent: 40 });
    run(plant, 300);
    expect([shows("asd-ups", "smoke.airflow_fault"), shows("asd-ups", "smoke.level")]).toEqual([1, 0]);
  });

  test("water and damp show in their room alone", () => {
    const { plant, shows } = plantWith(
      { leak: "battery-room", on: true },
      { humidity: { room: "ups-room", percent: 80 } },
    );
    run(plant, 600);
    expect(shows("io-battery", "leak.state")).toBe(1);
    expect(shows("crac-1", "leak.state")).toBe(0);
    expect(shows("ups-b", "humidity.ambient")).toBeGreaterThan(70);
  });
});

import { describe, expect, test } from "vitest";
import { answers, apply } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

const [online, battery, off] = [1, 3, 0];

describe("a utility that fails", () => {
  test("is left within a second, and the generator carries the site within ten", () => {
    const { plant, shows } = plantWith({ utility: "fail" });
    const leftS = secondsUntil(plant, () => shows("io-switch", "ats.on_utility") === 0, 5);
    expect(leftS).toBeGreaterThanOrEqual(0.5);
    expect(leftS).toBeLessThanOrEqual(1);
    const carriedS = leftS + secondsUntil(plant, () => shows("io-switch", "ats.on_generator") === 1, 20);
    expect(carriedS).toBeLessThanOrEqual(10);
    // Both UPS look at the new supply for 5 s and walk in within 10 s.
    run(plant, 16);
    expect(shows("gen-1", "generator.power")).toBeGreaterThan(50);
    expect(shows("meter-main", "power.active")).toBe(0);
  });

  test("no rack sees anything of it", () => {
    const { plant } = plantWith({ utility: "fail" });
    for (let i = 0; i < 30; i++) {
      run(plant, 1);
      expect(plant.racks.every(({ live }) => live)).toBe(true);
    }
  });

  test("is taken back when it has been good for half a minute, and the generator cools down for five", () => {
    const { plant, shows } = plantWith({ utility: "fail" });
    run(plant, 60);
    apply(plant, { utility: "restore" });
    const backS = secondsUntil(plant, () => shows("io-switch", "ats.on_utility") === 1, 60);
    expect(backS).toBeGreaterThan(29);
    expect(backS).toBeLessThan(32);
    run(plant, 1);
    expect(plant.generators[0]!.state).toBe("cooling");
    run(plant, 305);
    expect(plant.generators[0]!.state).toBe("stopped");
  });

  test("and a generator that refuses leave both UPS on their strings until they are empty", () => {
    const { plant, shows } = plantWith({ generator: "refuse-start" }, { utility: "fail" });
    run(plant, 2);
    expect(shows("ups-a", "ups.mode")).toBe(battery);
    const foretoldS = shows("ups-a", "battery.runtime") ?? 0;
    run(plant, 70);
    expect(shows("gen-1", "generator.alarm")).toBe(2);
    const emptyS = 72 + secondsUntil(plant, () => shows("ups-a", "ups.mode") === off, 3600);
    expect(Math.abs(emptyS / foretoldS - 1)).toBeLessThan(0.1);
    run(plant, 3600);
    expect(plant.racks.some(({ live }) => live)).toBe(false);
    expect(answers(plant, "pdu-a1")).toBe(false);
    expect(answers(plant, "asd-battery")).toBe(true);
  });

  test("a generator that is mended is called again", () => {
    const { plant, shows } = plantWith({ generator: "refuse-start" }, { utility: "fail" });
    run(plant, 90);
    apply(plant, { generator: "repair" });
    run(plant, 10);
    expect(shows("io-switch", "ats.on_generator")).toBe(1);
    apply(plant, { generator: "trip" });
    run(plant, 2);
    expect(shows("io-switch", "ats.on_generator")).toBe(0);
    expect(shows("ups-b", "ups.mode")).toBe(battery);
  });
});

test("a sag passes the transfer switch by and stops the coolers for some minutes", () => {
  const { plant, shows } = plantWith({ utility: "sag" });
  run(plant, 2);
  expect(shows("io-switch", "ats.on_utility")).toBe(1);
  expect(shows("crac-1", "cooling.output")).toBe(0);
  run(plant, 240);
  expect(shows("crac-1", "cooling.mode")).toBe(3);
});

describe("racks with two feeds", () => {
  test("take half from each", () => {
    const { plant, shows } = plantWith();
    run(plant, 5);
    expect(shows("pdu-a1", "outlet[1].power")).toBeCloseTo(shows("pdu-b1", "outlet[1].power") ?? 0, 9);
    expect(shows("pdu-a1", "outlet[8].power")).toBeGreaterThan(3);
    expect(shows("pdu-b1", "outlet[8].power")).toBe(0);
  });

  test("move wholly to the other feed when a UPS stops; a rack with one feed goes dark", () => {
    const { plant, shows } = plantWith();
    run(plant, 5);
    const before = (shows("ups-a", "output.power") ?? 0) + (shows("ups-b", "output.power") ?? 0);
    const single = plant.racks.find(({ id }) => id === "r108")!;
    const lostKw = single.kw;
    apply(plant, { ups: "ups-a", off: true });
    run(plant, 1);
    expect(shows("ups-a", "output.power")).toBe(0);
    expect(Math.abs((shows("ups-b", "output.power") ?? 0) - (before - lostKw))).toBeLessThan(0.5);
    expect(plant.racks.filter(({ live }) => !live).map(({ id }) => id)).toEqual(["r108"]);
  });
});

describe("an overloaded UPS", () => {
  test("bears 130 % for half a minute and goes to bypass", () => {
    const { plant, shows } = plantWith({ ups: "ups-b", off: true });
    for (const { id } of plant.racks) apply(plant, { load: id, kw: 100 });
    for (const rack of plant.racks) Object.assign(rack, { ratedKw: 103 / plant.racks.length });
    const bornS = secondsUntil(plant, () => shows("ups-a", "ups.mode") === 2, 60);
    expect(bornS).toBeGreaterThan(20);
    expect(bornS).toBeLessThan(40);
    expect(plant.racks.every(({ live }) => live)).toBe(true);
  });
});

describe("people", () => {
  test("who cut the mains leave the UPS on their strings", () => {
    const { plant, shows } = plantWith({ cut: "mains" });
    run(plant, 60);
    expect(shows("ups-a", "ups.mode")).toBe(battery);
    expect(shows("gen-1", "generator.state")).toBe(0);
  });

  test("who cut the site darken everything at once, and can lift it again", () => {
    const { plant, shows } = plantWith({ cut: "site" });
    run(plant, 1);
    expect(plant.racks.some(({ live }) => live)).toBe(false);
    expect(answers(plant, "ups-a")).toBe(false);
    apply(plant, { cut: "lifted" });
    run(plant, 20);
    expect(shows("ups-a", "ups.mode")).toBe(online);
    expect(plant.racks.every(({ live }) => live)).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import { answers, apply, measure } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

describe("an internal short", () => {
  test("shows nothing before it, and then a voltage step of 0.2 to 0.3 V at once", () => {
    const { plant, shows } = plantWith();
    run(plant, 600);
    const before = shows("bat-a", "cell.voltage.min") ?? 0;
    apply(plant, { battery: "bat-a", archetype: "short" });
    run(plant, 1);
    const step = before - (shows("bat-a", "cell.voltage.min") ?? 0);
    expect(step).toBeGreaterThan(0.2);
    expect(step).toBeLessThan(0.3);
  });

  test("is seen by the flame detector within two seconds and by the smoke detector as fire within a minute", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "short" });
    expect(secondsUntil(plant, () => shows("io-battery", "flame.state") === 1, 10)).toBeLessThanOrEqual(2);
    expect(secondsUntil(plant, () => (shows("asd-battery", "smoke.level") ?? 0) >= 3, 60)).toBeLessThan(60);
  });

  test("silences its bank's management within a minute, and not its neighbour's", () => {
    const { plant } = plantWith({ battery: "bat-a", archetype: "short" });
    expect(secondsUntil(plant, () => !answers(plant, "bat-a"), 120)).toBeLessThan(60);
    expect(answers(plant, "bat-b")).toBe(true);
  });

  test("makes the releasing panel let its gas go, which does not end the fire", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "short" });
    expect(secondsUntil(plant, () => shows("io-battery", "suppression.released") === 1, 120)).toBeLessThan(120);
    run(plant, 1800);
    expect(shows("io-battery", "flame.state")).toBe(1);
    expect(shows("asd-battery", "smoke.level")).toBe(4);
  });

  test("stops the UPS beside the wall by heat within half an hour, the agent notwithstanding, and leaves the other", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "short" });
    const minutes = secondsUntil(plant, () => shows("ups-a", "ups.mode") === 0, 3600) / 60;
    expect(minutes).toBeGreaterThan(10);
    expect(minutes).toBeLessThan(30);
    run(plant, 93 * 60 - minutes * 60);
    expect(shows("ups-b", "ups.mode")).toBe(1);
  });
});

describe("an overcharged cell", () => {
  test("gives off gas 6.4 minutes before its runaway, within 10 %", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "vent" });
    const gasS = secondsUntil(plant, () => shows("io-battery", "offgas.state") === 1, 60);
    const leadS = secondsUntil(plant, () => plant.batteries[0]!.fault!.burningS > 0, 1000);
    expect(gasS).toBeLessThan(10);
    expect(Math.abs(leadS / (6.4 * 60) - 1)).toBeLessThan(0.1);
  });

  test("shows too little heat outside for the cabinet to trip before its runaway", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "vent" });
    secondsUntil(plant, () => plant.batteries[0]!.fault!.burningS > 0, 1000);
    expect(shows("bat-a", "module.temperature.max")).toBeGreaterThan(40);
    expect(shows("bat-a", "module.temperature.max")).toBeLessThan(75);
    expect(shows("bat-a", "string[1].connection")).toBe(1);
  });

  test("cools down where its charge is stopped a minute after the gas", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "vent" });
    run(plant, 60);
    apply(plant, { ups: "ups-a", off: true });
    run(plant, 3600);
    expect(plant.batteries[0]!.fault!.burningS).toBe(0);
    expect(shows("io-battery", "offgas.state")).toBe(0);
  });
});

describe("a cell that drifts", () => {
  test("stands out from its neighbours hours before the cabinet trips at 75 °C", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "drift" });
    const apartC = () =>
      (shows("bat-a", "module.temperature.max") ?? 0) - (shows("bat-b", "module.temperature.max") ?? 0);
    const seenS = secondsUntil(plant, () => apartC() >= 5, 6 * 3600);
    const trippedS = seenS + secondsUntil(plant, () => shows("bat-a", "string[1].connection") === 0, 12 * 3600);
    expect(trippedS - seenS).toBeGreaterThan(30 * 60);
    expect(trippedS).toBeLessThan(12 * 3600);
  });
});

test("a bank that fails already does not begin to fail anew", () => {
  const { plant } = plantWith({ battery: "bat-a", archetype: "drift" });
  run(plant, 10);
  apply(plant, { battery: "bat-a", archetype: "short" });
  expect(plant.batteries[0]!.fault!.archetype).toBe("drift");
  expect(measure(plant)("io-battery", "flame.state")).toBe(0);
});

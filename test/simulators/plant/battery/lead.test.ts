import { describe, expect, test } from "vitest";
import { makeBattery } from "../../../../simulators/plant/battery/battery.ts";
import { applyToBattery } from "../../../../simulators/plant/battery/battery-events.ts";
import { lead } from "../../../../simulators/plant/battery/chemistry.ts";
import { floatAt, healthyFloatA, hydrogenLs } from "../../../../simulators/plant/battery/lead.ts";
import { bankOf, runBank, secondsToEmpty } from "../bank.ts";

const onFloat = () => {
  const battery = bankOf(lead);
  battery.onCharger = true;
  return battery;
};

describe("lead-acid jars", () => {
  // Panasonic UP-PW1245, watts for each 12 V jar to 1.7 V a cell at 25 °C, of 258 W for ten minutes.
  test.each([
    [3, 490],
    [5, 390],
    [10, 258],
    [15, 193],
    [20, 156],
    [30, 110],
    [60, 64.4],
    [120, 33.9],
    [300, 16.2],
    [600, 8.65],
  ])("last the %s minutes of their maker's table at its %s W, within 7 %%", (minutes, watts) => {
    const battery = makeBattery({ id: "bat", room: 0, ratedKw: 0.258 * lead.modules, strings: 1, chemistry: lead });
    const lastedS = secondsToEmpty(battery, (watts / 1000) * lead.modules);
    expect(Math.abs(lastedS / 60 / minutes - 1)).toBeLessThan(0.07);
  });

  test("float with 1 mA for each Ah when new at 25 °C, within 10 % once warm from it", () => {
    const battery = onFloat();
    runBank(battery, 0, 12 * 3600);
    const [string] = battery.strings;
    expect(battery.voltage).toBeCloseTo(2.27 * 240, 1);
    expect(Math.abs(string!.floatA / string!.capacityAh / 0.001 - 1)).toBeLessThan(0.1);
  });

  test("float with twice as much for each 10 K, and eight times as much at 2.40 V a cell", () => {
    const [cool, warm] = [onFloat(), onFloat()];
    runBank(cool, 0, 6 * 3600, 20);
    runBank(warm, 0, 6 * 3600, 30);
    const string = cool.strings[0]!;
    const apartK = warm.strings[0]!.temperatureC - string.temperatureC;
    expect(warm.strings[0]!.floatA / string.floatA).toBeCloseTo(2 ** (apartK / 10), 1);
    expect(floatAt(string, 2.4) / floatAt(string, 2.27)).toBeCloseTo(8, 5);
  });

  test("draw from the charger on float what they float, and more while they are being filled", () => {
    const battery = onFloat();
    runBank(battery, 0, 600);
    expect(-battery.kw).toBeGreaterThan(0.02);
    expect(-battery.kw).toBeLessThan(0.06);
    battery.onCharger = false;
    runBank(battery, 40, 300);
    battery.onCharger = true;
    runBank(battery, -8, 60);
    expect(-battery.kw).toBeCloseTo(8, 0);
  });
});

describe("hydrogen of lead-acid strings", () => {
  test("is Faraday's: half a mole for each mole of electrons, at 0 °C, within 1 %", () => {
    const faraday = 96_485;
    const molarL = 22.41;
    expect(Math.abs((hydrogenLs(1, 1) / (molarL / 2)) * faraday - 1)).toBeLessThan(0.01);
  });

  test("of a healthy string needs less air for 1 vol% than EN 50272-2 asks for, and of a runaway far more", () => {
    const battery = onFloat();
    const airFor1PercentM3H = (): number => (battery.emission.hydrogenLs * 3600) / 1000 / 0.01;
    const [string] = battery.strings;
    // Q = 0.05 · n · I_gas · C / 1000 with 1 mA of gas for each Ah, for each string.
    const askedM3H = (2 * 0.05 * 240 * string!.capacityAh) / 1000;
    runBank(battery, 0, 3600);
    expect(airFor1PercentM3H()).toBeLessThan(askedM3H);
    applyToBattery(battery, { battery: "bat", fault: "dry-out" });
    runBank(battery, 0, 24 * 3600);
    expect(airFor1PercentM3H()).toBeGreaterThan(10 * askedM3H);
  });
});

describe("a string that dries out", () => {
  test("floats three times as much hours before its jars are 10 K above the room, and runs away within two days", () => {
    const battery = onFloat();
    applyToBattery(battery, { battery: "bat", fault: "dry-out" });
    const string = battery.strings[0]!;
    const at = { float: 0, hot: 0, runaway: 0 };
    for (let hour = 1; hour <= 48; hour++) {
      runBank(battery, 0, 3600);
      if (string.floatA > 3 * healthyFloatA(string)) at.float ||= hour;
      if (string.view.hottestC > 35) at.hot ||= hour;
      if (string.floatA > 100 * healthyFloatA(string)) at.runaway ||= hour;
    }
    expect(at.float).toBeGreaterThan(0);
    expect(at.hot).toBeGreaterThan(at.float + 3);
    expect(at.runaway).toBeGreaterThan(at.hot);
    // Boiled dry, it has opened; its neighbour floats as ever.
    expect(string.connected).toBe(false);
    expect(battery.strings[1]!.floatA).toBeLessThan(1.5 * healthyFloatA(string));
  });

  test("cools where its charger is taken away in time", () => {
    const battery = onFloat();
    applyToBattery(battery, { battery: "bat", fault: "dry-out" });
    runBank(battery, 0, 20 * 3600);
    const hottest = battery.strings[0]!.view.hottestC;
    battery.onCharger = false;
    runBank(battery, 0, 12 * 3600);
    expect(hottest).toBeGreaterThan(45);
    expect(battery.strings[0]!.view.hottestC).toBeLessThan(35);
    expect(battery.emission.hydrogenLs).toBe(0);
  });
});

test("a shorted cell warms its jar above the others and lets the rest of its string float more", () => {
  const battery = onFloat();
  runBank(battery, 0, 3600);
  const before = battery.strings[0]!.floatA;
  applyToBattery(battery, { battery: "bat", fault: "shorted-cell" });
  runBank(battery, 0, 3600);
  const { view, floatA } = battery.strings[0]!;
  expect(view.hottestC - view.meanC).toBeGreaterThan(5);
  expect(floatA / before).toBeGreaterThan(1.1);
});

test("a charger that is 10 % too high sends healthy jars into runaway within a day", () => {
  const battery = onFloat();
  applyToBattery(battery, { battery: "bat", charger: 10 });
  let hottestC = 0;
  for (let hour = 0; hour < 24; hour++) {
    runBank(battery, 0, 3600);
    hottestC = Math.max(hottestC, battery.strings[0]!.view.hottestC);
  }
  expect(hottestC).toBeGreaterThan(60);
});

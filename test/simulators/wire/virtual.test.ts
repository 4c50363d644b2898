import { describe, expect, test } from "vitest";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { virtualSource } from "../../../simulators/wire/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant, ms } from "../../../src/core/time.ts";
import { demoSite } from "../demo-site.ts";

const site = demoSite();

/** Readings of some plant time, in steps of a scan. */
function readingsOf(plant: ReturnType<typeof demoPlant>, forMs: number): Reading[] {
  const source = virtualSource(plant, site.devices);
  const all: Reading[] = [];
  for (let at = 0; at < forMs; at += 100) {
    all.push(...source.readings(instant(1_000_000 + at)));
    advance(plant, ms(100));
  }
  return all;
}

describe("readings in virtual time", () => {
  test("of a minute speak of every point of every device, all of them good", () => {
    const readings = readingsOf(demoPlant(1), 60_000);
    const points = new Set(readings.map(({ point }) => point));
    for (const { id, model } of site.devices) {
      for (const { name } of model.points) expect(points).toContain(`${id}/${name}`);
      for (const name of ["link.state", "link.latency", "link.misses", "link.period"]) {
        expect(points).toContain(`${id}/${name}`);
      }
    }
    expect(readings.filter(({ quality }) => quality !== "good")).toEqual([]);
  });

  test("come as often as their scan class says", () => {
    const readings = readingsOf(demoPlant(1), 60_000);
    const count = (point: string): number => readings.filter((reading) => reading.point === point).length;
    expect(count("bat-a/battery.voltage")).toBe(60);
    expect(count("pdu-a1/outlet[1].state")).toBe(30);
    expect(count("bat-a/link.state")).toBe(60);
  });

  test("are as coarse as the device says them, and near the truth", () => {
    const plant = demoPlant(1);
    const readings = virtualSource(plant, site.devices).readings(instant(0));
    const all = [...readings];
    for (const reading of all) {
      const [device = "", point = ""] = reading.point.split(/\/(.*)/s);
      if (point.startsWith("link.")) continue;
      const truth = measure(plant)(device, point)!;
      const value = reading.quality === "bad" ? Number.NaN : reading.value;
      expect(Math.abs(value - truth), reading.point).toBeLessThanOrEqual(Math.max(30, Math.abs(truth) * 0.01));
    }
    const voltage = all.find(({ point }) => point === "bat-a/battery.voltage");
    if (voltage)
      expect(voltage).toMatchObject({ value: Math.round((measure(plant)("bat-a", "battery.voltage") ?? 0) * 10) / 10 });
  });

  test("of a silent device are bad and have no value, and its link is known to be down", () => {
    const plant = demoPlant(1);
    apply(plant, { sensor: "asd-battery", silent: true });
    const readings = readingsOf(plant, 3000).filter(({ point }) => point.startsWith("asd-battery/"));
    const smoke = readings.filter(({ point }) => point === "asd-battery/smoke.level");
    expect(smoke).toHaveLength(3);
    for (const reading of smoke) {
      expect(reading).toMatchObject({ quality: "bad", reason: "noCommunication" });
      expect(reading).not.toHaveProperty("value");
    }
    expect(readings.filter(({ point }) => point === "asd-battery/link.state").at(-1)).toMatchObject({ value: 0 });
    expect(readings.filter(({ point }) => point === "asd-battery/link.misses").at(-1)).toMatchObject({ value: 3 });
  });

  test("of a sensor without a reading are bad, and good again with the next", () => {
    const plant = demoPlant(1);
    const source = virtualSource(plant, site.devices);
    const voltageAt = (at: number) =>
      source.readings(instant(at)).find(({ point }) => point === "bat-a/battery.voltage")?.quality;
    expect(voltageAt(0) ?? voltageAt(1000)).toBe("good");
    apply(plant, { reading: "bat-a/battery.voltage", shows: null });
    expect(voltageAt(2000)).toBe("bad");
    apply(plant, { reading: "bat-a/battery.voltage", shows: "truth" });
    expect(voltageAt(3000)).toBe("good");
  });

  test("of a long jump come once and not once for each period missed", () => {
    const source = virtualSource(demoPlant(1), site.devices);
    source.readings(instant(0));
    const voltages = source.readings(instant(3_600_000)).filter(({ point }) => point === "bat-a/battery.voltage");
    expect(voltages).toHaveLength(1);
  });

  test("are the same twice", () => {
    expect(readingsOf(demoPlant(9), 20_000)).toEqual(readingsOf(demoPlant(9), 20_000));
  });
});

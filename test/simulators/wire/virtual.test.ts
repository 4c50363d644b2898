import { describe, expect, test } from "vitest";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { faultBoard, faultSchema, virtualSource } from "../../../simulators/wire/index.ts";
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
    expect(count("pdu-a1/outlet[1].state")).toBe(60);
    expect(count("crac-1/temperature.inlet")).toBe(30);
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

/** Readings of ten seconds of one device with a fault, one poll a second. */
function faulty(device: string, ...said: readonly object[]): readonly Reading[] {
  let now = 0;
  const board = faultBoard(
    site.devices.map((one) => ({ ...one, link: one.id })),
    { seed: 3, now: () => now },
  );
  for (const fault of said) expect(board.begin(faultSchema.parse(fault))).toBeNull();
  const source = virtualSource(demoPlant(1), site.devices, (id) => board.of(id));
  const readings: Reading[] = [];
  for (; now < 10_000; now += 1000) readings.push(...source.readings(instant(now)));
  return readings.filter(({ point }) => point.startsWith(`${device}/`));
}

const own = (readings: readonly Reading[]) => readings.filter(({ point }) => !point.includes("/link."));
const reasons = (readings: readonly Reading[]) =>
  new Set(own(readings).map((reading) => (reading.quality === "bad" ? reading.reason : reading.quality)));
const link = (readings: readonly Reading[], name: string) =>
  readings.filter(({ point }) => point.endsWith(`/link.${name}`)).at(-1);

describe("faults in virtual time", () => {
  test.each([
    ["meter-a2", { fault: "drop" }],
    ["meter-a2", { fault: "reset" }],
    ["meter-a2", { fault: "half-frame" }],
    ["meter-a2", { fault: "slow-loris", by: "1s" }],
    ["meter-a2", { fault: "exception", by: 6 }],
    ["ups-a", { fault: "wrong-id" }],
    ["ups-a", { fault: "delay", by: "1min" }],
  ])("on %s, %j is the reading that a collector would give: no communication", (on, fault) => {
    const readings = faulty(on, { ...fault, on });
    expect([...reasons(readings)]).toEqual(["noCommunication"]);
  });

  test("a device that does not answer has a link that is down, and one that refuses has not", () => {
    const lost = faulty("meter-a2", { fault: "drop", on: "meter-a2" });
    expect([link(lost, "state"), link(lost, "latency")]).toMatchObject([{ value: 0 }, { quality: "bad" }]);
    const refused = faulty("meter-a2", { fault: "exception", by: 4, on: "meter-a2" });
    expect(link(refused, "state")).toMatchObject({ value: 1 });
    expect([...reasons(refused)]).toEqual(["deviceFailure"]);
  });

  test("what is refused for good is a fault of the device or of the profile", () => {
    expect([...reasons(faulty("meter-a2", { fault: "exception", by: 2, on: "meter-a2" }))]).toEqual(["notFitted"]);
    expect([...reasons(faulty("ups-a", { fault: "error", by: "noAccess", on: "ups-a" }))]).toEqual(["configuration"]);
    expect([...reasons(faulty("ups-a", { fault: "error", by: "genErr", on: "ups-a" }))]).toEqual(["deviceFailure"]);
  });

  test("some answers that are lost are asked for again; those that are slow are only late", () => {
    const some = faulty("meter-a2", { fault: "drop", on: "meter-a2", share: 0.5 });
    expect([...reasons(some)].toSorted()).toEqual(["good", "noCommunication"]);
    const late = faulty("meter-a2", { fault: "delay", by: "40ms", on: "meter-a2" });
    expect([[...reasons(late)], link(late, "latency")]).toMatchObject([["good"], { value: 41 }]);
  });

  test("values leap, drift, are wrongly scaled, or stand still, and all are good", () => {
    const power = (...faults: readonly object[]): readonly number[] =>
      faulty("meter-main", ...faults).flatMap((reading) =>
        reading.point === "meter-main/power.active" && reading.quality !== "bad" ? [reading.value] : [],
      );
    const [truth = 0] = power();
    expect(truth).toBeGreaterThan(10);
    const on = "meter-main/power.active";
    expect(power({ fault: "wrong-scale", by: 0.1, on })[0]).toBeCloseTo(truth / 10, 1);
    expect(power({ fault: "spike", by: 2, on, every: "1h" }).map((value) => Math.round(value / truth))).toEqual([
      2,
      ...Array.from({ length: power().length - 1 }, () => 1),
    ]);
    const drifting = power({ fault: "drift", by: 1, on });
    expect(drifting.at(-1)! / truth).toBeGreaterThan(1.05);
    expect(new Set(power({ fault: "frozen", on: "meter-main" })).size).toBe(1);
  });

  test("are the same twice", () => {
    const swarmed = { fault: "drop", on: "meter-a2", share: 0.3 };
    expect(faulty("meter-a2", swarmed)).toEqual(faulty("meter-a2", swarmed));
  });
});

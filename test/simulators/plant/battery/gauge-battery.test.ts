import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Plant } from "../../../../simulators/plant/index.ts";
import { apply, demoPlant, demoSiteFile, measure } from "../../../../simulators/plant/index.ts";
import { loadLibrary } from "../../../../src/profiles/index.ts";
import { run } from "../run.ts";

/** The demo's plant with another battery in place of its first. */
function plantOf(profile: string): { readonly plant: Plant; readonly shows: ReturnType<typeof measure> } {
  const text = readFileSync(demoSiteFile(), "utf8").replace(
    /bat-a: \{ profile: battery\/sunspec-802-803/,
    `bat-a: { profile: ${profile}`,
  );
  const plant = demoPlant(7, text);
  return { plant, shows: measure(plant) };
}

const library = loadLibrary();
const profiles = [...library.profiles.values()].filter(({ class: kind }) => kind.startsWith("battery"));

describe.each(profiles.map(({ id }) => id))("a bank with the profile %s", (id) => {
  const profile = library.profiles.get(id)!;
  const { plant, shows } = plantOf(id);

  test("shows every point of its first strings, within the range of its quantity, at rest and under load", () => {
    apply(plant, { utility: "fail" });
    apply(plant, { generator: "refuse-start" });
    for (let i = 0; i < 2; i++) {
      run(plant, 60);
      for (const name of Object.keys(profile.points)) {
        const point = name.replace(/\[n\]/, "[1]");
        if (/^string\[[3-9]|^string\[1\d/.test(point)) continue;
        const value = shows("bat-a", point);
        expect(value, point).not.toBeNull();
        expect(Number.isFinite(value), point).toBe(true);
      }
    }
  });
});

test("lead-acid strings stand behind a monitor of jars that a UPS names as its battery, and lithium ones elsewhere", () => {
  const { plant } = plantOf("battery-monitor/alber-bdsu");
  expect(plant.batteries.map(({ chemistry }) => chemistry.kind)).toEqual(["lead", "lithium"]);
  expect(plant.ups.map(({ battery }) => battery)).toEqual([0, 1]);
});

describe("a monitor of jars", () => {
  test("tells of a string that runs away: float first, then heat, then runaway", () => {
    const { plant, shows } = plantOf("battery-monitor/alber-bdsu");
    apply(plant, { battery: "bat-a", fault: "dry-out" });
    const hours: Record<string, number> = {};
    for (let hour = 1; hour <= 24; hour++) {
      run(plant, 3600);
      for (const what of ["current.high", "hotter_than_room", "thermal_runaway"]) {
        if (shows("bat-a", `string[1].${what}`) === 1) hours[what] ??= hour;
        expect(shows("bat-a", `string[2].${what}`)).toBe(0);
      }
    }
    expect(hours["current.high"]).toBeLessThan(hours["hotter_than_room"]!);
    expect(hours["thermal_runaway"]).toBe(hours["hotter_than_room"]);
    expect(shows("bat-a", "device.alarm")).toBe(2);
  }, 60_000);
});

describe("a lithium bank's management system", () => {
  test("shows the step of its load, and a current and a state that agree", () => {
    const { plant, shows } = plantOf("battery/sunspec-802-803");
    const before = shows("bat-a", "battery.voltage")!;
    apply(plant, { utility: "fail" });
    apply(plant, { generator: "refuse-start" });
    run(plant, 10);
    expect(shows("bat-a", "battery.voltage")).toBeLessThan(before - 3);
    expect(shows("bat-a", "battery.current")).toBeGreaterThan(20);
    expect(shows("bat-a", "battery.power")).toBeCloseTo(plant.batteries[0]!.kw, 0);
    expect(shows("bat-a", "string[1].current")! * 2).toBeCloseTo(shows("bat-a", "battery.current")!, 3);
  });

  test("trips on a charger that is past its setting, with the event bits of SunSpec for it, and is not reset with its cells above 4.25 V", () => {
    const { plant, shows } = plantOf("battery/sunspec-802-803");
    apply(plant, { battery: "bat-a", charger: 8 });
    run(plant, 3600);
    expect(shows("bat-a", "battery.connection")).toBe(3);
    expect((shows("bat-a", "battery.alarms")! >> 20) & 1).toBe(1);
    expect([shows("bat-a", "battery.fault"), shows("bat-a", "battery.alarm")]).toEqual([1, 2]);
    apply(plant, { battery: "bat-a", charger: 0 });
    run(plant, 60);
    apply(plant, { battery: "bat-a", reset: true });
    run(plant, 10);
    expect(shows("bat-a", "cell.voltage.max")).toBeGreaterThan(4.25);
    expect(shows("bat-a", "battery.connection")).toBe(3);
  });

  test("tells the health of its age, and a shorter runtime", () => {
    const { plant, shows } = plantOf("battery/sunspec-802-803");
    const runtime = shows("ups-a", "battery.runtime")!;
    apply(plant, { battery: "bat-a", age: 10 });
    run(plant, 20);
    expect(shows("bat-a", "battery.health")).toBeCloseTo(83, 0);
    expect(shows("ups-a", "battery.runtime")! / runtime).toBeLessThan(0.83);
  });
});

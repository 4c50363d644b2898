import { describe, expect, test } from "vitest";
import { apply, eventSchema, strangerIn } from "../../../../simulators/plant/index.ts";
import { plantWith, run } from "../run.ts";

describe("an event of a battery", () => {
  test.each([
    { battery: "bat-a", archetype: "vent", string: 2, module: 17 },
    { battery: "bat-a", age: 8.5 },
    { battery: "bat-a", fault: "dry-out", string: 1 },
    { battery: "bat-a", fault: "shorted-cell" },
    { battery: "bat-a", charger: 5 },
    { battery: "bat-a", water: true },
    { battery: "bat-a", reset: true },
  ])("%j is one", (event) => {
    expect(eventSchema.safeParse(event).success).toBe(true);
  });

  test.each([
    { battery: "bat-a", archetype: "vent", string: 0 },
    { battery: "bat-a", age: -1 },
    { battery: "bat-a", charger: 31 },
    { battery: "bat-a", reset: false },
    { battery: "bat-a", age: 3, water: true },
  ])("%j is none", (event) => {
    expect(eventSchema.safeParse(event).success).toBe(false);
  });

  test("that names a string or a module that is not there, or a fault of another chemistry, is told so", () => {
    const { plant } = plantWith();
    expect(strangerIn(plant, { battery: "bat-a", archetype: "short", string: 3 })).toEqual({
      name: "string 3",
      known: ["string 1", "string 2"],
    });
    expect(strangerIn(plant, { battery: "bat-a", archetype: "short", module: 18 })?.name).toBe("module 18");
    expect(strangerIn(plant, { battery: "bat-a", archetype: "short", string: 2, module: 17 })).toBeNull();
    expect(strangerIn(plant, { battery: "bat-a", fault: "dry-out" })).toEqual({ name: "bat-a", known: [] });
    expect(strangerIn(plant, { battery: "bat-z", water: true })?.known).toEqual(["bat-a", "bat-b"]);
  });

  test("lets the cell fail that it names, and no other", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "vent", string: 2, module: 3 });
    run(plant, 60);
    expect(shows("bat-a", "string[2].module.temperature.max")).toBeGreaterThan(35);
    expect(shows("bat-a", "string[1].module.temperature.max")).toBeLessThan(30);
    expect(plant.batteries[0]!.fire!.cellC.indexOf(Math.max(...plant.batteries[0]!.fire!.cellC))).toBe(17 + 2);
  });

  test("puts water on a fire, which ends it", () => {
    const { plant, shows } = plantWith({ battery: "bat-a", archetype: "short" });
    // The agent holds the flames down for ten minutes.
    run(plant, 900);
    expect(shows("io-battery", "flame.state")).toBe(1);
    apply(plant, { battery: "bat-a", water: true });
    run(plant, 900);
    expect(shows("io-battery", "flame.state")).toBe(0);
    expect(plant.batteries[0]!.emission.heatKw).toBeLessThan(5);
  });
});

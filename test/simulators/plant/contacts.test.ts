import { describe, expect, test } from "vitest";
import { actuate, apply, measure } from "../../../simulators/plant/index.ts";
import { run, secondsUntil } from "./run.ts";
import { plantOf } from "./site.ts";

const relay = "relay[1].state";

/** A UPS whose bank has given for a minute and is charged again, with a relay that stops its charger. */
function charging(profile: string) {
  const plant = plantOf(
    {
      utility: { kind: "utility", ratedKw: 400 },
      ups: { kind: "ups", from: ["utility"], ratedKw: 80, battery: "bat", device: "ups-1" },
    },
    { rack: { ratedKw: 40, on: ["ups"] } },
    { bat: profile, "ups-1": "ups/eaton-xups", relays: "remote-io/moxa-iologik-e1214" },
  );
  const shows = measure(plant);
  apply(plant, { battery: "bat", chargeStop: `relays/${relay}` });
  apply(plant, { utility: "fail" });
  run(plant, 60);
  apply(plant, { utility: "restore" });
  run(plant, 60);
  return { plant, current: () => shows("bat", "battery.current")!, shows };
}

describe.each([
  ["lithium", "battery/sunspec-802-803"],
  ["lead-acid", "battery/ietf-battery-mib"],
])("a relay that is wired to the charger of a %s bank", (_, profile) => {
  test("ends its current within a second of being switched on, and lets it come back when it is off", () => {
    const { plant, current, shows } = charging(profile);
    expect(current()).toBeLessThan(-5);
    expect(actuate(plant, "relays", relay, 1)).toBe("done");
    expect(shows("relays", relay)).toBe(1);
    expect(secondsUntil(plant, () => Math.abs(current()) < 1, 1)).toBeLessThanOrEqual(1);
    run(plant, 120);
    expect(Math.abs(current())).toBeLessThan(1);
    expect(actuate(plant, "relays", relay, 0)).toBe("done");
    run(plant, 5);
    expect(current()).toBeLessThan(-5);
  });

  test("leaves the bank to its UPS: it gives what that needs when the mains go", () => {
    const { plant, current } = charging(profile);
    actuate(plant, "relays", relay, 1);
    apply(plant, { utility: "fail" });
    run(plant, 5);
    expect(current()).toBeGreaterThan(2);
  });
});

test("a relay that nothing is wired to is switched and does nothing; one that is not fitted, and a contact, are refused", () => {
  const { plant, current } = charging("battery/sunspec-802-803");
  expect(actuate(plant, "relays", "relay[0].state", 1)).toBe("done");
  run(plant, 5);
  expect(current()).toBeLessThan(-5);
  expect(actuate(plant, "relays", "relay[0].state", 2)).toBe("refused");
  expect(actuate(plant, "relays", "relay[3].state", 1)).toBe("refused");
  expect(actuate(plant, "relays", "contact[0].state", 1)).toBe("refused");
});

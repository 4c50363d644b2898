import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { lelPercent } from "../../../../simulators/plant/rooms/smoke.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

const room = (plant: ReturnType<typeof plantWith>["plant"], id: string) => plant.rooms.find((one) => one.id === id)!;

describe("a room's air", () => {
  // Well mixed: the balance of source and ventilation is c = source / flow, two per cent either way.
  test("settles where ventilation takes away as much hydrogen as comes in", () => {
    const { plant } = plantWith({ gas: { room: "switch-room", hydrogen: 1 } });
    run(plant, 4 * 3600);
    const flowM3s = 150 * (1 / 1333 + 1 / 12_000);
    expect(room(plant, "switch-room").hydrogenPercent / (100 * (0.001 / flowM3s))).toBeCloseTo(1, 1);
  });

  // 3 air changes an hour: 95 % is gone after three time constants of 20 minutes.
  test("is clear again after three changes of air", () => {
    const { plant } = plantWith({ smoke: { room: "hall-2", rate: 2 } });
    run(plant, 1200);
    apply(plant, { smoke: { room: "hall-2", rate: 0 } });
    const before = room(plant, "hall-2").smoke;
    run(plant, 3600);
    expect(room(plant, "hall-2").smoke / before).toBeCloseTo(Math.exp(-3), 2);
  });

  test("loses to the room under the same ceiling what that one gains", () => {
    const { plant } = plantWith({ cut: "site" }, { gas: { room: "battery-room", vapour: 5 } });
    run(plant, 600);
    const [here, there, far] = ["battery-room", "ups-room", "hall-1"].map((id) => room(plant, id).vapourPercent);
    expect(there! / here!).toBeGreaterThan(0.02);
    expect(there! / here!).toBeLessThan(0.2);
    expect(far).toBe(0);
    // What was let in is there, but for what leaks out of both in ten minutes.
    const held = (150 * (here! + there!)) / 100 / (600 * 0.005);
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThanOrEqual(1);
  });
});

describe("hydrogen", () => {
  test("is dangerous from 4 %, and the mixture that cells vent from about 7 %", () => {
    const { plant } = plantWith();
    const here = room(plant, "battery-room");
    here.hydrogenPercent = 4;
    expect(lelPercent(here)).toBeCloseTo(100, 6);
    // Vent gas of nickel-manganese-cobalt cells: 33 parts of hydrogen in 100, 6 to 8 % for a lower limit.
    [here.hydrogenPercent, here.vapourPercent] = [0.33 * 7.1, 0.67 * 7.1];
    expect(lelPercent(here)).toBeGreaterThan(95);
    expect(lelPercent(here)).toBeLessThan(105);
  });

  test("sets off a gas detector at a quarter of its limit, and warns at a tenth", () => {
    const { plant, shows } = plantWith({ gas: { room: "battery-room", hydrogen: 2 } });
    const levels = () => shows("io-battery", "gas[1].level")!;
    secondsUntil(plant, () => shows("io-battery", "gas.status") === 2, 3600);
    expect(levels()).toBeCloseTo(10, 0);
    secondsUntil(plant, () => shows("io-battery", "gas.alarm") === 1, 7200);
    expect(levels()).toBeCloseTo(25, 0);
  });
});

describe("gas that does not burn", () => {
  // McMicken, 2019-04-19: cells vented on under an agent, and the room exploded when its door was opened.
  test("gathers until somebody opens the door", () => {
    const { plant, shows } = plantWith(
      { suppression: "release" },
      { gas: { room: "battery-room", vapour: 10, hydrogen: 5 } },
    );
    const here = room(plant, "battery-room");
    run(plant, 2 * 3600);
    expect(lelPercent(here)).toBeGreaterThan(100);
    expect(here.exploded).toBe(false);
    apply(plant, { door: "battery-room", open: true });
    run(plant, 1);
    expect(here.exploded).toBe(true);
    expect(plant.batteries.every(({ strings }) => strings.every(({ connected }) => !connected))).toBe(true);
    run(plant, 1200);
    expect(shows("io-battery", "suppression.released")).toBe(1);
  });

  test("does no harm where a fan takes it away", () => {
    const { plant } = plantWith(
      { gas: { room: "battery-room", vapour: 2, hydrogen: 1 } },
      { door: "battery-room", open: true },
    );
    run(plant, 4 * 3600);
    expect(lelPercent(room(plant, "battery-room"))).toBeLessThan(25);
    expect(room(plant, "battery-room").exploded).toBe(false);
  });
});

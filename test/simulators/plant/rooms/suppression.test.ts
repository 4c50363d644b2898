import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

const burning = () => {
  const made = plantWith({ battery: "bat-a", archetype: "short" });
  return { ...made, room: made.plant.rooms.find(({ id }) => id === "battery-room")! };
};

describe("a releasing panel", () => {
  test("stops the air at the second kind of detector, counts thirty seconds and lets the agent go", () => {
    const { plant, shows, room } = burning();
    secondsUntil(plant, () => room.suppression.fireSignal, 300);
    expect([room.ventilated, room.suppression.released]).toEqual([true, false]);
    run(plant, 1);
    expect(room.ventilated).toBe(false);
    const releasedS = secondsUntil(plant, () => shows("io-battery", "suppression.released") === 1, 120);
    expect(releasedS).toBeGreaterThan(27);
    expect(releasedS).toBeLessThan(31);
  });

  test("waits while somebody holds the abort switch, and goes on where it stood", () => {
    const { plant, room } = burning();
    secondsUntil(plant, () => room.suppression.countS === 20, 300);
    apply(plant, { abort: "battery-room", held: true });
    run(plant, 300);
    expect([room.suppression.countS, room.suppression.released]).toEqual([20, false]);
    apply(plant, { abort: "battery-room", held: false });
    const leftS = secondsUntil(plant, () => room.suppression.released, 60);
    expect(leftS).toBeLessThanOrEqual(10);
  });
});

describe("an agent", () => {
  // NFPA 2001: 85 % of the design concentration for ten minutes; a minute either way.
  test("holds for ten minutes and for a minute or less with the door open", () => {
    const heldS = (open: boolean): number => {
      const { plant } = plantWith({ suppression: "release" }, { door: "battery-room", open });
      const { suppression } = plant.rooms.find(({ id }) => id === "battery-room")!;
      return secondsUntil(plant, () => suppression.agentPercent < 0.85 * 5.6, 3600);
    };
    expect(Math.abs(heldS(false) - 600)).toBeLessThan(60);
    expect(heldS(true)).toBeLessThan(60);
  });

  // Pangyo 2022 and McMicken 2019: the agent was released as it should be, and the cells burned on.
  test("puts lithium's flames out and not its fire: they are back when it has leaked away", () => {
    const { plant, shows, room } = burning();
    secondsUntil(plant, () => room.suppression.released, 600);
    run(plant, 60);
    expect(shows("io-battery", "flame.state")).toBe(0);
    const glowingKw = room.fireKw;
    expect(glowingKw).toBeGreaterThan(0);
    const againS = secondsUntil(plant, () => shows("io-battery", "flame.state") === 1, 1800);
    expect(againS / 60).toBeGreaterThan(8);
    expect(againS / 60).toBeLessThan(11);
    run(plant, 5);
    expect(room.fireKw).toBeGreaterThan(2 * glowingKw);
  });

  test("lets the cells' gas gather that flames would have burnt", () => {
    const [gassed, open] = [burning(), burning()];
    apply(open.plant, { abort: "battery-room", held: true });
    run(gassed.plant, 500);
    run(open.plant, 500);
    expect(gassed.room.vapourPercent).toBeGreaterThan(5 * open.room.vapourPercent);
  });
});

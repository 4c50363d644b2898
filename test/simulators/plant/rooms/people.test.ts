import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

describe("the fire service", () => {
  // Strasbourg, 2021-03-10: called at 00:46, there at 00:59. Pangyo, 2022-10-15: called at 15:33, power demanded at 16:52.
  test("is there after 13 minutes, and demands the cut 79 minutes later", () => {
    const { plant } = plantWith({ fireService: "battery-room", arrivesMin: 13, triesMin: 79, cuts: "site" });
    const { brigade } = plant.people;
    expect(secondsUntil(plant, () => brigade.state === "trying", 3600) / 60).toBeCloseTo(13, 1);
    expect(secondsUntil(plant, () => brigade.state === "demanding", 7200) / 60).toBeCloseTo(79, 1);
    run(plant, 3600);
    expect([brigade.state, plant.people.cut]).toEqual(["demanding", "none"]);
  });

  test("uses water once the site is dark, and not before", () => {
    const { plant } = plantWith(
      { battery: "bat-a", archetype: "short" },
      { fireService: "battery-room", arrivesMin: 10, triesMin: 5, cuts: "site" },
    );
    const room = plant.rooms[0]!;
    run(plant, 1800);
    expect(room.waterLs).toBe(0);
    const before = room.fireKw;
    apply(plant, { cut: "site" });
    run(plant, 60);
    expect(room.waterLs).toBe(10);
    expect(room.fireKw).toBeLessThan(before);
    expect(plant.racks.some(({ live }) => live)).toBe(false);
  });

  test("whose demand is followed for its room alone leaves the halls their power", () => {
    const { plant, shows } = plantWith(
      { battery: "bat-a", archetype: "short" },
      { fireService: "battery-room", arrivesMin: 5, triesMin: 5, obeyedMin: 2, cuts: "room" },
    );
    run(plant, 14 * 60);
    expect(plant.people.brigade.state).toBe("watering");
    expect(plant.racks.every(({ live }) => live)).toBe(true);
    expect(shows("io-battery", "leak.state")).toBe(1);
  });
});

describe("a room", () => {
  test("can be cut off by itself, and has its power back when that is lifted", () => {
    const { plant } = plantWith({ cutRoom: "hall-1", on: true });
    const liveIn = (id: string) => plant.racks.filter(({ room, live }) => plant.rooms[room]!.id === id && live).length;
    run(plant, 2);
    expect([liveIn("hall-1"), liveIn("hall-2")]).toEqual([0, 6]);
    apply(plant, { cutRoom: "hall-1", on: false });
    run(plant, 2);
    expect(liveIn("hall-1")).toBe(8);
  });

  test("under a permit for hot work smokes a little, and its detector is out of service until the work is done", () => {
    const { plant, shows } = plantWith({ permit: "hall-2", work: "hot-work", on: true });
    run(plant, 3600);
    expect([shows("asd-hall-2", "smoke.isolated"), shows("asd-hall-2", "smoke.level")]).toEqual([1, 0]);
    expect(shows("asd-hall-2", "smoke.obscuration")).toBeGreaterThan(0.2);
    apply(plant, { permit: "hall-2", work: "hot-work", on: false });
    run(plant, 10);
    expect(shows("asd-hall-2", "smoke.isolated")).toBe(0);
    expect(plant.people.permits).toEqual([]);
  });

  test("with its door open shares the house's air, and its contact says so", () => {
    const anHourWith = (open: boolean): readonly [number | null, number | null] => {
      const { plant, shows } = plantWith({ door: "ups-room", open });
      run(plant, 3600);
      return [shows("asd-ups", "temperature.ambient"), shows("asd-ups", "door[1].contact")];
    };
    const [[open, openContact], [shut, shutContact]] = [anHourWith(true), anHourWith(false)];
    expect(open).toBeLessThan(shut! - 0.2);
    expect([openContact, shutContact]).toEqual([0, 1]);
  });
});

describe("the crew", () => {
  test("does as much at once as it has people, and waits where nobody may go", () => {
    const { plant } = plantWith(
      { crew: 1 },
      { cooling: "crac-1", fail: true },
      { send: "reset-cooler", to: "crac-1" },
      { send: "reset-cooler", to: "crac-2" },
    );
    run(plant, 601);
    expect(plant.people.errands.map(({ at }) => at)).toEqual(["crac-2"]);
    const hall = plant.rooms.find(({ id }) => id === "hall-2")!;
    apply(plant, { smoke: { room: hall.id, rate: 30 } });
    run(plant, 1200);
    expect(plant.people.errands).toHaveLength(1);
    apply(plant, { smoke: { room: hall.id, rate: 0 } });
    run(plant, 2 * 3600);
    expect(plant.people.errands).toEqual([]);
  });
});

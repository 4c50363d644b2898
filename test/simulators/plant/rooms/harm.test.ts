import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import { isSafeToEnter } from "../../../../simulators/plant/rooms/suppression.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

describe("a room that is cut off or under water", () => {
  test("stirs the power chain when it goes dark, and lets it rest for as long as it stays so", () => {
    const { plant } = plantWith({ cutRoom: "hall-1", on: true });
    const hall = plant.rooms.find(({ id }) => id === "hall-1")!;
    secondsUntil(plant, () => !plant.grid.moving, 60);
    hall.floorL = hall.volumeM3 * 11;
    run(plant, 10);
    expect(plant.racks.filter(({ dark }) => dark)).toHaveLength(8);
    expect(plant.grid.moving).toBe(false);
  });

  test("stays dark where it is drenched, though the cut is lifted", () => {
    const { plant } = plantWith({ cutRoom: "hall-1", on: true });
    const hall = plant.rooms.find(({ id }) => id === "hall-1")!;
    hall.floorL = 1000;
    apply(plant, { cutRoom: "hall-1", on: false });
    run(plant, 2);
    expect(plant.racks.filter(({ live }) => !live)).toHaveLength(8);
  });

  test("gives its UPS back as it was switched: one that somebody has switched off stays off", () => {
    const { plant, shows } = plantWith({ ups: "ups-a", off: true }, { cutRoom: "ups-room", on: true });
    const modes = (): readonly (number | null)[] => ["ups-a", "ups-b"].map((ups) => shows(ups, "ups.mode"));
    run(plant, 2);
    const [off] = modes();
    expect(modes()).toEqual([off, off]);
    apply(plant, { cutRoom: "ups-room", on: false });
    run(plant, 30);
    expect(modes()).toEqual([off, expect.not.closeTo(off!)]);
  });
});

test("a bank that water has put out is no fire any more, though it gives off its heat for hours", () => {
  const { plant } = plantWith({ battery: "bat-a", archetype: "short" });
  const room = plant.rooms[0]!;
  run(plant, 1800);
  expect(isSafeToEnter(room)).toBe(false);
  apply(plant, { battery: "bat-a", water: true });
  run(plant, 1800);
  expect(room.fireKw).toBe(0);
  expect(plant.batteries[0]!.emission.heatKw).toBeGreaterThan(1);
  run(plant, 6 * 3600);
  apply(plant, { suppression: "reset" });
  expect(isSafeToEnter(room)).toBe(true);
});

import { describe, expect, test } from "vitest";
import type { Plant } from "../../../../simulators/plant/index.ts";
import { apply } from "../../../../simulators/plant/index.ts";
import { inrushKw, makeFeed, runRack } from "../../../../simulators/plant/power/load.ts";
import { plantWith, run } from "../run.ts";

const rackWith = (holdUpMs: number): Plant["racks"][number] => ({
  id: "r",
  room: 0,
  ratedKw: 5,
  feeds: [makeFeed(0), makeFeed(1)],
  holdUpMs,
  startS: 1,
  meanKw: 4,
  wanderKw: 0,
  live: true,
  startingS: 0,
  dark: false,
  pace: 1,
  daily: 1,
  drops: 0,
  tooHot: false,
  kw: 4,
});

describe("a server's power supplies", () => {
  test.each([
    [4, 0],
    [12, 0],
    [25, 1],
    [300, 1],
  ])("of 16 ms bridge a gap of %s ms or not (drops: %s)", (gapMs, drops) => {
    const rack = rackWith(16);
    runRack(rack, gapMs, 0.1);
    expect(rack.drops).toBe(drops);
  });

  test("of the plant's racks all bridge 12 to 20 ms", () => {
    const { plant } = plantWith();
    for (const { holdUpMs } of plant.racks) expect(holdUpMs >= 12 && holdUpMs <= 20).toBe(true);
  });

  test("draw again a moment after they have voltage again, and rush in with some times their rating", () => {
    const rack = rackWith(16);
    for (const feed of rack.feeds) feed.live = false;
    runRack(rack, Number.POSITIVE_INFINITY, 0.1);
    for (const feed of rack.feeds) feed.live = true;
    runRack(rack, 0, 0.1);
    expect([rack.live, rack.kw]).toEqual([true, 0]);
    for (let i = 0; i < 12; i++) runRack(rack, 0, 0.1);
    expect(rack.kw).toBe(4);
    expect(inrushKw(rack) / rack.ratedKw).toBe(4);
  });

  test("of two cords share alike, and the one that is left takes all", () => {
    const rack = rackWith(16);
    runRack(rack, 0, 0.1);
    expect(rack.feeds.map(({ kw }) => kw)).toEqual([2, 2]);
    rack.feeds[1]!.live = false;
    runRack(rack, 0, 0.1);
    expect(rack.feeds.map(({ kw }) => kw)).toEqual([4, 0]);
    expect(rack.drops).toBe(0);
  });
});

test("where one feed is lost, only what hangs on it alone goes dark (Delta, 2016: some 300 of 7,000)", () => {
  const { plant } = plantWith();
  run(plant, 5);
  apply(plant, { breaker: "ups-a", does: "trip" });
  run(plant, 5);
  const dropped = plant.racks.filter(({ drops }) => drops > 0).map(({ id }) => id);
  expect(dropped).toEqual(plant.layout.power.loads.filter(({ feeds }) => feeds.length === 1).map(({ id }) => id));
  apply(plant, { breaker: "ups-a", does: "reset" });
  run(plant, 5);
  expect(plant.racks.every(({ live }) => live)).toBe(true);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/serve/api.ts";
import { view } from "../../src/serve/view.ts";
import { factsOf } from "../../src/wall/facts.ts";
import { textWidth } from "../../src/wall/measure.ts";
import type { RoomGrid } from "../../src/wall/rooms.ts";
import { roomsOf } from "../../src/wall/rooms.ts";
import { wordsIn } from "../../src/wall/text.ts";
import { large } from "../serve/large.ts";
import { again, begin, burning, calmPlant, cycle, info } from "../serve/plants.ts";

const en = wordsIn("en", "UTC");
const host = { build: "1", hasHistory: false };

function small(values: Readonly<Record<string, number>> = {}): Snapshot {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  return view(plant, info, host);
}

const grid = (snapshot: Snapshot, width = 22.4, height = 14.4): RoomGrid =>
  roomsOf(snapshot, { width, height, wantedW: ({ name }) => textWidth(name["en"] ?? "") + 1 });

const factsIn = (snapshot: Snapshot, room: string): readonly string[] => {
  const tile = grid(snapshot).tiles.find(({ key }) => key === room)!;
  return factsOf(tile, en, snapshot.at).map(({ text }) => text);
};

describe("the rooms", () => {
  test("have a tile each while there is room", () => {
    const { tiles, columns, rows } = grid(small());
    expect(tiles.map(({ key }) => key)).toEqual([
      "battery-room",
      "ups-room",
      "switch-room",
      "generator-yard",
      "hall-1",
      "hall-2",
    ]);
    expect(columns * rows).toBeGreaterThanOrEqual(6);
  });

  test("show the hottest of what stands for their temperature", () => {
    const { tiles } = grid(small({ "bat-a/module.temperature.max": 71.5 }));
    expect(tiles.find(({ key }) => key === "battery-room")?.temperature).toMatchObject({
      id: "bat-a/module.temperature.max",
      v: 71.5,
    });
  });

  test("show a bad temperature only where there is no other, and then without a value", () => {
    const plant = calmPlant();
    cycle(plant, begin + 31_000, again({}));
    cycle(
      plant,
      begin + 62_000,
      Object.fromEntries(Object.entries(again()).filter(([name]) => !/^(crac-1|bat-a)\//.test(name))),
    );
    const { tiles } = grid(view(plant, info, host));
    const battery = tiles.find(({ key }) => key === "battery-room");
    expect(battery?.silent, "the hottest may be the one that is silent").toBe(1);
    expect(battery?.temperature).toMatchObject({
      id: "bat-b/module.temperature.max",
      q: 0,
    });
    expect(tiles.find(({ key }) => key === "hall-1")?.temperature).toMatchObject({ v: null, q: 2, at: begin + 31_000 });
  });

  test("say what has been detected first, and that there is no smoke only where that is known", () => {
    expect(factsIn(small(burning), "battery-room")[0]).toBe("FIRE 2 · off-gas");
    expect(factsIn(small(), "battery-room")).toContain("no smoke");
    const plant = calmPlant();
    cycle(
      plant,
      begin + 35_000,
      Object.fromEntries(Object.entries(again()).filter(([name]) => !name.startsWith("asd-hall-1/"))),
    );
    const facts = factsIn(view(plant, info, host), "hall-1");
    expect(facts[0]).toBe("smoke – · 35 s");
    expect(facts).not.toContain("no smoke");
  });

  test("say what stands in them", () => {
    expect(factsIn(small(), "generator-yard")).toEqual(["ready · fuel 94 %"]);
    expect(factsIn(small({ "crac-1/cooling.mode": 0 }), "hall-1")).toContain("coolers 0 of 1");
  });

  test("take the colour of their worst alarm, and blink until it is acknowledged", () => {
    const room = grid(small(burning)).tiles.find(({ key }) => key === "battery-room");
    expect(room).toMatchObject({ priority: "critical", isNew: true });
  });

  test("of any number fit their panel; those in order are put together, those with something wrong never", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 0, max: 39 }),
        fc.constantFrom([22.4, 14.4], [11.7, 6.4]),
        (rooms, odd, panel) => {
          const [width, height] = panel as [number, number];
          const { plant, info: names, calm } = large({ feeds: 2, rooms, rows: 2 });
          const burningRoom = `room-${odd % rooms}`;
          cycle(plant, begin + 1000, { ...calm, [`${burningRoom}/smoke.level`]: 3 });
          const { tiles, columns, rows, tileW, tileH } = grid(view(plant, names, host), width, height);
          expect(tiles.length).toBeLessThanOrEqual(columns * rows);
          expect(columns * tileW).toBeLessThanOrEqual(width + 0.001);
          expect(rows * tileH).toBeLessThanOrEqual(height + 0.001);
          expect(tileH).toBeGreaterThanOrEqual(2.75);
          expect(tiles.some(({ key, spaces }) => key === burningRoom && spaces.length === 1)).toBe(true);
          expect(tiles.flatMap(({ spaces }) => spaces.map(({ id }) => id)).sort()).toEqual(
            names.spaces.map(({ id }) => id).sort(),
          );
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  test("with something wrong in more rooms than there is room for, none is lost", () => {
    const { plant, info: names, calm } = large({ feeds: 2, rooms: 30, rows: 2 });
    const smoke = Object.fromEntries(names.spaces.slice(5, 20).map(({ id }) => [`${id}/smoke.level`, 2]));
    cycle(plant, begin + 1000, { ...calm, ...smoke });
    for (const [width, height] of [
      [22.4, 14.4],
      [11.7, 6.4],
      [7.5, 3],
    ] as const) {
      const { tiles, columns, rows } = grid(view(plant, names, host), width, height);
      expect(tiles.length).toBeLessThanOrEqual(columns * rows);
      expect(tiles.flatMap(({ spaces }) => spaces.map(({ id }) => id)).sort()).toEqual(
        names.spaces.map(({ id }) => id).sort(),
      );
    }
  });
});

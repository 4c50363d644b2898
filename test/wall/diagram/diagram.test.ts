import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/serve/api.ts";
import { view } from "../../../src/serve/view.ts";
import type { Box } from "../../../src/wall/diagram/cells.ts";
import type { Diagram } from "../../../src/wall/diagram/diagram.ts";
import { diagramOf, linesIn } from "../../../src/wall/diagram/diagram.ts";
import { sayingOf } from "../../../src/wall/diagram/says.ts";
import { wordsIn } from "../../../src/wall/text.ts";
import { large } from "../../serve/large.ts";
import { again, begin, burning, calmPlant, cycle, info } from "../../serve/plants.ts";

const en = wordsIn("en", "UTC");
const host = { build: "1", hasHistory: false };

function small(values: Readonly<Record<string, number>> = {}): Snapshot {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  return view(plant, info, host);
}

/** The panel of a 65-inch screen at 4 m. */
const draw = (snapshot: Snapshot, width = 30.5, height = 14.4): Diagram =>
  diagramOf(snapshot, { width, height, wantedW: () => 5 });

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w - 0.001 && b.x < a.x + a.w - 0.001 && a.y < b.y + b.h - 0.001 && b.y < a.y + a.h - 0.001;

function expectTidy({ boxes }: Diagram, width: number, height: number): void {
  for (const box of boxes) {
    expect(box.x).toBeGreaterThanOrEqual(-0.001);
    expect(box.y).toBeGreaterThanOrEqual(-0.001);
    expect(box.x + box.w).toBeLessThanOrEqual(width + 0.001);
    expect(box.y + box.h).toBeLessThanOrEqual(height + 0.001);
    for (const other of boxes)
      if (other !== box) expect(overlap(box, other), `${box.cell.key} over ${other.cell.key}`).toBe(false);
  }
}

const titles = (snapshot: Snapshot, diagram: Diagram): readonly string[] =>
  diagram.boxes.map(({ cell, h }) => sayingOf(cell, snapshot, { words: en, now: snapshot.at, room: linesIn(h) }).title);

const linesOf = (snapshot: Snapshot, key: string, room = 2): readonly string[] => {
  const { cell } = draw(snapshot).boxes.find((box) => box.cell.key === key)!;
  return sayingOf(cell, snapshot, { words: en, now: snapshot.at, room }).lines;
};

describe("the one-line diagram", () => {
  test("on a narrow panel shortens names before it cuts a figure beside an indicator", () => {
    const isUps = (cell: Box["cell"]): boolean => cell.kind === "nodes" && cell.nodes[0]!.kind === "ups";
    const panel = { width: 28, height: 14.4, wantedW: () => 8, leastW: (cell: Box["cell"]) => (isUps(cell) ? 5.2 : 0) };
    const { boxes } = diagramOf(small(), panel);
    expectTidy({ boxes, lines: [] }, 28, 14.4);
    for (const { cell, w } of boxes) expect(w).toBeGreaterThanOrEqual(isUps(cell) ? 5.2 : 4.3);
    const { boxes: tight } = diagramOf(small(), { ...panel, width: 26, leastW: () => 8 });
    expectTidy({ boxes: tight, lines: [] }, 26, 14.4);
  });

  test("runs from the sources on the left to the racks on the right", () => {
    const snapshot = small();
    const diagram = draw(snapshot);
    expectTidy(diagram, 30.5, 14.4);
    const xs = [...new Set(diagram.boxes.map(({ x }) => x))].sort((a, b) => a - b);
    expect(xs.map((x) => diagram.boxes.filter((box) => box.x === x).length)).toEqual([2, 1, 2, 4, 2]);
    expect(titles(snapshot, diagram)).toContain("Hall 1");
  });

  test("draws a line through which power runs otherwise than one through which none does", () => {
    const flows = new Map(draw(small()).lines.map(({ key, flow }) => [key, flow]));
    expect(flows.get("utility>ats")).toBe("live");
    expect(flows.get("gen>ats")).toBe("dead");
    expect(flows.get("row-b2>racks-hall-2")).toBe("live");
  });

  test("a generator that runs unloaded gives power to nothing", () => {
    const { lines } = draw(small({ "gen-1/generator.state": 2 }));
    expect(lines.find(({ key }) => key === "gen>ats")?.flow).toBe("dead");
  });

  test("a dead UPS takes the power from the lines behind it, and is out of order", () => {
    const snapshot = small({
      "ups-a/ups.mode": 0,
      "ups-a/output.power": 0,
      "pdu-a1/power.active": 0,
      "pdu-a2/power.active": 0,
    });
    const flows = new Map(draw(snapshot).lines.map(({ key, flow }) => [key, flow]));
    expect([flows.get("ups-a>row-a1"), flows.get("row-a1>racks-hall-1"), flows.get("row-b1>racks-hall-1")]).toEqual([
      "dead",
      "dead",
      "live",
    ]);
    expect(linesOf(snapshot, "ups-a")).toEqual(["off"]);
    expect(linesOf(snapshot, "racks-hall-1")).toEqual(["8 racks", "on B only"]);
  });

  test("draws a static switch as it draws one with contacts: the source that it has not chosen is dead to it", () => {
    const snapshot = small({ "gen-1/generator.state": 2 });
    const nodes = snapshot.site.nodes.map((one) => (one.kind === "ats" ? { ...one, kind: "sts" as const } : one));
    const withSts = { ...snapshot, site: { ...snapshot.site, nodes } };
    const { boxes, lines } = draw(withSts);
    expect(boxes.map(({ cell, x, y }) => [cell.key, x, y])).toEqual(
      draw(snapshot).boxes.map(({ cell, x, y }) => [cell.key, x, y]),
    );
    expect(lines.map(({ key, flow }) => [key, flow])).toEqual(draw(snapshot).lines.map(({ key, flow }) => [key, flow]));
    expect(lines.find(({ key }) => key === "gen>ats")?.flow).toBe("dead");
    const { cell } = boxes.find((box) => box.cell.key === "ats")!;
    expect(sayingOf(cell, withSts, { words: en, now: snapshot.at, room: 2 }).lines).toEqual(linesOf(snapshot, "ats"));
  });

  test("an alarm gives its colour to the box whose device it speaks of", () => {
    const { boxes } = draw(small(burning));
    expect(boxes.filter(({ cell }) => cell.priority !== null).map(({ cell }) => [cell.key, cell.priority])).toEqual([
      ["ups-a", "high"],
    ]);
  });

  test("a UPS on battery counts down; a silent one says since when and nothing else", () => {
    expect(linesOf(small({ "ups-a/ups.mode": 3 }), "ups-a")).toEqual(["battery", "11:40"]);
    expect(linesOf(small({ "ups-a/ups.mode": 3 }), "ups-a", 1)).toEqual(["−11:40"]);
    const plant = calmPlant();
    cycle(
      plant,
      begin + 35_000,
      Object.fromEntries(Object.entries(again()).filter(([name]) => !name.startsWith("ups-b/"))),
    );
    expect(linesOf(view(plant, info, host), "ups-b")).toEqual(["no answer", "35 s"]);
  });

  test("a site of which nothing is known yet shows no value", () => {
    const { plant, info: names } = large({ feeds: 2, rooms: 4, rows: 2 });
    plant.newest.clear();
    const snapshot = view(plant, names, host);
    const texts = draw(snapshot).boxes.flatMap(
      ({ cell }) => sayingOf(cell, snapshot, { words: en, now: begin, room: 3 }).lines,
    );
    expect(texts.join(" ")).not.toMatch(/\d+ (kW|%)/);
  });

  test("of any site of 1 to 8 feeds and 2 to 40 rooms stays within its panel, no box over another", () => {
    const sizes = fc.record({
      feeds: fc.integer({ min: 1, max: 8 }),
      rooms: fc.integer({ min: 2, max: 40 }),
      rows: fc.integer({ min: 1, max: 12 }),
      ups: fc.integer({ min: 1, max: 4 }),
    });
    const panels = fc.constantFrom([30.5, 14.4], [23.1, 6.5], [48, 28], [31, 18]);
    fc.assert(
      fc.property(sizes, panels, (size, [width, height]) => {
        const { plant, info: names } = large(size);
        const snapshot = view(plant, names, host);
        const diagram = draw(snapshot, width, height);
        expectTidy(diagram, width, height);
        expect(diagram.lines.length).toBeGreaterThan(0);
        expect(diagram.lines.every(({ d }) => !d.includes("NaN"))).toBe(true);
        // Every node is in one box, or its racks say what becomes of it.
        const drawn = diagram.boxes.flatMap(({ cell }) =>
          cell.kind === "nodes" ? cell.nodes.map(({ id }) => id) : [],
        );
        expect(new Set(drawn).size).toBe(drawn.length);
        const left = snapshot.site.nodes.filter(({ id }) => !drawn.includes(id));
        expect(left.every(({ kind }) => kind === "pdu")).toBe(true);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("what is out of order keeps a box of its own beside the rest, or is counted in the one box of all", () => {
    const silentRow = (feeds: number): Snapshot => {
      const { plant, info: names, calm } = large({ feeds, rooms: 12, rows: 8 });
      const others = Object.entries(calm).filter(([name]) => !name.startsWith("Row B3/"));
      cycle(plant, begin + 31_000, Object.fromEntries(others));
      return view(plant, names, host);
    };
    const two = silentRow(2);
    expect(titles(two, draw(two))).toEqual(expect.arrayContaining(["8 rows A", "7 rows B", "Row B3"]));
    const four = silentRow(4);
    const { cell } = draw(four).boxes.find(({ cell: { key } }) => key === "Row B1")!;
    expect(sayingOf(cell, four, { words: en, now: four.at, room: 1 })).toMatchObject({
      title: "8 rows B",
      lines: ["1 of 8 silent"],
      outOfOrder: true,
    });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plant } from "../../../../simulators/plant/index.ts";
import { advance, apply, demoPlant } from "../../../../simulators/plant/index.ts";
import { ms } from "../../../../src/core/time.ts";
import { run } from "../run.ts";
import type { WrittenLoad, WrittenNode } from "../site.ts";
import { drawAbout, node, plantOf } from "../site.ts";

/** Supplies that carry a node now. */
function carriers({ grid }: Plant, at: number): readonly number[] {
  const own = [...grid.supplies.subarray(grid.firstSupply[at], grid.firstSupply[at + 1])];
  if (grid.isShared[at] === 1) return own.filter((supply) => grid.live[supply] === 1);
  return grid.feeding[at]! < 0 ? [] : [grid.feeding[at]!];
}

/** What a node takes from its supplies: what it carries, or for a UPS what its rectifier or bypass takes. */
const takenKw = (plant: Plant, at: number): number =>
  plant.ups.find((ups) => ups.node === at)?.inputKw ?? plant.grid.kw[at]!;

/** The most by which a node's power differs from that of all that hangs on it, kW. */
function imbalanceKw(plant: Plant): number {
  const { grid } = plant;
  const below = grid.ids.map(() => 0);
  for (const rack of plant.racks) for (const feed of rack.feeds) if (feed.live) below[feed.node]! += feed.kw;
  const first = grid.mechanical[0]!;
  if (grid.live[first] === 1) below[first]! += 3;
  plant.coolers.forEach((cooler, i) => {
    const at = grid.mechanical[i % grid.mechanical.length]!;
    if (grid.live[at] === 1) below[at]! += cooler.drawnKw;
  });
  grid.ids.forEach((_, at) => {
    const by = carriers(plant, at);
    const whole = by.reduce((sum, supply) => sum + grid.ratedKw[supply]!, 0);
    for (const supply of by) below[supply]! += (takenKw(plant, at) * grid.ratedKw[supply]!) / whole;
  });
  return Math.max(...grid.ids.map((_, at) => Math.abs(below[at]! - grid.kw[at]!)));
}

/** Any tree: each node on up to three of those before it. */
const anyTree = fc
  .array(
    fc.record({
      kind: fc.constantFrom("utility", "generator", "ats", "sts", "ups", "pdu", "pdu", "pdu"),
      above: fc.array(fc.nat(), { maxLength: 3 }),
      ratedKw: fc.integer({ min: 20, max: 500 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((written) => {
    const nodes: Record<string, WrittenNode> = {};
    written.forEach(({ kind, above, ratedKw }, i) => {
      const isSource = kind === "utility" || kind === "generator" || i === 0;
      const from = isSource ? [] : [...new Set(above.map((at) => `n${at % i}`))];
      nodes[`n${i}`] = { kind, from, ratedKw };
    });
    return nodes;
  });

const someLoads = (nodes: Readonly<Record<string, WrittenNode>>): Record<string, WrittenLoad> => {
  const ids = Object.keys(nodes);
  return Object.fromEntries(
    ids.map((id, i) => [`l${i}`, { ratedKw: 4, on: [...new Set([id, ids[(i * 7 + 3) % ids.length]!])] }]),
  );
};

describe("any power tree", () => {
  test("carries at each node what hangs on it and what it loses, whatever befalls it", () => {
    fc.assert(
      fc.property(
        anyTree,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 5 })), { maxLength: 6 }),
        (nodes, troubles) => {
          const plant = plantOf(nodes, someLoads(nodes));
          for (const [which, what] of troubles) {
            const id = plant.grid.ids[which % plant.grid.ids.length]!;
            if (what === 0) apply(plant, { breaker: id, does: "trip" });
            else if (what === 1) apply(plant, { breaker: id, does: "reset" });
            else if (what === 2) apply(plant, { breaker: id, does: "short" });
            else apply(plant, { utility: what === 3 ? "fail" : what === 4 ? "restore" : "sag" });
            for (let i = 0; i < 12; i++) {
              advance(plant, ms(700));
              expect(imbalanceKw(plant)).toBeLessThan(1e-6);
            }
          }
          expect(plant.grid.kw.every((kw) => Number.isFinite(kw) && kw >= -1e-9)).toBe(true);
        },
      ),
      { numRuns: 60, seed: Number(process.env["HAECHI_SEED"] ?? 1) },
    );
  });

  test("has a supply, though its site names none", () => {
    const plant = plantOf({ row: { kind: "pdu", ratedKw: 44 } }, { r1: { ratedKw: 5, on: ["row"] } });
    run(plant, 1);
    expect(plant.racks[0]!.live).toBe(true);
    // A hall whose coolers nobody has named has two all the same.
    const coolingKw = plant.coolers.reduce((sum, { drawnKw }) => sum + drawnKw, 0);
    expect(plant.coolers).toHaveLength(2);
    expect(plant.utilities[0]!.kw).toBeCloseTo(plant.racks[0]!.kw + 3 + coolingKw, 9);
    expect(plant.utilities).toHaveLength(1);
    expect(plantOf({}).utilities).toHaveLength(1);
  });

  test("is called what its site calls it: a supply of nobody's is no stranger's namesake", () => {
    const plant = plantOf({ utility: { kind: "pdu", ratedKw: 44 } });
    expect(plant.grid.ids).toEqual(["utility-0", "utility"]);
  });

  test("may be written in any order, and thousands of boards deep", () => {
    const upside: Record<string, WrittenNode> = {};
    for (let i = 4000; i > 0; i--)
      upside[`b${i}`] = { kind: "pdu", from: [i === 1 ? "grid" : `b${i - 1}`], ratedKw: 90 };
    const plant = plantOf({ ...upside, grid: { kind: "utility", ratedKw: 90 } }, { r1: { ratedKw: 5, on: ["b4000"] } });
    expect(plant.racks[0]!.live).toBe(true);
    expect(node(plant, "grid").kw).toBeGreaterThan(3);
  });

  test("that goes round in a circle is refused", () => {
    const round = {
      one: { kind: "pdu", from: ["two"], ratedKw: 1 },
      two: { kind: "pdu", from: ["one"], ratedKw: 1 },
    } as const;
    expect(() => plantOf(round)).toThrow("circle");
  });
});

describe("UPS modules in parallel", () => {
  const three = {
    grid: { kind: "utility", ratedKw: 1000 },
    u1: { kind: "ups", from: ["grid"], ratedKw: 100, battery: "b1" },
    u2: { kind: "ups", from: ["grid"], ratedKw: 100, battery: "b2" },
    u3: { kind: "ups", from: ["grid"], ratedKw: 50, battery: "b3" },
    out: { kind: "pdu", from: ["u1", "u2", "u3"], ratedKw: 400 },
  } as const;
  const strings = Object.fromEntries(["b1", "b2", "b3"].map((id) => [id, "battery/sunspec-802-803"]));
  const racks = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`r${i}`, { ratedKw: 10, on: ["out"] }]));

  test("share by their ratings, and the others take over what one drops", () => {
    const plant = plantOf(three, racks, strings);
    drawAbout(plant, 10);
    run(plant, 1);
    expect(plant.ups.map(({ kw }) => Math.round(kw))).toEqual([80, 80, 40]);
    apply(plant, { ups: "u2", off: true });
    run(plant, 1);
    expect(plant.ups.map(({ kw }) => Math.round(kw))).toEqual([133, 0, 67]);
    expect(plant.racks.every(({ drops }) => drops === 0)).toBe(true);
  });

  test("are overloaded together, and go to their bypass together", () => {
    const plant = plantOf(three, racks, strings);
    drawAbout(plant, 10);
    run(plant, 1);
    apply(plant, { ups: "u2", off: true });
    run(plant, 15);
    expect(plant.ups.map(({ mode }) => mode)).toEqual(["bypass", "off", "bypass"]);
    expect(plant.racks.every(({ drops }) => drops === 0)).toBe(true);
  });
});

test("the demo's tree is solved the same from a short step and from a long one", () => {
  const [short, long] = [demoPlant(4), demoPlant(4)];
  for (let i = 0; i < 6000; i++) {
    short.grid.moving = true;
    advance(short, ms(100));
  }
  advance(long, ms(600_000));
  apply(long, { utility: "restore" });
  expect(Math.abs(short.utilities[0]!.energyKwh / long.utilities[0]!.energyKwh - 1)).toBeLessThan(1e-4);
  expect(imbalanceKw(long)).toBeLessThan(1e-9);
});

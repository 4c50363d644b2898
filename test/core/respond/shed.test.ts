import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Image } from "../../../src/core/image.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { PointId, Reading } from "../../../src/core/reading.ts";
import type { Scene } from "../../../src/core/respond/scene.ts";
import { excesses } from "../../../src/core/respond/scene.ts";
import type { ShedStage } from "../../../src/core/respond/shed.ts";
import { nextStage } from "../../../src/core/respond/shed.ts";
import { instant } from "../../../src/core/time.ts";
import type { Load, PowerTree } from "../../../src/core/topology/power.ts";
import { importances } from "../../../src/core/topology/power.ts";
import { part } from "../../setup/cases.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { isLit, loadOf, node, readingsOf, relieving, treeOf, twoFeeds, wire } from "../feeds.ts";
import { maxAge, point, t0 } from "../fixture.ts";

const imageFrom = (readings: readonly Reading[]): Image =>
  imageAt(new Map(readings.map((r) => [r.point, r])), new Map(readings.map((r) => [r.point, { maxAge }])), instant(t0));

/** The image of a plant in which some points are silent. */
const seen = (wiring: Wiring, ...silent: readonly string[]): Image =>
  imageFrom(readingsOf(wiring).filter((r) => !silent.includes(r.point)));

const nobody: ReadonlySet<PointId> = new Set();
const sceneOf = ({ tree }: Wiring, image: Image, taken = nobody): Scene => ({
  tree,
  image,
  taken,
  mute: new Set(),
  writesOf: null,
});
const plan = (wiring: Wiring, image = seen(wiring), toKw = 0, taken = nobody): ShedStage | null =>
  nextStage(sceneOf(wiring, image, taken), relieving(toKw, "ups-a"));
const outlets = (stage: ShedStage | null): readonly string[] =>
  stage?.cuts.map(({ outlet }) => outlet).toSorted() ?? [];

function apply(wiring: Wiring, stage: ShedStage): Wiring {
  return { tree: wiring.tree, open: new Set([...wiring.open, ...stage.cuts.map(({ outlet }) => outlet)]) };
}

/** Stage after stage, until none is left; what was opened stays spoken for. */
function stages(wiring: Wiring, toKw = 0, taken = nobody): readonly ShedStage[] {
  const stage = plan(wiring, seen(wiring), toKw, taken);
  if (!stage) return [];
  const next = apply(wiring, stage);
  return [stage, ...stages(next, toKw, next.open)];
}

describe("a shed plan", () => {
  test("moves all that it can before anything goes dark, then darkens class by class, and protected loads never", () => {
    const tree = twoFeeds({
      b2: { kw: 4, is: "batch" },
      b1: { kw: 4, is: "batch", on: ["a"] },
      r2: { kw: 4, is: "redundant" },
      r1: { kw: 4, is: "redundant", on: ["a"] },
      n2: { kw: 4, is: "normal" },
      n1: { kw: 4, is: "normal", on: ["a"] },
      p2: { kw: 4, is: "protected" },
      p1: { kw: 4, is: "protected", on: ["a"] },
    });
    expect(stages(wire(tree)).map((stage) => [stage.name, ...outlets(stage)])).toEqual([
      ["move batch, redundant, normal", "a.b2/outlet", "a.n2/outlet", "a.r2/outlet"],
      ["drop batch", "a.b1/outlet"],
      ["drop redundant", "a.r1/outlet"],
      ["drop normal", "a.n1/outlet"],
    ]);
  });

  test("darkens no more than it has to, the largest first and of two that fit the one whose loads are the smaller", () => {
    const tree = twoFeeds({
      c: { kw: 3, is: "batch", on: ["a"] },
      b: { kw: 3, is: "batch", on: ["a"] },
      a: { kw: 2, is: "batch", on: ["a"] },
      d: { kw: 5, is: "batch", on: ["a"] },
    });
    const stage = plan(wire(tree), seen(wire(tree)), 6);
    expect(stage?.cuts.map(({ load }) => load)).toEqual(["d", "a"]);
    expect(stage?.freedKw).toBe(7);
  });

  test("is none when every supply is relieved, at the very figure too", () => {
    const wiring = wire(twoFeeds({ a: { kw: 4, is: "batch", on: ["a"] } }));
    expect(plan(wiring, seen(wiring), 4)).toBeNull();
    expect(plan(wiring, seen(wiring), 3.9)).not.toBeNull();
  });

  test("goes by ratings where meters are silent: nothing is relieved by silence", () => {
    const wiring = wire(twoFeeds({ a: { kw: 4, is: "batch", on: ["a"] } }));
    expect(outlets(plan(wiring, imageFrom([])))).toEqual(["a.a/outlet"]);
    expect(excesses(sceneOf(wiring, imageFrom([])), relieving(1, "ups-a"))).toEqual(new Map([["ups-a", 3]]));
  });

  test("never fills a healthy feed beyond nine tenths of its rating: loads with no room there go dark on both feeds", () => {
    const tree = twoFeeds({ big: { kw: 40 }, small: { kw: 10 }, other: { kw: 68, is: "protected", on: ["b"] } });
    const stage = plan(wire(tree));
    // The UPS of B is rated 100 kW and carries 93 kW.
    expect(stage?.name).toBe("drop normal");
    expect(outlets(stage)).toEqual(["a.big/outlet", "a.small/outlet", "b.big/outlet", "b.small/outlet"]);
  });

  test("counts moved loads against the room that is left, one after the other", () => {
    const tree = twoFeeds({ one: { kw: 20 }, two: { kw: 20 }, other: { kw: 55, is: "protected", on: ["b"] } });
    // 75 of 100 kW are taken: there is room for one of two that bring 10 kW each.
    expect(plan(wire(tree))).toMatchObject({ name: "move normal", cuts: [{ load: "one" }], freedKw: 10 });
  });

  test("looks at every node on the healthy way, not only at the UPS", () => {
    const { nodes, loads } = twoFeeds({ x: { kw: 20 } });
    const small = [...nodes.values()].map((n) => (n.id === "row-b" ? { ...n, ratedKw: 15 } : n));
    expect(plan(wire(treeOf(small, loads)))?.name).toBe("drop normal");
    const unmetered = small.map((n) => (n.id === "row-b" ? { ...n, power: null } : n));
    expect(plan(wire(treeOf(unmetered, loads)))?.name).toBe("drop normal");
  });

  test.each([
    ["a supply that nobody can see", ["ups-b/kw"], []],
    ["a feed whose contact and meter are silent", ["b.x/closed", "b.x/power"], []],
    ["a feed that is open", [], ["b.x/outlet"]],
  ])("moves nothing to %s", (_, silent, open) => {
    const wiring = wire(twoFeeds({ x: { kw: 20 }, y: { kw: 5, is: "protected" } }), ...open);
    expect(plan(wiring, seen(wiring, ...silent))?.name).toBe("drop normal");
  });

  test("moves nothing to a supply that is dark", () => {
    const wiring = wire(twoFeeds({ x: { kw: 20 } }));
    const dark = readingsOf(wiring).map(
      (r): Reading => (r.point === "ups-b/kw" ? { ...r, quality: "good", value: 0 } : r),
    );
    expect(plan(wiring, imageFrom(dark))?.name).toBe("drop normal");
  });

  test("leaves a load alone that cannot be switched, on the endangered feed or on the one it would overload", () => {
    expect(plan(wire(twoFeeds({ x: { kw: 20, on: ["a"], without: ["outlet"] } })))).toBeNull();
    const tree = twoFeeds({ x: { kw: 20 }, other: { kw: 90, is: "protected", on: ["b"] } });
    const fixed: Load = {
      ...tree.loads[0]!,
      feeds: [tree.loads[0]!.feeds[0]!, { ...tree.loads[0]!.feeds[1]!, outlet: null }],
    };
    expect(plan(wire(treeOf([...tree.nodes.values()], [fixed, tree.loads[1]!])))).toBeNull();
  });

  test("opens no feed that carries nothing: that would help nobody", () => {
    const wiring = wire(twoFeeds({ x: { kw: 20, is: "batch" }, y: { kw: 5, on: ["a"] } }));
    const idle = readingsOf(wiring).map(
      (r): Reading => (r.point === "a.x/power" ? { ...r, quality: "good", value: 0.02 } : r),
    );
    expect(plan(wiring, imageFrom(idle))).toMatchObject({ name: "drop normal", cuts: [{ load: "y" }] });
  });

  test("leaves outlets alone that are spoken for, and moves no load onto one", () => {
    const wiring = wire(twoFeeds({ x: { kw: 20 }, y: { kw: 20 } }));
    expect(outlets(plan(wiring, seen(wiring), 0, new Set([point("a.x/outlet")])))).toEqual(["a.y/outlet"]);
    expect(outlets(plan(wiring, seen(wiring), 0, new Set([point("b.x/outlet")])))).toEqual(["a.y/outlet"]);
  });

  test("keeps the room that commands which are out may still fill", () => {
    const tree = twoFeeds({ x: { kw: 20 }, y: { kw: 20 }, other: { kw: 55, is: "protected", on: ["b"] } });
    const stage = plan(wire(tree), seen(wire(tree)), 0, new Set([point("a.x/outlet")]));
    expect(stage?.name).toBe("drop normal");
  });

  test("relieves a node inside another one that it was told to relieve, too", () => {
    const { nodes, loads } = twoFeeds({ x: { kw: 10, is: "batch", on: ["a"] }, y: { kw: 10, is: "batch", on: ["a"] } });
    const action = {
      ...relieving(0),
      relieve: [
        { node: node("ups-a"), toKw: 50 },
        { node: node("row-a"), toKw: 12 },
      ],
    };
    const wiring = wire(treeOf([...nodes.values()], loads));
    expect(nextStage(sceneOf(wiring, seen(wiring)), action)?.cuts).toHaveLength(1);
  });

  test("expects of a cut what can be seen: its meter, or its contact where the meter is silent or missing, or the outlet itself", () => {
    const expectOf = (without: LoadSketch["without"] = [], ...silent: readonly string[]) => {
      const wiring = wire(twoFeeds({ x: { kw: 20, on: ["a"], without } }));
      return plan(wiring, seen(wiring, ...silent))?.cuts[0]?.expect;
    };
    expect(expectOf()).toEqual({ point: "a.x/power", is: "<", value: 0.05 });
    expect(expectOf([], "a.x/power")).toEqual({ point: "a.x/closed", is: "=", value: 0 });
    expect(expectOf(["power"])).toEqual({ point: "a.x/closed", is: "=", value: 0 });
    expect(expectOf(["power", "closed"])).toEqual({ point: "a.x/outlet", is: "=", value: 0 });
  });

  test("drops a load that hangs on two endangered feeds from both", () => {
    const wiring = wire(twoFeeds({ x: { kw: 20 } }));
    const stage = nextStage(sceneOf(wiring, seen(wiring)), relieving(0, "ups-a", "ups-b"));
    expect(stage).toMatchObject({ name: "drop normal", freedKw: 20 });
    expect(outlets(stage)).toEqual(["a.x/outlet", "b.x/outlet"]);
  });
});

/** Any plant of two feeds, with any outlets open, any instruments missing and any points silent. */
const plants = fc
  .record({
    sketches: fc.array(
      fc.record({
        kw: fc.integer({ min: 1, max: 30 }),
        is: fc.constantFrom(...importances),
        on: fc.constantFrom(["a"], ["b"], ["a", "b"], ["a", "b"]),
        without: fc.subarray(["power", "closed", "outlet"] as const),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    ratedKw: fc.integer({ min: 20, max: 150 }),
    toKw: fc.integer({ min: 0, max: 60 }),
    chance: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    hush: fc.array(fc.nat({ max: 9 }), { minLength: 24, maxLength: 24 }),
  })
  .map(({ sketches, ratedKw, toKw, chance, hush }) => {
    const tree: PowerTree = twoFeeds(Object.fromEntries(sketches.map((sketch, i) => [`l${i}`, sketch])), ratedKw);
    const switches = tree.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
    const wiring = wire(tree, ...switches.filter((_, i) => chance[i % 24] && i % 3 === 0));
    const all = readingsOf(wiring);
    // One point in ten is silent.
    const silent = all.filter((_, i) => hush[i % 24] === 0).map((r) => r.point);
    return { wiring, toKw, image: seen(wiring, ...silent) };
  });

const margin = 1e-9;

describe("one stage of any plan on any plant (properties)", () => {
  const check = (rule: (wiring: Wiring, stage: ShedStage, toKw: number) => void): void => {
    let planned = 0;
    fc.assert(
      fc.property(plants, ({ wiring, toKw, image }) => {
        const stage = plan(wiring, image, toKw);
        if (!stage) return;
        planned += 1;
        rule(wiring, stage, toKw);
      }),
      { numRuns: 300 * part },
    );
    expect(planned).toBeGreaterThan(60 * part);
  };
  const loadsOf = ({ tree }: Wiring, stage: ShedStage): readonly Load[] =>
    tree.loads.filter(({ id }) => stage.cuts.some((cut) => cut.load === id));

  test("puts no node of the healthy feed beyond nine tenths of its rating that was not beyond it before", () => {
    check((wiring, stage) => {
      const next = apply(wiring, stage);
      for (const id of ["ups-b", "row-b"].map(node)) {
        const most = Math.max(loadOf(wiring, id), wiring.tree.nodes.get(id)!.ratedKw * 0.9);
        expect(loadOf(next, id)).toBeLessThanOrEqual(most + margin);
      }
    });
  });

  test("adds nothing to the endangered feed", () => {
    check((wiring, stage) => {
      expect(loadOf(apply(wiring, stage), node("ups-a"))).toBeLessThanOrEqual(loadOf(wiring, node("ups-a")) + margin);
    });
  });

  test("opens nothing of a protected load", () => {
    check((wiring, stage) => {
      expect(loadsOf(wiring, stage).map(({ importance }) => importance)).not.toContain("protected");
    });
  });

  test("leaves every load lit that it says it moves, unseen contacts and meters or not", () => {
    check((wiring, stage) => {
      if (!stage.name.startsWith("move")) return;
      const next = apply(wiring, stage);
      for (const one of loadsOf(wiring, stage)) expect(isLit(next, one)).toBe(isLit(wiring, one));
    });
  });

  test("opens a healthy feed only of a load that it drops, and then every feed of it", () => {
    check((wiring, stage) => {
      const cut = new Set(stage.cuts.map(({ outlet }) => outlet));
      for (const one of loadsOf(wiring, stage)) {
        const healthy = one.feeds.filter((feed) => feed.node === "row-b" && feed.outlet && cut.has(feed.outlet));
        if (healthy.length === 0) continue;
        expect(stage.name).toMatch(/^drop/);
        expect(isLit(apply(wiring, stage), one)).toBe(false);
      }
    });
  });

  test("opens no outlet twice, and darkens loads of one importance only", () => {
    check((wiring, stage) => {
      const names = stage.cuts.map(({ outlet }) => outlet);
      expect(new Set(names).size).toBe(names.length);
      const classes = new Set(loadsOf(wiring, stage).map(({ importance }) => importance));
      if (stage.name.startsWith("drop")) expect(classes.size).toBe(1);
    });
  });

  test("follows from the image alone", () => {
    fc.assert(
      fc.property(plants, ({ wiring, toKw, image }) => {
        expect(plan(wiring, image, toKw)).toEqual(plan(wiring, image, toKw));
      }),
    );
  });

  test("is followed by others until the supply is relieved or nothing is left that may be opened", () => {
    fc.assert(
      fc.property(plants, ({ wiring, toKw }) => {
        const all = stages(wiring, toKw);
        expect(all.length).toBeLessThanOrEqual(2 * wiring.tree.loads.length);
        const last = all.reduce(apply, wiring);
        const isRelieved = loadOf(last, node("ups-a")) <= toKw + margin;
        const left = last.tree.loads.filter(
          (one) =>
            one.importance !== "protected" &&
            one.feeds.every(({ outlet, closed }) => outlet !== null && closed !== null) &&
            one.feeds.some((feed) => feed.node === "row-a" && !last.open.has(feed.outlet!)),
        );
        if (!isRelieved) expect(left).toEqual([]);
      }),
    );
  });
});

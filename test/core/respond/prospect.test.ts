import { describe, expect, test } from "vitest";
import type { Image } from "../../../src/core/image.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { PointId, Reading } from "../../../src/core/reading.ts";
import type { Choice } from "../../../src/core/respond/draft.ts";
import type { Prospect } from "../../../src/core/respond/prospect.ts";
import { prospectOf, writesIn } from "../../../src/core/respond/prospect.ts";
import type { Scene } from "../../../src/core/respond/scene.ts";
import { viewOf } from "../../../src/core/respond/scene.ts";
import type { ShedStage } from "../../../src/core/respond/shed.ts";
import { muteDevices, nextStage, planShed } from "../../../src/core/respond/shed.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { Load, PowerTree } from "../../../src/core/topology/power.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { node, powerNode, readingsOf, relieving, treeOf, twoFeeds, wire } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

const imageFrom = (readings: readonly Reading[]): Image =>
  imageAt(new Map(readings.map((r) => [r.point, r])), new Map(readings.map((r) => [r.point, { maxAge }])), instant(t0));
const seen = (wiring: Wiring, ...silent: readonly string[]): Image =>
  imageFrom(readingsOf(wiring).filter((r) => !silent.includes(r.point)));
const sceneOf = ({ tree }: Wiring, image: Image, taken: ReadonlySet<PointId> = new Set()): Scene => ({
  tree,
  image,
  taken,
  mute: new Set(),
  writesOf: null,
});
const plan = (wiring: Wiring, image = seen(wiring), taken: ReadonlySet<PointId> = new Set()): ShedStage | null =>
  nextStage(sceneOf(wiring, image, taken), relieving(0, "ups-a"));
const outlets = (stage: ShedStage | null): readonly string[] =>
  stage?.cuts.map(({ outlet }) => outlet).toSorted() ?? [];

/** Stage after stage, until none is left. */
function stages(wiring: Wiring): readonly ShedStage[] {
  const stage = plan(wiring, seen(wiring), wiring.open);
  if (!stage) return [];
  const open = new Set([...wiring.open, ...stage.cuts.map(({ outlet }) => outlet)]);
  return [stage, ...stages({ tree: wiring.tree, open })];
}

describe("a shed plan counts on nothing that is not seen", () => {
  const action = relieving(6, "ups-a");
  const batch = (on: readonly string[] = ["a"]): LoadSketch => ({ kw: 4, is: "batch", on });

  test("loads whose own meter is silent are left to the last, whatever they matter", () => {
    const wiring = wire(twoFeeds({ unseen: batch(), seen: { kw: 4, is: "normal", on: ["a"] } }));
    const image = seen(wiring, "a.unseen/power");
    expect(nextStage(sceneOf(wiring, image), action)).toMatchObject({ name: "drop normal", cuts: [{ load: "seen" }] });
    const later = sceneOf(wiring, image, new Set([point("a.seen/outlet")]));
    expect(nextStage(later, action)).toMatchObject({ cuts: [{ load: "unseen" }], freedKw: 4 });
  });

  test("loads that never had a meter are seen through the one above, by their share in what it shows", () => {
    const tree = twoFeeds({
      small: { kw: 4, is: "batch", on: ["a"], without: ["power"] },
      large: { kw: 12, is: "batch", on: ["a"], without: ["power"] },
      other: { kw: 4, is: "protected", on: ["a"] },
    });
    // The row shows 20 kW, 4 of them through the meter of its own; no more than half of the rest is drawn.
    const half = readingsOf(wire(tree)).map(
      (r): Reading => (["row-a/kw", "ups-a/kw"].includes(r.point) ? { ...r, quality: "good", value: 12 } : r),
    );
    const stage = nextStage(sceneOf(wire(tree), imageFrom(half)), relieving(10, "ups-a"));
    expect(stage).toMatchObject({ cuts: [{ load: "small" }], freedKw: 2 });
  });

  test("what a silent feed may bring over is its whole rating", () => {
    const wiring = wire(twoFeeds({ x: { kw: 20 }, other: { kw: 72, is: "protected", on: ["b"] } }));
    const { name: seenName } = nextStage(sceneOf(wiring, seen(wiring)), relieving(0, "ups-a"))!;
    expect(seenName).toBe("drop normal");
    const roomy = wire(twoFeeds({ x: { kw: 20 }, other: { kw: 65, is: "protected", on: ["b"] } }));
    // 10 kW would fit into the 15 kW that are free on B, and 20 kW would not.
    expect(nextStage(sceneOf(roomy, seen(roomy)), relieving(0, "ups-a"))?.name).toBe("move normal");
    expect(nextStage(sceneOf(roomy, seen(roomy, "a.x/power")), relieving(0, "ups-a"))?.name).toBe("drop normal");
  });

  test("devices that do not answer are left to the last", () => {
    const wiring = wire(twoFeeds({ mute: batch(), heard: { kw: 4, is: "normal", on: ["a"] } }));
    const scene = { ...sceneOf(wiring, seen(wiring)), mute: new Set(["a.mute"]) };
    expect(nextStage(scene, action)?.cuts).toMatchObject([{ load: "heard" }]);
    const onlyMute = { ...scene, taken: new Set([point("a.heard/outlet")]) };
    expect(nextStage(onlyMute, action)?.cuts).toMatchObject([{ load: "mute" }]);
  });

  test("a device is mute that has missed three polls, and no other", () => {
    const { tree } = wire(twoFeeds({ x: batch(), y: batch(), z: batch() }));
    const image = imageFrom([good("a.x/link.missed", 3), good("a.y/link.missed", 2)]);
    expect([...muteDevices({ tree, image })]).toEqual(["a.x"]);
  });

  test("a load whose other supply is dark goes dark without the device of that side", () => {
    const wiring = wire(twoFeeds({ x: { kw: 4, is: "batch" }, y: { kw: 4, is: "normal", on: ["a"] } }));
    const dark = readingsOf(wiring).map(
      (r): Reading => (/^(ups-b|row-b)\/kw$|^b\.x\/power$/.test(r.point) ? { ...r, quality: "good", value: 0 } : r),
    );
    const scene = { ...sceneOf(wiring, imageFrom(dark)), mute: new Set(["b.x"]) };
    expect(outlets(nextStage(scene, relieving(5, "ups-a")))).toEqual(["a.x/outlet"]);
  });

  test("no room is seen on a UPS that a transfer switch might choose and nobody sees", () => {
    const { nodes, loads } = twoFeeds({ x: { kw: 20 } });
    const spare = powerNode("ups-c", "ups", ["utility"]);
    const all = [...nodes.values()].map((n) => (n.id === "row-b" ? { ...n, from: [node("ups-b"), node("ups-c")] } : n));
    const wiring = wire(treeOf([...all, spare], loads));
    expect(plan(wiring)?.name).toBe("move normal");
    expect(plan(wiring, seen(wiring, "ups-c/kw"))?.name).toBe("drop normal");
  });
});

describe("what may be done, in figures", () => {
  const figures = (
    wiring: Wiring,
    more: Partial<Scene> & { readonly nodes?: readonly string[]; readonly toKw?: number } = {},
    resort: "seen" | "last" = "seen",
  ) => {
    const { nodes = ["ups-a"], toKw = 0, ...scene } = more;
    const action = relieving(toKw, ...nodes);
    return prospectOf(viewOf({ ...sceneOf(wiring, seen(wiring)), ...scene }, action), action, resort);
  };
  const x = { kw: 20 } as const;
  const y = { kw: 6, is: "batch", on: ["a"] } as const;
  /** One choice of a load: what it does, frees and takes of which room. */
  const inFigures = ({ problem }: Pick<Prospect, "problem">) => ({
    needs: problem.needs,
    rooms: problem.rooms,
    choices: problem.choices.map((of) =>
      of.map(({ harm, rank, isMove, kw, gives, takes }) => ({ harm, rank, isMove, kw, gives, takes })),
    ),
    isListed: problem.isListed,
  });

  test("is a move for the room that it takes on every node on its way, and a drop for what matters", () => {
    const { deedOf, problem } = figures(wire(twoFeeds({ y, x })), { toKw: 6 });
    expect(inFigures({ problem })).toEqual({
      needs: [10],
      rooms: [80, 80],
      choices: [
        [
          {
            harm: 33,
            rank: 2,
            isMove: true,
            kw: 10,
            gives: [{ of: 0, kw: 10 }],
            takes: [
              { of: 0, kw: 10 },
              { of: 1, kw: 10 },
            ],
          },
          { harm: 21e9, rank: 5, isMove: false, kw: 10, gives: [{ of: 0, kw: 10 }], takes: [] },
        ],
        [{ harm: 7000, rank: 3, isMove: false, kw: 6, gives: [{ of: 0, kw: 6 }], takes: [] }],
      ],
      isListed: false,
    });
    expect(problem.choices.map(([one]) => [one!.load, deedOf(one!).load.id])).toEqual([
      [0, "x"],
      [1, "y"],
    ]);
  });

  test("weighs classes far apart, and moves so little that nothing goes dark for them", () => {
    const all = { b: { kw: 2, is: "batch" }, n: { kw: 2, is: "normal" }, r: { kw: 2, is: "redundant" } } as const;
    const harms = figures(wire(twoFeeds(all))).problem.choices.map((of) => of.map(({ harm, rank }) => [harm, rank]));
    expect(harms).toEqual([
      [
        [2, 0],
        [3e3, 3],
      ],
      [
        [6, 2],
        [3e9, 5],
      ],
      [
        [4, 1],
        [3e6, 4],
      ],
    ]);
  });

  test("takes one of the loads of its group that are seen to be lit, less the last, and its writes of each device", () => {
    const tree = twoFeeds({ x, y, z: { kw: 4, on: ["a"] } });
    const spread = treeOf(
      [...tree.nodes.values()],
      tree.loads.map((one) => (one.id === "y" || one.id === "z" ? { ...one, spread: "web" } : one)),
    );
    const writesOf = (device: string): number => (device === "a.x" ? 7 : 3);
    const { rooms, choices } = figures(wire(spread), { writesOf }).problem;
    // The rows, the UPS, the two devices of x, the group and the devices of y and z.
    expect(rooms).toEqual([80, 80, 7, 3, 1, 3, 3]);
    expect(choices.map((of) => of.map(({ takes }) => takes.map(({ of: at, kw }) => [at, kw])))).toEqual([
      [
        [
          [0, 10],
          [1, 10],
          [2, 1],
        ],
        [
          [2, 1],
          [3, 1],
        ],
      ],
      [
        [
          [4, 1],
          [5, 1],
        ],
      ],
      [
        [
          [4, 1],
          [6, 1],
        ],
      ],
    ]);
  });

  test("takes a place of its own group only, none for a move, and none for what is not seen to be lit beside others", () => {
    const one = { kw: 4, is: "batch", on: ["a"] } as const;
    const tree = twoFeeds({ d: { kw: 4 }, u: one, v: one, w: one });
    const spread = (of: Readonly<Record<string, string>>): Wiring =>
      wire(
        treeOf(
          [...tree.nodes.values()],
          tree.loads.map((load) => (of[load.id] === undefined ? load : { ...load, spread: of[load.id]! })),
        ),
      );
    const takesIn = ({ problem }: Prospect): readonly (readonly (readonly number[])[])[] =>
      problem.choices.map((of) => of.map(({ takes }) => takes.map(({ of: at }) => at)));
    const two = figures(spread({ d: "web", u: "web", v: "db", w: "db" }));
    expect(two.problem.rooms).toEqual([88, 88, 1, 1]);
    expect(takesIn(two)).toEqual([[[0, 1], [2]], [[2]], [[3]], [[3]]]);
    const unseen = ["u", "v"].flatMap((id) => [`a.${id}/power`, `a.${id}/closed`]);
    const dim = spread({ u: "web", v: "db", w: "db" });
    const last = figures(dim, { image: seen(dim, ...unseen) }, "last");
    // Of "web" none is seen to be lit, and any may be the last; of "db" one is, and v is not it.
    expect(takesIn(last)).toEqual([[], [], [[]], []]);
    expect(last.problem.rooms).toEqual([0]);
  });

  test("takes off each node what is seen of it, and hangs on every device that it needs", () => {
    const wiring = wire(twoFeeds({ x }));
    const both = { nodes: ["ups-a", "ups-b"], image: seen(wiring, "b.x/power") };
    expect(figures(wiring, both).problem.choices[0]!.map(({ kw, gives }) => [kw, gives])).toEqual([
      [10, [{ of: 0, kw: 10 }]],
    ]);
    const mute = new Set(["b.x"]);
    expect(figures(wiring, { mute }).problem.choices[0]!.map(({ isMove }) => isMove)).toEqual([true]);
    expect(figures(wiring, { mute }, "last").problem.choices[0]!.map(({ isMove }) => isMove)).toEqual([false]);
  });

  test("brings over what several feeds draw to one that stays, and what one draws to each of several", () => {
    const { nodes } = twoFeeds({ x });
    const rows = ["row-c", "row-d"].map((id) => powerNode(id, "pdu", [id === "row-c" ? "ups-a" : "ups-b"]));
    const takesOf = (...on: readonly string[]): readonly (readonly number[])[] => {
      const { loads } = twoFeeds({ x: { kw: 12, on } });
      const [move] = figures(wire(treeOf([...nodes.values(), ...rows], loads))).problem.choices[0]!;
      return move!.takes.map(({ of, kw }) => [of, kw]);
    };
    expect(takesOf("a", "c", "b")).toEqual([
      [0, 8],
      [1, 8],
    ]);
    expect(takesOf("a", "b", "d")).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
    ]);
  });

  test("is nothing that there is no room for now, or for which a device has no time", () => {
    const wiring = wire(twoFeeds({ x, other: { kw: 81, is: "protected", on: ["b"] } }));
    expect(figures(wiring).problem.choices[1]!.map(({ isMove }) => isMove)).toEqual([false]);
    expect(figures(wiring, { writesOf: () => 0 }).problem.choices[1]).toEqual([]);
  });

  test("has less room by what commands that are out may still bring over", () => {
    const wiring = wire(twoFeeds({ w: { kw: 30 }, x, v: { kw: 4, on: ["a"] } }));
    const out = new Set([point("a.w/outlet"), point("a.v/outlet")]);
    const { rooms } = figures(wiring, { taken: out }).problem;
    // Nine tenths, less the halves of w and x that are there, less the half of w that is coming.
    expect(rooms).toEqual([50, 50]);
    // What is opened on both sides brings nothing over, and nothing comes to a feed that is open.
    const both = new Set([point("a.w/outlet"), point("b.w/outlet")]);
    expect(figures(wiring, { taken: both }).problem.rooms).toEqual([65, 65]);
    const open = wire(wiring.tree, "b.w/outlet");
    expect(figures(open, { taken: out }).problem.rooms).toEqual([80, 80]);
  });

  test("takes nothing off a node that it would come back to by its other feed", () => {
    const { nodes, loads } = twoFeeds({ x });
    const onEither = (...from: readonly string[]): readonly (readonly [boolean, Choice["gives"]])[] => {
      const all = [...nodes.values()].map((one) => (one.id === "row-b" ? { ...one, from: from.map(node) } : one));
      const { choices } = figures(wire(treeOf(all, loads)), { toKw: 1 }).problem;
      return choices[0]!.map(({ isMove, gives }) => [isMove, gives]);
    };
    const gives = [{ of: 0, kw: 10 }];
    expect(onEither("ups-b")).toEqual([
      [true, gives],
      [false, gives],
    ]);
    expect(onEither("ups-b", "ups-a")).toEqual([[false, gives]]);
    const both = figures(wire(twoFeeds({ x })), { nodes: ["ups-a", "utility"], toKw: 1 }).problem;
    expect(both.needs).toEqual([9, 19]);
    expect(both.choices[0]!.map(({ kw, gives: given }) => [kw, given])).toEqual([
      [
        20,
        [
          { of: 0, kw: 10 },
          { of: 1, kw: 20 },
        ],
      ],
    ]);
  });

  test("as a last resort is what is not seen to help or hangs on what does not answer, for what it likely draws", () => {
    const wiring = wire(twoFeeds({ x, y }));
    const image = seen(wiring, "a.x/power");
    const [ofX, ofY] = figures(wiring, { image }, "last").problem.choices;
    expect(ofX!.map(({ isMove, kw }) => [isMove, kw])).toEqual([
      [true, 10],
      [false, 10],
    ]);
    expect(ofY).toEqual([]);
    expect(figures(wiring, { image }).problem.choices.map(({ length }) => length)).toEqual([0, 1]);
    const mute = new Set(["a.y"]);
    expect(figures(wiring, { mute }).problem.choices.map(({ length }) => length)).toEqual([2, 0]);
    expect(figures(wiring, { mute }, "last").problem.choices.map(({ length }) => length)).toEqual([0, 1]);
  });

  test("goes by a list in its order, each load that there is, and by ids without one", () => {
    const wiring = wire(twoFeeds({ y, x }));
    const action = { ...relieving(0, "ups-a"), order: ["y", "gone", "x"] };
    const { deedOf, problem } = prospectOf(viewOf(sceneOf(wiring, seen(wiring)), action), action, "seen");
    expect(problem.isListed).toBe(true);
    expect(problem.choices.map(([one]) => deedOf(one!).load.id)).toEqual(["y", "x"]);
  });

  test("brings all of a load that hangs on two feeds of one side to each node that it may lean on", () => {
    const { nodes } = twoFeeds({ x });
    const rows = ["row-c", "row-d"].map((id) => powerNode(id, "pdu", [id === "row-c" ? "ups-a" : "ups-b"]));
    const [load] = twoFeeds({ x: { kw: 20, on: ["a", "b", "c", "d"] } }).loads;
    const { rooms, choices } = figures(wire(treeOf([...nodes.values(), ...rows], [load!]))).problem;
    const [move] = choices[0]!;
    expect(move!.takes.map(({ of, kw }) => [of, kw])).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
    expect(rooms).toEqual([85, 80, 85]);
    expect([...writesIn({ opens: load!.feeds.slice(0, 2) })]).toEqual([
      ["a.x", 1],
      ["b.x", 1],
    ]);
    const same = { ...load!.feeds[0]!, outlet: point("a.x/second") };
    expect([...writesIn({ opens: [load!.feeds[0]!, same] })]).toEqual([["a.x", 2]]);
  });
});

describe("a stage in words", () => {
  const stageOf = (loads: Readonly<Record<string, LoadSketch>>, darkLeftKw: number | null = null): ShedStage | null => {
    const wiring = wire(twoFeeds(loads));
    return nextStage({ ...sceneOf(wiring, seen(wiring)), darkLeftKw }, relieving(0, "ups-a"));
  };

  test("says of each outlet what becomes of its load", () => {
    expect(stageOf({ x: { kw: 20 } })!.cuts).toMatchObject([
      { load: "x", why: "x moves to its other feed", isDark: false },
    ]);
    expect(stageOf({ y: { kw: 6, is: "batch", on: ["a"] } })!.cuts).toMatchObject([
      { load: "y", why: "y (batch) goes dark", isDark: true },
    ]);
  });

  test("darkens what may go dark with nobody asked, and names the rest", () => {
    const loads = Object.fromEntries(["p", "q", "r"].map((id) => [id, { kw: 6, is: "batch", on: ["a"] } as const]));
    expect(stageOf(loads, 12)).toMatchObject({ cuts: [{ load: "p" }, { load: "q" }], beyond: ["r"], freedKw: 12 });
    expect(stageOf(loads, 11.9)).toMatchObject({ cuts: [{ load: "p" }], beyond: ["q", "r"] });
    expect(stageOf(loads, 0)).toMatchObject({ name: "", cuts: [], beyond: ["p", "q", "r"], freedKw: 0 });
    expect(stageOf(loads)).toMatchObject({ beyond: [], freedKw: 18 });
    expect(stageOf({ ...loads, x: { kw: 20 } }, 0)).toMatchObject({ name: "move normal", beyond: ["p", "q", "r"] });
  });

  test("is planned from what is seen, and only as a last resort from what is not", () => {
    const wiring = wire(twoFeeds({ y: { kw: 6, is: "batch", on: ["a"] } }));
    const planOf = (image: Image, toKw = 0) => planShed(sceneOf(wiring, image), relieving(toKw, "ups-a"));
    expect(planOf(seen(wiring))).toMatchObject({ isLastResort: false, deeds: [{ freedKw: 6 }] });
    expect(planOf(seen(wiring, "a.y/power"))).toMatchObject({ isLastResort: true, deeds: [{ freedKw: 6 }] });
    expect(planOf(seen(wiring), 6)).toMatchObject({ isLastResort: false, deeds: [] });
  });

  test("begins with the gentlest, the largest of them and then as loads are called", () => {
    const wiring = wire(
      twoFeeds({
        n: { kw: 4, is: "normal", on: ["a"] },
        b2: { kw: 2, is: "batch", on: ["a"] },
        b1: { kw: 2, is: "batch", on: ["a"] },
        b3: { kw: 3, is: "batch", on: ["a"] },
        m: { kw: 4 },
      }),
    );
    const { deeds } = planShed(sceneOf(wiring, seen(wiring)), relieving(0, "ups-a"));
    expect(deeds.map(({ load }) => load.id)).toEqual(["m", "b3", "b1", "b2", "n"]);
  });
});

describe("a plan made for a site", () => {
  const row = (loads: Readonly<Record<string, LoadSketch>>, spread: readonly string[]): PowerTree => {
    const { nodes, loads: plain } = twoFeeds(loads);
    return treeOf(
      [...nodes.values()],
      plain.map((one) => (spread.includes(one.id) ? { ...one, spread: "web" } : one)),
    );
  };
  const single = { kw: 4, is: "redundant", on: ["a"] } as const;

  test("keeps one load of a group lit, and none dark where none of it is seen to be lit", () => {
    const wiring = wire(row({ w1: single, w2: single, w3: single, z: single }, ["w1", "w2", "w3"]));
    expect(stages(wiring).flatMap(outlets)).toEqual(["a.w1/outlet", "a.w2/outlet", "a.z/outlet"]);
    const unseen = seen(wiring, ...["w1", "w2", "w3"].flatMap((id) => [`a.${id}/power`, `a.${id}/closed`]));
    expect(outlets(plan(wiring, unseen))).toEqual(["a.z/outlet"]);
  });

  test("gives the room on the other feed to what matters most, where something has to go dark", () => {
    const tree = twoFeeds({
      n: { kw: 20, is: "normal" },
      b: { kw: 20, is: "batch" },
      other: { kw: 55, is: "protected", on: ["b"] },
    });
    const all = stages(wire(tree));
    expect(all.map(({ name, cuts }) => [name, cuts[0]!.load])).toEqual([
      ["move normal", "n"],
      ["drop batch", "b"],
    ]);
  });

  test("takes all of it at once where the deadline leaves no time for another look", () => {
    const tree = twoFeeds({
      m: { kw: 4, is: "batch" },
      b: { kw: 4, is: "batch", on: ["a"] },
      n: { kw: 4, is: "normal", on: ["a"] },
    });
    const wiring = wire(tree);
    // Two stages of 5 s and 2 s.
    expect(nextStage(sceneOf(wiring, seen(wiring)), relieving(0, "ups-a"), 14_000)?.name).toBe("move batch");
    const late = nextStage(sceneOf(wiring, seen(wiring)), relieving(0, "ups-a"), 13_999);
    expect(late).toMatchObject({ name: "move batch; drop batch, normal", freedKw: 10 });
  });

  const onOneDevice = (count: number): PowerTree => {
    const tree = twoFeeds(Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, { ...single, kw: 1 }])));
    const loads = tree.loads.map(
      (one): Load => ({
        ...one,
        feeds: one.feeds.map((feed) => ({ ...feed, outlet: point(`pdu/${one.id}`) })),
      }),
    );
    return treeOf([...tree.nodes.values()], loads);
  };

  test("asks no more writes of a device in a stage than it can make while outlets are waited for", () => {
    const tree = onOneDevice(14);
    // Half a second a write, unless the site says otherwise, and outlets are waited for 5 s.
    expect(plan(wire(tree))?.cuts).toHaveLength(10);
    expect(plan(wire({ ...tree, writeTimes: new Map([["pdu", ms(1000)]]) }))?.cuts).toHaveLength(5);
    expect(plan(wire({ ...tree, writeTimes: new Map([["pdu", ms(60_000)]]) }))?.cuts).toHaveLength(1);
  });

  test("leaves a load for the next stage where one of its devices is busy, though the other is not", () => {
    const { nodes, loads } = twoFeeds({ x: { kw: 20 }, y: { kw: 20 }, other: { kw: 70, is: "protected", on: ["b"] } });
    const onPdu = loads.map(
      (one): Load => ({
        ...one,
        feeds: one.feeds.map((feed, i) => (i === 0 ? { ...feed, outlet: point(`pdu/${one.id}`) } : feed)),
      }),
    );
    const tree = { ...treeOf([...nodes.values()], onPdu), writeTimes: new Map([["pdu", ms(5000)]]) };
    expect(outlets(plan(wire(tree)))).toEqual(["b.x/outlet", "pdu/x"]);
  });

  test("counts on no more writes of a device than it can make before the deadline, and takes dearer loads of others", () => {
    const slow = onOneDevice(4);
    const { loads } = twoFeeds({ dear: { kw: 8, is: "normal", on: ["a"] } });
    const wiring = wire(treeOf([...slow.nodes.values()], [...slow.loads, ...loads]));
    const target = relieving(8, "ups-a");
    const scene = sceneOf(wiring, seen(wiring));
    expect(planShed(scene, target).deeds.map(({ load }) => load.id)).toEqual(["l0", "l1", "l2", "l3"]);
    const hurried = planShed({ ...scene, writesOf: (device) => (device === "pdu" ? 2 : 9) }, target);
    expect(hurried.deeds.map(({ load }) => load.id)).toEqual(["dear"]);
  });

  test("goes by a list where one is written: in its order, all of it in one stage, and nothing else", () => {
    const tree = twoFeeds({
      b: { kw: 4, is: "batch", on: ["a"] },
      n: { kw: 4, is: "normal" },
      r: { kw: 4, is: "redundant", on: ["a"] },
    });
    const listed = { ...relieving(5, "ups-a"), order: ["n", "r"] };
    const stage = nextStage(sceneOf(wire(tree), seen(wire(tree))), listed);
    expect(stage).toMatchObject({ name: "move normal; drop redundant", freedKw: 6 });
    expect(stage?.cuts.map(({ outlet }) => outlet)).toEqual(["a.n/outlet", "a.r/outlet"]);
    const short = planShed(sceneOf(wire(tree), seen(wire(tree))), { ...relieving(0, "ups-a"), order: ["r"] });
    expect(short).toMatchObject({ isExact: true, shortKw: [6] });
  });

  test("moves a load between two nodes that are to be relieved only where the other one stays under its target", () => {
    const tree = twoFeeds({ x: { kw: 20 } });
    const action = (toKwOfB: number) => ({
      ...relieving(0),
      relieve: [
        { node: node("ups-a"), toKw: 2 },
        { node: node("ups-b"), toKw: toKwOfB },
      ],
    });
    const wiring = wire(tree);
    expect(nextStage(sceneOf(wiring, seen(wiring)), action(20))?.name).toBe("move normal");
    expect(nextStage(sceneOf(wiring, seen(wiring)), action(19))?.name).toBe("drop normal");
  });
});

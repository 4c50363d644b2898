import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../../src/core/alarm/definition.ts";
import { AssertionError } from "../../../src/core/assert.ts";
import { checkpoint, restore, resume } from "../../../src/core/checkpoint.ts";
import type { PointRule } from "../../../src/core/image.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Fault, PointId } from "../../../src/core/reading.ts";
import { instant } from "../../../src/core/time.ts";
import { faultsIn, followersOf } from "../../../src/core/topology/cause.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { above, alarm, bench, maxAge, point, site, t0 } from "../fixture.ts";
import { onBattery, onGenerator, supplied, whole, withoutA } from "./supplies.ts";

type Values = Readonly<Record<string, number | Fault>>;

const said = (output: ScanOutput): readonly string[] =>
  output.notices.filter(({ about }) => about === "cause").map(({ id, event, text }) => `${id} ${event}: ${text}`);

/** A plant that is read every second: all that is said of causes until then. */
function read(b: Bench, from: number, until: number, values: Values): readonly string[] {
  const lines: string[] = [];
  for (let at = from; at <= until; at += 1000) lines.push(...said(b.read(at, values)));
  return lines;
}

function rig(): Bench {
  const b = bench(supplied);
  expect(read(b, 0, 5000, whole)).toEqual([]);
  // What has been worked out is not worked out again before something changes.
  expect(b.plant.causes.isDirty).toBe(false);
  return b;
}

const alarmsUnder = (b: Bench): readonly string[] =>
  b.plant.causes.events.flatMap((event) => followersOf(b.plant, event).map((at) => b.plant.site.alarms[at]!.id));

describe("a lost node of the power tree", () => {
  test("is told in one line with the racks that lost a feed, what carries them and what is to spare", () => {
    const b = rig();
    expect(read(b, 6000, 20_000, withoutA)).toEqual([
      "ups-a began: lost: feed A of 3 racks, on feed B at 20 %, margin 70 kW; 1 dark; row-a with it",
    ]);
    expect(alarmsUnder(b)).toEqual(["a-off", "row-a-low"]);
  });

  test("says what is not known of the rest, and does not guess it", () => {
    const b = rig();
    const { "ups-b/kw": _, ...silent } = withoutA;
    b.read(6000, { ...withoutA, "ups-b/kw": "sensorFailure" });
    expect(read(b, 7000, 9000, silent)).toEqual([
      "ups-a began: lost: feed A of 3 racks, on feed B load not known; 1 dark; row-a with it",
    ]);
  });

  test("says by how much what is left carries more than it is meant to", () => {
    const b = rig();
    expect(read(b, 6000, 9000, { ...withoutA, "ups-b/kw": 93 })).toEqual([
      "ups-a began: lost: feed A of 3 racks, on feed B at 93 %, margin −3 kW; 1 dark; row-a with it",
    ]);
  });

  test("names the topmost lost node, and folds what follows below it", () => {
    const b = rig();
    expect(read(b, 6000, 9000, onBattery)).toEqual([
      "utility began: lost: ats with it; ups-a and ups-b on battery, 600 s left",
    ]);
    expect(b.plant.causes.events.map(({ node }) => node)).toEqual(["utility"]);
    expect(alarmsUnder(b)).toEqual(["utility-lost", "a-on-battery", "b-on-battery"]);
  });

  test("is the cause also where it is heard of later than what follows from it", () => {
    const b = rig();
    const unseen = { ...onBattery, "utility/kw": 40, "switch/ats.on_utility": 1 };
    expect(read(b, 6000, 12_000, unseen)).toEqual([]);
    expect(read(b, 13_000, 20_000, onBattery)).toEqual([
      "utility began: lost: ats with it; ups-a and ups-b on battery, 600 s left",
    ]);
  });

  test("that was lost long before what stands above it keeps an event of its own", () => {
    const b = rig();
    read(b, 6000, 40_000, withoutA);
    const both = { ...withoutA, "utility/kw": 0, "switch/ats.on_utility": 0, "ups-b/ups.mode": 3 };
    expect(read(b, 41_000, 50_000, both)).toEqual(["utility began: lost: ats with it; ups-b on battery, 900 s left"]);
    expect(b.plant.causes.events.map(({ node }) => node)).toEqual(["utility", "ups-a"]);
  });

  test("is told again when what follows from it changes, and not while it only goes on", () => {
    const b = rig();
    read(b, 6000, 9000, onBattery);
    expect(read(b, 10_000, 60_000, onBattery)).toEqual([]);
    expect(read(b, 61_000, 80_000, onGenerator)).toEqual(["utility changed: lost: nothing below it is without supply"]);
  });

  test("takes what it has taken in along, though supply comes back between them", () => {
    const b = rig();
    read(b, 6000, 9000, onBattery);
    const partly = { ...onGenerator, "ups-b/ups.mode": 3 };
    expect(read(b, 10_000, 40_000, partly)).toEqual(["utility changed: lost: ups-b on battery, 900 s left"]);
    expect(b.plant.causes.events.map(({ node }) => node)).toEqual(["utility"]);
  });

  test("ends when it is back, with what still stands, which is told as an event of its own where it stays", () => {
    const b = rig();
    read(b, 6000, 9000, onBattery);
    const back = { ...whole, "ups-b/ups.mode": 3 };
    expect(read(b, 10_000, 40_000, back)).toEqual([
      "utility ended: still standing: ups-b on battery, utility-lost, a-on-battery, b-on-battery",
      "ups-b began: on battery, 900 s left",
    ]);
    expect(read(b, 41_000, 60_000, whole)).toEqual(["ups-b ended: still standing: b-on-battery"]);
    expect(b.plant.causes).toMatchObject({ lost: [], events: [] });
  });

  test("ends without what had come back since, though that is lost anew of itself", () => {
    const b = rig();
    read(b, 6000, 9000, onBattery);
    read(b, 10_000, 30_000, onGenerator);
    const off = { "ups-b/ups.mode": 0, "ups-b/kw": 0, "row-b/kw": 0 };
    expect(read(b, 31_000, 40_000, { ...onGenerator, ...off })[0]).toMatch(/^ups-b began/);
    expect(read(b, 41_000, 50_000, { ...whole, ...off })).toEqual([
      "utility ended: still standing: utility-lost, a-on-battery, b-on-battery",
    ]);
    expect(b.plant.causes.events.map(({ node }) => node)).toEqual(["ups-b"]);
  });

  test("is nobody's business when it stood by, or was gone for a moment only", () => {
    const b = rig();
    expect(read(b, 6000, 7000, onBattery)).toEqual([]);
    expect(read(b, 8000, 30_000, whole)).toEqual([]);
    expect(read(b, 31_000, 60_000, { ...whole, "gen/generator.state": 4 })).toEqual([]);
  });
});

/** Row A shows nothing though its UPS gives power, while a rack on it draws from the other feed. */
const rowAlone = { ...withoutA, "ups-a/ups.mode": 1, "ups-a/kw": 20 };
const aloneBegan = "row-a began: lost: feed A of 3 racks, on feed B at 20 %, margin 70 kW; 1 dark";

describe("an event of its own", () => {
  test("is folded into one above it that is heard of within a poll, and not into a later one", () => {
    const [b, late] = [rig(), rig()];
    for (const one of [b, late]) expect(read(one, 6000, 20_000, rowAlone)).toEqual([aloneBegan]);
    const [first, second, ...rest] = read(b, 21_000, 30_000, withoutA);
    expect([first, rest]).toEqual(["row-a folded: it follows from ups-a", []]);
    expect(second).toContain("ups-a began: ");
    expect(b.plant.causes.events.map(({ nodes }) => nodes)).toEqual([["ups-a", "row-a"]]);
    expect(read(late, 21_001, 30_001, withoutA)).toHaveLength(1);
    expect(late.plant.causes.events.map(({ nodes }) => nodes)).toEqual([["ups-a"], ["row-a"]]);
  });

  test("is not made of what is only slow to come back when its cause is", () => {
    const b = rig();
    read(b, 6000, 9000, withoutA);
    expect(read(b, 10_000, 22_000, rowAlone)).toEqual([
      "ups-a ended: still standing: row-a without power, a-off, row-a-low",
    ]);
    expect(read(b, 23_000, 60_000, whole)).toEqual([]);
  });

  test("ends where a board shows nothing and nothing says that it should", () => {
    const b = rig();
    read(b, 6000, 9000, rowAlone);
    const idle = { ...rowAlone, "b.one/power": 0, "b.two/power": 0 };
    expect(read(b, 10_000, 12_000, idle)).toEqual(["row-a ended: still standing: row-a-low"]);
  });

  test("is told as well where what its racks draw from their other feed is heard later", () => {
    const b = rig();
    const passive = { ...whole, "b.one/power": 0, "b.two/power": 0 };
    const fallen = { ...rowAlone, "b.one/power": 0, "b.two/power": 0 };
    read(b, 6000, 9000, passive);
    expect(read(b, 10_000, 13_000, fallen)).toEqual([]);
    expect(read(b, 14_000, 17_000, rowAlone)).toEqual([aloneBegan]);
  });

  test("takes in a board whose supply is dead, though no rack on it draws from elsewhere", () => {
    const b = rig();
    read(b, 6000, 9000, { ...withoutA, "b.one/power": 0, "b.two/power": 0 });
    expect(b.plant.causes.lost.map(({ node, is, of }) => `${node} ${is} of ${of}`)).toEqual([
      "ups-a dead of ups-a",
      "row-a dead of ups-a",
    ]);
  });

  test("is told again when a node of it is lost in another way", () => {
    const b = rig();
    read(b, 6000, 9000, onBattery);
    const [changed] = read(b, 10_000, 20_000, { ...onBattery, "ups-b/ups.mode": 0, "ups-b/kw": 0, "row-b/kw": 0 });
    expect(changed).toContain("utility changed: lost: feed B of 2 racks");
    const before = b.plant.causes.events[0]!.told;
    expect(before).toContain("ups-b dead");
    const same = { ...onBattery, "ups-a/ups.mode": 0, "ups-a/kw": 0, "row-a/kw": 0 };
    expect(read(b, 21_000, 40_000, same)).toHaveLength(1);
  });
});

describe("a board on a utility and a standby", () => {
  const beside = site({
    power: treeOf(
      [
        powerNode("utility", "utility", []),
        powerNode("gen", "generator", [], { device: "gen", power: null }),
        powerNode("ups-a", "ups", ["utility"], { device: "ups-a" }),
        powerNode("row-b", "pdu", ["utility", "gen"], { power: null }),
      ],
      [load("one", { kw: 10 })],
    ),
    points: Object.fromEntries(
      ["ups-a/ups.mode", "gen/generator.state"].map((name) => [name, supplied.points.get(point(name))!]),
    ),
  });
  const all = { "utility/kw": 40, "ups-a/kw": 20, "ups-a/ups.mode": 1, "gen/generator.state": 0 };
  const failed = { ...all, "utility/kw": 0, "ups-a/ups.mode": 3 };

  test("is lost with the utility while the standby stands, and back when it runs", () => {
    const b = bench(beside);
    read(b, 0, 5000, all);
    read(b, 6000, 9000, failed);
    expect(b.plant.causes.lost.map(({ node }) => node)).toEqual(["utility", "row-b"]);
    read(b, 10_000, 12_000, { ...failed, "gen/generator.state": 2 });
    expect(b.plant.causes.lost.map(({ node }) => node)).toEqual(["utility"]);
  });

  test("is not lost where only a meter says that the utility is gone", () => {
    const b = bench(beside);
    read(b, 0, 5000, all);
    expect(read(b, 6000, 30_000, { ...all, "utility/kw": 0 })).toEqual([]);
    expect(b.plant.causes.lost).toEqual([]);
  });
});

describe("the alarms of an event", () => {
  const onA = (count: number): readonly AlarmDefinition[] =>
    Array.from({ length: count }, (_, i) =>
      alarm(`off-${i + 1}`, { on: ["ups-a/ups.mode"], detect: { kind: "state", among: [0] } }),
    );
  const rigOf = (alarms: readonly AlarmDefinition[]): Bench => {
    const b = bench({ ...supplied, alarms });
    read(b, 0, 5000, whole);
    return b;
  };

  test.each([
    [0, "nothing of it stands"],
    [5, "still standing: off-1, off-2, off-3, off-4, off-5"],
    [7, "still standing: off-1, off-2, off-3, off-4, off-5, 2 alarms more"],
  ])("are named when it ends, where %i of them stand: %s", (count, standing) => {
    const b = rigOf(onA(count));
    read(b, 6000, 9000, withoutA);
    expect(read(b, 10_000, 12_000, whole)).toEqual([`ups-a ended: ${standing}`]);
  });

  test("are those raised since it began, or up to a poll before it", () => {
    for (const [raisedAt, names] of [
      [6000, ["elsewhere-a"]],
      [5999, []],
    ] as const) {
      const b = rigOf([alarm("elsewhere-a", { on: ["ups-a/battery.runtime"], detect: above(650) })]);
      read(b, raisedAt, 20_999, { ...whole, "ups-a/battery.runtime": 700 });
      read(b, 21_000, 30_000, { ...withoutA, "ups-a/battery.runtime": 700 });
      expect(b.plant.causes.events.map(({ since }) => since - t0)).toEqual([21_000]);
      expect(alarmsUnder(b)).toEqual(names);
    }
  });

  test("are those of which every device that speaks was lost in it", () => {
    const both = [point("ups-a/ups.mode"), point("x")].map((name, i) => ({
      point: name,
      detect: i === 0 ? ({ kind: "state", among: [0] } as const) : above(10),
    }));
    const b = rigOf([alarm("both", { channels: both }), alarm("elsewhere", { on: ["x"] })]);
    read(b, 6000, 9000, withoutA);
    expect(alarmsUnder(b)).toEqual(["both"]);
    read(b, 10_000, 11_000, { ...withoutA, x: 20 });
    expect(alarmsUnder(b)).toEqual([]);
    expect(b.status("elsewhere")).toBe("unacknowledged");
  });

  test("are those of a device that speaks for another node as well", () => {
    const nodes = [...supplied.power.nodes.values()].map((of) => (of.kind === "pdu" ? { ...of, device: "panel" } : of));
    const alarms = [alarm("panel-hot", { on: ["panel/temperature"] })];
    const points = { ...Object.fromEntries(supplied.points), "panel/temperature": { maxAge } };
    const b = bench(site({ power: treeOf(nodes, supplied.power.loads), points, alarms }));
    read(b, 0, 5000, { ...whole, "panel/temperature": 5 });
    read(b, 6000, 9000, { ...withoutA, "panel/temperature": 20 });
    expect(alarmsUnder(b)).toEqual(["panel-hot"]);
  });

  test("that no device speaks for any more are those of which every device could", () => {
    const low = { kind: "limit", side: "below", limit: 1, deadband: 0 } as const;
    const b = rigOf([
      alarm("a-low", { on: ["ups-a/battery.runtime"], detect: low }),
      alarm("any-low", { on: ["ups-a/battery.runtime", "x"], detect: low }),
    ]);
    read(b, 6000, 9000, { ...withoutA, "ups-a/battery.runtime": 0 });
    expect(alarmsUnder(b)).toEqual(["a-low", "any-low"]);
    read(b, 10_000, 11_000, withoutA);
    expect(b.status("any-low")).toBe("returnedUnacknowledged");
    expect(alarmsUnder(b)).toEqual(["a-low"]);
  });

  test("are none that are normal again and acknowledged", () => {
    const b = rigOf([...onA(1), alarm("runtime", { on: ["ups-a/battery.runtime"], detect: above(650) })]);
    read(b, 6000, 9000, { ...withoutA, "ups-a/battery.runtime": 700 });
    expect(alarmsUnder(b)).toEqual(["off-1", "runtime"]);
    read(b, 10_000, 11_000, withoutA);
    b.ask(11_500, "runtime", { kind: "acknowledge", by: "Kim", why: "seen" });
    expect(b.status("runtime")).toBe("normal");
    expect(alarmsUnder(b)).toEqual(["off-1"]);
  });
});

describe("silence", () => {
  test("loses no node: a UPS and a supply that say nothing are not lost", () => {
    const b = rig();
    b.read(6000, {
      "ups-a/ups.mode": "deviceFailure",
      "ups-a/kw": "deviceFailure",
      "switch/ats.on_utility": "deviceFailure",
    });
    expect(b.wait(200_000).flatMap(said)).toEqual([]);
    expect(b.plant.causes.lost).toEqual([]);
  });

  test("of what a UPS says of itself ends no event, though its meter goes on", () => {
    const b = rig();
    expect(read(b, 6000, 9000, onBattery)).toHaveLength(1);
    const { "ups-a/ups.mode": _, ...rest } = onBattery;
    expect(read(b, 10_000, 30_000, rest)).toEqual([]);
    expect(b.plant.causes.lost.map(({ node, is }) => `${node} ${is}`)).toContain("ups-a battery");
    expect(read(b, 31_000, 33_000, onBattery)).toEqual([]);
  });

  test("brings none back: what was lost stays lost until it is seen", () => {
    const b = rig();
    read(b, 6000, 9000, withoutA);
    expect(b.wait(200_000).flatMap(said)).toEqual([]);
    expect(b.plant.causes.lost.map(({ node, is }) => `${node} ${is}`)).toEqual(["ups-a dead", "row-a dead"]);
    const { "ups-a/ups.mode": _, "ups-a/kw": __, "row-a/kw": ___, ...others } = whole;
    expect(read(b, 201_000, 220_000, others)).toEqual([]);
    expect(read(b, 221_000, 221_000, whole)).toEqual(["ups-a ended: still standing: a-off, row-a-low"]);
  });

  test.each([
    ["of its own", () => undefined],
    ["of nobody who watched", (b: Bench) => resume(b.plant, instant(t0 + 3400))],
  ])("%s, of a point that then says the same as before, is not its word: it is looked at anew", (_, away) => {
    const b = bench(supplied);
    const without = (values: Values, ...names: readonly string[]): Values =>
      Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
    const seen = without(whole, "switch/ats.on_utility", "ups-a/ups.mode");
    b.read(500, whole);
    away(b);
    const lines = [
      b.read(3501, without(onBattery, "utility/kw", "ups-b/ups.mode")),
      b.read(4001, seen),
      b.read(4501, seen),
      b.read(5001, { ...whole, "utility/kw": "sensorFailure" }),
      b.read(5501, without(whole, "utility/kw")),
    ].flatMap(said);
    expect(lines).toEqual([]);
    expect(b.plant.causes.lost).toEqual([]);
  });

  test("of a UPS that was off does not hide that it carries its load again", () => {
    const b = rig();
    read(b, 6000, 9000, withoutA);
    const { "ups-a/ups.mode": _, ...rest } = whole;
    b.read(10_000, { ...rest, "ups-a/ups.mode": "sensorFailure" });
    expect(b.plant.causes.lost).toEqual([]);
  });

  test("of a UPS whose supply is gone is not taken for its end: it has a battery", () => {
    const b = rig();
    const { "ups-a/ups.mode": _, "ups-a/kw": __, "row-a/kw": ___, ...rest } = onBattery;
    b.read(6000, {
      ...onBattery,
      "ups-a/ups.mode": "deviceFailure",
      "ups-a/kw": "deviceFailure",
      "row-a/kw": "deviceFailure",
    });
    read(b, 7000, 20_000, rest);
    expect(b.plant.causes.lost.map(({ node }) => node)).toEqual(["utility", "ats", "ups-b"]);
  });
});

describe("what meters say", () => {
  test("is no loss where all that hung there may have been shed", () => {
    const b = rig();
    const shed = Object.fromEntries(
      Object.keys(whole)
        .filter((name) => /^a\..*\/(outlet|closed|power)$/.test(name))
        .map((name) => [name, 0]),
    );
    expect(read(b, 6000, 30_000, { ...whole, ...shed, "row-a/kw": 0 })).toEqual([]);
  });

  test("is a loss where a rack that is closed on a board draws from its other feed alone", () => {
    const b = rig();
    const dead = Object.fromEntries(["one", "two", "three"].map((name) => [`a.${name}/power`, 0]));
    expect(read(b, 6000, 9000, { ...whole, ...dead, "row-a/kw": 0 })).toEqual([
      "row-a began: lost: feed A of 3 racks, on feed B at 10 %, margin 80 kW; 1 dark",
    ]);
  });

  test("is a loss as well where the board's own meter had fallen silent before it showed nothing", () => {
    const b = rig();
    expect(read(b, 6000, 9000, { ...rowAlone, "row-a/kw": "sensorFailure" })).toEqual([]);
    expect(read(b, 10_000, 13_000, rowAlone)).toEqual([aloneBegan]);
  });

  test("is worked out only when a point has changed that tells of a node", () => {
    const b = rig();
    b.plant.causes.isDirty = false;
    b.read(6000, { ...whole, "utility/kw": 39, "ups-a/battery.runtime": 590, x: 7 });
    expect(b.plant.index.points.get(point("utility/kw"))?.says).toBe(1);
    b.plant.causes.events = [];
    expect(b.plant.causes.isDirty).toBe(false);
  });
});

/** Points of which one, once it is named, may not be asked after: what asks fails as a claim does that does not hold. */
class Brittle extends Map<PointId, PointRule> {
  broken: string | null = null;

  override has(asked: PointId): boolean {
    if (asked === this.broken) throw new AssertionError(`${asked} may be asked after`);
    return super.has(asked);
  }
}

describe("a fault of ours in what follows from what", () => {
  const faulty = (): { b: Bench; points: Brittle } => {
    const points = new Brittle(supplied.points);
    const b = bench({ ...supplied, points });
    read(b, 0, 5000, whole);
    return { b, points };
  };
  const all = (b: Bench, from: number, until: number, values: Values): readonly string[] => {
    const lines: string[] = [];
    for (let at = from; at <= until; at += 1000)
      for (const { about, id, event, text } of b.read(at, values).notices)
        lines.push(`${about} ${id} ${event}: ${text}`);
    return lines;
  };
  const claim = (name: string): string =>
    `what follows from what cannot be said, and alarms are folded under nothing of it: ${name} may be asked after`;

  test("where it keeps anyone from saying what is lost, loses no alarm, is told once, and is over with it", () => {
    const { b, points } = faulty();
    points.broken = "ups-a/ups.mode";
    expect(all(b, 6000, 18_000, onBattery)).toEqual([`fault test faulted: ${claim("ups-a/ups.mode")}`]);
    // It is tried again when something changes, and what goes on failing is no news.
    expect(all(b, 19_000, 20_000, { ...onBattery, "row-a/kw": 0 })).toEqual([]);
    expect(["utility-lost", "a-on-battery", "b-on-battery"].map((id) => b.status(id))).toEqual(
      Array(3).fill("unacknowledged"),
    );
    expect(b.plant.causes.events).toEqual([]);
    expect(faultsIn(b.plant.causes)).toBe(1);
    points.broken = null;
    expect(all(b, 21_000, 40_000, { ...onBattery, "row-b/kw": 0 })).toEqual([
      expect.stringMatching(/^cause utility began: .*; ups-a and ups-b on battery, 600 s left$/),
    ]);
    expect(faultsIn(b.plant.causes)).toBe(0);
  });

  test("takes what is folded out again, and knows later since when it was lost", () => {
    const { b, points } = faulty();
    read(b, 6000, 9000, onBattery);
    expect(alarmsUnder(b)).toHaveLength(3);
    points.broken = "ups-a/ups.mode";
    expect(all(b, 10_000, 30_000, { ...onBattery, "row-b/kw": 0 })).toEqual([
      `fault test faulted: ${claim("ups-a/ups.mode")}`,
    ]);
    expect(alarmsUnder(b)).toEqual([]);
    points.broken = null;
    read(b, 31_000, 50_000, onBattery);
    expect(b.plant.causes.events).toMatchObject([{ node: "utility", since: t0 + 6000 }]);
    expect(alarmsUnder(b)).toHaveLength(3);
  });

  test("in telling one event faults that event alone, folds nothing under it, and is tried again when something changes", () => {
    const { b, points } = faulty();
    points.broken = "ups-a/battery.runtime";
    const both = { ...withoutA, "ups-a/ups.mode": 3, "ups-b/ups.mode": 0, "ups-b/kw": 0, "row-b/kw": 0 };
    const lines = all(b, 6000, 30_000, both);
    const faults = (of: readonly string[]): readonly string[] => of.filter((line) => line.startsWith("fault"));
    expect(faults(lines)).toEqual([`fault ups-a faulted: ${claim("ups-a/battery.runtime")}`]);
    expect(faults(all(b, 31_000, 40_000, { ...both, "row-a/kw": 5 }))).toEqual([]);
    expect(lines.some((line) => line.startsWith("cause ups-b began"))).toBe(true);
    expect(faultsIn(b.plant.causes)).toBe(1);
    expect(alarmsUnder(b)).not.toContain("a-on-battery");
    points.broken = null;
    const later = all(b, 41_000, 60_000, { ...both, "switch/ats.on_generator": 1 });
    expect(later.filter((line) => line.startsWith("cause ups-a"))).toHaveLength(1);
    expect(faultsIn(b.plant.causes)).toBe(0);
    expect(alarmsUnder(b)).toContain("a-on-battery");
  });

  test("stands over a restart, and another kind of error is no such fault", () => {
    const { b, points } = faulty();
    points.broken = "ups-a/ups.mode";
    read(b, 6000, 9000, onBattery);
    const again = restore(supplied, JSON.parse(JSON.stringify(checkpoint(b.plant))));
    expect(faultsIn(again.causes)).toBe(1);
    points.has = () => {
      throw new TypeError("not a claim");
    };
    expect(() => b.read(10_000, whole)).toThrow("not a claim");
  });
});

describe("over a restart", () => {
  test("an event goes on as if nothing had been: the same is told, and nothing twice", () => {
    const straight = rig();
    const stopped = rig();
    const lines = [read(straight, 6000, 7000, onBattery), read(stopped, 6000, 7000, onBattery)];
    expect(lines[0]).toEqual(lines[1]);
    const saved = JSON.parse(JSON.stringify(checkpoint(stopped.plant))) as ReturnType<typeof checkpoint>;
    const again = bench(supplied, restore(supplied, saved));
    expect(again.plant.causes.lost).toEqual(stopped.plant.causes.lost);
    for (const [from, until, values] of [
      [8000, 20_000, onBattery],
      [21_000, 30_000, onGenerator],
      [31_000, 60_000, whole],
    ] as const)
      expect(read(again, from, until, values)).toEqual(read(straight, from, until, values));
    expect(checkpoint(again.plant)).toEqual(checkpoint(straight.plant));
  });

  test("after a time in which nobody watched it is worked out from what is read anew, from a checkpoint of then as without one", () => {
    const straight = rig();
    read(straight, 6000, 9000, onBattery);
    resume(straight.plant, instant(t0 + 60_000));
    const saved = JSON.parse(JSON.stringify(checkpoint(straight.plant))) as ReturnType<typeof checkpoint>;
    const again = bench(supplied, restore(supplied, saved));
    for (const [from, until, values] of [
      [61_000, 70_000, onBattery],
      [71_000, 90_000, whole],
    ] as const)
      expect(read(again, from, until, values)).toEqual(read(straight, from, until, values));
    expect(checkpoint(again.plant)).toEqual(checkpoint(straight.plant));
  });

  test("what the site has no longer is forgotten", () => {
    const b = rig();
    read(b, 6000, 9000, withoutA);
    const power = { nodes: new Map([...supplied.power.nodes].filter(([id]) => !id.endsWith("-a"))), loads: [] };
    const { plant } = bench(supplied, restore({ ...supplied, power }, checkpoint(b.plant)));
    expect(plant.causes).toMatchObject({ lost: [], events: [] });
    const above = { nodes: new Map([...supplied.power.nodes].filter(([id]) => id !== "ups-a")), loads: [] };
    const left = restore({ ...supplied, power: above }, checkpoint(b.plant));
    expect(left.causes).toMatchObject({ lost: [], events: [] });
  });
});

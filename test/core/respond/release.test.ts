import { describe, expect, test } from "vitest";
import { checkpoint, restore, resume } from "../../../src/core/checkpoint.ts";
import type { Command } from "../../../src/core/command.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Response, ShedAction } from "../../../src/core/respond/response.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { node, readingsOf, relieving, treeOf, twoFeeds, wire } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, good, noticed, responseId, site, t0 } from "../fixture.ts";

const bands = { node: node("ups-a"), toKw: 30, capKw: 36, uncapKw: 26 };
const holding: ShedAction = {
  ...relieving(0),
  relieve: [bands],
  release: { after: ms(10_000), every: ms(5000) },
};

const response = (id: string, action: ShedAction): Response => ({
  id: responseId(id),
  title: { en: id },
  when: [alarmId("go")],
  ifBlind: "hold",
  mode: "act",
  after: ms(0),
  action,
});

const loads: Readonly<Record<string, LoadSketch>> = {
  b1: { kw: 4, is: "batch", on: ["a"] },
  b2: { kw: 4, is: "batch", on: ["a"] },
  b3: { kw: 4, is: "batch", on: ["a"] },
  n1: { kw: 4, is: "normal", on: ["a"] },
  p1: { kw: 20, is: "protected", on: ["a"] },
};

interface Rig extends Bench {
  readonly wiring: Wiring;
  /** What UPS A carries besides, kW: it comes and goes. */
  extraKw: number;
  /** The meter that shows it. */
  extraAt: string;
  /** Points that say nothing. */
  readonly silent: Set<string>;
  /** Outlets that do nothing of what they are told. */
  readonly stuck: Set<string>;
  /** A scan in which all that is not silent speaks, and x, on which the alarm hangs; commands of the scan are obeyed. */
  see(after: number, x?: number): ScanOutput;
  /** Scans every half second from one instant to another. */
  watch(from: number, to: number, x?: number): readonly ScanOutput[];
}

interface More {
  readonly id?: string;
  readonly loads?: Readonly<Record<string, LoadSketch>>;
  /** What is otherwise about nodes of the tree. */
  readonly nodes?: Readonly<Record<string, Partial<PowerNode>>>;
}

function rig(action: ShedAction = holding, { id = "shed", loads: racks = loads, nodes = {} }: More = {}): Rig {
  const plain = twoFeeds(racks);
  const all = [...plain.nodes.values()].map((one) => ({ ...one, ...nodes[one.id] }));
  const wiring = wire(treeOf(all, plain.loads));
  const made = bench(site({ alarms: [alarm("go")], responses: [response(id, action)], power: wiring.tree }));
  const obey = ({ point, value }: Command): void => {
    if (r.stuck.has(point)) return;
    if (value === 0) wiring.open.add(point);
    else wiring.open.delete(point);
  };
  const r: Rig = Object.assign(made, {
    wiring,
    extraKw: 0,
    extraAt: "ups-a/kw",
    silent: new Set<string>(),
    stuck: new Set<string>(),
    see: (after: number, x = 5): ScanOutput => {
      const readings = readingsOf(wiring, after)
        .map((one) =>
          one.point === r.extraAt && one.quality === "good" ? { ...one, value: one.value + r.extraKw } : one,
        )
        .filter((one) => !r.silent.has(one.point));
      const output = r.scan(after, { readings: [...readings, good("x", x, after)] });
      for (const command of output.commands) obey(command);
      return output;
    },
    watch: (from: number, to: number, x = 5): readonly ScanOutput[] =>
      Array.from({ length: (to - from) / 500 }, (_, i) => r.see(from + i * 500, x)),
  });
  return r;
}

const issued = (outputs: readonly ScanOutput[]): readonly string[] =>
  outputs.flatMap(({ commands }) => commands.map(({ point, value }) => `${point}=${value}`));
const events = (outputs: readonly ScanOutput[]): readonly string[] => outputs.flatMap((output) => noticed(output));

/** Sheds 8 kW of the 6 that are too much, and holds. */
function shed(r: Rig): void {
  r.extraKw = 4;
  const first = r.watch(0, 6000, 11);
  expect(issued(first)).toHaveLength(3);
  expect(events(first).at(-1)).toBe("holding");
}

describe("a shed that holds what it has opened", () => {
  test("lets loads come back one at a time when every node has been seen low for long enough, spaced", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    const later = r.watch(6000, 40_000);
    const times = later.flatMap(({ commands }) =>
      commands.map(({ point, value, issued: at }) => ({ point, value, after: at - t0 })),
    );
    expect(times.map(({ value }) => value)).toEqual([1, 1, 1]);
    expect(times[0]!.after).toBeGreaterThanOrEqual(16_000);
    expect(times[1]!.after - times[0]!.after).toBeGreaterThanOrEqual(5000);
    expect(events(later).at(-1)).toBe("done");
    expect(r.wiring.open.size).toBe(0);
  });

  test("sheds again over its cap, and not between its bands", () => {
    const r = rig();
    shed(r);
    r.extraKw = 11;
    expect(issued(r.watch(6000, 30_000))).toEqual([]);
    r.extraKw = 13;
    expect(issued(r.watch(30_000, 40_000))).toEqual(["a.n1/outlet=0"]);
  });

  test("may open once more what it has closed again", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    r.watch(6000, 18_000);
    const before = r.wiring.open.size;
    r.extraKw = 20;
    const again = issued(r.watch(18_000, 30_000));
    expect(before).toBe(2);
    expect(again.filter((one) => one.endsWith("=0")).length).toBeGreaterThanOrEqual(1);
    expect(r.wiring.open.size).toBeGreaterThan(before);
  });

  test.each([
    ["a node is not seen", (r: Rig) => r.silent.add("ups-a/kw")],
    ["a row on the way is not seen", (r: Rig) => r.silent.add("row-a/kw")],
  ])("lets nothing come back while %s", (_, blind) => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    blind(r);
    expect(issued(r.watch(6000, 60_000))).toEqual([]);
  });

  describe("whose meter falls silent", () => {
    const tightening: ShedAction = {
      ...relieving(0),
      relieve: [{ node: node("ups-a"), toKw: 16, capKw: 18, uncapKw: 10 }],
      release: { after: ms(10_000), every: ms(5000), tightenAfter: ms(20_000) },
    };
    /** Racks that are rated 36 kW and draw 22: two of them go, and 14 kW are left of 28. */
    function light(action: ShedAction = tightening): Rig {
      const r = rig(action);
      r.extraKw = -14;
      expect(issued(r.watch(0, 6000, 11))).toHaveLength(2);
      r.watch(6000, 8000);
      r.silent.add("ups-a/kw");
      return r;
    }

    test("stays as it is, says so once, and is tightened by all that may hang on it when that lasts", () => {
      const r = light();
      const held = r.watch(8000, 30_000);
      expect(issued(held)).toEqual([]);
      expect(events(held)).toEqual(["blind"]);
      const tighter = r.watch(30_000, 50_000);
      expect(events(tighter)).toContain("tighten");
      // 12 kW too many by the racks' own meters: the last batch rack, and then the ordinary one.
      expect(issued(tighter)).toEqual(["a.b3/outlet=0", "a.n1/outlet=0"]);
      expect(r.wiring.open.size).toBe(4);
    });

    test("says for how long it is left as it is, and is tightened when just that is over", () => {
      const r = light();
      const held = r.watch(8000, 14_000);
      expect(held.flatMap(({ notices }) => notices.map(({ text }) => text))).toEqual([
        "ups-a is not seen: nothing comes back, and in 20 s it counts with all on it",
      ]);
      const since = r.plant.campaigns[0]!.blindSince!["ups-a"]! - t0;
      const at = r.watch(14_000, 40_000).findIndex((output) => noticed(output).includes("tighten"));
      expect(14_000 + at * 500).toBe(since + 20_000);
    });

    test("is not tightened while the racks' own meters show no more than its cap", () => {
      const r = rig({ ...tightening, relieve: [{ node: node("ups-a"), toKw: 25, capKw: 28, uncapKw: 10 }] });
      r.extraKw = -3;
      expect(issued(r.watch(0, 8000, 11))).toHaveLength(2);
      r.silent.add("ups-a/kw");
      const later = r.watch(8000, 60_000);
      expect(issued(later)).toEqual([]);
      expect(events(later)).toEqual(["blind"]);
    });

    test("is tightened for one of several, though the others have not been silent for as long", () => {
      const relieve = [...tightening.relieve, { node: node("row-a"), toKw: 30, capKw: 30, uncapKw: 10 }];
      const r = light({ ...tightening, relieve });
      r.watch(8000, 22_000);
      r.silent.add("row-a/kw");
      expect(events(r.watch(22_000, 34_000))).toContain("tighten");
    });

    test("lets nothing come back until it is seen again, and for long enough", () => {
      const r = light();
      r.watch(8000, 50_000);
      r.silent.delete("ups-a/kw");
      expect(issued(r.watch(50_000, 59_000))).toEqual([]);
      expect(issued(r.watch(59_000, 70_000))).not.toEqual([]);
    });

    test("stays as it is for good where the site file says nothing of it, or where it is soon seen again", () => {
      const { tightenAfter: _, ...release } = tightening.release!;
      const r = light({ ...tightening, release });
      const held = r.watch(8000, 120_000);
      expect([issued(held), events(held)]).toEqual([[], []]);
      const short = light();
      short.watch(8000, 24_000);
      short.silent.delete("ups-a/kw");
      expect(issued(short.watch(24_000, 60_000)).filter((text) => text.endsWith("=0"))).toEqual([]);
    });
  });

  test("lets nothing come back while its alarm stands or is blind, and waits anew when it has cleared", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    expect(issued(r.watch(6000, 30_000, 11))).toEqual([]);
    const cleared = r.watch(30_000, 45_000);
    expect(cleared.flatMap(({ commands }) => commands)[0]!.issued - t0).toBeGreaterThanOrEqual(40_000);
    const blind = rig();
    shed(blind);
    blind.extraKw = -8;
    const unseen = Array.from({ length: 60 }, (_, i) =>
      blind.scan(6000 + i * 500, { readings: readingsOf(blind.wiring, 6000 + i * 500) }),
    );
    // The alarm's point is good for three seconds more, and nothing has waited for ten.
    expect(issued(unseen)).toEqual([]);
  });

  test("lets nothing come back that would take a node over its middle band", () => {
    const r = rig({ ...holding, relieve: [{ ...bands, toKw: 27, capKw: 27, uncapKw: 26.9 }] });
    r.extraKw = 4;
    r.watch(0, 8000, 11);
    const open = r.wiring.open.size;
    r.extraKw = 4.5;
    // Seen at less than 26.9 kW, and 4 kW more would be more than 27.
    expect(issued(r.watch(8000, 60_000))).toEqual([]);
    expect(r.wiring.open.size).toBe(open);
  });

  test("begins with what matters most, and has equal ones in an order that hangs on its id", () => {
    const orders = ["shed", "other", "third", "fourth"].map((id) => {
      const r = rig({ ...holding, relieve: [{ ...bands, toKw: 20, capKw: 20, uncapKw: 19 }] }, { id });
      r.watch(0, 12_000, 11);
      expect(r.wiring.open.size).toBe(4);
      r.extraKw = -19;
      return issued(r.watch(12_000, 60_000));
    });
    for (const order of orders) expect(order[0]).toBe("a.n1/outlet=1");
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(1);
  });

  test("swings neither way for an hour in which the load wanders between its bands", () => {
    const r = rig();
    shed(r);
    const all = Array.from({ length: 3600 }, (_, i) => {
      r.extraKw = 8 + 4 * Math.sin(i / 20);
      return r.see(6000 + i * 1000);
    });
    expect(issued(all)).toEqual([]);
  });

  test("goes on over a restart, and time that nobody watched counts for nothing", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    r.watch(6000, 12_000);
    r.plant = restore(r.plant.site, JSON.parse(JSON.stringify(checkpoint(r.plant))));
    resume(r.plant, instant(t0 + 60_000));
    const later = r.watch(60_500, 90_000);
    const [first] = later.flatMap(({ commands }) => commands);
    expect(first!.value).toBe(1);
    expect(first!.issued - t0).toBeGreaterThanOrEqual(75_000);
  });

  test("a person may stop, and then nothing comes back by itself", () => {
    const r = rig();
    shed(r);
    r.order(6000, "shed", "stop");
    r.extraKw = -8;
    expect(issued(r.watch(6500, 60_000))).toEqual([]);
    expect(r.wiring.open.size).toBe(3);
  });
});

describe("a shed without a release", () => {
  test("leaves what it has opened to a person", () => {
    const { release: _, ...plain } = holding;
    const r = rig(plain);
    r.extraKw = 4;
    expect(events(r.watch(0, 6000, 11)).at(-1)).toBe("done");
    r.extraKw = -8;
    expect(issued(r.watch(6000, 120_000))).toEqual([]);
  });

  test("that opened nothing holds nothing", () => {
    const r = rig(
      { ...holding, relieve: [{ ...bands, toKw: 10, capKw: 36, uncapKw: 9 }] },
      { loads: { p1: loads["p1"]! } },
    );
    r.extraKw = 20;
    expect(events(r.watch(0, 6000, 11))).toEqual(["done"]);
  });

  test("does nothing between its target and its cap", () => {
    const { release: _, ...plain } = holding;
    const r = rig(plain);
    r.extraKw = -1;
    expect(issued(r.watch(0, 6000, 11))).toEqual([]);
  });
});

const said = (outputs: readonly ScanOutput[]): readonly string[] =>
  outputs.flatMap(({ notices }) => notices.map(({ event, text }) => `${event}: ${text}`));
/** Commands with the time of each since the beginning. */
const timed = (outputs: readonly ScanOutput[]): readonly (readonly [number, string])[] =>
  outputs.flatMap(({ commands }) =>
    commands.map(({ point, value, issued: at }) => [at - t0, `${point}=${value}`] as const),
  );
const relievingTo = (...nodes: readonly ShedAction["relieve"][number][]): ShedAction => ({
  ...holding,
  relieve: nodes,
});

describe("what comes back", () => {
  test("is told with how much is held, each rack by its name, and that all of it is done", () => {
    const r = rig();
    r.extraKw = 4;
    expect(said(r.watch(0, 6000, 11)).at(-1)).toBe(
      "holding: every supply is relieved; 3 outlets stay open until there is room for them",
    );
    r.extraKw = -8;
    const back = r.watch(6000, 40_000);
    const texts = said(back).filter((text) => text.startsWith("release"));
    expect(texts.map((text) => text.replace(/b\d/, "rack"))).toEqual([
      "release: 2: rack comes back",
      "release: 3: rack comes back",
      "release: 4: rack comes back",
    ]);
    const [first] = back.flatMap(({ commands }) => commands);
    expect(first).toMatchObject({ why: `${/b\d/.exec(first!.point)![0]} comes back` });
    expect(said(back).at(-1)).toBe("done: all that it opened is closed again, or left to a person");
    expect(r.plant.campaigns[0]!.phase).toBe("idle");
  });

  test("does so to the millisecond when the time is up, and the next as soon as it may", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    r.watch(6000, 8000);
    const since = r.plant.campaigns[0]!.hold!.calmSince! - t0;
    const [first, second] = timed(r.watch(8000, 40_000));
    expect(first![0]).toBe(since + 10_000);
    expect(second![0]).toBe(since + 15_000);
  });

  test("waits as long again after a time in which nobody watched, and no longer", () => {
    const r = rig();
    shed(r);
    r.extraKw = -8;
    r.watch(6000, 12_000);
    r.plant = restore(r.plant.site, JSON.parse(JSON.stringify(checkpoint(r.plant))));
    resume(r.plant, instant(t0 + 60_000));
    const from = r.plant.holdUntil - t0;
    expect(timed(r.watch(from, from + 12_000))[0]![0]).toBe(from + 10_000);
  });

  test("is nothing while a node is at its lowest band and not below it, though there is room", () => {
    const r = rig();
    shed(r);
    // 26 kW, and a rack of 4 kW would make 30.
    r.extraKw = 2;
    expect(issued(r.watch(6000, 60_000))).toEqual([]);
    r.extraKw = 1.9;
    expect(issued(r.watch(60_000, 72_000))).toHaveLength(1);
  });

  test("is what fits to the last watt under the middle band, and under nine tenths of what each node on the way is rated", () => {
    const fits = (toKw: number, ratedKw: number): readonly string[] => {
      const action = relievingTo({ ...bands, toKw, capKw: 36 });
      const r = rig(action, { nodes: { "row-a": { ratedKw } } });
      r.extraKw = 12;
      r.watch(0, 8000, 11);
      r.extraKw = 4 * r.wiring.open.size - 36 + 25;
      return issued(r.watch(8000, 20_000));
    };
    expect(fits(29, 100)).toHaveLength(1);
    expect(fits(28.9, 100)).toEqual([]);
    // Row A itself shows 24 kW of its racks, and a rack would make 28.
    const ofRow = (ratedKw: number): readonly string[] => {
      const r = rig(holding, { nodes: { "row-a": { ratedKw } } });
      shed(r);
      r.extraKw = -8;
      return issued(r.watch(6000, 17_000));
    };
    expect(ofRow(28 / 0.9 + 0.001)).toHaveLength(1);
    expect(ofRow(28 / 0.9 - 0.1)).toEqual([]);
  });

  test("goes by the meters above a row that has none, and by none but its own of a UPS", () => {
    const unmetered = rig(holding, { nodes: { "row-a": { power: null } } });
    shed(unmetered);
    unmetered.extraKw = -8;
    expect(issued(unmetered.watch(6000, 17_000))).toHaveLength(1);
    const blind = (ups: Partial<PowerNode>): readonly string[] => {
      const r = rig(relievingTo({ ...bands, node: node("row-a") }), { nodes: { "ups-a": ups } });
      r.extraAt = "row-a/kw";
      r.extraKw = 4;
      r.watch(0, 8000, 11);
      expect(r.wiring.open.size).toBe(3);
      r.extraKw = -8;
      return issued(r.watch(8000, 22_000));
    };
    expect(blind({ power: null })).toEqual([]);
    expect(blind({})).toHaveLength(1);
  });

  test("is nothing that this run could not open, and nothing that could not be closed is tried again", () => {
    const r = rig();
    r.stuck.add("a.b1/outlet");
    r.extraKw = 4;
    const first = issued(r.watch(0, 20_000, 11));
    expect(first).toContain("a.b1/outlet=0");
    r.extraKw = -12;
    const opened = [...r.wiring.open];
    const [last] = opened;
    r.stuck.add(last!);
    const back = r.watch(20_000, 90_000);
    expect(issued(back).toSorted()).toEqual(opened.map((outlet) => `${outlet}=1`).toSorted());
    expect(events(back).at(-1)).toBe("done");
    expect([...r.wiring.open]).toEqual([last]);
  });

  test("may be opened once more when it has come back, and not when it could not be closed", () => {
    const story = (isStuck: boolean): void => {
      const { b1, b2, p1 } = loads;
      const r = rig(holding, { loads: { b1: b1!, b2: b2!, p1: p1! } });
      r.extraKw = 12;
      expect(issued(r.watch(0, 6000, 11))).toHaveLength(2);
      if (isStuck) for (const outlet of r.wiring.open) r.stuck.add(outlet);
      r.extraKw = 0;
      const [back] = r.watch(6000, 17_000).flatMap(({ commands }) => commands);
      if (isStuck) {
        expect(events(r.watch(17_000, 26_000, 11))).toContain("failed");
        // Somebody closes it by hand.
        r.wiring.open.delete(back!.point);
      }
      r.extraKw = 20;
      expect(issued(r.watch(26_000, 40_000, 11))).toEqual(isStuck ? [] : [`${back!.point}=0`]);
    };
    story(false);
    story(true);
  });

  const withDual = { ...loads, dual: { kw: 10, is: "normal" } } as const;

  test("is closed on the feed that was opened, and on no other, though that one has no room", () => {
    // B carries 84 kW of the 90 that it may, and the load that was moved is there already.
    const fixed = { kw: 74, is: "protected", on: ["b"] } as const;
    const r = rig(holding, { loads: { ...withDual, fixed }, nodes: { utility: { ratedKw: 1000 } } });
    // 36 kW and 5 of the dual one.
    expect(issued(r.watch(0, 8000, 11))).toContain("a.dual/outlet=0");
    r.extraKw = -20;
    const back = issued(r.watch(8000, 60_000));
    expect(back).toContain("a.dual/outlet=1");
    expect(back.filter((one) => one.startsWith("b."))).toEqual([]);
  });

  test("are dark racks before those that only lean on one feed, whatever they matter", () => {
    const r = rig(relievingTo({ ...bands, toKw: 30, capKw: 36 }), { loads: withDual });
    r.extraKw = 4;
    const opened = issued(r.watch(0, 12_000, 11));
    expect(opened).toContain("a.dual/outlet=0");
    expect(opened.length).toBeGreaterThan(1);
    r.extraKw = -20;
    const back = issued(r.watch(12_000, 60_000));
    expect(back[0]).toMatch(/^a\.b/);
    expect(back.at(-1)).toBe("a.dual/outlet=1");
  });

  test("is lit on all feeds that it went dark on, where each has room", () => {
    const story = (ratedKw: number): readonly string[] => {
      const action = relievingTo(
        { node: node("ups-a"), toKw: 40, capKw: 40, uncapKw: 39 },
        { node: node("ups-b"), toKw: 40, capKw: 40, uncapKw: 39 },
      );
      const racks = { two: { kw: 10, is: "batch" }, p: { kw: 72, is: "protected" } } as const;
      const r = rig(action, { loads: racks, nodes: { "row-b": { ratedKw } } });
      expect(issued(r.watch(0, 8000, 11)).toSorted()).toEqual(["a.two/outlet=0", "b.two/outlet=0"]);
      r.extraKw = -20;
      return issued(r.watch(8000, 40_000)).toSorted();
    };
    expect(story(100)).toEqual([]);
    expect(story(45)).toEqual([]);
  });

  test("is over when the last has come back: what is too much then needs an alarm", () => {
    const { b1, n1, p1 } = loads;
    const r = rig(holding, { loads: { b1: b1!, n1: n1!, p1: p1! } });
    r.extraKw = 12;
    r.watch(0, 6000, 11);
    r.extraKw = 0;
    for (let after = 6000; r.wiring.open.size > 0; after += 500) r.see(after);
    r.extraKw = 40;
    const rest = r.watch(r.plant.now - t0 + 500, r.plant.now - t0 + 20_500);
    expect(events(rest)).toContain("done");
    expect(issued(rest)).toEqual([]);
  });
});

describe("several nodes that are held", () => {
  const both = relievingTo(bands, { node: node("ups-b"), toKw: 30, capKw: 36, uncapKw: 26 });
  const onB = { c1: { kw: 4, is: "batch", on: ["b"] }, q1: { kw: 20, is: "protected", on: ["b"] } } as const;

  test("are shed again for one of them, and let nothing come back for the lowness of one", () => {
    const r = rig(both, { loads: { ...loads, ...onB } });
    shed(r);
    r.extraKw = 13;
    expect(issued(r.watch(6000, 12_000))).toEqual(["a.n1/outlet=0"]);
    // Just its lowest band, with room for a rack above it, and UPS B well below its own.
    r.extraKw = 6;
    expect(issued(r.watch(12_000, 40_000))).toEqual([]);
  });

  test("are not shed again at the very cap", () => {
    const r = rig();
    shed(r);
    r.extraKw = 12;
    expect(issued(r.watch(6000, 20_000))).toEqual([]);
  });
});

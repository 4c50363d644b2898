import { describe, expect, test } from "vitest";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Campaign } from "../../../src/core/respond/campaign.ts";
import type { Relief, Response, ShedAction } from "../../../src/core/respond/response.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import type { PowerTree } from "../../../src/core/topology/power.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { node, readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, good, maxAge, outcome, point, responseId, site, t0 } from "../fixture.ts";

type Sketch = Partial<Omit<Response, "id" | "after" | "action">> & {
  readonly id?: string;
  readonly on?: string;
  readonly after?: number;
  readonly action?: Partial<ShedAction>;
};

const shed = ({ id = "shed", on = "x", after = 0, action, ...rest }: Sketch = {}): Response => ({
  title: { en: id },
  when: [alarmId(on)],
  ifBlind: "hold",
  mode: "act",
  accept: "nobody is there to ask",
  ...rest,
  id: responseId(id),
  after: ms(after),
  action: { ...relieving(0, "ups-a"), ...action },
});

const single = (kw: number, is: LoadSketch["is"] = "batch", row = "a"): LoadSketch => ({ kw, is, on: [row] });

interface Rig extends Bench {
  readonly wiring: Wiring;
  /** What a UPS carries besides its racks, kW. */
  readonly extraKw: Record<string, number>;
  readonly silent: Set<string>;
  campaign(of?: string): Campaign;
  /** A scan in which the plant speaks, and these points with it; what is ordered is done unless it is stuck. */
  see(after: number, said?: Readonly<Record<string, number>>): ScanOutput;
  /** Scans every half second. */
  watch(from: number, to: number, said?: Readonly<Record<string, number>>): readonly ScanOutput[];
  readonly stuck: Set<string>;
}

const go = { x: 11, y: 0 };
const nothing: Record<string, number> = {};

function rig(
  responses: readonly Response[],
  loads: Readonly<Record<string, LoadSketch>>,
  change = (one: PowerTree) => one,
): Rig {
  const wiring = wire(change(twoFeeds(loads)));
  const alarms = ["x", "y"].map((on) => alarm(on, { on: [on] }));
  const points = { "pdu/link.missed": { maxAge } };
  const made = bench(site({ alarms, responses, power: wiring.tree, points }));
  const r: Rig = Object.assign(made, {
    wiring,
    extraKw: { ...nothing },
    silent: new Set<string>(),
    stuck: new Set<string>(),
    campaign: (of = responses[0]!.id as string) => made.plant.campaigns.find(({ response }) => response === of)!,
    see: (after: number, said: Readonly<Record<string, number>> = go): ScanOutput => {
      const readings = readingsOf(wiring, after)
        .map((one) => (one.quality === "good" ? { ...one, value: one.value + (r.extraKw[one.point] ?? 0) } : one))
        .filter((one) => !r.silent.has(one.point));
      const more = Object.entries(said).map(([name, value]) => good(name, value, after));
      const output = r.scan(after, { readings: [...readings, ...more] });
      for (const { point: outlet, value } of output.commands) {
        if (r.stuck.has(outlet)) continue;
        if (value === 0) wiring.open.add(outlet);
        else wiring.open.delete(outlet);
      }
      return output;
    },
    watch: (from: number, to: number, said: Readonly<Record<string, number>> = go) =>
      Array.from({ length: (to - from) / 500 }, (_, i) => r.see(from + i * 500, said)),
  });
  return r;
}

/** These racks hang on outlets of one device, "pdu". */
const onOneDevice =
  (...ids: readonly string[]) =>
  (tree: PowerTree): PowerTree => ({
    ...tree,
    loads: tree.loads.map((one) =>
      ids.includes(one.id)
        ? { ...one, feeds: one.feeds.map((feed) => ({ ...feed, outlet: point(`pdu/${one.id}`) })) }
        : one,
    ),
  });

const issued = (...outputs: readonly ScanOutput[]): readonly string[] =>
  outputs.flatMap(({ commands }) => commands.map(({ point: outlet }) => outlet));
const said = (...outputs: readonly ScanOutput[]): readonly string[] =>
  outputs.flatMap(({ notices }) => notices.map(({ event, text }) => `${event}: ${text}`));
const stagesIn = (outputs: readonly ScanOutput[]): readonly string[] =>
  said(...outputs).flatMap((text) => /^stage: \d+: (.*), [\d.]+ kW/.exec(text)?.[1] ?? []);
const band = (id: string, toKw: number, capKw: number, uncapKw: number): Relief => ({
  node: node(id),
  toKw,
  capKw,
  uncapKw,
});
const release = { after: seconds(10), every: seconds(5) };

describe("a shed between its bands", () => {
  test("does nothing at its very cap, and begins above it, for any of its nodes", () => {
    const action = { relieve: [band("ups-a", 10, 20, 5), band("ups-b", 10, 20, 5)] };
    const loads = { a1: single(10), a2: single(10), b1: single(10, "batch", "b") };
    const r = rig([shed({ action })], loads);
    expect(issued(r.see(0))).toEqual([]);
    const over = rig([shed({ action })], loads);
    over.extraKw["ups-a/kw"] = 0.1;
    expect(issued(over.see(0))).toEqual(["a.a1/outlet", "a.a2/outlet"]);
  });

  test("goes on to its target when it has begun, though the first class took it under its cap", () => {
    const action = { relieve: [band("ups-a", 30, 36, 26)] };
    const r = rig([shed({ action })], { b1: single(4), n1: single(4, "normal"), p1: single(32, "protected") });
    expect(stagesIn(r.watch(0, 12_000))).toEqual(["drop batch", "drop normal"]);
  });

  test("says by how much each of its nodes still has too much when nothing is left to open", () => {
    const r = rig([shed({ action: relieving(0, "ups-a", "ups-b") })], {
      a1: single(10),
      a2: single(7.5, "protected"),
      b1: single(4, "protected", "b"),
    });
    expect(said(...r.watch(0, 12_000)).at(-1)).toBe(
      "done: nothing is left that may be opened; still too much: ups-a by 7.5 kW, ups-b by 4.0 kW",
    );
    const relieved = rig([shed({ action: { relieve: [band("ups-a", 8, 9, 5), band("ups-b", 8, 9, 5)] } })], {
      a1: single(10),
      b1: single(4, "protected", "b"),
    });
    expect(said(...relieved.watch(0, 12_000)).at(-1)).toBe("done: every supply is relieved");
  });

  test("holds what it has opened when its cause goes between two stages", () => {
    const action = { relieve: [band("ups-a", 0, 0, 0)], release };
    const r = rig([shed({ action })], { b1: single(4), n1: single(4, "normal") });
    r.watch(0, 1000);
    expect(said(...r.watch(1000, 2000, { x: 1, y: 0 }))).toContain(
      "holding: its cause has gone; 1 outlets stay open until there is room for them",
    );
  });
});

describe("a shed with a deadline", () => {
  const loads = { b1: single(4), r1: single(4, "redundant"), n1: single(4, "normal") };
  const within = (deadlineS: number, more: Partial<ShedAction> = {}): Sketch => ({
    action: { deadline: seconds(deadlineS), ...more },
  });

  test("is looked at class by class while there is time for two stages, and is all one stage when there is not", () => {
    expect(stagesIn(rig([shed(within(60))], loads).watch(0, 14_000))).toEqual([
      "drop batch",
      "drop redundant",
      "drop normal",
    ]);
    expect(stagesIn(rig([shed(within(13.9))], loads).watch(0, 14_000))).toEqual(["drop batch, redundant, normal"]);
    // The second stage comes after some seconds, of which the deadline does not leave enough.
    expect(stagesIn(rig([shed(within(15))], loads).watch(0, 14_000))).toEqual(["drop batch", "drop redundant, normal"]);
  });

  test("shows what it will do while it counts: its time begins when it does", () => {
    const r = rig([shed({ ...within(13.9), after: 5000 })], loads);
    r.see(0);
    expect(r.campaign()).toMatchObject({ phase: "counting", outlook: { stage: "drop batch, redundant, normal" } });
    expect(stagesIn(r.watch(500, 14_000))).toEqual(["drop batch, redundant, normal"]);
  });

  test("is careful again, class by class, when that has passed to the very millisecond", () => {
    for (const deadlineS of [9, 10]) {
      const racks = { b1: single(8), r1: single(4, "redundant"), n1: single(4, "normal") };
      const r = rig([shed(within(deadlineS, { relieve: [{ node: node("ups-a"), toKw: 8 }] }))], racks);
      r.stuck.add("a.b1/outlet");
      // It is given up at 8 s, and the meters have settled at 10 s.
      expect(stagesIn(r.watch(0, 20_000))).toEqual(["drop batch", "drop redundant", "drop normal"]);
      expect(r.campaign().sent[1]!.command.issued).toBe(t0 + 10_000);
    }
  });

  test("begins its time anew where it holds and has too much again", () => {
    const relieve = [band("ups-a", 12, 12, 11)];
    const r = rig([shed(within(13.9, { relieve, release }))], { b0: single(4), ...loads });
    r.watch(0, 20_000);
    expect(r.campaign().hold).not.toBeNull();
    r.extraKw["ups-a/kw"] = 12;
    expect(stagesIn(r.watch(20_000, 30_000))).toEqual(["drop batch, redundant, normal"]);
  });

  test("counts on no device that is too slow for it, and on any without one", () => {
    const slow = (tree: PowerTree): PowerTree => ({ ...tree, writeTimes: new Map([["a.b1", ms(60_000)]]) });
    const relieve = [{ node: node("ups-a"), toKw: 8 }];
    expect(issued(rig([shed(within(10, { relieve }))], loads, slow).see(0))).toEqual(["a.r1/outlet"]);
    expect(issued(rig([shed({ action: { relieve } })], loads, slow).see(0))).toEqual(["a.b1/outlet"]);
  });
});

describe("a device that a shed hangs on", () => {
  const loads = { b1: single(4), b2: single(4), n1: single(4, "normal") };
  const action = { relieve: [{ node: node("ups-a"), toKw: 8 }] };

  test("is not counted on again when it did not do what it was told", () => {
    const r = rig([shed({ action })], loads, onOneDevice("b1", "b2"));
    const [command] = r.see(0).commands;
    expect(command?.point).toBe("pdu/b1");
    r.wiring.open.clear();
    r.scan(100, { outcomes: [outcome(command!, "refused", 100)] });
    expect(issued(...r.watch(500, 8000))).toEqual(["a.n1/outlet"]);
  });

  test("is counted on while it does", () => {
    const relieve = [{ node: node("ups-a"), toKw: 2 }];
    const racks = { b1: single(4), n1: single(4, "normal"), n2: single(2, "normal") };
    const r = rig([shed({ action: { relieve } })], racks, onOneDevice("b1", "n1"));
    expect(issued(...r.watch(0, 8000))).toEqual(["pdu/b1", "pdu/n1"]);
  });

  test("is not counted on while it misses its polls", () => {
    const r = rig([shed({ action })], loads, onOneDevice("b1", "b2"));
    expect(issued(r.see(0, { ...go, "pdu/link.missed": 3 }))).toEqual(["a.n1/outlet"]);
    const answering = rig([shed({ action })], loads, onOneDevice("b1", "b2"));
    expect(issued(answering.see(0, { ...go, "pdu/link.missed": 2 }))).toEqual(["pdu/b1"]);
  });
});

describe("an outlet that one response has commanded", () => {
  const action = { relieve: [{ node: node("ups-a"), toKw: 8 }] };
  const pair = [shed({ id: "first", action }), shed({ id: "second", on: "y", action })];
  const loads = { b1: single(4), n1: single(4, "normal"), p1: single(4, "protected") };
  const both = { x: 11, y: 11 };

  test("is left alone by another one while the first is at work, though it was refused", () => {
    const r = rig(pair, loads);
    r.stuck.add("a.b1/outlet");
    const [command] = r.see(0).commands;
    r.scan(100, { outcomes: [outcome(command!, "refused", 100)] });
    expect(issued(r.see(200, both))).toEqual(["a.n1/outlet"]);
  });

  test("is left alone while it is not known what became of it, though the first was stopped", () => {
    const r = rig(pair, loads);
    r.stuck.add("a.b1/outlet");
    r.see(0);
    r.order(100, "first", "stop");
    r.extraKw["ups-a/kw"] = 4;
    expect(issued(r.see(200, both))).toEqual(["a.n1/outlet"]);
  });

  test("may be commanded by another one when the first is over and somebody has closed it again", () => {
    const r = rig(pair, loads);
    expect(issued(...r.watch(0, 6000))).toEqual(["a.b1/outlet"]);
    r.wiring.open.clear();
    expect(issued(...r.watch(6000, 7000, { x: 1, y: 11 }))).toEqual(["a.b1/outlet"]);
  });
});

describe("a shed that holds, and would go too far with nobody asked", () => {
  const alone = (one: Response): Response => {
    const { accept: _, ...rest } = one;
    return rest;
  };
  const loads = {
    a1: single(10),
    a2: single(10),
    b1: single(10, "batch", "b"),
    b2: single(10, "batch", "b"),
  };
  const relieve = [band("ups-a", 10, 10, 5), band("ups-b", 20, 20, 5)];

  test("sheds again what it may, asks for the rest, and goes on with a yes", () => {
    const r = rig([alone(shed({ action: { relieve, release } }))], loads);
    r.watch(0, 8000);
    expect(r.campaign().hold).not.toBeNull();
    expect(r.wiring.open.size).toBe(1);
    r.extraKw["ups-b/kw"] = 25;
    const again = r.watch(8000, 20_000);
    expect(stagesIn(again)).toEqual(["drop batch"]);
    expect(said(...again).filter((text) => /^(asks|tighten)/.test(text))).toEqual([
      "asks: waits for a yes, for nobody has been asked: with b2 more than half of what all racks are rated would be dark, over more than one feed",
    ]);
    expect(r.wiring.open.size).toBe(2);
    const yes = r.order(20_000, "shed", "approve");
    expect(issued(yes, ...r.watch(20_500, 24_000))).toEqual(["b.b2/outlet"]);
  });

  test("stays as it is while all that it would do is too much, and says what others have darkened", () => {
    const both = [
      alone(shed({ id: "first", action: { relieve: [band("ups-a", 0, 0, 0), band("ups-b", 20, 20, 5)], release } })),
      alone(shed({ id: "second", on: "y", action: { relieve: [band("ups-b", 0, 0, 0)] } })),
    ];
    const r = rig(both, loads);
    r.watch(0, 8000);
    expect(r.wiring.open.size).toBe(2);
    r.extraKw["ups-b/kw"] = 5;
    const held = r.watch(8000, 12_000);
    expect(stagesIn(held)).toEqual([]);
    expect(said(...held).map((text) => text.split(":")[0])).toEqual(["asks"]);
    expect(r.campaign().hold).not.toBeNull();
    expect(said(...r.watch(12_000, 13_000, { x: 11, y: 11 })).at(-1)).toBe(
      "asks: waits for a yes, for nobody has been asked: with b1, b2 more than half of what all racks are rated would be dark, over more than one feed, together with what first darkened",
    );
    const yes = r.order(13_000, "first", "approve");
    expect(stagesIn([yes, ...r.watch(13_500, 15_000)])).toEqual(["drop batch"]);
  });

  test("gives the meters their time though somebody says yes before the stage is done", () => {
    const r = rig([alone(shed({ action: relieving(0, "ups-a", "ups-b") }))], loads);
    expect(issued(r.see(0))).toHaveLength(2);
    r.order(100, "shed", "approve");
    const times = r.watch(500, 8000).flatMap(({ commands }) => commands.map(({ issued: at }) => at - t0));
    expect(times).toEqual([2500, 2500]);
  });

  test("shows nothing that comes next where all of it would be too much", () => {
    const racks = { big: single(30), small: single(10, "protected", "b") };
    const r = rig([alone(shed({ action: relieving(0, "ups-a", "ups-b"), after: 5000 }))], racks);
    r.see(0);
    expect(r.campaign()).toMatchObject({ phase: "counting", outlook: null });
    const held = r.watch(500, 12_000);
    expect(stagesIn(held)).toEqual([]);
    expect(said(...held)).toHaveLength(1);
    expect(r.campaign()).toMatchObject({ phase: "running", stage: 0, outlook: null });
  });
});

test("a node that nobody has seen for too long is named when it is shed for that", () => {
  const tighten = { ...release, tightenAfter: seconds(5) };
  const r = rig([shed({ action: { relieve: [band("ups-a", 16, 18, 10)], release: tighten } })], {
    b1: single(4),
    b2: single(4),
    n1: single(4, "normal"),
    p1: single(10, "protected"),
  });
  r.watch(0, 8000);
  r.silent.add("ups-a/kw");
  r.extraKw["a.p1/power"] = 8;
  expect(said(...r.watch(8000, 20_000))).toContain("tighten: ups-a not seen for too long: it counts with all on it");
});

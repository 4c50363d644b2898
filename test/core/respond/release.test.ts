import { describe, expect, test } from "vitest";
import { checkpoint, restore, resume } from "../../../src/core/checkpoint.ts";
import type { Command } from "../../../src/core/command.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Response, ShedAction } from "../../../src/core/respond/response.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { node, readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
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
  /** Points that say nothing. */
  readonly silent: Set<string>;
  /** A scan in which all that is not silent speaks, and x, on which the alarm hangs; commands of the scan are obeyed. */
  see(after: number, x?: number): ScanOutput;
  /** Scans every half second from one instant to another. */
  watch(from: number, to: number, x?: number): readonly ScanOutput[];
}

function rig(action: ShedAction = holding, id = "shed"): Rig {
  const wiring = wire(twoFeeds(loads));
  const made = bench(site({ alarms: [alarm("go")], responses: [response(id, action)], power: wiring.tree }));
  const obey = ({ point, value }: Command): void => {
    if (value === 0) wiring.open.add(point);
    else wiring.open.delete(point);
  };
  const r: Rig = Object.assign(made, {
    wiring,
    extraKw: 0,
    silent: new Set<string>(),
    see: (after: number, x = 5): ScanOutput => {
      const readings = readingsOf(wiring, after)
        .map((one) =>
          one.point === "ups-a/kw" && one.quality === "good" ? { ...one, value: one.value + r.extraKw } : one,
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
      expect(issued(r.watch(8000, 120_000))).toEqual([]);
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
      const r = rig({ ...holding, relieve: [{ ...bands, toKw: 20, capKw: 20, uncapKw: 19 }] }, id);
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

  test("does nothing between its target and its cap", () => {
    const { release: _, ...plain } = holding;
    const r = rig(plain);
    r.extraKw = -1;
    expect(issued(r.watch(0, 6000, 11))).toEqual([]);
  });
});

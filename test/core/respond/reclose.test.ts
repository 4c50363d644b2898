import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Response, ShedAction } from "../../../src/core/respond/response.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import type { LoadSketch } from "../feeds.ts";
import { isLit, node, readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import { alarm, alarmId, bench, good, point, responseId, site } from "../fixture.ts";

const every = seconds(10);
const shedding: ShedAction = {
  ...relieving(0),
  relieve: [{ node: node("ups-a"), toKw: 12 }],
  restore: { when: [{ point: point("mains"), is: "=", value: 1 }], settle: seconds(20), every },
};
const spare: Response = {
  id: responseId("spare"),
  title: { en: "spare" },
  when: [alarmId("go")],
  ifBlind: "hold",
  mode: "act",
  after: ms(0),
  action: shedding,
};
const loads: Readonly<Record<string, LoadSketch>> = {
  both: { kw: 8 },
  first: { kw: 10, is: "batch", on: ["a"] },
  second: { kw: 10, is: "redundant", on: ["a"] },
  stays: { kw: 12, is: "protected", on: ["a"] },
};

interface Sketch {
  readonly action?: ShedAction;
  readonly ratedKw?: number;
}

/** A plant whose outlets obey, unless they are stuck; it is read each second. */
function rig({ action = shedding, ratedKw }: Sketch = {}) {
  const wiring = wire(twoFeeds(loads, ratedKw));
  const outlets = wiring.tree.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  const model = site({
    alarms: [alarm("go")],
    responses: [{ ...spare, action }],
    power: wiring.tree,
    points: { mains: { maxAge: seconds(3) } },
  });
  const b = bench(model);
  const stuck = new Set<string>();
  const written: (readonly [after: number, what: string])[] = [];
  const told: string[] = [];
  const at = { now: 0, mains: 1, x: 0 };
  const obey = (output: ScanOutput): ScanOutput => {
    for (const { point: outlet, value } of output.commands) {
      written.push([at.now, `${outlet.split("/")[0]}=${value}`]);
      if (stuck.has(outlet)) continue;
      if (value === 0) wiring.open.add(outlet);
      else wiring.open.delete(outlet);
    }
    told.push(...output.notices.map(({ event, text }) => `${event} ${text}`));
    return output;
  };
  const go = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      at.now += 1000;
      const shown = outlets.map((outlet) => good(outlet, wiring.open.has(outlet) ? 0 : 1, at.now));
      const plain = [good("mains", at.mains, at.now), good("x", at.x, at.now)];
      obey(b.scan(at.now, { readings: [...readingsOf(wiring, at.now), ...shown, ...plain] }));
    }
  };
  const ask = (event: "restore" | "stop" = "restore"): string => {
    at.now += 100;
    obey(b.order(at.now, "spare", event));
    return told.at(-1) ?? "";
  };
  const shed = (): void => {
    at.x = 11;
    go(25);
    at.x = 0;
    go(2);
  };
  const dark = (): readonly string[] => wiring.tree.loads.filter((one) => !isLit(wiring, one)).map(({ id }) => id);
  return { b, wiring, stuck, written, told, at, go, ask, shed, dark };
}

describe("a shed that a person restores", () => {
  test("closes what it opened, what was opened last first, one load at a time and spaced", () => {
    const r = rig();
    r.shed();
    expect(r.written.map(([, what]) => what)).toEqual(["a.both=0", "a.first=0", "a.second=0"]);
    expect(r.dark()).toEqual(["first", "second"]);
    r.go(21);
    expect(r.told.at(-1)).toContain("restorable");
    r.written.length = 0;
    expect(r.ask()).toBe("undo 4: second comes back");
    r.go(40);
    expect(r.written.map(([, what]) => what)).toEqual(["a.second=1", "a.first=1", "a.both=1"]);
    const times = r.written.map(([after]) => after);
    for (const [i, after] of times.entries()) if (i > 0) expect(after - times[i - 1]!).toBeGreaterThanOrEqual(every);
    expect(r.told.at(-1)).toBe("done back: second, first, both");
    expect([...r.wiring.open]).toEqual([]);
  });

  test("is refused until all that the site file waits for has held for long enough, and says what is missing", () => {
    const r = rig();
    r.shed();
    expect(r.ask()).toMatch(/all is well, but not yet for 20 s$/);
    r.at.mains = 0;
    r.go(30);
    expect(r.ask()).toMatch(/mains = 1 \(it is 0\)$/);
    r.at.mains = 1;
    r.go(10);
    expect(r.ask()).toMatch(/all is well, but not yet for 20 s$/);
    expect(r.dark()).toEqual(["first", "second"]);
    const never = rig({ action: { ...relieving(0), relieve: shedding.relieve } });
    never.shed();
    never.go(30);
    expect(never.ask()).toMatch(/the site file does not say when it may be restored \(restore\)$/);
    expect(rig().ask()).toMatch(/there is nothing to undo$/);
  });

  test("leaves what has no room and what does not close, names both, and tries them again when it is asked again", () => {
    const r = rig({ ratedKw: 36 });
    r.shed();
    r.stuck.add("a.second/outlet");
    r.go(25);
    r.ask();
    r.go(60);
    // 12 kW run on feed A, and half of what leans on both feeds comes with it.
    expect(r.told.at(-1)).toBe("done back: first, both; not confirmed: second");
    r.stuck.clear();
    r.go(25);
    r.ask();
    r.go(30);
    expect(r.told.at(-1)).toBe("done back: nothing; no room for second");
    expect(r.dark()).toEqual(["second"]);
  });

  test("goes no further when an alarm calls for it again; what earlier runs opened is not forgotten, nor by a restart", () => {
    const r = rig();
    r.shed();
    r.go(21);
    r.ask();
    r.go(1);
    expect(r.written.at(-1)?.[1]).toBe("a.second=1");
    r.at.x = 11;
    r.go(3);
    expect(r.told).toContain("stopped restored no further: go");
    expect(r.written.at(-1)?.[1]).toBe("a.second=0");
    r.go(20);
    r.at.x = 0;
    r.b.plant = restore(r.b.plant.site, JSON.parse(JSON.stringify(checkpoint(r.b.plant))));
    r.go(30);
    r.written.length = 0;
    r.ask();
    r.go(40);
    expect(r.written.map(([, what]) => what)).toEqual(["a.second=1", "a.first=1", "a.both=1"]);
  });

  test("stops where a person says so", () => {
    const r = rig();
    r.shed();
    r.go(21);
    r.ask();
    r.go(1);
    r.ask("stop");
    r.go(30);
    expect(r.dark()).toEqual(["first"]);
  });
});

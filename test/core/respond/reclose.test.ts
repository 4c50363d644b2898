import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { Command } from "../../../src/core/command.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { Campaign, Sent } from "../../../src/core/respond/campaign.ts";
import { idle } from "../../../src/core/respond/campaign.ts";
import { leftOpen, openedSoFar } from "../../../src/core/respond/reclose.ts";
import type { Response, ShedAction } from "../../../src/core/respond/response.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import type { LoadSketch } from "../feeds.ts";
import { isLit, node, readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import { alarm, alarmId, bench, good, imageOf, point, responseId, site } from "../fixture.ts";

const every = seconds(10);
const terms = { when: [{ point: point("mains"), is: "=", value: 1 }], settle: seconds(20) } as const;
const shedding: ShedAction = {
  ...relieving(0),
  relieve: [{ node: node("ups-a"), toKw: 12 }],
  restore: { ...terms, every },
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
  readonly racks?: Readonly<Record<string, LoadSketch>>;
}

/** A plant whose outlets obey, unless they are stuck; it is read each second. */
function rig({ action = shedding, ratedKw, racks = loads }: Sketch = {}) {
  const wiring = wire(twoFeeds(racks, ratedKw));
  const outlets = wiring.tree.loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  const model = site({
    alarms: [alarm("go")],
    responses: [{ ...spare, action }],
    power: wiring.tree,
    points: { mains: { maxAge: seconds(3) } },
  });
  const b = bench(model);
  const stuck = new Set<string>();
  const tripped = new Set<string>();
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
      const cut = [...tripped].map((contact) => good(contact, 0, at.now));
      obey(b.scan(at.now, { readings: [...readingsOf(wiring, at.now), ...shown, ...plain, ...cut] }));
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
  const campaign = (): Campaign => b.plant.campaigns[0]!;
  return { b, wiring, stuck, tripped, written, told, at, go, ask, shed, dark, campaign };
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
    const [first, ...later] = r.written.map(([after]) => after);
    expect(later.map((after) => after - first!)).toEqual([every, 2 * every]);
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

  test("shows what comes back next, and is over with the last of it, ready for the next alarm", () => {
    const r = rig();
    r.shed();
    r.go(21);
    r.ask();
    expect(r.campaign().outlook).toEqual({ stage: "second", kw: null });
    r.go(10);
    expect(r.campaign().outlook).toEqual({ stage: "first", kw: null });
    r.go(11);
    expect([r.told.at(-1), r.campaign().phase]).toEqual(["done back: second, first, both", "done"]);
    // In the very next scan.
    r.shed();
    expect(r.dark()).toEqual(["first", "second"]);
  });

  test("has each confirmed, or given up, before the next, and needs no wait between them", () => {
    const r = rig({ action: { ...shedding, restore: terms } });
    r.shed();
    r.go(21);
    r.stuck.add("a.second/outlet");
    r.written.length = 0;
    r.ask();
    expect(r.campaign().until).toBeNull();
    r.go(12);
    // Five seconds are the outlet's, and three the gate's to say what became of it.
    const since = r.written.map(([after, what]) => [after - r.written[0]![0], what]);
    expect(since).toEqual([
      [0, "a.second=1"],
      [8000, "a.first=1"],
      [9000, "a.both=1"],
    ]);
    expect(r.told.at(-1)).toBe("done back: first, both; not confirmed: second");
  });

  test("names what has not come back though its outlet says that it is closed: its breaker has tripped", () => {
    const r = rig();
    r.shed();
    r.go(21);
    r.tripped.add("a.second/closed");
    r.ask();
    r.go(40);
    expect(r.told.at(-1)).toBe("done back: first, both; not confirmed: second");
  });

  test("closes both feeds of a rack together, when it is the turn of that which was opened last, and leaves those without an outlet", () => {
    const r = rig({ racks: { ...loads, fixed: { kw: 1, is: "batch", on: ["a"], without: ["outlet"] } } });
    r.shed();
    r.wiring.open.add(point("b.both/outlet"));
    r.campaign().opened = [point("a.both/outlet"), point("a.first/outlet"), point("b.both/outlet")];
    r.campaign().sent = [];
    r.wiring.open.delete(point("a.second/outlet"));
    r.go(21);
    r.written.length = 0;
    expect(r.ask()).toMatch(/: both comes back$/);
    r.go(11);
    expect(r.written.map(([, what]) => what)).toEqual(["a.both=1", "b.both=1", "a.first=1"]);
    expect(r.told.at(-1)).toBe("done back: both, first");
  });

  test("has what earlier runs opened come back, though the last of them found nothing to open", () => {
    const r = rig();
    r.shed();
    r.shed();
    expect(r.campaign()).toMatchObject({ run: 2, sent: [] });
    r.go(21);
    expect(r.told.at(-1)).toContain("restorable");
    expect(r.ask()).toMatch(/: second comes back$/);
  });

  test("has nothing to do where people have closed all by hand", () => {
    const r = rig();
    r.shed();
    r.wiring.open.clear();
    r.go(25);
    expect(r.ask()).toMatch(/there is nothing to undo$/);
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

describe("what a shed has left open", () => {
  const sent = (outlet: string, value: number, state: Sent["state"]): Sent => ({
    command: { point: point(outlet), value } as Command,
    stage: "1",
    state,
    detail: "",
  });
  const seen = { open: 0, closed: 1, stuck: 0 };
  const of = (...all: readonly Sent[]): Parameters<typeof openedSoFar>[0] => ({
    campaign: { ...idle(responseId("spare")), sent: [...all] },
    image: imageOf(seen),
  });

  test("is what it has opened or may have, once each, and of what failed only what is seen to be open", () => {
    const turn = of(
      sent("dark", 0, "confirmed"),
      sent("out", 0, "waiting"),
      sent("refused", 0, "failed"),
      sent("closed", 0, "failed"),
      sent("open", 0, "failed"),
    );
    const earlier = ["long", "dark"].map(point);
    const both = { ...turn, campaign: { ...turn.campaign, opened: earlier } };
    expect(openedSoFar(turn)).toEqual(["dark", "out", "open"]);
    expect(openedSoFar(both)).toEqual(["long", "dark", "out", "open"]);
  });

  test("is no more what was closed again and confirmed, though nobody sees it now, until it is opened anew", () => {
    const there = [sent("dark", 0, "confirmed"), sent("dark", 1, "confirmed")];
    expect(openedSoFar(of(...there))).toEqual([]);
    expect(openedSoFar(of(...there, sent("dark", 0, "confirmed")))).toEqual(["dark"]);
    for (const state of ["waiting", "failed"] as const)
      expect(openedSoFar(of(sent("stuck", 0, "confirmed"), sent("stuck", 1, state)))).toEqual(["stuck"]);
    expect(openedSoFar(of(sent("dark", 0, "confirmed"), ...there, sent("out", 0, "waiting")))).toEqual(["out"]);
  });

  test("is not what is seen to be closed, and is what nobody sees", () => {
    const turn = of(sent("closed", 0, "confirmed"), sent("dark", 0, "confirmed"), sent("open", 0, "confirmed"));
    expect(leftOpen(turn)).toEqual(["dark", "open"]);
    expect(openedSoFar(turn)).toEqual(["closed", "dark", "open"]);
  });
});

import { describe, expect, test } from "vitest";
import { checkpoint, restore, resume } from "../../../src/core/checkpoint.ts";
import type { Request, ScanOutput } from "../../../src/core/plant.ts";
import type { Campaign, DrillAsk } from "../../../src/core/respond/campaign.ts";
import type { FailoverAction, FailoverStep, Response } from "../../../src/core/respond/response.ts";
import { minutes, ms, seconds } from "../../../src/core/time.ts";
import { relieving, twoFeeds } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, evacuate, good, order, outcome, point, responseId, site, t0 } from "../fixture.ts";

// What people ask of a response, what they are answered, and what stands in the record of it afterwards.

const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep => ({
  id,
  title: { en: id },
  point: point(`${id}/at`),
  value: 2,
  needs: [],
  within: seconds(60),
  retries: 0,
  ifFailed: "carryOn",
  inverse: 0,
  ...sketch,
});

const terms = { when: [{ point: point("mains/volts"), is: ">", value: 200 }], settle: seconds(10) } as const;

type Sketch = Partial<Omit<Response, "action" | "after">> & {
  readonly after?: number;
  readonly steps?: readonly FailoverStep[];
  readonly restore?: FailoverAction["restore"];
};

/** A failover that alarm "go" calls for, in a plant whose points are good for an hour but for that of the alarm. */
function failover({ after = 0, steps = [step("db")], restore: back, ...rest }: Sketch = {}): Bench {
  const response: Response = {
    id: responseId("move"),
    title: { en: "move" },
    when: [alarmId("go")],
    ifBlind: "hold",
    mode: "act",
    after: ms(after),
    action: { kind: "failover", steps, ...(back && { restore: back }) },
    ...rest,
  };
  const names = ["mains/volts", "y", ...steps.map(({ point: at }) => at)];
  const points = Object.fromEntries(names.map((name) => [name, { maxAge: minutes(60) }]));
  return bench(site({ alarms: [alarm("go"), alarm("also", { on: ["y"] })], responses: [response], points }));
}

/** A shed that advises, of a UPS that carries this. */
function shed(kw: number, mode: Response["mode"] = "advise"): Bench {
  const response: Response = {
    id: responseId("move"),
    title: { en: "shed" },
    when: [alarmId("go")],
    ifBlind: "hold",
    mode,
    after: ms(0),
    action: relieving(0, "ups-a"),
  };
  const power = twoFeeds({ one: { kw: 10, is: "batch", on: ["a"] } });
  const b = bench(site({ alarms: [alarm("go")], responses: [response], power }));
  b.read(0, { "ups-a/kw": kw, "row-a/kw": kw, "a.one/power": kw, "a.one/closed": 1, "a.one/outlet": 1 });
  return b;
}

const said = ({ notices }: ScanOutput): readonly string[] => notices.map(({ event, text }) => `${event}: ${text}`);
const writes = ({ commands }: ScanOutput): readonly string[] =>
  commands.map(({ point: at, value }) => `${at}=${value}`);
const campaignOf = (b: Bench): Campaign => b.plant.campaigns[0]!;
const drillOf = (ask: Partial<DrillAsk> = {}): Request => ({
  to: "response",
  response: responseId("move"),
  event: "drill",
  by: "lead",
  why: "practice",
  drill: { steps: ["db"], keep: false, oneWay: false, ...ask },
});
const drill = (b: Bench, after: number, ask: Partial<DrillAsk> = {}): ScanOutput =>
  b.scan(after, { requests: [drillOf(ask)] });
const unled = (b: Bench, after: number, request: Request): ScanOutput =>
  b.scan(after, { leads: false, requests: [request] });
const [go, calm] = [{ x: 11 }, { x: 1 }];
const reborn = (b: Bench, change: (campaign: Campaign) => Campaign = (one) => one): void => {
  const kept = JSON.parse(JSON.stringify(checkpoint(b.plant)));
  b.plant = restore(b.plant.site, { ...kept, campaigns: kept.campaigns.map(change) });
};

describe("what a person is answered", () => {
  test("is kept with who asked, why and when, and that it was not refused", () => {
    const b = failover({ mode: "advise" });
    b.read(0, go);
    b.order(100, "move", "approve");
    expect(campaignOf(b).answer).toEqual({
      n: 1,
      at: t0 + 100,
      ask: "approve",
      by: "operator",
      why: "drill",
      refused: null,
    });
    expect(campaignOf(b).approved).toBe(true);
  });

  test("to a start is why it may not be", () => {
    const b = failover({ after: 1000 });
    b.read(0, calm);
    expect(said(unled(b, 100, order("move", "start")))).toEqual([
      "refused: operator asked to start: this node does not act now",
    ]);
    expect(said(b.order(200, "move", "start"))).toEqual(["counting: operator: drill: begins in 1 s"]);
    expect(said(b.order(300, "move", "start"))).toEqual(["refused: operator asked to start: it is under way already"]);
    b.scan(1200);
    expect(said(b.order(1300, "move", "stop"))).toEqual(["stopped: operator: drill"]);
    expect(said(b.order(1400, "move", "start"))).toEqual([
      "refused: operator asked to start: commands of its last run are still out",
    ]);
  });

  test("to a yes is that nothing waits for one, though it is under way", () => {
    const refusal = "refused: operator asked to approve: there is no plan waiting for a yes";
    const running = failover();
    running.read(0, go);
    expect(said(running.order(100, "move", "approve"))).toEqual([refusal]);
    const counting = failover({ after: 1000 });
    counting.read(0, go);
    expect(said(counting.order(100, "move", "approve"))).toEqual([refusal]);
  });

  test("to a yes that was waited for is who gave it", () => {
    const b = failover({ mode: "advise" });
    b.read(0, go);
    expect(said(b.order(100, "move", "approve"))).toEqual(["approved: operator: drill", "step: db"]);
  });

  test("to an abort is why there is none, of a shed that it is not undone", () => {
    const idle = failover();
    expect(said(idle.order(0, "move", "abort"))).toEqual(["refused: operator asked to abort: it is not under way"]);
    idle.read(100, go);
    expect(said(idle.order(200, "move", "abort"))).toEqual(["aborted: operator: drill"]);
    expect(said(idle.order(300, "move", "abort"))).toEqual([
      "refused: operator asked to abort: it is being undone already",
    ]);
    const s = shed(10, "act");
    s.read(100, go);
    expect(said(s.order(200, "move", "abort"))).toEqual([
      "refused: operator asked to abort: a shed is not undone: load comes back by its release, or by hand",
    ]);
    expect(campaignOf(s)).toMatchObject({ phase: "running", undo: null });
  });

  test("to an abort of what is only announced is that it is stopped, and nothing is undone", () => {
    for (const sketch of [{ after: 1000 }, { mode: "advise" }] as const) {
      const b = failover(sketch);
      b.read(0, go);
      expect(said(b.order(100, "move", "abort"))).toEqual(["stopped: operator: drill"]);
      expect(campaignOf(b)).toMatchObject({ phase: "stopped", undo: null, outlook: null });
      expect(b.wait(20_000).flatMap(writes)).toEqual([]);
    }
  });

  test("to a restore is all that is missing, in one line", () => {
    const refused = (output: ScanOutput): readonly string[] =>
      said(output).map((text) => text.replace("refused: operator asked to restore: ", ""));
    const b = failover({ restore: terms });
    b.read(0, calm);
    expect(refused(b.order(50, "move", "restore"))).toEqual(["there is nothing to undo"]);
    b.read(100, go);
    expect(refused(b.order(150, "move", "restore"))).toEqual(["it is under way"]);
    b.read(200, { ...go, "db/at": 2 });
    expect(refused(unled(b, 250, order("move", "restore")))).toEqual(["this node does not act now"]);
    expect(refused(b.order(300, "move", "restore"))).toEqual([
      "its alarms are not seen to be clear, mains/volts > 200 (not seen)",
    ]);
    const s = shed(10, "observe");
    expect(refused(s.order(100, "move", "restore"))).toEqual([
      "the site file does not say when it may be restored (restore)",
    ]);
  });

  test("to an announced cut is why it changes nothing", () => {
    const refused = (output: ScanOutput): readonly string[] =>
      said(output).map((text) => text.replace("refused: fire officer asked to evacuate: ", ""));
    const cut = (b: Bench, after: number): ScanOutput => b.scan(after, { requests: [evacuate("move", 600_000)] });
    expect(refused(cut(shed(10), 100))).toEqual(["it moves nothing"]);
    const undone = failover();
    undone.read(0, go);
    undone.order(100, "move", "abort");
    expect(refused(cut(undone, 200))).toEqual(["it is being undone"]);
    const stopped = failover();
    stopped.read(0, go);
    stopped.order(100, "move", "stop");
    expect(refused(cut(stopped, 200))).toEqual(["commands of its last run are still out"]);
    const follower = failover();
    expect(refused(unled(follower, 100, evacuate("move", 600_000)))).toEqual(["this node does not act now"]);
    expect(campaignOf(follower)).toMatchObject({ phase: "idle", run: 0 });
  });
});

describe("an announced cut", () => {
  test("that is taken back says who did, and why", () => {
    const b = failover();
    expect(said(b.scan(0, { requests: [evacuate("move", null)] }))).toEqual(["cutWithdrawn: fire officer: water"]);
  });

  test("moves the rest where some of it is gone already", () => {
    const b = failover({ steps: [step("db"), step("app")] });
    b.read(0, { ...calm, "db/at": 2, "app/at": 0 });
    const output = b.scan(100, { requests: [evacuate("move", 600_000)] });
    expect(said(output)[0]).toBe("cutAnnounced: fire officer: water; power is cut in 599.9 s");
    expect(writes(output)).toEqual(["db/at=2", "app/at=2"]);
  });

  test("leaves what is under way as it is, and is the yes that more of it may wait for", () => {
    const b = failover({ steps: [step("db"), step("app")] });
    const movable = ["db", "app"].map((id) => ({ point: point(`${id}/at`), group: null }));
    const held = bench({ ...b.plant.site, movable });
    expect(said(held.read(0, { ...go, "db/at": 0, "app/at": 0 }))).toEqual([
      "step: db",
      "asks: waits for a yes, for nobody has been asked: app is the last of 2 services here",
    ]);
    const output = held.scan(100, { requests: [evacuate("move", 600_000)] });
    expect(writes(output)).toEqual(["app/at=2"]);
    expect(campaignOf(held)).toMatchObject({ phase: "running", since: t0, run: 1, asks: null, cutAt: t0 + 600_000 });
  });

  test("is the yes of what was only counting", () => {
    const b = failover({ after: 10_000 });
    b.read(0, go);
    b.scan(100, { requests: [evacuate("move", 600_000)] });
    expect(campaignOf(b)).toMatchObject({ phase: "running", approved: true });
  });
});

describe("a plan in words", () => {
  test("is the next step of a failover, what a shed would free, or that there is nothing to do", () => {
    const advised = failover({ mode: "advise" });
    expect(said(advised.read(0, go))).toEqual(["advised: waits for a yes: db"]);
    expect(said(failover({ mode: "observe" }).read(0, go))).toEqual(["observed: would have begun: db"]);
    expect(said(shed(0).read(100, go))).toEqual(["advised: waits for a yes: nothing to do"]);
    expect(said(shed(10, "observe").read(100, go))).toEqual(["observed: would have begun: drop batch, 10.0 kW"]);
  });

  test("of what is confirmed is the reading that has shown it", () => {
    const b = failover();
    b.read(0, go);
    expect(said(b.read(100, { "db/at": 2 }))[0]).toBe("confirmed: db/at := 2: db/at = 2");
  });
});

describe("a response that was stopped with commands out", () => {
  test("does not begin anew before it is known what became of them", () => {
    const b = failover();
    const [command] = b.read(0, go).commands;
    b.order(100, "move", "stop");
    b.read(200, calm);
    expect(b.read(300, go).commands).toEqual([]);
    expect(campaignOf(b)).toMatchObject({ phase: "stopped", run: 1 });
    b.scan(400, { readings: [good("x", 1, 400)], outcomes: [outcome(command!, "failed", 400)] });
    expect(campaignOf(b).phase).toBe("idle");
    expect(writes(b.read(500, go))).toEqual(["db/at=2"]);
  });
});

describe("a failover that waits to be restored", () => {
  /** Done and confirmed, its alarm clear, and the mains so high. */
  function over(volts: number, sketch: Sketch = {}): Bench {
    const b = failover({ restore: terms, when: [alarmId("go"), alarmId("also")], ...sketch });
    b.read(0, { ...go, y: 0 });
    b.read(100, { "db/at": 2, ...calm, y: 0 });
    b.read(150, calm);
    b.read(200, { "mains/volts": volts, ...calm, y: 0 });
    return b;
  }
  /** Readings each second, up to and with an instant: x of the alarm, and whatever else. */
  const keep = (b: Bench, from: number, to: number, more: Readonly<Record<string, number>> = {}): ScanOutput[] =>
    Array.from({ length: (to - from) / 1000 + 1 }, (_, i) => b.read(from + i * 1000, { ...calm, ...more }));
  const restorable = "restorable: all that it waits for has held for long enough: a person may have it restored";

  test("is told to be restorable to the millisecond, once, and is restored then", () => {
    const b = over(230);
    expect(keep(b, 1199, 10_199).flatMap(said)).toEqual([]);
    expect(said(b.read(10_200, calm))).toEqual([restorable]);
    expect(keep(b, 11_200, 30_200).flatMap(said)).toEqual([]);
    const due = over(230);
    keep(due, 1199, 10_199);
    expect(said(due.order(10_200, "move", "restore"))).toEqual(["restoring: operator: drill", "undo: db"]);
    expect(campaignOf(due).sent.at(-1)!.command).toMatchObject({ point: "db/at", value: 0, why: "operator: drill" });
  });

  test("is not asked for in the very scan in which all is well for the first time", () => {
    const b = over(180);
    const well = { readings: [good("mains/volts", 230, 300), good("x", 1, 300)], requests: [order("move", "restore")] };
    expect(said(b.scan(300, well))).toEqual(["refused: operator asked to restore: all is well, but not yet for 10 s"]);
  });

  test("is not restorable while what it waits for does not hold, and waits anew when it does", () => {
    const b = over(180);
    expect(keep(b, 1200, 20_200).flatMap(said)).toEqual([]);
    expect(keep(b, 21_200, 31_200, { "mains/volts": 230 }).flatMap(said)).toEqual([restorable]);
    const broken = over(230);
    keep(broken, 1200, 8200);
    keep(broken, 9200, 10_200, { "mains/volts": 180 });
    expect(keep(broken, 11_200, 20_200, { "mains/volts": 230 }).flatMap(said)).toEqual([]);
    expect(said(broken.read(21_200, calm))).toEqual([restorable]);
  });

  test("is not restorable while one of its alarms is blind or out of service", () => {
    const blind = over(230);
    blind.read(1000, { ...calm, y: "deviceFailure" });
    expect(keep(blind, 1200, 20_200).flatMap(said)).toEqual([]);
    const out = over(230);
    const until = (out.plant.now + 600_000) as typeof out.plant.now;
    out.ask(300, "also", { kind: "outOfService", by: "operator", why: "work", until, permit: "W-1" });
    expect(keep(out, 1300, 20_300).flatMap(said)).toEqual([]);
    expect(said(out.order(20_400, "move", "restore"))).toEqual([
      "refused: operator asked to restore: its alarms are not seen to be clear",
    ]);
  });

  test("has nothing more to be restored when it has been", () => {
    const b = over(230);
    keep(b, 1200, 10_200);
    b.order(10_300, "move", "restore");
    b.read(10_400, { "db/at": 0, ...calm });
    expect(campaignOf(b).phase).toBe("done");
    expect(keep(b, 11_400, 40_400).flatMap(said)).toEqual([]);
    expect(campaignOf(b)).toMatchObject({ phase: "idle", calmSince: null });
  });

  test("counts no time in which nobody watched, and all from the first look after it", () => {
    const b = over(230);
    keep(b, 1200, 8200);
    reborn(b);
    resume(b.plant, (t0 + 60_000) as typeof b.plant.now);
    const from = b.plant.holdUntil - t0;
    const all = { y: 0, "mains/volts": 230, "db/at": 2 };
    expect(keep(b, from, from + 9000, all).flatMap(said)).toEqual([]);
    expect(said(b.read(from + 10_000, calm))).toEqual([restorable]);
  });

  test("goes on from a checkpoint of before it was kept since when all is well", () => {
    const b = over(230);
    reborn(b, (kept) => {
      const { calmSince: _, ...one } = kept;
      return one;
    });
    expect(keep(b, 1200, 11_200).flatMap(said)).toEqual([restorable]);
  });

  test("says nothing where the site file does not say when", () => {
    const b = failover();
    b.read(0, go);
    b.read(100, { "db/at": 2, ...calm });
    expect(keep(b, 1200, 20_200).flatMap(said)).toEqual([]);
    expect(campaignOf(b).phase).toBe("idle");
  });

  test("goes back no further when its alarm returns, says so, and stops again when that goes while it counts", () => {
    const b = failover({ restore: terms, steps: [step("db"), step("app", { needs: ["db"] })], after: 1000 });
    b.read(0, go);
    b.read(1000, go);
    b.read(1100, { "db/at": 2, ...go });
    b.read(1200, { "app/at": 2, ...calm, "mains/volts": 230 });
    keep(b, 2200, 13_200);
    b.order(13_300, "move", "restore");
    expect(said(b.read(13_400, { "app/at": 0, ...go })).slice(1)).toEqual([
      "stopped: restored no further: go",
      "counting: go: begins in 1 s",
    ]);
    expect(campaignOf(b)).toMatchObject({ phase: "counting", run: 2, byHand: false, startedBy: "go" });
    expect(said(b.read(13_500, calm))).toEqual(["stopped: its cause has gone; nothing more is done"]);
  });
});

describe("what a response has done", () => {
  test("is on record from the order on: what was ordered, for which stage, and what came of it", () => {
    const b = failover({ steps: [step("db"), step("app", { needs: ["db"] })] });
    b.read(0, go);
    const [sent] = campaignOf(b).sent;
    expect(sent).toEqual({ command: sent!.command, stage: "db", state: "waiting", detail: "" });
    expect(campaignOf(b)).toMatchObject({ phase: "running", stage: 1, until: null, outlook: { stage: "db" } });
    b.read(100, { "db/at": 2 });
    expect(campaignOf(b)).toMatchObject({ stage: 2, sent: [{ state: "confirmed", ended: t0 + 100 }, {}] });
  });

  test("that waits for a yes shows its plan, and none when it was stopped", () => {
    const b = failover({ mode: "advise" });
    b.read(0, go);
    expect(campaignOf(b)).toMatchObject({ phase: "advised", until: null, outlook: { stage: "db", kw: null } });
    b.order(100, "move", "stop");
    expect(campaignOf(b)).toMatchObject({ phase: "stopped", until: null, outlook: null });
  });

  test("is told at its end after a restart from a checkpoint of before steps could be left out", () => {
    const b = failover();
    b.read(0, go);
    reborn(b, (kept) => {
      const { skipped: _, ...one } = kept;
      return one;
    });
    expect(said(b.read(100, { "db/at": 2 })).at(-1)).toBe("done: every step is confirmed");
  });

  test("stays in sight as it was planned where a yes is given to a node that does not act now", () => {
    const b = failover({ mode: "advise" });
    b.read(0, go);
    expect(writes(unled(b, 100, order("move", "approve")))).toEqual([]);
    expect(campaignOf(b)).toMatchObject({ phase: "running", outlook: { stage: "db", kw: null } });
  });

  test("is held against no time any more when it is over", () => {
    const b = failover();
    b.scan(0, { requests: [evacuate("move", 600_000)] });
    expect(campaignOf(b).race).toMatchObject({ is: "inTime" });
    b.read(100, { "db/at": 2 });
    expect(campaignOf(b)).toMatchObject({ phase: "done", race: null });
  });
});

describe("a drill", () => {
  /** All calm and in its place. */
  function ready(sketch: Sketch = {}): Bench {
    const b = failover(sketch);
    b.read(0, { ...calm, "db/at": 0, "app/at": 0 });
    return b;
  }

  test("is told with who asked for it, why and which steps, and each of its commands says so", () => {
    const b = ready({ steps: [step("db"), step("app")] });
    const output = drill(b, 100, { steps: ["db", "app"] });
    expect(said(output)).toEqual(["drill: lead: practice: db, app", "step: db", "step: app"]);
    expect(output.commands.map(({ why }) => why)).toEqual(["drill by lead: practice", "drill by lead: practice"]);
  });

  test("gives way to a person who starts what it is of", () => {
    const b = ready({ after: 1000 });
    drill(b, 100);
    expect(said(b.order(200, "move", "start"))).toEqual([
      "stopped: the drill gives way",
      "counting: operator: drill: begins in 1 s",
    ]);
    expect(campaignOf(b)).toMatchObject({ drill: null, byHand: true });
  });

  test("gives way to the alarm, which is named, and what begins then goes by that alarm alone", () => {
    const b = ready({ after: 1000 });
    drill(b, 100);
    expect(said(b.read(200, go))).toEqual(["stopped: the drill gives way: go", "counting: go: begins in 1 s"]);
    expect(said(b.read(300, calm))).toEqual(["stopped: its cause has gone; nothing more is done"]);
  });

  test("that is over is no reason to leave undone what it was for, nor to go on without its alarm", () => {
    const b = ready({ after: 1000 });
    drill(b, 100, { keep: true });
    b.read(200, { "db/at": 2 });
    expect(campaignOf(b).phase).toBe("done");
    expect(said(b.read(250, go))).toEqual(["counting: go: begins in 1 s"]);
    expect(said(b.read(300, calm))).toEqual(["stopped: its cause has gone; nothing more is done"]);
  });
});

import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { FailoverAction, FailoverStep } from "../../../src/core/respond/response.ts";
import { seconds } from "../../../src/core/time.ts";
import type { Bench } from "../fixture.ts";
import { alarm, bench, move, noticed, outcome, point, site, step as stepOf } from "../fixture.ts";

const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep => stepOf(id, { inverse: 0, ...sketch });

function failover(steps: readonly FailoverStep[], restore?: FailoverAction["restore"]): Bench {
  const response = move({ kind: "failover", steps, ...(restore && { restore }) });
  const points = Object.fromEntries((restore?.when ?? []).map((wish) => [wish.point, { maxAge: seconds(3) }]));
  return bench(site({ alarms: [alarm("go")], responses: [response], points }));
}

const writes = ({ commands }: ScanOutput): readonly string[] =>
  commands.map(({ point: at, value }) => `${at}=${value}`);
const [go, calm] = [{ x: 11 }, { x: 1 }];
const phaseOf = (b: Bench): string => b.plant.campaigns[0]!.phase;
const lastSaid = (output: ScanOutput): string | undefined => output.notices.at(-1)?.text;

/** db, then app that needs it, both done; `last` needs app and is on its way. */
function underWay(sketch: Partial<FailoverStep> = {}): Bench {
  const b = failover([step("db", sketch), step("app", { needs: ["db"] }), step("last", { needs: ["app"] })]);
  b.read(0, go);
  b.read(100, { "db/at": 2 });
  b.read(200, { "app/at": 2 });
  return b;
}

describe("a failover that a person aborts", () => {
  test("is undone from its last step to its first, each confirmed before the next", () => {
    const b = underWay();
    expect(writes(b.order(300, "move", "abort"))).toEqual([]);
    expect(writes(b.read(400, { "last/at": 2 }))).toEqual(["last/at=0"]);
    expect(writes(b.read(500, { "last/at": 0 }))).toEqual(["app/at=0"]);
    expect(writes(b.read(600, { "app/at": 0 }))).toEqual(["db/at=0"]);
    const end = b.read(700, { "db/at": 0 });
    expect(end.notices.at(-1)).toMatchObject({ event: "stopped", text: "undone: last, app, db" });
    expect(phaseOf(b)).toBe("stopped");
  });

  test("waits for what is out, and begins nothing that was not ordered", () => {
    const b = failover([step("db"), step("app", { needs: ["db"] })]);
    b.read(0, go);
    b.order(100, "move", "abort");
    expect(writes(b.read(200, { "db/at": 2 }))).toEqual(["db/at=0"]);
    expect(lastSaid(b.read(300, { "db/at": 0 }))).toBe("undone: db");
  });

  test("leaves alone what failed, unless it is seen to be there after all", () => {
    const b = underWay();
    const [command] = b.plant.campaigns[0]!.sent.slice(-1);
    b.order(300, "move", "abort");
    expect(writes(b.scan(400, { outcomes: [outcome(command!.command, "failed", 400)] }))).toEqual(["app/at=0"]);
    const late = underWay();
    late.order(300, "move", "abort");
    late.wait(8000);
    expect(writes(late.read(8100, { "last/at": 2 }))).toEqual(["last/at=0"]);
  });

  test("has no way back past a point of no return, confirmed or not, nor for what that needed", () => {
    const { inverse: _, ...final } = step("app", { needs: ["db"], isFinal: true });
    const b = failover([step("db"), final, step("last", { needs: ["app"] }), step("side")]);
    b.read(0, go);
    b.read(100, { "db/at": 2, "side/at": 2 });
    b.order(200, "move", "abort");
    b.read(300, { "side/at": 0 });
    const end = b.wait(10_000).flatMap(({ notices }) => notices);
    expect(end.at(-1)?.text).toBe("undone: side; stays: db, app");
    const undone = b.plant.campaigns[0]!.sent.filter(({ stage }) => stage.includes("/undo"));
    expect(undone.map(({ stage }) => stage)).toEqual(["side/undo"]);
  });

  test("leaves what has no inverse, and says so", () => {
    const { inverse: _, ...fixed } = step("app", { needs: ["db"] });
    const b = failover([step("db"), fixed, step("last", { needs: ["app"] })]);
    b.read(0, go);
    b.read(100, { "db/at": 2 });
    b.read(200, { "app/at": 2 });
    b.order(300, "move", "abort");
    b.read(400, { "last/at": 2 });
    expect(lastSaid(b.read(500, { "last/at": 0 }))).toBe("undone: last; stays: db, app");
  });

  test("tries an inverse as often again as the step, and then leaves it and what it needed", () => {
    const b = failover([step("db"), step("app", { needs: ["db"], retries: 1 })]);
    b.read(0, go);
    b.read(100, { "db/at": 2 });
    b.order(150, "move", "abort");
    const outputs = [b.read(200, { "app/at": 2 }), ...b.wait(20_000)];
    expect(outputs.flatMap(({ commands }) => commands).map(({ id }) => id)).toEqual([
      "move#1/app/undo/app/at=0",
      "move#1/app/undo.2/app/at=0",
    ]);
    expect(outputs.flatMap(({ notices }) => notices).at(-1)?.text).toBe("undone: nothing; stays: db, app");
  });

  test("is only stopped while it counts down or waits for a yes, and refused when nothing is under way", () => {
    const b = failover([step("db")]);
    expect(noticed(b.order(0, "move", "abort"))).toEqual(["refused"]);
    const twice = underWay();
    twice.order(300, "move", "abort");
    expect(noticed(twice.order(310, "move", "abort"))).toEqual(["refused"]);
  });
});

describe("what an abort takes back", () => {
  test("is told step by step, with the attempt where it is not the first, and what is next is shown", () => {
    const b = underWay();
    b.order(300, "move", "abort");
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "app", kw: null });
    const first = b.read(400, { "last/at": 2 });
    expect(first.notices.map(({ event, text }) => `${event}: ${text}`)).toContain("undo: last");
    expect(first.commands).toMatchObject([{ point: "last/at", value: 0, why: "operator: drill" }]);
    const again = underWay({ retries: 1 });
    again.order(300, "move", "abort");
    again.read(400, { "last/at": 2 });
    again.read(500, { "last/at": 0 });
    again.read(600, { "app/at": 0 });
    expect(again.plant.campaigns[0]!.outlook).toEqual({ stage: "db", kw: null });
    const failed = again.wait(6000).flatMap(({ notices }) => notices.map(({ event, text }) => `${event}: ${text}`));
    expect(failed).toContain("undo: db, attempt 2");
  });

  test("is tried as often again as its own step, whatever others took", () => {
    const b = failover([step("db"), step("app", { needs: ["db"], retries: 1 }), step("last", { needs: ["app"] })]);
    b.read(0, go);
    b.read(100, { "db/at": 2 });
    b.read(200, { "app/at": 2 });
    b.order(250, "move", "abort");
    b.read(300, { "last/at": 2 });
    b.read(400, { "last/at": 0 });
    expect(b.wait(6000).flatMap(writes)).toEqual(["app/at=0"]);
  });

  test("is all that is done where the point of no return was never ordered", () => {
    const { inverse: _, ...final } = step("cut", { needs: ["app"], isFinal: true });
    const b = failover([step("db"), step("app", { needs: ["db"] }), final]);
    b.read(0, go);
    b.read(100, { "db/at": 2 });
    b.order(150, "move", "abort");
    expect(writes(b.read(200, { "app/at": 2 }))).toEqual(["app/at=0"]);
    b.read(300, { "app/at": 0 });
    expect(lastSaid(b.read(400, { "db/at": 0 }))).toBe("undone: app, db");
  });

  test("is nothing that stood there before anything was ordered", () => {
    const b = failover([step("db"), step("app", { needs: ["db"] })]);
    b.read(0, { ...go, "app/at": 2 });
    b.order(50, "move", "abort");
    expect(writes(b.read(100, { "db/at": 2, "app/at": 2 }))).toEqual(["db/at=0"]);
    expect(lastSaid(b.read(200, { "db/at": 0 }))).toBe("undone: db");
  });

  test("waits for what is out, though it stood there before it was ordered", () => {
    const b = failover([step("db")]);
    b.read(0, { ...go, "db/at": 2 });
    expect(writes(b.order(50, "move", "abort"))).toEqual([]);
    expect(writes(b.read(100, { "db/at": 2 }))).toEqual(["db/at=0"]);
  });

  test("is not said to stay where it was never done, though what stays needed it", () => {
    const { inverse: _, ...final } = step("cut", { needs: ["db"], isFinal: true });
    const b = failover([step("db"), final, step("side")]);
    const [first] = b.read(0, go).commands;
    b.scan(100, { outcomes: [outcome(first!, "failed", 100)] });
    b.read(200, { "cut/at": 2 });
    b.order(250, "move", "abort");
    b.read(300, { "side/at": 2 });
    expect(lastSaid(b.read(400, { "side/at": 0 }))).toBe("undone: side; stays: cut");
  });
});

describe("a failover that may be restored", () => {
  const terms = { when: [{ point: point("mains/volts"), is: ">", value: 200 }], settle: seconds(10) } as const;

  /** Done, and its alarm clear. */
  function over(its: FailoverAction["restore"] = terms): Bench {
    const b = failover([step("db"), step("app", { needs: ["db"] })], its);
    b.read(0, go);
    b.read(100, { "db/at": 2 });
    b.read(200, { "app/at": 2 });
    b.read(300, calm);
    return b;
  }

  test("is refused while what it waits for does not hold, is not seen, or has not held for long enough", () => {
    const b = over();
    expect(lastSaid(b.order(400, "move", "restore"))).toContain("mains/volts > 200 (not seen)");
    b.read(500, { "mains/volts": 180 });
    expect(lastSaid(b.order(600, "move", "restore"))).toContain("mains/volts > 200 (it is 180)");
    b.read(700, { "mains/volts": 230, ...calm });
    expect(lastSaid(b.order(800, "move", "restore"))).toContain("not yet for 10 s");
  });

  test("says once that it may be restored, and goes back one step at a time, the last first", () => {
    const b = over();
    b.read(400, { "mains/volts": 230, ...calm });
    const told = [];
    for (let at = 1400; at <= 13_400; at += 1000) told.push(...noticed(b.read(at, { "mains/volts": 230, ...calm })));
    expect(told).toEqual(["restorable"]);
    expect(writes(b.order(13_500, "move", "restore"))).toEqual(["app/at=0"]);
    expect(writes(b.read(13_600, { "app/at": 0 }))).toEqual(["db/at=0"]);
    const end = b.read(13_700, { "db/at": 0 });
    expect(end.notices.at(-1)).toMatchObject({ event: "done", text: "undone: app, db" });
  });

  test("keeps what was asked last and what came of it", () => {
    const b = over();
    const [response] = b.plant.campaigns;
    b.order(400, "move", "restore");
    expect(response?.answer).toMatchObject({
      n: 1,
      ask: "restore",
      by: "operator",
      refused: "mains/volts > 200 (not seen)",
    });
    b.order(500, "move", "stop");
    expect(response?.answer).toMatchObject({ n: 2, ask: "stop", refused: "it is not under way" });
  });

  test("starts what goes back so long after what went before, as it is written, over a restart too", () => {
    const b = over({ ...terms, every: seconds(30) });
    for (let at = 400; at <= 13_400; at += 1000) b.read(at, { "mains/volts": 230, ...calm });
    expect(writes(b.order(13_500, "move", "restore"))).toEqual(["app/at=0"]);
    expect(writes(b.read(13_600, { "app/at": 0, ...calm }))).toEqual([]);
    b.plant = restore(b.plant.site, JSON.parse(JSON.stringify(checkpoint(b.plant))));
    const waited = b.wait(43_499).flatMap(({ commands }) => commands);
    expect(waited).toEqual([]);
    expect(b.wait(43_500).flatMap(writes)).toEqual(["db/at=0"]);
    expect(lastSaid(b.read(43_600, { "db/at": 0 }))).toBe("undone: app, db");
  });

  test("goes back one step at a time, though none of them needs another, and nothing holds up the next", () => {
    const b = failover([step("db"), step("app")], terms);
    b.read(0, go);
    b.read(100, { "db/at": 2, "app/at": 2 });
    b.read(300, calm);
    for (let at = 400; at <= 13_400; at += 1000) b.read(at, { "mains/volts": 230, ...calm });
    expect(writes(b.order(13_500, "move", "restore"))).toEqual(["app/at=0"]);
    expect(b.plant.campaigns[0]).toMatchObject({ until: null });
    expect(b.plant.campaigns[0]!.undo).toEqual({ manner: "restore", by: "operator: drill", from: 2 });
    expect(writes(b.read(13_600, calm))).toEqual([]);
    expect(writes(b.read(13_700, { "app/at": 0, ...calm }))).toEqual(["db/at=0"]);
  });

  test("is not restored by silence where it waits for a low value", () => {
    const b = over({ when: [{ point: point("smoke/level"), is: "<", value: 5 }], settle: seconds(10) });
    expect(lastSaid(b.order(400, "move", "restore"))).toContain("smoke/level < 5 (not seen)");
  });

  test("is tried again by a person where it could not be put back", () => {
    const b = over();
    for (let at = 400; at <= 13_400; at += 1000) b.read(at, { "mains/volts": 230, ...calm });
    b.order(13_500, "move", "restore");
    const from = 14_000;
    const told = [];
    for (let at = from; at <= from + 20_000; at += 1000)
      told.push(...b.read(at, { "mains/volts": 230, ...calm }).notices.map(({ text }) => text));
    expect(told).toContain("undone: nothing; stays: db, app");
    expect(writes(b.order(from + 20_500, "move", "restore"))).toEqual(["app/at=0"]);
  });

  test("begins anew when its alarm comes back in the middle", () => {
    const b = over();
    for (let at = 400; at <= 13_400; at += 1000) b.read(at, { "mains/volts": 230, ...calm });
    b.order(13_500, "move", "restore");
    expect(writes(b.read(13_600, go))).toEqual([]);
    expect(writes(b.read(13_700, { "app/at": 0, ...go }))).toEqual(["db/at=2"]);
    expect(b.plant.campaigns[0]!.run).toBe(2);
  });

  test("is never restored where the site file does not say when", () => {
    const b = underWay();
    b.read(300, { "last/at": 2 });
    expect(lastSaid(b.order(400, "move", "restore"))).toContain("does not say when");
  });
});

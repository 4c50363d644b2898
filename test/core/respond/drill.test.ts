import { describe, expect, test } from "vitest";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { DrillAsk } from "../../../src/core/respond/campaign.ts";
import { drillRefusal } from "../../../src/core/respond/drill.ts";
import type { Action, FailoverStep, Mode, Response } from "../../../src/core/respond/response.ts";
import { seconds } from "../../../src/core/time.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, move, outcome, point, responseId, site, step as stepOf } from "../fixture.ts";

const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep =>
  stepOf(id, { retries: 1, ifFailed: "stop", inverse: 0, ...sketch });

const steps = [step("db"), step("app", { needs: ["db"] }), step("last", { needs: ["app"] })];

interface Sketch {
  readonly action?: Action;
  readonly mode?: Mode;
}

/** All calm, and every service where it belongs. */
function calm({ action = { kind: "failover", steps }, mode = "act" }: Sketch = {}): Bench {
  const points = Object.fromEntries(["db", "app", "last"].map((id) => [`${id}/at`, { maxAge: seconds(3600) }]));
  const b = bench(site({ alarms: [alarm("go")], responses: [move(action, { mode })], points }));
  b.read(0, { x: 1, "db/at": 0, "app/at": 0, "last/at": 0 });
  return b;
}

const asked = (ids: readonly string[], over: Partial<DrillAsk> = {}): DrillAsk => ({
  steps: ids,
  keep: false,
  oneWay: false,
  ...over,
});

const drill = (b: Bench, after: number, ask: DrillAsk): ScanOutput =>
  b.scan(after, {
    requests: [
      { to: "response", response: responseId("move"), event: "drill", by: "lead", why: "practice", drill: ask },
    ],
  });

const writes = ({ commands }: ScanOutput): readonly string[] =>
  commands.map(({ point: at, value }) => `${at}=${value}`);
const phaseOf = (b: Bench): string => b.plant.campaigns[0]!.phase;
const eventsOf = ({ notices }: ScanOutput): readonly string[] => notices.map(({ event }) => event);

describe("a drill", () => {
  test("makes the chosen steps and no other, each after those of them that it needs, and takes them back", () => {
    const b = calm();
    expect(writes(drill(b, 100, asked(["app", "db"])))).toEqual(["db/at=2"]);
    expect(writes(b.read(200, { "db/at": 2 }))).toEqual(["app/at=2"]);
    expect(writes(b.read(300, { "app/at": 2 }))).toEqual(["app/at=0"]);
    expect(writes(b.read(500, { "app/at": 0 }))).toEqual(["db/at=0"]);
    const end = b.read(600, { "db/at": 0 });
    expect(end.notices.at(-1)).toMatchObject({ event: "done", text: "undone: app, db" });
  });

  test("keeps when each command was issued and when it was over", () => {
    const b = calm();
    drill(b, 100, asked(["db"], { keep: true }));
    b.read(900, { "db/at": 2 });
    const { sent } = b.plant.campaigns[0]!;
    expect(sent.map(({ command, ended }) => (ended ?? 0) - command.issued)).toEqual([800]);
  });

  test("leaves all as it is where that is wanted", () => {
    const b = calm();
    drill(b, 100, asked(["db"], { keep: true }));
    expect(b.read(200, { "db/at": 2 }).notices.at(-1)).toMatchObject({ event: "done" });
    expect(b.wait(5000).flatMap(writes)).toEqual([]);
  });

  test("tries no step twice, begins none after one that failed, and takes back what was done", () => {
    const b = calm();
    drill(b, 100, asked(["db", "app", "last"]));
    b.read(200, { "db/at": 2 });
    const app = b.plant.campaigns[0]!.sent.at(-1)!.command;
    const after = b.scan(300, { outcomes: [outcome(app, "refused", 300)] });
    expect(writes(after)).toEqual(["db/at=0"]);
    expect(after.notices.map(({ text }) => text)).toContain("not confirmed: app; it goes back");
  });

  test.each<[string, DrillAsk, Sketch, RegExp]>([
    ["a step that is not there", asked(["dbb"]), {}, /no step "dbb"; there are: db, app, last/],
    ["no step", asked([]), {}, /no step is named/],
    ["a response that only observes", asked(["db"]), { mode: "observe" }, /only observes/],
    [
      "a step without a way back",
      asked(["final"]),
      { action: { kind: "failover", steps: [{ ...withoutInverse(step("final")), point: point("db/at") }] } },
      /final has no inverse: it would stay 2/,
    ],
    [
      "a step whose inverse leads elsewhere",
      asked(["db"]),
      { action: { kind: "failover", steps: [step("db", { inverse: 1 })] } },
      /its inverse is 1, and db\/at is 0: it would not come back/,
    ],
    [
      "what is there already",
      asked(["db"]),
      { action: { kind: "failover", steps: [step("db", { value: 0, inverse: 2 })] } },
      /is 0 already/,
    ],
    [
      "what nobody sees",
      asked(["db"]),
      { action: { kind: "failover", steps: [step("db", { point: point("far/at") })] } },
      /far\/at is not seen/,
    ],
  ])("is refused for %s", (_, ask, sketch, reason) => {
    const b = calm(sketch);
    expect(drillRefusal(b.plant, "move", ask)).toMatch(reason);
    const output = drill(b, 100, ask);
    expect([eventsOf(output), output.notices[0]!.text]).toEqual([["refused"], expect.stringMatching(reason)]);
    expect([output.commands, phaseOf(b)]).toEqual([[], "idle"]);
  });

  test("of a step without a way back is made where that is wanted, and it stays", () => {
    const action: Action = { kind: "failover", steps: [withoutInverse(step("db"))] };
    const b = calm({ action });
    expect(writes(drill(b, 100, asked(["db"], { oneWay: true })))).toEqual(["db/at=2"]);
    expect([b.read(200, { "db/at": 2 }), ...b.wait(5000)].flatMap(writes)).toEqual([]);
  });

  test("is refused while its alarm stands, cannot be judged, or the response is at work", () => {
    const b = calm({ mode: "advise" });
    b.read(100, { x: 11 });
    expect(drillRefusal(b.plant, "move", asked(["db"]))).toBe("it is under way");
    const blind = calm();
    blind.wait(600_000);
    expect(drillRefusal(blind.plant, "move", asked(["db"]))).toBe("its alarms are not seen to be clear");
  });
});

describe("a drill in words", () => {
  const texts = ({ notices }: ScanOutput): readonly string[] => notices.map(({ event, text }) => `${event}: ${text}`);

  test("shows what is next, and says when all is confirmed and that it goes back", () => {
    const b = calm();
    drill(b, 100, asked(["db", "app"]));
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "db", kw: null });
    b.read(200, { "db/at": 2 });
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "app", kw: null });
    const back = b.read(300, { "app/at": 2 });
    expect(texts(back)).toContain("drill: every step is confirmed; it goes back");
    expect(b.plant.campaigns[0]!.undo).toEqual({ manner: "restore", by: "drill by lead: practice", from: 2 });
    expect(back.commands[0]).toMatchObject({ why: "drill by lead: practice" });
  });

  test("says at its end that all was confirmed, or what was not", () => {
    const b = calm();
    drill(b, 100, asked(["db"], { keep: true }));
    expect(texts(b.read(200, { "db/at": 2 }))).toContain("done: every step of the drill is confirmed");
    const loose = [step("db"), step("app"), step("last")];
    const failing = calm({ action: { kind: "failover", steps: loose } });
    drill(failing, 100, asked(["db", "app"], { keep: true }));
    expect(failing.wait(5000).flatMap(texts)).toContain("done: not confirmed: db, app");
  });
});

describe("what may be drilled", () => {
  test("is a step without those that it needs as a rule", () => {
    expect(writes(drill(calm(), 100, asked(["app"])))).toEqual(["app/at=2"]);
  });

  test("is nothing on a node that does not act, nor after what was done in earnest and not undone, but after a drill", () => {
    const follower = calm();
    follower.scan(100, { leads: false });
    expect(drillRefusal(follower.plant, "move", asked(["db"]))).toBe("this node does not act now");
    const kept = calm();
    drill(kept, 100, asked(["db"], { keep: true }));
    kept.read(200, { "db/at": 2 });
    kept.read(300, { x: 1 });
    expect(drillRefusal(kept.plant, "move", asked(["app"]))).toBeNull();
    const real = calm();
    real.read(100, { x: 11 });
    real.read(200, { "db/at": 2 });
    real.read(300, { "app/at": 2 });
    real.read(400, { "last/at": 2, x: 1 });
    real.read(500, { x: 1 });
    expect(phaseOf(real)).toBe("idle");
    expect(drillRefusal(real.plant, "move", asked(["db"]))).toBe("what it did is not undone yet");
  });

  describe("beside another response", () => {
    /** Two of them, each with an alarm of its own. */
    function two(): Bench {
      const [move] = calm().plant.site.responses;
      const other: Response = {
        ...move!,
        id: responseId("other"),
        when: [alarmId("also")],
        action: { kind: "failover", steps: [step("far")] },
      };
      const points = Object.fromEntries(["db", "far"].map((id) => [`${id}/at`, { maxAge: seconds(3600) }]));
      const alarms = [alarm("go"), alarm("also", { on: ["y"] })];
      const b = bench(site({ alarms, responses: [move!, other], points }));
      b.read(0, { x: 1, y: 1, "db/at": 0, "far/at": 0 });
      return b;
    }

    test("is nothing while that is under way, or while its commands are out", () => {
      const b = two();
      const [command] = b.read(100, { y: 11 }).commands;
      expect(drillRefusal(b.plant, "move", asked(["db"]))).toBe("other is under way");
      b.order(200, "other", "stop");
      expect(drillRefusal(b.plant, "move", asked(["db"]))).toBe("commands are still out");
      b.scan(300, { outcomes: [outcome(command!, "failed", 300)] });
      expect(drillRefusal(b.plant, "move", asked(["db"]))).toBeNull();
    });

    test("is each by its own steps, and none that is not there", () => {
      const b = two();
      expect(drillRefusal(b.plant, "other", asked(["far"]))).toBeNull();
      expect(drillRefusal(b.plant, "other", asked(["db"]))).toBe('there is no step "db"; there are: far');
      expect(drillRefusal(b.plant, "nothing", asked(["db"]))).toBe("there is no response nothing");
    });
  });
});

describe("an alarm that calls for what is drilled", () => {
  test("ends the drill at once, whatever is out, and nothing is taken back", () => {
    const b = calm();
    drill(b, 100, asked(["db"]));
    const real = b.read(200, { x: 11 });
    expect(writes(real)).toEqual(["db/at=2"]);
    expect(real.commands[0]!.id).toBe("move#2/db/db/at=2");
    expect(eventsOf(real)).toContain("stopped");
    const later = [b.read(300, { "db/at": 2 }), b.read(400, { "app/at": 2 }), b.read(500, { "last/at": 2 })];
    expect(later.flatMap(writes)).toEqual(["app/at=2", "last/at=2"]);
  });

  test("turns round what is being taken back", () => {
    const b = calm();
    drill(b, 100, asked(["db"]));
    expect(writes(b.read(200, { "db/at": 2 }))).toEqual(["db/at=0"]);
    expect(writes(b.read(500, { x: 11 }))).toEqual(["db/at=2"]);
  });

  test("starts the failover in the very scan after a drill was done or was stopped with a command out", () => {
    const b = calm();
    drill(b, 100, asked(["db"], { keep: true }));
    b.read(200, { "db/at": 2 });
    expect([phaseOf(b), writes(b.read(250, { x: 11 }))]).toEqual(["done", ["db/at=2"]]);
    const stopped = calm();
    drill(stopped, 100, asked(["db"]));
    stopped.order(200, "move", "stop");
    expect(writes(stopped.read(300, { x: 11 }))).toEqual(["db/at=2"]);
  });
});

function withoutInverse(whole: FailoverStep): FailoverStep {
  const { inverse: _, ...rest } = whole;
  return rest;
}

import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { FailoverStep, Response } from "../../../src/core/respond/response.ts";
import { minutes, ms } from "../../../src/core/time.ts";
import { relieving, twoFeeds } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, evacuate, noticed, point, responseId, site, t0 } from "../fixture.ts";

const step = (id: string, needs: readonly string[], usual: number): FailoverStep => ({
  id,
  title: { en: id },
  point: point(`${id}/at`),
  value: 1,
  needs,
  within: minutes(2 * usual),
  usual: minutes(usual),
  retries: 0,
  ifFailed: "carryOn",
});

/** Two minutes each, one after the other, with the last in eight. */
const steps = [step("login", [], 2), step("pay", ["login"], 2), step("mail", ["pay"], 4)];

function plan(more: Partial<Response> = {}): Bench {
  const response: Response = {
    id: responseId("drain"),
    title: { en: "drain" },
    when: [alarmId("go")],
    ifBlind: "hold",
    mode: "advise",
    after: minutes(10),
    action: { kind: "failover", steps, ifLate: "skip" },
    ...more,
  };
  const power = twoFeeds({ one: { kw: 10 } });
  return bench(site({ alarms: [alarm("go")], responses: [response], power }));
}

/** The fire service asks for the cut at minute 0 of these tests, in ten minutes: at 16:58 where it is now 16:48. */
const minute = 60_000;
const cut = (b: Bench, at: number, cutAt: number | null): ScanOutput =>
  b.scan(at, { requests: [evacuate("drain", cutAt)] });
const targets = (output: ScanOutput): readonly string[] => output.commands.map((command) => command.point);

describe("an announced cut", () => {
  test("starts a failover at once, whatever it waits for, and tells each order by when it has to be gone", () => {
    const b = plan();
    const output = cut(b, 0, 10 * minute);
    expect(noticed(output)).toEqual(["cutAnnounced", "step"]);
    expect(output.notices[0]!.text).toBe("fire officer: water; power is cut in 600.0 s");
    expect(output.commands).toMatchObject([{ point: "login/at", due: t0 + 10 * minute, why: "fire officer: water" }]);
    expect(b.plant.campaigns[0]!.race).toMatchObject({ is: "inTime", needsMs: 8 * minute });
  });

  test("ends the wait of one that counts, and is the yes that another waits for", () => {
    const counting = plan({ mode: "act" });
    expect(noticed(counting.read(0, { x: 11 }))).toEqual(["counting"]);
    expect(targets(cut(counting, 1000, 10 * minute))).toEqual(["login/at"]);
    const advised = plan({ after: ms(0) });
    expect(noticed(advised.read(0, { x: 11 }))).toEqual(["advised"]);
    expect(targets(cut(advised, 1000, 10 * minute))).toEqual(["login/at"]);
  });

  test("that comes at 16:52 and not at 16:58 is planned for anew: what does not fit is left out", () => {
    const b = plan();
    cut(b, 0, 10 * minute);
    expect(targets(b.read(2 * minute, { "login/at": 1 }))).toEqual(["pay/at"]);
    const early = cut(b, 2 * minute + 1000, 4 * minute);
    expect(noticed(early)).toEqual(["cutAnnounced", "late"]);
    expect(early.notices[1]!.text).toBe("needs 359.0 s by pay > mail; the announced cut: 119.0 s left");
    const rest = b.read(4 * minute - 1000, { "pay/at": 1 });
    expect(targets(rest)).toEqual([]);
    expect(rest.notices.map(({ event, text }) => `${event}: ${text}`).slice(1)).toEqual([
      "skipped: mail takes 240.0 s, and 1.0 s are left",
      "done: left out: mail",
    ]);
  });

  test("at 16:58 leaves time for all of it", () => {
    const b = plan();
    cut(b, 0, 10 * minute);
    b.read(2 * minute, { "login/at": 1 });
    expect(targets(b.read(4 * minute, { "pay/at": 1 }))).toEqual(["mail/at"]);
    expect(b.read(8 * minute, { "mail/at": 1 }).notices.at(-1)).toMatchObject({
      event: "done",
      text: "every step is confirmed",
    });
  });

  test("can be taken back: what is under way goes on, and nothing presses it", () => {
    const b = plan();
    cut(b, 0, 3 * minute);
    const output = cut(b, 1000, null);
    expect(noticed(output)).toEqual(["cutWithdrawn"]);
    expect(b.plant.campaigns[0]).toMatchObject({ phase: "running", race: null });
  });

  test("orders nothing again that is seen to be gone", () => {
    const b = plan();
    b.read(0, { "login/at": 1, "pay/at": 1, "mail/at": 1 });
    const output = cut(b, 100, 10 * minute);
    expect(output.commands).toEqual([]);
    expect(output.notices[0]!.text).toContain("all that it moves is gone already");
  });

  test("is only told by one that observes, and refused by what moves nothing", () => {
    const observing = cut(plan({ mode: "observe" }), 0, 10 * minute);
    expect([noticed(observing), observing.commands]).toEqual([["cutAnnounced", "observed"], []]);
    expect(noticed(cut(plan({ action: relieving(0, "ups-a") }), 0, 10 * minute))).toEqual(["refused"]);
  });

  describe("while some of it is drilled", () => {
    const returning = steps.map((one) => ({ ...one, inverse: 0 }));
    const home = { x: 1, "login/at": 0, "pay/at": 0, "mail/at": 0 };

    /** All calm, with a drill of these steps under way. */
    function drilled(ids: readonly string[], mode: Response["mode"] = "advise"): Bench {
      const b = plan({ mode, action: { kind: "failover", steps: returning } });
      b.read(0, home);
      const drill = { steps: ids, keep: false, oneWay: false };
      const request = {
        to: "response",
        response: responseId("drain"),
        event: "drill",
        by: "lead",
        why: "practice",
      } as const;
      expect(targets(b.scan(100, { requests: [{ ...request, drill }] }))).toEqual([`${ids[0]}/at`]);
      return b;
    }

    test.each(["advise", "act"] as const)("takes over from the drill of one that may %s, and says so", (mode) => {
      const b = drilled(["pay"], mode);
      const output = cut(b, 200, 10 * minute);
      expect(noticed(output)).toEqual(["cutAnnounced", "stopped", "step"]);
      expect(output.notices[1]!.text).toBe("the drill gives way");
      expect(output.commands).toMatchObject([{ point: "login/at", value: 1, due: t0 + 10 * minute }]);
      expect(b.plant.campaigns[0]).toMatchObject({ phase: "running", drill: null, undo: null, byHand: true });
    });

    test("orders again what the drill is taking back, and nothing of it goes back any more", () => {
      const b = drilled(["login"]);
      const back = b.read(1000, { "login/at": 1 });
      expect(back.commands).toMatchObject([{ point: "login/at", value: 0 }]);
      const output = cut(b, 1100, 10 * minute);
      expect(output.commands).toMatchObject([{ point: "login/at", value: 1, due: t0 + 10 * minute }]);
      expect(targets(b.read(1200, { "login/at": 1 }))).toEqual(["pay/at"]);
    });

    test("does so though all of it is seen to be gone: a drill would have it back", () => {
      const b = drilled(["login", "pay", "mail"]);
      b.read(1000, { "login/at": 1 });
      b.read(1100, { "pay/at": 1 });
      expect(b.read(1200, { "mail/at": 1 }).commands).toMatchObject([{ point: "mail/at", value: 0 }]);
      const output = cut(b, 1300, 10 * minute);
      expect(noticed(output)).toEqual(["cutAnnounced", "stopped", "step"]);
      expect(output.notices[0]!.text).not.toContain("gone already");
      expect(output.commands.every(({ value }) => value === 1)).toBe(true);
    });

    test("leaves the drill alone where a cut is taken back that nobody announced", () => {
      const b = drilled(["pay"]);
      expect(noticed(cut(b, 200, null))).toEqual(["cutWithdrawn"]);
      expect(b.plant.campaigns[0]!.drill).toMatchObject({ steps: ["pay"] });
    });
  });

  test("is kept through a restart", () => {
    const b = plan();
    cut(b, 0, 10 * minute);
    b.plant = restore(b.plant.site, JSON.parse(JSON.stringify(checkpoint(b.plant))));
    expect(b.read(2 * minute, { "login/at": 1 }).commands).toMatchObject([{ point: "pay/at", due: t0 + 10 * minute }]);
  });
});

import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { FailoverAction, FailoverStep } from "../../../src/core/respond/response.ts";
import { seconds } from "../../../src/core/time.ts";
import { node } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, evacuate, maxAge, move, noticed, point, site, step as stepOf } from "../fixture.ts";

type StepSketch = Partial<Omit<FailoverStep, "id" | "usual">> & { readonly usualS: number };

const step = (id: string, { usualS, ...sketch }: StepSketch): FailoverStep =>
  stepOf(id, { within: seconds(2 * usualS), ...sketch, usual: seconds(usualS) });

const [online, battery] = [1, 3];

/** A battery that is rated for 100 s at 80 kW; its charge is what is told. */
const short = alarm("short", {
  on: ["ups/kw"],
  detect: {
    kind: "runtime",
    below: seconds(45),
    onBattery: { point: point("ups/ups.mode"), at: ["battery"] },
    chemistry: "lithium",
    rated: { lasts: seconds(100), load: 80 },
    charge: point("bat/charge"),
    told: point("ups/told"),
    health: 100,
    onMains: false,
  },
});

const runtime = { node: node("ups-a"), alarm: alarmId("short"), channel: 0 };

function race(action: Omit<FailoverAction, "kind" | "steps">, ...steps: readonly FailoverStep[]): Bench {
  const response = move({ kind: "failover", steps, ...action });
  const points = Object.fromEntries(["ups/ups.mode", "bat/charge", "ups/told"].map((name) => [name, { maxAge }]));
  return bench(site({ alarms: [alarm("go"), short], responses: [response], points }));
}

const full = { "ups/kw": 80, "ups/ups.mode": battery, "bat/charge": 100 };
const targets = (output: ScanOutput): readonly string[] => output.commands.map((command) => command.point);
const textOf = (output: ScanOutput, event: string): string | undefined =>
  output.notices.find((notice) => notice.event === event)?.text;

describe("a failover against a battery", () => {
  const chain = [step("login", { usualS: 30 }), step("pay", { usualS: 30, needs: ["login"] })];

  test("is not pressed while the mains are there", () => {
    const b = race({ runtime }, ...chain);
    b.read(0, { ...full, "ups/ups.mode": online, x: 11 });
    expect(b.plant.campaigns[0]!.race).toBeNull();
  });

  test("holds its longest chain against the early end of what the battery may last", () => {
    const b = race({ runtime }, ...chain);
    expect(noticed(b.read(0, { ...full, x: 11 }))).toEqual(["step"]);
    const early = b.plant.campaigns[0]!.race!;
    expect(early).toMatchObject({ is: "inTime", needsMs: 60_000 });
    // Rated for 100 s, of which a fifth is not believed, and less what is left in it and the cold.
    expect(early.dueAt! - b.plant.now).toBeGreaterThan(60_000);
    expect(early.dueAt! - b.plant.now).toBeLessThan(80_000);
  });

  test("says once that it comes too late, by which steps and by how much, and that it is in time again", () => {
    const b = race({ runtime }, ...chain);
    b.read(0, { ...full, x: 11, "ups/told": 90 });
    const late = b.read(1000, { ...full, "ups/told": 55 });
    expect(noticed(late)).toEqual(["late"]);
    expect(textOf(late, "late")).toBe("needs 59.0 s by login > pay; ups-a: 55.0 s left");
    // Four seconds more than it needs are not yet enough to take it back.
    expect(noticed(b.read(2000, { ...full, "ups/told": 62 }))).toEqual([]);
    const again = b.read(3000, { ...full, "ups/told": 63 });
    expect(textOf(again, "inTime")).toBe("needs 57.0 s by login > pay; ups-a: 63.0 s left");
  });

  test("carries on all the same where nothing else is said", () => {
    const b = race({ runtime }, ...chain);
    b.read(0, { ...full, x: 11, "bat/charge": 20 });
    expect(targets(b.read(1000, { ...full, "bat/charge": 15, "login/at": 2 }))).toEqual(["pay/at"]);
  });

  test("goes by the UPS's own figure where that moves and is lower", () => {
    const b = race({ runtime }, ...chain);
    b.read(0, { ...full, x: 11, "ups/told": 90 });
    const output = b.read(1000, { ...full, "ups/told": 20 });
    expect(textOf(output, "late")).toBe("needs 59.0 s by login > pay; ups-a: 20.0 s left");
  });

  test("counts down between readings", () => {
    const b = race({ runtime }, ...chain);
    b.read(0, { ...full, x: 11, "ups/told": 90 });
    b.read(1000, { ...full, "ups/told": 62 });
    const { dueAt } = b.plant.campaigns[0]!.race!;
    b.scan(2500);
    expect(b.plant.campaigns[0]!.race!.dueAt).toBe(dueAt);
  });

  test("takes silence for no time at all: it tells it, and leaves nothing out for it", () => {
    const b = race({ runtime, ifLate: "skip" }, ...chain);
    b.read(0, { ...full, x: 11 });
    const outputs = b.wait(3100);
    expect(outputs.flatMap((output) => noticed(output))).toEqual(["timeUnknown"]);
    expect(outputs.flatMap(({ notices }) => notices.map(({ text }) => text))[0]).toBe(
      "needs 57.0 s by login > pay; how long ups-a lasts is not known",
    );
    expect(targets(b.read(3200, { "login/at": 2 }))).toEqual(["pay/at"]);
  });

  test("leaves out what would be over too late, and goes on with what still fits", () => {
    const quick = step("quick", { usualS: 5, needs: ["login"] });
    const b = race({ runtime, ifLate: "skip" }, ...chain, quick);
    const output = b.read(0, { ...full, x: 11, "bat/charge": 25 });
    expect(noticed(output)).toEqual(["late", "skipped", "skipped", "inTime", "step"]);
    expect(targets(output)).toEqual(["quick/at"]);
    expect(textOf(output, "skipped")).toMatch(/^login takes 30\.0 s, and \d+\.\d s are left$/);
    const end = b.read(1000, { ...full, "bat/charge": 25, "quick/at": 2 });
    expect(end.notices.at(-1)).toMatchObject({ event: "done", text: "left out: login, pay" });
  });

  test("takes the step in another's place that still fits, and stops where its plan says so", () => {
    const slow = step("slow", { usualS: 40, fallback: "quick" });
    const b = race({ runtime, ifLate: "skip" }, slow, step("quick", { usualS: 5 }));
    expect(targets(b.read(0, { ...full, x: 11, "bat/charge": 25 }))).toEqual(["quick/at"]);
    const stopping = race({ runtime, ifLate: "skip" }, step("slow", { usualS: 40, ifFailed: "stop" }));
    expect(noticed(stopping.read(0, { ...full, x: 11, "bat/charge": 25 }))).toContain("stopped");
  });

  test("lets what is out run its time, and does not try it again too late", () => {
    const b = race({ runtime, ifLate: "skip" }, step("login", { usualS: 30, retries: 2 }));
    b.read(0, { ...full, x: 11 });
    for (let after = 1000; after <= 62_000; after += 1000) b.read(after, { ...full, "bat/charge": 20 });
    const outputs = Array.from({ length: 4 }, (_, i) => b.read(63_000 + 1000 * i, { ...full, "bat/charge": 20 }));
    expect(outputs.flatMap(targets)).toEqual([]);
    expect(outputs.flatMap((output) => noticed(output))).toEqual(["failed", "late", "skipped", "done"]);
  });

  test("is the same race after a restart", () => {
    const b = race({ runtime, ifLate: "skip" }, ...chain);
    b.read(0, { ...full, x: 11, "bat/charge": 60 });
    b.plant = restore(b.plant.site, JSON.parse(JSON.stringify(checkpoint(b.plant))));
    const output = b.read(1000, { ...full, "bat/charge": 40, "login/at": 2 });
    expect(b.plant.campaigns[0]).toMatchObject({ skipped: ["pay"] });
    expect(output.notices.at(-1)).toMatchObject({ event: "done", text: "left out: pay" });
  });
});

describe("a failover against its deadline", () => {
  test("is late as soon as what is left of its steps takes longer than what is left of the time", () => {
    const b = race(
      { deadline: seconds(40) },
      step("login", { usualS: 30 }),
      step("pay", { usualS: 5, needs: ["login"] }),
    );
    expect(noticed(b.read(0, { x: 11 }))).toEqual(["step"]);
    b.read(29_000, { x: 11 });
    const late = b.read(31_000, { x: 11 });
    expect(textOf(late, "late")).toBe("needs 34.0 s by login > pay; its deadline: 9.0 s left");
  });

  const lone = (usualS: number, deadlineS: number, more: Partial<FailoverAction> = {}): Bench =>
    race({ deadline: seconds(deadlineS), ...more }, step("login", { usualS }));

  test("is in time as long as what is left is enough, to the millisecond", () => {
    const b = lone(30, 30);
    expect(noticed(b.read(0, { x: 11 }))).toEqual(["step"]);
    expect(b.plant.campaigns[0]!.race).toEqual({ is: "inTime", dueAt: b.plant.now + 30_000, needsMs: 30_000 });
    const skip = lone(30, 30, { ifLate: "skip" });
    expect(targets(skip.read(0, { x: 11 }))).toEqual(["login/at"]);
    const late = lone(30, 29.999, { ifLate: "skip" });
    const output = late.read(0, { x: 11 });
    expect(targets(output)).toEqual([]);
    expect(textOf(output, "skipped")).toBe("login takes 30.0 s, and 30.0 s are left");
  });

  test("takes all the time that a step has when it has taken as long as it usually does", () => {
    const b = lone(30, 100);
    b.read(0, { x: 11 });
    b.read(30_000, { x: 11 });
    expect(b.plant.campaigns[0]!.race).toMatchObject({ is: "inTime", needsMs: 30_000 });
  });

  test("says of a time that is over that nothing of it is left", () => {
    const b = race(
      { deadline: seconds(40), ifLate: "skip" },
      step("login", { usualS: 30 }),
      step("pay", { usualS: 5, needs: ["login"] }),
    );
    b.read(0, { x: 11 });
    for (let at = 5000; at <= 45_000; at += 5000) b.read(at, { x: 11 });
    const output = b.read(46_000, { x: 11, "login/at": 2 });
    expect(textOf(output, "skipped")).toBe("pay takes 5.0 s, and 0.0 s are left");
  });

  test("goes by what ends first of all that is known", () => {
    const b = race({ deadline: seconds(100), runtime }, step("login", { usualS: 30 }));
    b.read(0, { ...full, x: 11, "ups/told": 90 });
    expect(b.plant.campaigns[0]!.race!.dueAt! - b.plant.now).toBeLessThan(80_000);
    const cut = b.scan(500, { requests: [evacuate("move", 20_000)] });
    expect(textOf(cut, "late")).toBe("needs 29.5 s by login; the announced cut: 19.5 s left");
    const short = race({ deadline: seconds(20), runtime }, step("login", { usualS: 30 }));
    short.read(0, { x: 11 });
    const silent = short.plant.campaigns[0]!.race;
    expect(silent).toMatchObject({ is: "late", dueAt: short.plant.now + 20_000 });
  });

  test("tells at its end what failed and what was left out", () => {
    const b = race(
      { deadline: seconds(40), ifLate: "skip" },
      step("login", { usualS: 15 }),
      step("pay", { usualS: 10, needs: ["login"] }),
    );
    b.read(0, { x: 11 });
    const ends = [];
    for (let at = 1000; at <= 40_000; at += 1000) ends.push(...b.read(at, { x: 11 }).notices);
    expect(ends.at(-1)).toMatchObject({ event: "done", text: "not confirmed: login; left out: pay" });
  });

  test("is not pressed where nothing says by when", () => {
    const b = race({}, step("login", { usualS: 30 }));
    b.read(0, { x: 11 });
    expect(b.plant.campaigns[0]!.race).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { FailoverStep } from "../../../src/core/respond/response.ts";
import { ms } from "../../../src/core/time.ts";
import type { Bench } from "../fixture.ts";
import { alarm, bench, good, move, noticed, outcome, point, site, step } from "../fixture.ts";

/** The gate has this much longer than the step itself. */
const grace = 3000;

function failover(...steps: readonly FailoverStep[]): Bench {
  return bench(site({ alarms: [alarm("go")], responses: [move({ kind: "failover", steps })] }));
}

/** The same at a site that also sees what a string takes. */
const shown = (one: FailoverStep): Bench =>
  bench(
    site({
      alarms: [alarm("go"), alarm("string", { on: ["string/current"] })],
      responses: [move({ kind: "failover", steps: [one] })],
    }),
  );

const targets = (output: ScanOutput): readonly string[] => output.commands.map((command) => command.point);
const go = { x: 11 };
const phaseOf = (b: Bench): string => b.plant.campaigns[0]!.phase;

describe("a failover", () => {
  test("takes its steps in the order of their needs, those that need nothing at once", () => {
    const b = failover(step("app", { needs: ["db", "cache"] }), step("db"), step("cache"));
    expect(targets(b.read(0, go))).toEqual(["db/at", "cache/at"]);
    expect(targets(b.read(100, { "db/at": 2 }))).toEqual([]);
    expect(targets(b.read(200, { "cache/at": 2 }))).toEqual(["app/at"]);
    expect(noticed(b.read(300, { "app/at": 2 }))).toEqual(["confirmed", "done"]);
    expect(phaseOf(b)).toBe("done");
  });

  test("counts a step as done only when what it must show beside it is seen after its order", () => {
    const shows = { point: point("string/current"), is: ">" as const, value: -1 };
    const b = shown(step("relay", { shows, within: ms(5000), retries: 0 }));
    const [command] = b.read(0, { ...go, "string/current": 0 }).commands;
    expect(command).not.toHaveProperty("shows");
    const told = [outcome(command!, "done", 200, 2)];
    expect(noticed(b.scan(200, { readings: [good("relay/at", 2, 200)], outcomes: told }))).toEqual([]);
    expect(noticed(b.read(300, { "string/current": -7 }))).toEqual([]);
    expect(noticed(b.read(400, { "string/current": 0 }))).toEqual(["confirmed", "done"]);
    expect(b.plant.campaigns[0]!.sent[0]!.detail).toBe("relay/at = 2, string/current > -1");
  });

  test("gives a step up whose order is carried out and whose effect is not seen, or not to be seen", () => {
    const shows = { point: point("string/current"), is: ">" as const, value: -1 };
    for (const amperes of [{ "string/current": -7 }, {}]) {
      const b = shown(step("relay", { shows }));
      b.read(0, go);
      b.read(100, { "relay/at": 2, ...amperes });
      const notices = b.wait(60_000).flatMap((output) => output.notices);
      expect(notices.at(-1)).toMatchObject({ event: "done", text: "not confirmed: relay" });
    }
  });

  test("shows what comes next", () => {
    const b = failover(step("db"), step("app", { needs: ["db"] }));
    b.read(0, go);
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "db", kw: null });
    b.read(100, { "db/at": 2 });
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "app", kw: null });
  });

  test("tries a step as often again as it was told to, each time under an id of its own", () => {
    const b = failover(step("db", { retries: 2 }));
    const attempts = [b.read(0, go), ...b.wait(60_000)].flatMap(({ commands }) => commands);
    expect(attempts.map(({ id }) => id)).toEqual(["move#1/db/db/at=2", "move#1/db.2/db/at=2", "move#1/db.3/db/at=2"]);
    expect(attempts.map(({ issued }) => issued - attempts[0]!.issued)).toEqual([0, 1000 + grace, 2 * (1000 + grace)]);
    expect(phaseOf(b)).toBe("done");
  });

  test("is told to be done with what was not confirmed, by name", () => {
    const b = failover(step("db"), step("app"));
    b.read(0, go);
    const notices = [b.read(100, { "app/at": 2 }), ...b.wait(60_000)].flatMap(({ notices: n }) => n);
    expect(notices.at(-1)).toMatchObject({ event: "done", text: "not confirmed: db" });
  });

  test("carries on over a step that failed where it was told to", () => {
    const b = failover(step("db"), step("app", { needs: ["db"] }));
    const [command] = b.read(0, go).commands;
    expect(targets(b.scan(100, { outcomes: [outcome(command!, "failed", 100)] }))).toEqual(["app/at"]);
  });

  test("stops at a step that failed where it was told to, when its retries are used up", () => {
    const b = failover(step("db", { ifFailed: "stop", retries: 1 }), step("app", { needs: ["db"] }));
    const outputs = [b.read(0, go), ...b.wait(60_000)];
    expect(outputs.flatMap(targets)).toEqual(["db/at", "db/at"]);
    expect(outputs.flatMap((output) => noticed(output)).at(-1)).toBe("stopped");
    expect(phaseOf(b)).toBe("stopped");
  });

  test("names every step that was not confirmed, and what was left out beside them", () => {
    const b = failover(step("db"), step("app"), step("mail"));
    b.read(0, go);
    const ends = [b.read(100, { "mail/at": 2 }), ...b.wait(60_000)].flatMap(({ notices }) => notices);
    expect(ends.at(-1)).toMatchObject({ event: "done", text: "not confirmed: db, app" });
    const spared = failover(step("db", { fallback: "spare" }), step("spare"));
    spared.read(0, go);
    const both = spared.wait(60_000).flatMap(({ notices }) => notices);
    expect(both.at(-1)).toMatchObject({ event: "done", text: "not confirmed: db, spare" });
  });

  test("says at which step it stopped, and shows nothing that would come next", () => {
    const b = failover(step("db", { ifFailed: "stop" }), step("app", { needs: ["db"] }));
    b.read(0, go);
    const stopped = b.wait(60_000).flatMap(({ notices }) => notices);
    expect(stopped.at(-1)).toMatchObject({ event: "stopped", text: "db failed, and what follows needs it" });
    expect(b.plant.campaigns[0]).toMatchObject({ outlook: null, until: null });
  });

  test("is finished even when its cause goes: half a move is worse than either", () => {
    const b = failover(step("db"), step("app", { needs: ["db"] }));
    b.read(0, go);
    b.read(50, { x: 5 });
    expect(targets(b.read(100, { "db/at": 2 }))).toEqual(["app/at"]);
    expect(noticed(b.read(200, { "app/at": 2 }))).toEqual(["confirmed", "done"]);
  });

  test("takes a refusal of the gate for a failed attempt", () => {
    const b = failover(step("db", { retries: 1 }));
    const [command] = b.read(0, go).commands;
    const output = b.scan(100, { outcomes: [outcome(command!, "refused", 100)] });
    expect(noticed(output)).toEqual(["failed", "step"]);
    expect(output.notices.at(-1)?.text).toBe("db, attempt 2");
  });

  test("has the gate look at what must hold before it writes", () => {
    const when = { point: point("breaker/state"), is: "=", value: 1 } as const;
    const b = failover(step("db", { when }), step("app"));
    const { commands } = b.read(0, go);
    expect(commands.map(({ precondition }) => precondition)).toEqual([when, undefined]);
    for (const command of commands) expect(command).not.toHaveProperty("due");
  });
});

describe("a step with another in its place", () => {
  const withSpare = (): Bench =>
    failover(step("db", { fallback: "spare" }), step("spare"), step("app", { needs: ["db"] }));

  test("spares the other when it is confirmed itself", () => {
    const b = withSpare();
    expect(targets(b.read(0, go))).toEqual(["db/at"]);
    expect(targets(b.read(100, { "db/at": 2 }))).toEqual(["app/at"]);
    const end = b.read(200, { "app/at": 2 });
    expect(end.notices.at(-1)).toMatchObject({ event: "done", text: "every step is confirmed" });
  });

  test("hands over to it when it has failed, and what needs it waits for the other", () => {
    const b = withSpare();
    const [command] = b.read(0, go).commands;
    expect(targets(b.scan(100, { outcomes: [outcome(command!, "failed", 100)] }))).toEqual(["spare/at"]);
    expect(b.plant.campaigns[0]!.outlook).toEqual({ stage: "spare", kw: null });
    expect(targets(b.read(200, { "spare/at": 2 }))).toEqual(["app/at"]);
    const end = b.read(300, { "app/at": 2 });
    expect(end.notices.at(-1)).toMatchObject({ event: "done", text: "not confirmed: db (spare in its place)" });
  });

  test("stops the rest where the other fails and was told to", () => {
    const b = failover(
      step("db", { fallback: "spare" }),
      step("spare", { ifFailed: "stop" }),
      step("app", { needs: ["db"] }),
    );
    const outputs = [b.read(0, go), ...b.wait(60_000)];
    expect(outputs.flatMap(targets)).toEqual(["db/at", "spare/at"]);
    expect(phaseOf(b)).toBe("stopped");
  });

  test("spares a whole row of them", () => {
    const b = failover(step("db", { fallback: "spare" }), step("spare", { fallback: "last" }), step("last"));
    b.read(0, go);
    expect(noticed(b.read(100, { "db/at": 2 }))).toEqual(["confirmed", "done"]);
  });

  test("does not wait for itself where it needs the one in whose place it is taken", () => {
    const b = failover(step("db", { fallback: "spare" }), step("spare", { needs: ["db"] }));
    const [command] = b.read(0, go).commands;
    expect(targets(b.scan(100, { outcomes: [outcome(command!, "failed", 100)] }))).toEqual(["spare/at"]);
  });
});

import { describe, expect, test } from "vitest";
import type { CommandId } from "../../../src/core/command.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { Fault } from "../../../src/core/reading.ts";
import type { Campaign, Sent } from "../../../src/core/respond/campaign.ts";
import { idle } from "../../../src/core/respond/campaign.ts";
import type { FailoverStep, Response } from "../../../src/core/respond/response.ts";
import type { Duration } from "../../../src/core/time.ts";
import { instant, minutes, seconds } from "../../../src/core/time.ts";
import type { Cut } from "../../../src/core/topology/cut.ts";
import { cutOf } from "../../../src/core/topology/cut.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { Grounds, Tenant } from "../../../src/core/topology/premises.ts";
import { relieving } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { bench, good, maxAge, point, responseId, site, t0 } from "../fixture.ts";
import { groundsWith, parted, tenant } from "./premises.ts";

const step = (service: string, needs: readonly string[] = []): FailoverStep => ({
  id: service,
  title: { en: service },
  point: point(`${service}/service.site`),
  value: 1,
  needs,
  within: seconds(90),
  retries: 0,
  ifFailed: "carryOn",
});

const move: Response = {
  id: responseId("move"),
  title: { en: "Move" },
  when: [],
  ifBlind: "hold",
  mode: "act",
  after: seconds(30),
  action: { kind: "failover", steps: [step("login"), step("pay", ["login"])] },
};

const services: readonly Tenant[] = [
  tenant("mail", { tier: 1, loads: ["two"], p95: minutes(4) }),
  tenant("login", { loads: ["one"], p95: seconds(60) }),
  tenant("pay", { loads: ["one"], p95: seconds(45) }),
];
const names = services.map(({ id }) => `${id}/service.site`);

const feeds = Object.fromEntries(
  ["a.one", "a.two", "a.three", "b.one", "b.two"].flatMap((cord) => [
    [`${cord}/outlet`, 1],
    [`${cord}/closed`, 1],
    [`${cord}/power`, 4],
  ]),
);
const here: Readonly<Record<string, number | Fault>> = {
  ...feeds,
  "utility/kw": 30,
  "gen/kw": 0,
  "ups-a/kw": 15,
  "ups-b/kw": 15,
  "row-a/kw": 15,
  "row-b/kw": 15,
  ...Object.fromEntries(names.map((name) => [name, 0])),
};

/** Login's step, with pay's in its place. */
const withSpare = (made: FailoverStep): FailoverStep => (made.id === "login" ? { ...made, fallback: "pay" } : made);

function rig(response: Response = move): Bench {
  const points = Object.fromEntries(names.map((name) => [name, { maxAge }]));
  const b = bench(site({ power: parted.power, responses: [response], points }));
  b.read(0, here);
  return b;
}

function cut({ plant }: Bench, space = "hall", grounds: Grounds = groundsWith({ services })): Cut {
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const sight = sightOf(plant.site.power, image, plant.site.points);
  return cutOf(grounds, space, { sight, responses: plant.site.responses, campaigns: plant.campaigns });
}

const told = ({ services: all }: Cut): readonly string[] =>
  all.map(({ id, is, state, readyInMs }) => `${id} ${is}, ${state}, ${readyInMs === null ? "?" : readyInMs / 1000}`);

describe("a cut of a zone", () => {
  test("names the racks and services that it costs, by tier, none of which has been ordered to move", () => {
    const answer = cut(rig());
    expect(answer.racks).toEqual({ dark: ["one", "two", "three"], battery: [], single: [], unknown: [] });
    expect(told(answer)).toEqual(["login lost, here, 60", "pay lost, here, 45", "mail lost, here, 240"]);
    expect(answer).toMatchObject({ notMoved: 3, isOrdered: false, readyInMs: 240_000 });
  });

  test("costs nothing where both sides go on, and says which racks are left on one feed", () => {
    const answer = cut(rig(), "ups-b");
    expect(answer.racks).toEqual({ dark: [], battery: [], single: ["one", "two"], unknown: [] });
    expect(answer).toMatchObject({ services: [], notMoved: 0, readyInMs: 0 });
  });

  test("darkens what has lost its other feed already, and is not known of what says nothing", () => {
    const b = rig();
    b.read(1000, {
      ...here,
      "a.one/closed": 0,
      "a.one/power": 0,
      "a.two/closed": "deviceFailure",
      "a.two/power": "deviceFailure",
    });
    const { racks, services: hit } = cut(b, "ups-b");
    expect(racks).toEqual({ dark: ["one"], battery: [], single: [], unknown: ["two"] });
    expect(hit.map(({ id, is }) => `${id} ${is}`)).toEqual(["login lost", "pay lost", "mail unknown"]);
  });

  test("waits for what is under way, what is queued behind it, and the countdown before it", () => {
    const b = rig();
    b.order(1000, "move", "start");
    b.read(1000, here);
    expect(told(cut(b))).toEqual(["login lost, ordered, 90", "pay lost, ordered, 165", "mail lost, here, 240"]);
    b.wait(31_000);
    b.read(41_000, here);
    expect(told(cut(b))).toEqual(["login lost, moving, 50", "pay lost, ordered, 125", "mail lost, here, 240"]);
    b.read(51_000, { ...here, "login/service.site": 1 });
    const answer = cut(b);
    expect(told(answer)).toEqual(["login lost, moved, 0", "pay lost, moving, 45", "mail lost, here, 240"]);
    expect(answer).toMatchObject({ notMoved: 2, isOrdered: false, readyInMs: 240_000 });
  });

  test("takes nothing for ordered that is being undone, nor what would only be taken in another's place", () => {
    const b = rig();
    b.order(1000, "move", "start");
    b.wait(31_000);
    b.order(32_000, "move", "abort");
    b.read(41_000, here);
    expect(told(cut(b))).toEqual(["login lost, here, 60", "pay lost, here, 45", "mail lost, here, 240"]);
    const spare = rig({ ...move, action: { kind: "failover", steps: [step("login"), step("pay")].map(withSpare) } });
    spare.order(1000, "move", "start");
    spare.read(1000, here);
    expect(told(cut(spare))).toEqual(["login lost, ordered, 90", "pay lost, here, 45", "mail lost, here, 240"]);
  });

  test("is ready at a time that nobody knows once a move takes longer than drills did", () => {
    const b = rig();
    b.order(1000, "move", "start");
    b.wait(31_000);
    b.read(95_000, here);
    const answer = cut(b, "hall", groundsWith({ services: services.filter(({ id }) => id === "login") }));
    expect(told(answer)).toEqual(["login lost, late, ?"]);
    expect(answer).toMatchObject({ notMoved: 1, isOrdered: true, readyInMs: null });
  });

  test("counts a service of which nobody can say where it is as not moved", () => {
    const b = rig();
    b.read(1000, { ...here, "login/service.site": "deviceFailure" });
    expect(told(cut(b))[0]).toBe("login lost, unknown, 60");
    expect(cut(b).notMoved).toBe(3);
  });

  test("does not guess how long it takes what no drill has moved, and does not wait for what cannot move", () => {
    const b = rig();
    const grounds = (sketch: Partial<Tenant>): Grounds =>
      groundsWith({ services: [tenant("mail", { loads: ["two"], ...sketch })] });
    expect(cut(b, "hall", grounds({ p95: null }))).toMatchObject({ notMoved: 1, readyInMs: null });
    const fixed = cut(b, "hall", grounds({ move: null }));
    expect(told(fixed)).toEqual(["mail lost, fixed, ?"]);
    expect(fixed).toMatchObject({ notMoved: 0, readyInMs: 0 });
  });

  test("leaves water running, and cables dead, that pass through", () => {
    const routes = new Map([
      ["pipe", { kind: "water", through: ["switch"] } as const],
      ["duct", { kind: "cable", through: ["bat-b"] } as const],
    ]);
    const feedRoutes = new Map([["one", [[], ["duct"]]]]);
    const loops = new Map([["air", { ...parted.loops.get("air")!, machines: [], routes: ["pipe"] }]]);
    const grounds = groundsWith({ routes, feedRoutes, loops, services });
    expect(cut(rig(), "bat-b", grounds).racks.single).toEqual(["one"]);
    expect(cut(rig(), "switch", grounds).racks.battery).toEqual(["one", "two", "three"]);
    const piped = new Map([["pipe", { kind: "water", through: ["bat-b"] } as const]]);
    expect(cut(rig(), "bat-b", groundsWith({ routes: piped, loops, services })).services).toEqual([]);
  });

  test("by the site file alone says what it would cost, and that nobody knows what has moved", () => {
    const answer = cutOf(groundsWith({ services }), "hall", null);
    expect(answer.at).toBeNull();
    expect(told(answer)).toEqual(["login lost, unknown, 60", "pay lost, unknown, 45", "mail lost, unknown, 240"]);
  });
});

/** A command of a step's, so many seconds into the test. */
const sent = (stage: string, state: Sent["state"], issuedS = 0, expiresS = 60): Sent => ({
  stage,
  state,
  detail: "",
  command: {
    id: `move/1/${stage}` as CommandId,
    response: responseId("move"),
    point: point("pay/service.site"),
    value: 1,
    why: "fire",
    issued: instant(t0 + issuedS * 1000),
    expires: instant(t0 + expiresS * 1000),
    expect: { point: point("pay/service.site"), is: "=", value: 1, within: seconds(90) },
  },
});

/** How far the move of "pay" is, which takes 45 s, ten seconds into the test or later. */
const payIs = (
  campaign: Partial<Campaign>,
  {
    steps = [step("pay")],
    atS = 10,
    p95 = seconds(45),
  }: Partial<{ steps: readonly FailoverStep[]; atS: number; p95: Duration | null }> = {},
): string => {
  const now = instant(t0 + atS * 1000);
  const rules = new Map([[point("pay/service.site"), { maxAge }]]);
  const image = imageAt(new Map([[point("pay/service.site"), good("pay/service.site", 0, atS * 1000)]]), rules, now);
  const grounds = groundsWith({ services: [tenant("pay", { loads: ["one"], p95 })] });
  const shed: Response = { ...move, id: responseId("shed"), action: relieving(10, "ups-a") };
  const answer = cutOf(grounds, "hall", {
    sight: sightOf(parted.power, image, rules),
    responses: [shed, { ...move, action: { kind: "failover", steps } }],
    campaigns: [idle(shed.id), { ...idle(move.id), phase: "running", ...campaign }],
  });
  const [{ state, readyInMs } = { state: "", readyInMs: 0 }] = answer.services;
  expect(answer.isOrdered).toBe(state !== "here");
  return `${state} ${readyInMs === null ? "?" : readyInMs / 1000}`;
};

describe("the move of a service", () => {
  test("is under way for as long as drills took, and late beyond it", () => {
    const waiting = { sent: [sent("pay", "waiting")] };
    expect(payIs(waiting)).toBe("moving 35");
    expect(payIs(waiting, { atS: 45 })).toBe("moving 0");
    expect(payIs(waiting, { atS: 45.001 })).toBe("late ?");
    expect(payIs(waiting, { p95: null })).toBe("moving ?");
  });

  test("has to be ordered again where it has failed, or where it was seen to be over and is not there", () => {
    expect(payIs({ sent: [sent("pay", "failed")] })).toBe("here 45");
    expect(payIs({ sent: [sent("pay", "confirmed")] })).toBe("here 45");
  });

  test("is that of its last attempt, and of no other step whose name begins alike", () => {
    expect(payIs({ sent: [sent("pay", "failed"), sent("pay.1", "waiting", 5)] })).toBe("moving 40");
    expect(payIs({ sent: [sent("payroll", "failed")] })).toBe("ordered 45");
  });

  test("is ordered when its response runs, or counts down to it, and not when that is anything else", () => {
    const until = instant(t0 + 30_000);
    expect(payIs({ phase: "counting", until })).toBe("ordered 65");
    expect(payIs({ phase: "counting", until }, { atS: 40 })).toBe("ordered 45");
    expect(payIs({ phase: "counting" })).toBe("ordered 45");
    expect(payIs({ phase: "running", until })).toBe("ordered 45");
    expect(payIs({ phase: "running" }, { p95: null })).toBe("ordered ?");
    for (const phase of ["idle", "advised", "done", "stopped"] as const) expect(payIs({ phase })).toBe("here 45");
    expect(payIs({ phase: "running", undo: { manner: "abort", by: "operator", from: 0 } })).toBe("here 45");
  });

  test("waits for all that it needs, for no longer than that may take", () => {
    const steps = [step("store"), step("login", ["store"]), step("pay", ["login"])];
    expect(payIs({}, { steps })).toBe("ordered 225");
    expect(payIs({ sent: [sent("store", "waiting")] }, { steps })).toBe("ordered 185");
    for (const state of ["confirmed", "failed"] as const) {
      expect(payIs({ sent: [sent("store", state)] }, { steps })).toBe("ordered 135");
      expect(payIs({ sent: [sent("login", state)] }, { steps })).toBe("ordered 45");
    }
    expect(payIs({ sent: [sent("login", "waiting", 0, 5)] }, { steps })).toBe("ordered 45");
    const both = [step("store"), step("login"), step("pay", ["login", "store"])];
    expect(payIs({ sent: [sent("login", "waiting")] }, { steps: both })).toBe("ordered 135");
  });

  test("is over at a time that nobody knows where it needs what is no step", () => {
    expect(payIs({}, { steps: [step("login"), step("pay", ["login", "gone"])] })).toBe("ordered ?");
    expect(payIs({}, { steps: [step("login", ["gone"]), step("pay", ["login"])] })).toBe("ordered ?");
  });

  test("is that of a step in another's place once that has been sent", () => {
    const other = { ...step("pay"), id: "elsewhere" };
    const steps = [{ ...step("pay"), fallback: "elsewhere" }, other];
    expect(payIs({}, { steps })).toBe("ordered 45");
    expect(payIs({ sent: [sent("pay", "failed"), sent("elsewhere", "waiting", 8)] }, { steps })).toBe("moving 43");
    expect(payIs({ sent: [sent("pay", "failed")] }, { steps })).toBe("here 45");
  });

  test("is nobody's where no response has a step for it", () => {
    expect(payIs({}, { steps: [step("login")] })).toBe("here 45");
  });
});

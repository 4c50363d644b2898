import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlarmRequest } from "../../src/core/alarm/lifecycle.ts";
import { AssertionError } from "../../src/core/assert.ts";
import type { Checkpoint } from "../../src/core/checkpoint.ts";
import { checkpoint, restore, resume } from "../../src/core/checkpoint.ts";
import type { Command } from "../../src/core/command.ts";
import type { Plant, Request, ScanInput, SiteModel } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { nextDue, scan } from "../../src/core/scan.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";
import { relieving, twoFeeds } from "./feeds.ts";
import type { Bench } from "./fixture.ts";
import {
  above,
  alarm,
  alarmId,
  bad,
  bench,
  good,
  input,
  maxAge,
  order,
  outcome,
  point,
  responseId,
  site,
  stateOf,
  t0,
  told,
} from "./fixture.ts";

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const reborn = (plant: Plant, model: SiteModel = plant.site): Plant => restore(model, throughJson(checkpoint(plant)));

// A site with one of everything: every detector, a vote, suppression, a latch, a shed and a failover.
const tree = twoFeeds({ x: { kw: 20, is: "batch" }, y: { kw: 15, is: "redundant", on: ["a"] }, z: { kw: 10 } }, 60);
const everything = site({
  power: tree,
  alarms: [
    alarm("leaf", { on: ["p0"], suppressedBy: ["root"], onDelay: 300 }),
    alarm("root", {
      need: 2,
      channels: ["p0", "p1", "p2"].map((name) => ({
        point: point(name),
        detect: above(10),
        ...(name === "p2" && { unless: { point: point("p3"), above: 13 } }),
      })),
      latch: true,
      offDelay: 500,
      ifBad: "exclude",
      degradeTo: 1,
      reAlarm: ms(900),
    }),
    alarm("doubtful", { on: ["p1", "p2", "p3"], need: 2, ifBad: "vote", safety: true, diverse: false }),
    alarm("climb", { on: ["p1"], detect: { kind: "rate", side: "rising", perMinute: 60, window: ms(2000) } }),
    alarm("mode", {
      on: ["p2"],
      detect: { kind: "state", among: [11, 12] },
      onDelay: 100,
      flap: { count: 2, within: ms(3000), hold: ms(700) },
    }),
    alarm("frozen", { on: ["p3"], detect: { kind: "flatline", window: ms(900), band: 0.5 } }),
    alarm("silent", { on: ["p3", "p0"], need: 1, detect: { kind: "stale" } }),
    alarm("low", { on: ["p3"], detect: { kind: "limit", side: "below", limit: 10, deadband: 1 } }),
  ],
  responses: [
    {
      id: responseId("shed"),
      title: { en: "shed" },
      when: [alarmId("root")],
      ifBlind: "act",
      mode: "act",
      after: ms(200),
      action: relieving(5, "ups-a"),
    },
    {
      id: responseId("ask"),
      title: { en: "ask" },
      when: [alarmId("low")],
      ifBlind: "hold",
      mode: "advise",
      after: ms(0),
      action: relieving(15, "ups-b"),
    },
    {
      id: responseId("move"),
      title: { en: "move" },
      when: [alarmId("low"), alarmId("climb")],
      ifBlind: "hold",
      mode: "act",
      after: ms(100),
      action: {
        kind: "failover",
        restore: { when: [{ point: point("one/at"), is: ">", value: 0 }], settle: ms(500) },
        steps: ["one", "two", "three"].map((id, i) => ({
          id,
          inverse: 0,
          title: { en: id },
          point: point(`${id}/at`),
          value: 1,
          needs: i === 0 ? [] : ["one"],
          within: ms(400),
          retries: i,
          ifFailed: i === 2 ? "stop" : "carryOn",
        })),
      },
    },
  ],
});

/** What some requests need beside who and why. */
const asked: Readonly<Record<string, (to: { until: Instant; channel: PointId }) => object>> = {
  shelve: ({ until }) => ({ until }),
  outOfService: ({ until }) => ({ until, permit: "W-1" }),
  bypass: (to) => to,
};

const points = [...everything.points.keys()];
const [alarms, responses] = [everything.alarms.map(({ id }) => id), everything.responses.map(({ id }) => id)];

/** One scan's worth of chance; outcomes name commands by their number, because they are known only in the run. */
const moments = fc.record({
  gap: fc.integer({ min: 0, max: 700 }),
  readings: fc.array(
    fc.record({
      // The first four are what alarms look at: they are to move more than the rest.
      point: fc.oneof(fc.constantFrom(...points.slice(0, 4)), fc.constantFrom(...points)),
      value: fc.oneof(fc.integer({ min: 0, max: 14 }), fc.double({ min: 0, max: 40, noNaN: true }), fc.constant(null)),
      age: fc.oneof(fc.constant(0), fc.integer({ min: -50, max: 4000 })),
    }),
    { maxLength: 6 },
  ),
  asks: fc.array(
    fc.record({
      alarm: fc.constantFrom(...alarms),
      kind: fc.constantFrom(
        "acknowledge",
        "reset",
        "shelve",
        "unshelve",
        "outOfService",
        "returnToService",
        "bypass",
        "restore",
      ),
      by: fc.constantFrom("operator", "another"),
      channel: fc.constantFrom(...points.slice(0, 4)),
      until: fc.integer({ min: -10, max: 3000 }),
    }),
    { maxLength: 1 },
  ),
  orders: fc.array(
    fc.record({
      response: fc.constantFrom(...responses),
      event: fc.constantFrom("start", "approve", "stop", "abort", "restore"),
    }),
    { maxLength: 1 },
  ),
  outcomes: fc.array(
    fc.record({
      nth: fc.nat({ max: 20 }),
      result: fc.constantFrom("done", "done", "refused", "failed"),
      readBack: fc.constantFrom(0, 1, undefined),
    }),
    { maxLength: 2 },
  ),
  leads: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
type Moment = typeof moments extends fc.Arbitrary<infer T> ? T : never;

const histories = fc.array(moments, { minLength: 1, maxLength: 40 });

function readingOf({ point: id, value, age }: Moment["readings"][number], after: number): Reading {
  return value === null
    ? bad(id, age > 0 ? "sensorFailure" : "noCommunication", after - age)
    : good(id, value, after - age);
}

function requestsOf({ asks, orders }: Moment, after: number): readonly Request[] {
  const events = asks.map(({ alarm: id, kind, until, channel, by }): Request => {
    const event = { kind, ...asked[kind]?.({ until: instant(t0 + after + until), channel }), by, why: "drill" };
    return { to: "alarm", alarm: id, event: event as AlarmRequest };
  });
  return [...events, ...orders.map(({ response, event }) => order(response, event as "start"))];
}

/** What the run of a history takes in and gives out, scan by scan, as bytes. */
function run(history: readonly Moment[]): { inputs: readonly ScanInput[]; outputs: readonly string[] } {
  const plant = start(everything, instant(t0));
  const issued: Command[] = [];
  let after = 0;
  const inputs: ScanInput[] = [];
  const outputs = history.map((moment) => {
    after += moment.gap;
    const outcomes = moment.outcomes.flatMap(({ nth, result, readBack }) => {
      const command = issued[nth];
      return command ? [outcome(command, result, after, readBack)] : [];
    });
    const readings = moment.readings.map((reading) => readingOf(reading, after));
    const given = input(after, { readings, requests: requestsOf(moment, after), outcomes, leads: moment.leads });
    inputs.push(throughJson(given));
    const output = scan(plant, given);
    issued.push(...output.commands);
    return JSON.stringify(output);
  });
  return { inputs, outputs };
}

const replay = (plant: Plant, inputs: readonly ScanInput[]): readonly string[] =>
  inputs.map((given) => JSON.stringify(scan(plant, given)));

describe("what happened can happen again", () => {
  test("the histories of these tests raise alarms, go blind, command and confirm", () => {
    const all = fc
      .sample(histories, { numRuns: 200, seed: 7 })
      .flatMap((history) => run(history).outputs)
      .join("\n");
    for (const word of [
      '"to":"unacknowledged"',
      '"blind":true',
      '"to":"suppressedByDesign"',
      '"commands":[{',
      '"confirmed"',
      '"advised"',
      '"approved"',
      '"refused"',
      '"stopped"',
      '"failed"',
      '"step"',
      '"stage"',
    ])
      expect(all, word).toContain(word);
  });

  test("the journal of a run gives the same outputs to the byte (property)", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { inputs, outputs } = run(history);
        expect(replay(start(everything, instant(t0)), inputs)).toEqual(outputs);
      }),
      { numRuns: 300 },
    );
  });

  test("a plant restored from a checkpoint of any scan gives the same outputs from there on (property)", () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 40 }), (history, at) => {
        const { inputs, outputs } = run(history);
        const first = start(everything, instant(t0));
        replay(first, inputs.slice(0, at));
        const second = reborn(first);
        expect(nextDue(second)).toBe(nextDue(first));
        expect(replay(second, inputs.slice(at))).toEqual(outputs.slice(at));
      }),
      { numRuns: 300 },
    );
  });

  test("a checkpoint of a restored plant is the checkpoint that it came from (property)", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const plant = start(everything, instant(t0));
        replay(plant, run(history).inputs);
        const saved: Checkpoint = throughJson(checkpoint(plant));
        expect(throughJson(checkpoint(restore(everything, saved)))).toEqual(saved);
      }),
    );
  });

  test("a checkpoint is not changed by what happens to the plant afterwards", () => {
    const plant = start(everything, instant(t0));
    scan(plant, input(0, { readings: [good("p0", 11), good("p1", 12), good("p3", 5)] }));
    const saved = checkpoint(plant);
    const copy = structuredClone(saved);
    for (let after = 100; after < 3000; after += 100)
      scan(plant, input(after, { readings: [good("p1", after, after), good("p3", 20, after)] }));
    expect(saved).toEqual(copy);
  });

  test("a checkpoint of another site is refused", () => {
    const saved = checkpoint(start(everything, instant(t0)));
    const elsewhere = { ...everything, id: "elsewhere" };
    const text = "the checkpoint is of site test, not elsewhere";
    expect(() => restore(elsewhere, saved)).toThrow(new AssertionError(text));
  });

  test("a checkpoint of before causes, first-outs, floods and delays were kept is taken up without them", () => {
    const model = site({ alarms: [alarm("hot", { onDelay: 1000, space: "room" })] });
    const b = bench(model);
    b.read(0, { x: 11 });
    const { lost: _, events: __, firstOuts: ___, flood: ____, alarms, ...rest } = throughJson(checkpoint(b.plant));
    const old = { ...rest, alarms: alarms.map(({ delays: _____, ...kept }) => kept) } as unknown as Checkpoint;
    const next = bench(model, restore(model, old));
    expect(next.plant.causes).toMatchObject({ lost: [], events: [] });
    expect([...next.plant.firstOuts]).toEqual([]);
    expect(next.wait(1000).flatMap(told)).toEqual(["hot: normal → unacknowledged"]);
  });
});

describe("a site file that changed between two runs", () => {
  const moved = (before: Bench, ...next: Parameters<typeof alarm>[]): Bench =>
    bench(site({ alarms: [] }), reborn(before.plant, site({ alarms: next.map((args) => alarm(...args)) })));

  test("keeps alarms by their ids, wherever they stand in it", () => {
    const b = bench(site({ alarms: [alarm("hot", { latch: true }), alarm("wet", { on: ["y"] })] }));
    b.read(0, { x: 11, y: 5 });
    const next = moved(b, ["dry", { on: ["z"] }], ["wet", { on: ["y"] }], ["hot", { latch: true }]);
    expect(next.status("hot")).toBe("unacknowledged");
    expect(next.status("dry")).toBe("normal");
  });

  test("gives no detector the memory of another kind", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.read(0, { x: 11 });
    const next = moved(b, ["hot", { detect: { kind: "rate", side: "rising", perMinute: 1, window: ms(2000) } }]);
    expect(told(next.read(100, { x: 11 }))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("does not judge one point by what another one said", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.read(0, { x: 11 });
    const next = moved(b, ["hot", { on: ["y"] }]);
    expect(stateOf(next.plant, "hot").verdicts).toEqual(["unknown"]);
    expect(told(next.read(1, { y: 5 }))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("calls a new alarm blind when its point does not speak, a new point and a silent one alike", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.wait(maxAge + 1);
    const next = moved(b, ["hot"], ["warm", { detect: above(8) }], ["wet", { on: ["y"] }]);
    expect(next.wait(3 * maxAge).flatMap(told)).toEqual([
      "warm: normal → normal, blind",
      "wet: normal → normal, blind",
    ]);
  });

  test("ends a running delay when the new one is over, longer or shorter", () => {
    for (const onDelay of [500, 2500]) {
      const b = bench(site({ alarms: [alarm("hot", { onDelay: 1000 })] }));
      b.read(0, { x: 11 });
      b.scan(100);
      const next = moved(b, ["hot", { onDelay }]);
      const raised = next.wait(maxAge).flatMap(({ transitions }) => transitions);
      expect(raised).toMatchObject([{ to: "unacknowledged", at: t0 + onDelay }]);
    }
  });

  test("gives a delay that ran out in blindness no second turn", () => {
    const b = bench(site({ alarms: [alarm("hot", { onDelay: 3 * maxAge })] }));
    b.read(0, { x: 11 });
    b.wait(4 * maxAge);
    expect(nextDue(b.plant)).toBeNull();
    expect(nextDue(reborn(b.plant))).toBeNull();
  });

  test("takes a value that may be older now for one that will grow old", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.read(0, { x: 5 });
    b.wait(2 * maxAge);
    const patient = site({ alarms: [alarm("hot")], points: { x: { maxAge: ms(4 * maxAge) } } });
    const next = bench(patient, reborn(b.plant, patient));
    expect(nextDue(next.plant)).toBe(t0 + 4 * maxAge + 1);
    next.read(3 * maxAge, { x: 6 });
    expect(next.plant.alarms[0]!.alarm.blind).toBe(false);
    next.wait(7 * maxAge + 1);
    expect(next.plant.alarms[0]!.alarm.blind).toBe(true);
  });

  test("forgets what is gone", () => {
    const b = bench(site({ alarms: [alarm("hot", { onDelay: 1000 }), alarm("wet", { on: ["y"], onDelay: 1000 })] }));
    b.read(0, { x: 11, y: 11 });
    const next = moved(b, ["wet", { on: ["y"], onDelay: 1000 }]);
    expect(next.wait(maxAge).flatMap(told)).toEqual(["wet: normal → unacknowledged"]);
    expect(next.plant.newest.has(point("x"))).toBe(false);
  });

  test("forgets responses that are gone, and when they were to be looked at; the others go on", () => {
    const plant = start(everything, instant(t0));
    resume(plant, instant(t0 + 10));
    const responses = everything.responses.filter(({ id }) => id === "move");
    const next = reborn(plant, { ...everything, responses });
    expect(Object.entries(next.campaigns).map(([at, { response }]) => [at, response])).toEqual([["0", "move"]]);
    const looks = next.agenda.entries().filter(({ entry }) => entry.kind === "response");
    expect(looks.map(({ at, entry }) => ({ at, entry }))).toEqual([
      { at: t0 + 10 + 5000, entry: { kind: "response", response: "move" } },
    ]);
  });
});

test("a restored plant looks again when it was to, at what is lost and at the flood as well", () => {
  const plant = start(everything, instant(t0));
  plant.agenda.add(instant(t0 + 700), { kind: "cause" });
  plant.agenda.add(instant(t0 + 800), { kind: "flood" });
  const looks = reborn(plant).agenda.entries();
  expect(looks.filter(({ entry: { kind } }) => kind === "cause").map(({ at }) => at)).toEqual([t0 + 700]);
  expect(looks.filter(({ entry: { kind } }) => kind === "flood").map(({ at }) => at)).toEqual([t0 + 800]);
});

describe("after a time in which nobody watched", () => {
  const back = (b: Bench, after: number): Bench => {
    const plant = reborn(b.plant);
    resume(plant, instant(t0 + after));
    return bench(b.plant.site, plant);
  };

  test("what stood still stands, and what was read is forgotten", () => {
    const b = bench(site({ alarms: [alarm("hot", { latch: true })] }));
    b.read(0, { x: 11 });
    const next = back(b, 60_000);
    expect(next.status("hot")).toBe("unacknowledged");
    expect(next.plant.newest.size).toBe(0);
  });

  test("no delay that ran when it began raises or clears an alarm without a reading", () => {
    const b = bench(site({ alarms: [alarm("hot", { onDelay: 1000 }), alarm("cold", { on: ["y"], offDelay: 1000 })] }));
    b.read(0, { x: 5, y: 11 });
    b.read(100, { x: 11, y: 5 });
    const next = back(b, 60_000);
    const changes = next.wait(1e6).flatMap(({ transitions }) => transitions);
    expect(changes.filter(({ from, to }) => from !== to)).toEqual([]);
    expect(changes).toHaveLength(2);
  });

  test("an alarm clears only after it has been seen normal for its whole off-delay from then on", () => {
    const b = bench(site({ alarms: [alarm("hot", { offDelay: 1000 })] }));
    b.read(0, { x: 11 });
    b.read(100, { x: 5 });
    const next = back(b, 60_000);
    expect(told(next.read(60_010, { x: 5 }))).toEqual([]);
    expect(told(next.scan(61_009))).toEqual([]);
    expect(told(next.scan(61_010))).toEqual(["hot: unacknowledged → returnedUnacknowledged"]);
  });

  test("every point has its usual time before anyone is called blind, and then is, once", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.read(0, { x: 5 });
    const next = back(b, 60_000);
    expect(told(next.read(60_100, { x: "noCommunication" }))).toEqual([]);
    expect(next.wait(60_000 + maxAge).flatMap(told)).toEqual([]);
    expect(next.wait(1e6).flatMap(told)).toEqual(["hot: normal → normal, blind"]);
  });

  test("a value that is what it was before is not taken for a frozen one", () => {
    const frozen = alarm("frozen", { detect: { kind: "flatline", window: ms(2000), band: 0 } });
    const b = bench(site({ alarms: [frozen] }));
    b.read(0, { x: 5 });
    const next = back(b, 60_000);
    expect(told(next.read(60_100, { x: 5 }))).toEqual([]);
    expect(told(next.read(62_100, { x: 5 }))).toEqual(["frozen: normal → unacknowledged"]);
  });

  test("a shelf ends when it would have", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.ask(0, "hot", { kind: "shelve", until: instant(t0 + 70_000), by: "Kim", why: "work" });
    const next = back(b, 60_000);
    next.wait(69_999);
    expect(next.status("hot")).toBe("shelved");
    next.wait(70_000);
    expect(next.status("hot")).toBe("normal");
  });

  test("a detector hears of the silence that was", () => {
    const b = bench(site({ alarms: [alarm("hot")] }));
    b.read(0, { x: 5 });
    const heard: Reading[] = [];
    stateOf(b.plant, "hot").detectors[0] = {
      memory: null,
      judge(reading) {
        heard.push(reading);
        return "unknown";
      },
    };
    resume(b.plant, instant(t0 + 60_000));
    expect(heard).toEqual([bad("x", "waitingForFirst", 60_000)]);
  });

  test("time does not go backwards", () => {
    const plant = start(everything, instant(t0 + 10));
    resume(plant, instant(t0 + 10));
    expect(() => resume(plant, instant(t0))).toThrow(new AssertionError("time does not go backwards"));
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { inputsOf, makeDetector, speaksOfInstrument } from "../../../src/core/detect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant, ms } from "../../../src/core/time.ts";
import { bad, good, judge, point, t0 } from "../fixture.ts";

const specs: readonly DetectorSpec[] = [
  { kind: "limit", side: "above", limit: 5, deadband: 2 },
  { kind: "limit", side: "below", limit: 5, deadband: 2 },
  { kind: "state", among: [1, 3] },
  { kind: "rate", side: "rising", perMinute: 60, window: ms(5000) },
  { kind: "rate", side: "falling", perMinute: 60, window: ms(5000) },
  { kind: "stale" },
  { kind: "flatline", window: ms(3000), band: 1 },
  { kind: "flatline", polls: 3, band: 1, learned: true, peers: [point("p1")] },
  { kind: "deviation", from: ["p1", "p2", "p3"].map(point), above: 2, below: 3, deadband: 1 },
  {
    kind: "lostWith",
    neighbours: [point("p1")],
    anomalies: [{ point: point("p2"), above: 5 }],
    within: ms(5000),
  },
  {
    kind: "baseline",
    side: "either",
    deviations: 3,
    atLeast: 1,
    deadband: 0.5,
    over: ms(20_000),
    warmUp: ms(8000),
  },
  { kind: "forecast", above: 15, within: ms(60_000), window: ms(10_000), confidence: 90, resolution: 0.5 },
  { kind: "change", side: "either", by: 5, within: ms(6000), deadband: 1 },
  {
    kind: "mismatch",
    above: 5,
    follows: [{ point: point("p1"), above: 5 }],
    otherwise: [{ point: point("p2"), below: 5 }],
    within: ms(3000),
  },
  { kind: "coolingLoss", limit: 15, restore: ms(3000), rise: 3 },
  {
    kind: "heatBalance",
    supply: point("p1"),
    return: point("p2"),
    loads: [point("p3"), point("p4")],
    carries: 0.5,
    least: 2,
    over: ms(3000),
  },
  {
    kind: "runtime",
    below: ms(60_000),
    onBattery: { point: point("p1"), above: 5 },
    chemistry: "lead",
    rated: { lasts: ms(300_000), load: 4 },
    charge: point("p2"),
    voltage: { point: point("p3"), empty: 2 },
    temperature: point("p4"),
    health: point("p5"),
    told: point("p6"),
    onMains: true,
  },
  {
    kind: "overload",
    tolerates: { continuous: 2, upTo: [{ load: 8, for: ms(5000) }], hot: { above: 5, share: 0.5 }, recovers: ms(9000) },
    left: 0.2,
    before: ms(1000),
    ambient: point("p1"),
  },
  {
    kind: "generatorStart",
    lost: { below: 5 },
    carries: { point: point("p1"), above: 5 },
    failed: [{ point: point("p2"), above: 5 }],
    within: ms(3000),
  },
  {
    kind: "runback",
    after: { below: 5 },
    machines: ["p1", "p2"].map((name) => ({ point: point(name), above: 5 })),
    within: ms(3000),
    toldWithin: ms(2000),
  },
  {
    kind: "runback",
    after: { rises: true },
    machines: [{ point: point("p1"), above: 5 }],
    within: ms(3000),
    toldWithin: ms(2000),
  },
  {
    kind: "runaway",
    level: "charge-stop",
    heat: { than: [point("p1")], warning: 5, stop: 10 },
    cells: { lowest: point("p2"), than: point("p3"), warning: 0.03, stop: 0.05, step: 0.15 },
    offGas: [{ point: point("p4"), above: 5 }],
    neighbours: [point("p5")],
  },
  {
    kind: "leadAcidRunaway",
    jar: point("p1"),
    ambient: point("p2"),
    voltage: point("p3"),
    times: 2.5,
    warmerBy: 10,
  },
];

/** Long after any history: a day, and a minute for its own length. */
const long = 86_460_000;

/** Readings of the channel's own point, "x", and of those beside it, in any order. */
const historiesOf = (spec: DetectorSpec) =>
  fc
    .array(
      fc.record({
        of: fc.constantFrom("x", ...inputsOf(spec)),
        gap: fc.integer({ min: 0, max: 2000 }),
        value: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.double({ min: -20, max: 20, noNaN: true })),
        isBad: fc.boolean(),
      }),
      { maxLength: 30 },
    )
    .map((steps) => {
      let at = 0;
      return steps.map(({ of, gap, value, isBad }): Reading => {
        at += gap;
        return isBad ? bad(of, "sensorFailure", at) : good(of, value, at);
      });
    });

/** Every plain value of a memory, with where it stands. */
const leavesOf = (memory: unknown, path = ""): readonly (readonly [path: string, value: unknown])[] =>
  memory !== null && typeof memory === "object"
    ? Object.entries(memory).flatMap(([key, value]) => leavesOf(value, `${path}.${key}`))
    : [[path, memory]];

/** What is true of a detector that has seen nothing. */
const trueAtFirst = /^\.silent\.|^\.isRecovering$/;

describe.each(specs.map((spec) => [spec.kind, spec] as const))("the detector %s", (_, spec) => {
  test("has seen nothing before its first reading, in a memory of the form that it keeps", () => {
    const detector = makeDetector(spec);
    for (const [path, value] of leavesOf(detector.memory))
      expect(trueAtFirst.test(path) ? [true] : [null, 0, false, "unknown"], path).toContain(value);
    const keys = Object.keys(detector.memory ?? {});
    for (let at = 0; at < 9000; at += 1000) judge(detector, good("x", at, at));
    expect(Object.keys(detector.memory ?? {})).toEqual(keys);
  });

  test("goes on identically over its memory, saved as JSON at any reading (property)", () => {
    fc.assert(
      fc.property(historiesOf(spec), fc.nat({ max: 30 }), (history, cut) => {
        const [whole, first] = [makeDetector(spec), makeDetector(spec)];
        const all = history.map((reading) => judge(whole, reading));
        const before = history.slice(0, cut).map((reading) => judge(first, reading));
        const saved: unknown = JSON.parse(JSON.stringify(first.memory));
        const second = makeDetector(spec, saved ?? undefined);
        const later = history.slice(cut).map((reading) => judge(second, reading));
        expect([...before, ...later]).toEqual(all);
        expect(JSON.stringify(second.memory)).toBe(JSON.stringify(whole.memory));
      }),
    );
  });

  test("never shares its memory with another of its kind", () => {
    const [one, other] = [makeDetector(spec), makeDetector(spec)];
    const before = structuredClone(other.memory);
    for (let at = 0; at < 9000; at += 1000) judge(one, good("x", at, at));
    expect(other.memory).toEqual(before);
  });

  test("gives a bad reading no verdict about the plant", () => {
    const verdict = judge(makeDetector(spec), bad("x", "noCommunication"));
    expect(verdict).toBe(spec.kind === "stale" ? "abnormal" : "unknown");
  });

  test("says nothing of the plant once all of its points have been silent for long, whatever it has seen (property)", () => {
    fc.assert(
      fc.property(historiesOf(spec), (history) => {
        const detector = makeDetector(spec);
        for (const reading of history) judge(detector, reading);
        const silence = [...inputsOf(spec), "x"].map((name) => judge(detector, bad(name, "stale", long)));
        expect(silence.at(-1)).toBe(spec.kind === "stale" ? "abnormal" : "unknown");
      }),
    );
  });
});

/** `stale` is silence itself, and `lostWith` is silence beside something that is seen to be wrong. */
const hearsSilence = ["stale", "lostWith"];

describe.each(specs.filter(({ kind }) => !hearsSilence.includes(kind)).map((spec) => [spec.kind, spec] as const))(
  "the detector %s",
  (_, spec) => {
    test("neither raises nor clears by the silence of any of its points (property)", () => {
      fc.assert(
        fc.property(historiesOf(spec), fc.constantFrom("x", ...inputsOf(spec)), (history, silent) => {
          const detector = makeDetector(spec);
          const spoken = [...inputsOf(spec), "x"].map((name) => good(name, 6));
          const before = [...spoken, ...history].map((reading) => judge(detector, reading)).at(-1)!;
          const after = detector.judge(bad(silent, "stale"), history.at(-1)?.at ?? instant(t0), true);
          expect(["unknown", before === "unknown" ? after : before]).toContain(after);
        }),
      );
    });
  },
);

test("the points beside a channel's own are named each once, and none where a kind looks at one point alone", () => {
  const beside = { point: point("p1"), above: 5 };
  expect(inputsOf({ kind: "stale" })).toEqual([]);
  expect(
    inputsOf({ kind: "mismatch", above: 5, follows: [beside], otherwise: [{ ...beside, above: 1 }], within: ms(3000) }),
  ).toEqual(["p1"]);
});

test("only detectors that look at the instrument speak of it", () => {
  expect(specs.filter(speaksOfInstrument).map(({ kind }) => kind)).toEqual(["stale", "flatline", "flatline"]);
});

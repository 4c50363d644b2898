import { describe, expect, test } from "vitest";
import { between, dice } from "../../../simulators/plant/dice.ts";
import { advance, measure } from "../../../simulators/plant/index.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { borneS } from "../../../src/core/detect/tolerance.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import { drawAbout, plantOf } from "../../simulators/plant/site.ts";
import { library } from "../../site/fixture.ts";
import { bad, good, judge, point } from "../fixture.ts";
import { siteText, watched } from "./watched.ts";

type Spec = Extract<DetectorSpec, { kind: "overload" }>;
type Tolerance = NonNullable<Spec["tolerates"]>;

const profiled = (id: string): Tolerance => library().profiles.get(id)!.overload!.tolerates;
/** Riello Dialog Plus, manual p. 17. */
const riello: Tolerance = {
  continuous: 102,
  upTo: [
    { load: 110, for: seconds(1800) },
    { load: 130, for: seconds(30) },
    { load: 150, for: seconds(10) },
  ],
};
const makers = {
  riello: { profile: "ups/ietf-ups-mib", tolerates: () => riello },
  huawei: { profile: "ups/huawei-ups2000", tolerates: () => profiled("ups/huawei-ups2000") },
  galaxy: { profile: "ups/mge-galaxy", tolerates: () => profiled("ups/mge-galaxy") },
} as const;

const spec = (tolerates: Tolerance, more: Partial<Spec> = {}): Spec => ({
  kind: "overload",
  tolerates,
  left: 0.2,
  before: seconds(8),
  ...more,
});

/** A UPS of 80 kW with one rack behind it, and the load that is drawn, in per cent of that. */
function upsOf(maker: keyof typeof makers) {
  const plant = plantOf(
    {
      grid: { kind: "utility", ratedKw: 900 },
      ups: { kind: "ups", from: ["grid"], ratedKw: 80, battery: "bat", device: "card" },
      row: { kind: "pdu", from: ["ups"], ratedKw: 600 },
    },
    { r1: { ratedKw: 40, on: ["row"] } },
    { bat: "battery/sunspec-802-803", card: makers[maker].profile },
  );
  const load = () => measure(plant)("card", "output.load")!;
  const draw = (percent: number) => drawAbout(plant, percent * 0.8);
  draw(70);
  for (let i = 0; i < 20; i++) advance(plant, ms(100));
  return { plant, load, draw, hasTripped: () => measure(plant)("card", "ups.mode") !== 1 };
}

/** Tenths of a second until the UPS gives up, with the alarm's first word, at a poll a second. */
function playTo(
  { plant, load, hasTripped }: ReturnType<typeof upsOf>,
  { detector, pollAt = 0, forS }: { detector: ReturnType<typeof makeDetector>; pollAt?: number; forS: number },
  each: (s: number) => void = () => undefined,
): { readonly alarmS: number; readonly tripS: number; readonly loadAtTrip: number } {
  let alarmS = Number.POSITIVE_INFINITY;
  for (let tenth = 0; tenth < forS * 10; tenth++) {
    if (tenth % 10 === 0) each(tenth / 10);
    advance(plant, ms(100));
    if (hasTripped()) return { alarmS, tripS: (tenth + 1) / 10, loadAtTrip: load() };
    if (tenth % 10 !== pollAt) continue;
    const isAbnormal = judge(detector, good("load", load(), tenth * 100)) === "abnormal";
    if (isAbnormal && alarmS === Number.POSITIVE_INFINITY) alarmS = (tenth + 1) / 10;
  }
  return { alarmS, tripS: Number.POSITIVE_INFINITY, loadAtTrip: load() };
}

const stepsTo = Array.from({ length: 14 }, (_, i) => 105 + 5 * i);

describe("an overload on the simulated UPS", () => {
  test.each(Object.keys(makers) as (keyof typeof makers)[])(
    "by the curve of %s, at 105 to 170 of a hundred, is told eight seconds before the trip and a fifth of the tolerance, or at once",
    (maker) => {
      for (const percent of stepsTo) {
        const ups = upsOf(maker);
        const tolerates = makers[maker].tolerates();
        const detector = makeDetector(spec(tolerates));
        judge(detector, good("load", ups.load(), -1000));
        ups.draw(percent);
        const { alarmS, tripS, loadAtTrip } = playTo(ups, { detector, pollAt: percent % 10, forS: 2000 });
        // Nobody can tell of it before the first poll that sees it.
        const seenS = 1.2;
        if (tripS === Number.POSITIVE_INFINITY || tripS <= seenS) continue;
        const bearsS = borneS(tolerates, loadAtTrip, false);
        expect(alarmS, `at ${percent} %`).toBeLessThan(tripS);
        if (alarmS > seenS) expect(tripS - alarmS).toBeGreaterThanOrEqual(8 + 0.2 * bearsS);
        if (bearsS > 60) expect(alarmS).toBeGreaterThan(0.5 * bearsS);
      }
    },
    120_000,
  );

  test("that steps up and down is told eight seconds before the trip, or in the second after the step that brings it", () => {
    const chance = dice(3);
    let trips = 0;
    for (let run = 0; run < 30; run++) {
      const ups = upsOf("riello");
      const detector = makeDetector(spec(riello));
      let [stepS, nextS] = [0, 0];
      const { alarmS, tripS } = playTo(ups, { detector, pollAt: run % 10, forS: 600 }, (s) => {
        if (s < nextS) return;
        [stepS, nextS] = [s, s + Math.round(between(chance, 3, 15))];
        ups.draw(between(chance, 70, 145));
      });
      if (tripS === Number.POSITIVE_INFINITY) continue;
      trips += 1;
      expect(alarmS).toBeLessThanOrEqual(Math.max(tripS - 8, stepS + 1.2));
      expect(alarmS).toBeLessThan(tripS);
    }
    expect(trips).toBeGreaterThan(10);
  }, 120_000);

  test("of 133 % with a class of ten seconds is an alarm of the core 1.2 s after the step, at a poll a second", () => {
    const text = siteText(
      {
        over: {
          point: "ups-a/output.load",
          overload: { tolerates: { continuous: 102, upTo: [{ load: 150, for: "10s" }] } },
        },
      },
      { "power.ups-a.ratedKw": 40, "devices.ups-a.periods": { fast: "1s" } },
    );
    for (const shift of [0, 0.3, 0.6, 0.9]) {
      const site = watched(text, ["ups-a"]);
      site.run(20 + shift);
      expect(site.raised("over")).toEqual([]);
      const stepS = site.now();
      site.happen({ ups: "ups-b", off: true });
      site.run(5);
      expect(measure(site.plant)("ups-a", "output.load")).toBeGreaterThan(125);
      expect(site.raised("over")).toHaveLength(1);
      expect(site.raised("over")[0]! - stepS).toBeLessThanOrEqual(1.2);
    }
  }, 60_000);
});

describe("an overload", () => {
  const classed: Tolerance = { upTo: [{ load: 120, for: seconds(100) }], recovers: seconds(200) };
  const at = (detector: ReturnType<typeof makeDetector>, load: number, s: number) =>
    judge(detector, good("load", load, s * 1000));
  /** A poll a second at one load. */
  const hold = (detector: ReturnType<typeof makeDetector>, load: number, [from, to]: readonly [number, number]) =>
    Array.from({ length: to - from }, (_, i) => at(detector, load, from + i)).at(-1);

  test("is abnormal when what is left is no more than the response, a poll and the share that must remain", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 90, -1);
    expect(hold(detector, 115, [0, 70])).toBe("normal");
    expect(hold(detector, 115, [70, 72])).toBe("abnormal");
  });

  test("tells what is used of the tolerance, and how long until the trip", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 115, 0);
    hold(detector, 115, [1, 41]);
    expect(detector.account?.()).toEqual([
      { name: "used of its overload tolerance", value: expect.closeTo(40, 6), limit: 80, unit: "%" },
      { name: "to its trip at this load", value: expect.closeTo(60, 6), limit: 8, unit: "s" },
    ]);
    at(detector, 90, 41);
    expect(detector.account?.()[1]).toMatchObject({ value: null });
  });

  test("is forgotten in as much rest as the maker asks for", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 90, -1);
    hold(detector, 115, [0, 60]);
    expect(at(detector, 90, 60)).toBe("normal");
    hold(detector, 90, [61, 161]);
    expect(detector.account?.()[0]?.value).toBeCloseTo(61 - 50, 6);
  });

  test("beyond the curve is abnormal at once, and normal again within the rating", () => {
    const detector = makeDetector(spec(classed));
    expect([90, 120.5, 100].map((load, i) => at(detector, load, i))).toEqual(["normal", "abnormal", "normal"]);
  });

  test("that stood when it fell silent is taken to have stood in the silence, and silence itself says nothing", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 115, 0);
    expect(judge(detector, bad("load", "stale", 3000))).toBe("unknown");
    expect(at(detector, 115, 90)).toBe("abnormal");
    const back = makeDetector(spec(classed));
    at(back, 115, 0);
    judge(back, bad("load", "stale", 30_000));
    expect(at(back, 90, 60)).toBe("normal");
    expect(back.account!()[0]!.value).toBeCloseTo(60, 6);
  });

  test("comes no sooner for a silence before it, which is no period of polls", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 90, 0);
    // 20 s are left, and the response takes 8 and the next poll 10 at the most.
    expect(at(detector, 115, 60)).toBe("normal");
    expect(at(detector, 115, 63)).toBe("normal");
    expect(at(detector, 115, 72)).toBe("abnormal");
  });

  test("is the same where a reading comes twice", () => {
    const detector = makeDetector(spec(classed));
    at(detector, 90, -1);
    for (let s = 0; s < 70; s += 2) at(detector, 115, s);
    // 9 s are left: enough for the response, and not for the next poll in two seconds.
    expect([at(detector, 115, 70), at(detector, 115, 70)]).toEqual(["abnormal", "abnormal"]);
    const beyond = makeDetector(spec(classed));
    expect([at(beyond, 130, 0), at(beyond, 130, 0)]).toEqual(["abnormal", "abnormal"]);
  });

  test("uses up no more than all of the tolerance, and rest gives no more back than there was", () => {
    const detector = makeDetector(spec(classed));
    const used = (): number => detector.account!()[0]!.value!;
    hold(detector, 115, [0, 150]);
    expect(used()).toBe(100);
    hold(detector, 90, [150, 600]);
    expect(used()).toBe(0);
  });

  test("is forgotten in ten minutes where the maker asks for no rest", () => {
    const { upTo } = classed;
    const detector = makeDetector(spec({ upTo }));
    hold(detector, 115, [0, 61]);
    hold(detector, 90, [61, 122]);
    // The minute in which it went down is taken to have been one of overload.
    expect(detector.account!()[0]!.value).toBeCloseTo(61 - 10, 6);
  });

  test("is not known before a load is heard, and weighs nothing without a curve", () => {
    const detector = makeDetector(spec(classed, { ambient: point("air") }));
    expect(judge(detector, good("air", 20))).toBe("unknown");
    expect(detector.account!().map(({ value }) => value)).toEqual([0, null]);
    const { tolerates: _, ...bare } = spec(classed);
    const curveless = makeDetector(bare);
    expect([at(curveless, 130, 0), at(curveless, 130, 1)]).toEqual(["unknown", "unknown"]);
    expect(curveless.account!()).toEqual([]);
  });

  describe("in air that may be hot", () => {
    const hot = spec(
      { upTo: [{ load: 120, for: seconds(30) }], hot: { above: 35, share: 0.5 } },
      { ambient: point("air") },
    );

    test("comes sooner when it is", () => {
      const detector = makeDetector(hot);
      judge(detector, good("air", 36, 0));
      expect(hold(detector, 115, [0, 9])).toBe("abnormal");
      const cool = makeDetector(hot);
      judge(cool, good("air", 34, 0));
      expect(hold(cool, 115, [0, 9])).toBe("normal");
      const just = makeDetector(hot);
      judge(just, good("air", 35, 0));
      expect(hold(just, 115, [0, 9])).toBe("normal");
    });

    test("uses the tolerance up twice as fast where half of it is left, and is told so", () => {
      const detector = makeDetector(hot);
      judge(detector, good("air", 36, 0));
      hold(detector, 115, [0, 4]);
      const [used, left] = detector.account!();
      expect(used!.value).toBeCloseTo(20, 6);
      expect(left!.value).toBeCloseTo(12, 6);
    });

    test("is told as one in cool air while nobody has said how warm it is", () => {
      const detector = makeDetector(hot);
      hold(detector, 115, [0, 4]);
      expect(detector.account!()[1]!.value).toBeCloseTo(27, 6);
    });

    test("is that in any air where the curve says nothing of it", () => {
      const detector = makeDetector(spec(classed, { ambient: point("air") }));
      judge(detector, good("air", 60, 0));
      expect(hold(detector, 115, [0, 9])).toBe("normal");
    });

    test("is taken for one in cool air where nobody measures it", () => {
      const { ambient: _, ...blind } = hot;
      const detector = makeDetector(blind);
      expect(hold(detector, 115, [0, 9])).toBe("normal");
    });

    test("cannot be told while nobody has said how warm it is and that decides", () => {
      const detector = makeDetector(hot);
      expect(hold(detector, 115, [0, 9])).toBe("unknown");
      expect(hold(detector, 115, [9, 20])).toBe("abnormal");
    });

    test("goes by the last that was heard of the air", () => {
      const detector = makeDetector(hot);
      judge(detector, good("air", 34, 0));
      judge(detector, bad("air", "stale", 1000));
      expect(hold(detector, 115, [1, 9])).toBe("normal");
      const warm = makeDetector(hot);
      judge(warm, good("air", 36, 0));
      judge(warm, bad("air", "stale", 1000));
      expect(hold(warm, 115, [1, 9])).toBe("abnormal");
    });
  });
});

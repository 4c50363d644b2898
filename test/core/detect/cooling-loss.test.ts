import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { between, dice } from "../../../simulators/plant/dice.ts";
import type { Plant, PlantEvent } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant } from "../../../simulators/plant/index.ts";
import type { Sample } from "../../../src/core/detect/climb.ts";
import { climbIn } from "../../../src/core/detect/climb.ts";
import type { Detector } from "../../../src/core/detect/detector.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import type { Duration } from "../../../src/core/time.ts";
import { instant, minutes, seconds } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { siteWith } from "../../simulators/plant/run.ts";
import { bad, good, judge, t0 } from "../fixture.ts";

/** Hours of a plant take some seconds, and more on a busy machine. */
const longMs = 120_000;

const siteText = (site: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../simulators/sites/${site}.yaml`, import.meta.url)), "utf8");

/** Cooling that takes three minutes to come back, and air that must not come to a limit. */
const watching = (limit: number) =>
  makeDetector({ kind: "coolingLoss", limit, restore: minutes(3), within: seconds(60), rise: 5 });

/** Verdicts over a course of the temperature, read every two seconds. */
const over = (detector: Detector, course: (second: number) => number, fromS: number, toS: number): readonly Verdict[] =>
  Array.from({ length: (toS - fromS) / 2 }, (_, i) => {
    const second = fromS + i * 2;
    return judge(detector, good("inlet", Math.round(course(second) * 10) / 10, second * 1000));
  });

const still = () => 22;

describe("a loss of cooling", () => {
  test("is seen when the air is five degrees over its usual and the limit nearer than cooling", () => {
    const detector = watching(32);
    expect(over(detector, still, 0, 600)).not.toContain("abnormal");
    const verdicts = over(detector, (second) => 22 + (second - 600) / 10, 600, 700);
    const seenS = verdicts.indexOf("abnormal") * 2;
    expect(seenS).toBeGreaterThanOrEqual(50);
    expect(seenS).toBeLessThanOrEqual(56);
    expect(verdicts.slice(seenS / 2)).not.toContain("normal");
  });

  test("is not while there is time for cooling to come back, and is over when it has", () => {
    const detector = watching(60);
    over(detector, still, 0, 600);
    expect(over(detector, (second) => 22 + (second - 600) / 10, 600, 660)).not.toContain("abnormal");
    expect(over(detector, (second) => 22 + (second - 600) / 10, 660, 900).at(-1)).toBe("abnormal");
    expect(over(detector, (second) => 52 - (second - 900) / 10, 900, 940).at(-1)).toBe("normal");
  });

  test("is not what a single wrong reading shows, however wrong", () => {
    const detector = watching(32);
    over(detector, still, 0, 600);
    expect(over(detector, (second) => (second === 650 ? 90 : 22), 600, 700)).not.toContain("abnormal");
    expect(over(detector, (second) => (second === 750 ? -40 : 22), 700, 800)).not.toContain("abnormal");
  });

  test("stands while the air is beyond the limit, whether it climbs or not", () => {
    const detector = watching(32);
    over(detector, still, 0, 600);
    over(detector, (second) => 22 + (second - 600) / 10, 600, 720);
    expect(over(detector, () => 34, 720, 3000)).not.toContain("normal");
  });

  test("is seen at the end of a slow climb that began longer ago than it remembers", () => {
    const detector = watching(32);
    const verdicts = over(detector, (second) => 22 + second / 400, 0, 4000);
    const seenAt = 22 + (verdicts.indexOf("abnormal") * 2) / 400;
    expect(seenAt).toBeGreaterThan(31);
    expect(seenAt).toBeLessThan(31.7);
  });

  test("is known as before after a silence, of which itself it says nothing", () => {
    const detector = watching(32);
    over(detector, still, 0, 600);
    over(detector, (second) => 22 + (second - 600) / 10, 600, 662);
    expect(judge(detector, bad("inlet", "stale", 670_000))).toBe("unknown");
    expect(over(detector, (second) => 22 + (second - 600) / 10, 680, 690).at(-1)).toBe("abnormal");
  });

  test("is told with its slope and with the least and the most time that is left", () => {
    const detector = watching(40);
    expect(detector.account?.().map(({ value }) => value)).toEqual([null, null, null]);
    over(detector, still, 0, 600);
    over(detector, (second) => 22 + (second - 600) / 10, 600, 662);
    const [slope, least, most] = detector.account!();
    expect(slope).toMatchObject({ name: "climbs by", value: expect.closeTo(6, 0), unit: "K/min" });
    expect(least).toMatchObject({ name: "limit in at least", limit: 180, unit: "s" });
    expect(least!.value).toBeLessThan(120);
    expect(most).toMatchObject({ name: "limit in at most", unit: "s" });
    expect(most!.value).toBeGreaterThan(120);
  });

  test("is told as of the newest reading, where they come seldom as well", () => {
    const detector = watching(60);
    for (let i = 0; i <= 30; i++) judge(detector, good("inlet", 22 + Math.max(0, i - 20), i * 20_000));
    const { samples } = detector.memory as { samples: readonly Sample[] };
    const climb = climbIn(samples, { limit: 60, band: 1, now: instant(t0 + 600_000) })!;
    expect(detector.account!()[1]!.value).toBe(climb.soonest! / 1000);
  });

  test("is none where the limit is more than hours away, and no time is told then", () => {
    const detector = watching(2000);
    over(detector, still, 0, 600);
    expect(over(detector, (second) => 22 + (second - 600) / 10, 600, 700)).not.toContain("abnormal");
    expect(detector.account!().map(({ value }) => value)).toEqual([expect.closeTo(6, 0), null, null]);
  });
});

describe("what is remembered of the air", () => {
  const memoryOf = (detector: Detector) => detector.memory as { samples: [number, number][]; usual: number | null };
  const secondsOf = (detector: Detector): readonly number[] =>
    memoryOf(detector).samples.map(([at]) => (at - t0) / 1000);

  test("is the middle of three readings, at the time of the middle one", () => {
    const detector = watching(32);
    expect(over(detector, (second) => [22, 90, 24][second / 2]!, 0, 4)).toEqual(["normal", "normal"]);
    expect(memoryOf(detector)).toMatchObject({ samples: [], usual: null });
    over(detector, () => 24, 4, 6);
    expect(memoryOf(detector)).toMatchObject({ samples: [[t0 + 2000, 24]], usual: 24 });
  });

  test("is a sample a second, however fast the point speaks", () => {
    const detector = watching(32);
    for (let i = 0; i < 40; i++) judge(detector, good("inlet", 22, i * 250));
    expect(secondsOf(detector)).toEqual([0.25, 1.25, 2.25, 3.25, 4.25, 5.25, 6.25, 7.25, 8.25, 9.25]);
  });

  test("is all of a minute, one in ten seconds of a quarter of an hour, and nothing of before", () => {
    const detector = watching(32);
    over(detector, still, 0, 1202);
    const kept = secondsOf(detector);
    expect(kept[0]).toBeGreaterThanOrEqual(300);
    expect(kept[0]).toBeLessThan(312);
    const gapsOf = (seconds: readonly number[]) => new Set(seconds.slice(1).map((second, i) => second - seconds[i]!));
    expect(gapsOf(kept.filter((second) => second < 1140))).toEqual(new Set([10]));
    expect(gapsOf(kept.filter((second) => second >= 1140))).toEqual(new Set([2]));
    expect(kept.at(-1)).toBe(1198);
    expect(kept).toContain(1140);
  });

  test("is a quarter of an hour to the second, of a point that speaks every ten seconds", () => {
    const detector = watching(32);
    for (let i = 0; i <= 91; i++) judge(detector, good("inlet", 22, i * 10_000));
    expect(secondsOf(detector)[0]).toBe(10);
    judge(detector, good("inlet", 22, 920_000));
    expect(secondsOf(detector)[0]).toBe(20);
  });

  test("is its usual over about an hour", () => {
    const detector = watching(60);
    over(detector, still, 0, 600);
    over(detector, () => 32, 600, 4200);
    expect(memoryOf(detector).usual).toBeCloseTo(22 + 10 * (1 - Math.exp(-1)), 1);
  });
});

describe("the time that is needed", () => {
  const needed = (settings: { readonly within?: Duration }): number | undefined =>
    makeDetector({ kind: "coolingLoss", limit: 32, restore: minutes(3), rise: 5, ...settings }).account!()[1]!.limit;

  test("is that of cooling or, where it is longer, that of what has to be done", () => {
    expect(needed({})).toBe(180);
    expect(needed({ within: seconds(60) })).toBe(180);
    expect(needed({ within: minutes(5) })).toBe(300);
  });

  test("is asked of air that climbs from its usual by the rise and no less, and not of air at its limit", () => {
    const detector = watching(24);
    expect(over(detector, still, 0, 60)).not.toContain("abnormal");
    expect(over(detector, () => 24, 60, 70).at(-1)).toBe("abnormal");
    expect(over(detector, () => 23.9, 70, 80).at(-1)).toBe("normal");
  });

  test("is half as much again before what was too little is enough", () => {
    const detector = watching(40);
    over(detector, still, 0, 600);
    const climb = (second: number): number => 22 + (second - 600) / 30;
    const verdicts = over(detector, climb, 600, 1000);
    const seenAt = climb(600 + 2 * verdicts.indexOf("abnormal"));
    // 180 s at 2 K a minute, with a tenth for its wandering.
    expect(seenAt).toBeGreaterThan(33);
    expect(seenAt).toBeLessThan(35);
    expect(verdicts.slice(verdicts.indexOf("abnormal"))).not.toContain("normal");
  });
});

/** The air at an inlet as a sensor shows it: to a tenth, and with a noise of 0.1 K. */
function sensorOf(seed: number): (airC: number) => number {
  const chance = dice(seed);
  return (airC) => {
    let noise = -6;
    for (let i = 0; i < 12; i++) noise += between(chance, 0, 1);
    return Math.round((airC + 0.1 * noise) * 10) / 10;
  };
}

const hallOf = (plant: Plant) => plant.rooms.find(({ id }) => id === "hall-1")!;

/** The demo's hall with racks of so many kW that draw from a half to all of it, and its only cooler lost at 0 s. */
function lossOf(rackKw: number, seed: number): Plant {
  const text = siteWith([], (site) =>
    site.replace(/ratedKw: 5$/gm, `ratedKw: ${rackKw}`).replace(/ratedKw: (44|80|400|250)\b/g, "ratedKw: 2000"),
  );
  const plant = demoPlant(seed, text);
  const share = 0.5 + 0.1 * (seed % 6);
  for (const { id } of plant.racks) apply(plant, { load: id, kw: rackKw * share });
  advance(plant, minutes(15));
  return plant;
}

interface Told {
  readonly second: number;
  readonly slope: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** What is told of a loss until the air is at 40 Cel, and when that was. */
function traceOf(rackKw: number, seed: number): { readonly told: readonly Told[]; readonly endS: number } {
  const plant = lossOf(rackKw, seed);
  const [detector, sensor, told] = [watching(40), sensorOf(seed), [] as Told[]];
  let second = -60;
  for (; hallOf(plant).airC < 40 && second < 3600; second++) {
    if (second === 0) apply(plant, { cooling: "crac-1", fail: true });
    advance(plant, seconds(1));
    if (second % 2 !== 0) continue;
    judge(detector, good("inlet", sensor(hallOf(plant).airC), second * 1000));
    const [slope, least, most] = detector.account!().map(({ value }) => value);
    if (second >= 0) told.push({ second, slope: slope!, least: least!, most: most! });
  }
  return { told, endS: second };
}

const beyondS = 7200;

describe("the time to 40 Cel that is told of a simulated hall without cooling", () => {
  // Twelve seeds of different loads; nothing is told of what is later than two hours.
  test.each([5, 10, 20])(
    "at %i kW a rack begins within 15 s and holds in nine of ten traces",
    (rackKw) => {
      const traces = Array.from({ length: 12 }, (_, i) => traceOf(rackKw, i + 1));
      for (const { told } of traces) expect(told.find(({ slope }) => slope !== null)!.second).toBeLessThanOrEqual(15);
      const instants = [14, 30, 60, 120, 240];
      const waits = traces.flatMap(({ told, endS }) =>
        told.filter(({ second }) => instants.includes(second)).map((one) => ({ ...one, left: endS - one.second })),
      );
      const held = waits.filter(
        ({ least, most, left }) => (least ?? beyondS) <= left + 1 && (most ?? Number.POSITIVE_INFINITY) >= left - 1,
      );
      expect(waits.length).toBeGreaterThanOrEqual(20);
      expect(held.length).toBeGreaterThanOrEqual(waits.length * 0.9);
    },
    longMs,
  );
});

/** Every rack of hall 1 draws so many kW from now on. */
const draws = (kw: number): readonly PlantEvent[] => [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ load: `r10${n}`, kw }));
const setTo = (setPoint: number, units: readonly string[]): readonly PlantEvent[] =>
  units.map((cooler) => ({ cooler, setPoint }));

/** What happens to hall 1 in six hours without anything being lost, by the second. */
const hoursOf = (units: readonly string[], ratedKw: number): ReadonlyMap<number, readonly PlantEvent[]> => {
  const [one, other] = units;
  const changeovers: [number, readonly PlantEvent[]][] =
    one !== undefined && other !== undefined
      ? [
          [16_000, [{ cooling: one, fail: true }]],
          // The one that stood by starts, and the other stops while it still warms up.
          [18_000, [{ cooling: one, fail: false }]],
          [18_300, [{ cooling: other, fail: true }]],
          [20_000, [{ cooling: other, fail: false }]],
        ]
      : [];
  return new Map<number, readonly PlantEvent[]>([
    [1800, setTo(24, units)],
    [3600, setTo(22, units)],
    [5000, [{ door: "hall-1", open: true }]],
    [6800, [{ door: "hall-1", open: false }]],
    [8000, draws(ratedKw)],
    [10_000, draws(ratedKw / 2)],
    [12_000, draws(ratedKw * 0.9)],
    ...changeovers,
  ]);
};

describe("a quarter of an ordinary day", () => {
  test.each([
    ["demo", ["crac-1"], 5, minutes(3)],
    ["chilled", ["crah-1a", "crah-1b"], 8, minutes(8)],
    ["direct", ["unit-1a", "unit-1b"], 8, minutes(3)],
  ] as const)(
    "of the site %s, with its set-points moved, steps of load, an open door and a changeover of units, is no loss",
    (site, units, ratedKw, restore) => {
      const plant = demoPlant(11, siteText(site));
      const detector = makeDetector({ kind: "coolingLoss", limit: 32, restore, rise: 5 });
      const [sensor, events] = [sensorOf(3), hoursOf(units, ratedKw)];
      let highest = 0;
      for (let second = 0; second < 21_600; second++) {
        for (const event of events.get(second) ?? []) apply(plant, event);
        advance(plant, seconds(1));
        highest = Math.max(highest, hallOf(plant).airC);
        if (second % 2 !== 0) continue;
        const verdict = judge(detector, good("inlet", sensor(hallOf(plant).airC), second * 1000));
        if (verdict !== "normal") expect.fail(`${verdict} at ${second} s and ${hallOf(plant).airC} Cel`);
      }
      expect(highest, "what happens moves the air").toBeGreaterThan(24);
    },
    longMs,
  );
});

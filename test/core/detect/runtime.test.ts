import { describe, expect, test } from "vitest";
import { lead, nmc } from "../../../simulators/plant/battery/chemistry.ts";
import { byVoltage } from "../../../src/core/detect/discharge.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { runtimeByDesign, timeToEmpty } from "../../../src/core/detect/runtime.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant, seconds } from "../../../src/core/time.ts";
import { bad, good, judge, point, t0 } from "../fixture.ts";
import type { Spec } from "./runtime-spec.ts";
import { battery, online, ratedKw, specOf, volts } from "./runtime-spec.ts";

/** A battery of 6 min at 80 kW that is drawn on with 80 kW, at a poll a second. */
const drawn = (more: Partial<Spec> = {}) => {
  const detector = makeDetector(specOf(nmc, { below: seconds(120), ...more }));
  const says = (reading: Reading) => judge(detector, reading);
  const mode = (value: number, s: number) => says(good("ups/ups.mode", value, s * 1000));
  const told = (s: number, value: number) => says(good("told", value, s * 1000));
  const values = (s: number, charge: number, kw = ratedKw) => {
    says(good("warmth", 25, s * 1000));
    says(good("kw", kw, s * 1000));
    return says(good("charge", charge, s * 1000));
  };
  const least = () => detector.account?.().find(({ name }) => name === "lasts at least");
  return { detector, says, mode, told, values, least };
};

describe("a battery's runtime", () => {
  test("is judged on battery only, and on the mains where it is asked for", () => {
    const { mode, values } = drawn();
    mode(online, 0);
    expect(values(1, 20)).toBe("normal");
    expect(mode(battery, 2)).toBe("abnormal");
    expect(mode(online, 3)).toBe("normal");
    const would = drawn({ onMains: true });
    would.mode(online, 0);
    expect(would.values(1, 100)).toBe("normal");
    expect(would.values(2, 20)).toBe("abnormal");
  });

  test("is counted down for people as an interval that closes about what is seen", () => {
    const { detector, mode, values } = drawn();
    mode(battery, 0);
    values(0, 100);
    const width = () => {
      const [least, most] = detector.account!();
      return (most!.value! - least!.value!) / most!.value!;
    };
    const before = width();
    for (let s = 1; s <= 90; s++) values(s, 100 - Math.round(s / 3.6));
    expect(width()).toBeLessThan(0.8 * before);
    expect(detector.account!()).toEqual([
      { name: "lasts at least", value: expect.any(Number), limit: 120, unit: "s" },
      { name: "lasts at most", value: expect.any(Number), unit: "s" },
    ]);
    const [least, most] = detector.account!();
    expect(least!.value!).toBeLessThan(270);
    expect(most!.value!).toBeGreaterThan(270);
  });

  test("follows a battery that gives out twice as fast as it was built to", () => {
    const { mode, values, least } = drawn();
    mode(battery, 0);
    for (let s = 0; s <= 60; s++) values(s, Math.round(100 - s / 1.8));
    // 66.7 % are left, and one goes in 1.8 s.
    expect(least()!.value).toBeLessThan(120);
    expect(least()!.value).toBeGreaterThan(80);
  });

  test("goes by the UPS's own figure where that is lower", () => {
    const { mode, told, values } = drawn({ told: point("told") });
    told(0, 900);
    mode(online, 0);
    mode(battery, 1);
    expect(values(2, 100)).toBe("normal");
    expect(told(3, 110)).toBe("abnormal");
  });

  test.each([
    ["0 for ever", 0],
    ["two minutes for ever", 100],
  ])("does not believe a UPS that tells %s", (_, figure) => {
    const { mode, told, values } = drawn({ told: point("told") });
    told(0, figure);
    mode(online, 0);
    mode(battery, 1);
    for (let s = 2; s < 60; s++) {
      expect(told(s, figure)).not.toBe("abnormal");
      expect(values(s, 100 - Math.round(s / 3.6))).toBe("normal");
    }
  });

  test("that was too short is enough again only with a fifth more", () => {
    const { mode, values } = drawn();
    mode(battery, 0);
    expect(values(0, 55)).toBe("abnormal");
    expect(values(1, 55, 68)).toBe("abnormal");
    expect(values(2, 55, 40)).toBe("normal");
  });

  test("that was too short once needs no more than it did before in the next discharge", () => {
    const { mode, values } = drawn();
    mode(battery, 0);
    expect(values(0, 55)).toBe("abnormal");
    expect(values(1, 55, 68)).toBe("abnormal");
    mode(online, 2);
    values(3, 55, 68);
    expect(mode(battery, 4)).toBe("normal");
  });

  test.each(["kw", "charge", "ups/ups.mode"])("says nothing while %s is silent", (name) => {
    const { says, mode, values } = drawn();
    mode(battery, 0);
    expect(values(1, 100)).toBe("normal");
    expect(says(bad(name, "stale", 5000))).toBe("unknown");
  });

  test("is not cleared by the silence of one of two measures, and raised by what the other sees", () => {
    const detector = makeDetector(specOf(lead, { voltage: volts(lead) }));
    const say = (name: string, value: number, s: number) => judge(detector, good(name, value, s * 1000));
    say("ups/ups.mode", battery, 0);
    for (let s = 0; s <= 100; s++)
      for (const [name, value] of [
        ["kw", 80],
        ["charge", 100 - s / 6],
        ["volts", 480 - s / 4],
      ] as const)
        say(name, value, s);
    expect(judge(detector, bad("charge", "stale", 101_000))).toBe("unknown");
    for (let s = 102; s <= 130; s++) say("volts", 480 - s / 4, s);
    expect(say("volts", 412, 131)).toBe("abnormal");
    expect(judge(detector, bad("volts", "stale", 132_000))).toBe("unknown");
  });
});

/** A battery that is read by name, at seconds of the test; with what it remembers. */
const read = (spec: Spec) => {
  const detector = makeDetector(spec);
  const say = (name: string, value: number, s: number) => judge(detector, good(name, value, s * 1000));
  const hush = (name: string, s: number) => judge(detector, bad(name, "stale", s * 1000));
  const memory = detector.memory as {
    share: number;
    at: number | null;
    moments: readonly (readonly [number, number | null, number | null, number])[];
    toldFirst: number | null;
    toldMoves: boolean;
    last: Record<string, number | null>;
  };
  const weighed = (): readonly (number | null)[] => detector.account!().map(({ value }) => value);
  return { detector, say, hush, memory, weighed };
};

describe("what a battery's runtime is worked out from", () => {
  const { temperature: _, ...plain } = specOf(nmc);
  /** Full, on battery, at its rated load; by its design alone. */
  const leastOf = (spec: Spec, others: Readonly<Record<string, number>> = {}): number => {
    const { say, weighed } = read(spec);
    say("ups/ups.mode", battery, 0);
    for (const [name, value] of Object.entries({ kw: 80, charge: 100, ...others })) say(name, value, 0);
    return weighed()[0]!;
  };

  test("is its health as the site says it or the battery tells it, and worn by a fifth where neither does", () => {
    const sites = leastOf({ ...plain, health: 60 });
    expect(leastOf({ ...plain, health: point("health") }, { health: 60 })).toBe(sites);
    expect(leastOf({ ...plain, health: point("health") })).toBe(leastOf(plain));
    expect(leastOf({ ...plain, health: 80 })).toBe(leastOf(plain));
    expect(sites).toBeLessThan(0.8 * leastOf(plain));
  });

  test("is its warmth as it is measured, and that of a battery room where it is not", () => {
    const measured = { ...plain, temperature: point("warmth") };
    expect(leastOf(measured, { warmth: 15 })).toBe(leastOf(plain));
    expect(leastOf(measured)).toBe(leastOf(plain));
    expect(leastOf(measured, { warmth: 25 })).toBeGreaterThan(leastOf(plain));
    expect(leastOf(measured, { warmth: 0 })).toBeLessThan(leastOf(plain));
  });

  test("is, without a measure of charge, what the load has taken since the mains went", () => {
    const { charge: __, ...uncharged } = specOf(lead, { voltage: volts(lead) });
    const { say, weighed, memory } = read(uncharged);
    say("kw", 80, 0);
    say("volts", 480, 0);
    say("ups/ups.mode", battery, 0);
    const [full] = weighed();
    for (let s = 0; s <= 300; s++) say("volts", 480, s);
    expect(memory.share).toBeCloseTo(0.5, 6);
    expect(weighed()[0]).toBeLessThan(0.5 * full!);
    for (let s = 301; s <= 700; s++) say("volts", 480, s);
    expect(weighed().slice(0, 2)).toEqual([0, 0]);
  });

  test("is one moment of the discharge for each half per cent of its nominal runtime, and no more than its last eighth", () => {
    const { say, memory } = read(plain);
    say("kw", 80, 0);
    say("ups/ups.mode", battery, 0);
    say("charge", 100, 0);
    for (let s = 1; s <= 18; s++) say("charge", 100 - s / 4, s);
    expect(memory.moments.map(([share]) => Math.round(share * 1000))).toEqual([0, 6, 11, 17, 22, 28, 33, 39, 44, 50]);
    expect(memory.moments.at(-1)).toEqual([expect.closeTo(0.05, 9), 95.5, null, 80]);
    for (let s = 19; s <= 200; s++) say("charge", 100 - s / 4, s);
    expect(memory.moments).toHaveLength(25);
    expect(memory.moments.at(-1)![0]).toBeGreaterThan(0.55);
  });

  test("is forgotten on the mains, and goes on through a silence of the mode and of the load", () => {
    const { say, hush, memory } = read(specOf(nmc, { told: point("told") }));
    say("kw", 80, 0);
    expect(memory).toMatchObject({ at: null, share: 0 });
    say("ups/ups.mode", battery, 10);
    say("told", 300, 10);
    say("told", 200, 46);
    expect(memory).toMatchObject({ share: expect.closeTo(0.1, 9), toldFirst: 300, toldMoves: true });
    hush("ups/ups.mode", 64);
    hush("kw", 82);
    expect(memory.share).toBeCloseTo(0.2, 9);
    say("ups/ups.mode", online, 100);
    expect(memory).toMatchObject({ at: null, share: 0, moments: [], toldFirst: 200, toldMoves: false });
  });

  test("is counted from the turn to battery on, and not from what is read after it", () => {
    const { say, memory } = read(plain);
    say("kw", 80, 0);
    say("ups/ups.mode", battery, 10);
    say("kw", 80, 46);
    expect(memory.share).toBeCloseTo(0.1, 9);
  });

  test("is no discharge before the mode has been read", () => {
    const { say, hush, memory } = read(plain);
    say("kw", 80, 0);
    hush("ups/ups.mode", 50);
    say("kw", 80, 100);
    expect(memory).toMatchObject({ at: null, share: 0, moments: [] });
  });

  test("is counted from the turn to battery on where the load is heard only later, and remembered from then on", () => {
    const { say, memory } = read(plain);
    say("ups/ups.mode", battery, 10);
    say("charge", 100, 20);
    expect(memory.moments).toEqual([]);
    say("kw", 80, 28);
    say("kw", 80, 46);
    expect(memory.share).toBeCloseTo(0.1, 9);
    expect(memory.moments[0]).toEqual([0, 100, null, 80]);
  });

  test("is not the voltage of another load: one that has changed by more than a twentieth", () => {
    const { say, memory } = read(specOf(lead, { voltage: volts(lead) }));
    say("volts", 480, 0);
    say("kw", 80, 0);
    say("kw", 76.2, 1);
    expect(memory.last["voltage"]).toBe(480);
    say("kw", 72, 2);
    expect(memory.last["voltage"]).toBeNull();
    const just = read(specOf(lead, { voltage: volts(lead) }));
    just.say("kw", 84, 0);
    just.say("volts", 480, 1);
    just.say("charge", 20, 2);
    just.say("kw", 80, 3);
    expect(just.memory.last["voltage"]).toBe(480);
  });

  test("is what the battery's warmth was when that fell silent, and nothing of a charge that has", () => {
    const { say, hush, weighed } = read(specOf(nmc));
    say("ups/ups.mode", battery, 0);
    for (const [name, value] of Object.entries({ kw: 80, warmth: 0, charge: 20 })) say(name, value, 0);
    const [before] = weighed();
    expect(hush("warmth", 0)).toBe("abnormal");
    expect(weighed()[0]).toBe(before);
    expect(hush("charge", 0)).toBe("unknown");
    expect(weighed()).toEqual([null, null]);
  });

  test("is not enough by one measure where a second has not been heard", () => {
    const { say } = read(specOf(lead, { voltage: volts(lead) }));
    say("ups/ups.mode", battery, 0);
    say("kw", 20, 0);
    expect(say("charge", 100, 0)).toBe("unknown");
    expect(say("volts", 540, 0)).toBe("normal");
  });

  test("is the UPS's figure of before the discharge until that moves, and no figure of a mode that nobody knows", () => {
    const { say, memory } = read(specOf(nmc, { told: point("told") }));
    say("told", 400, 0);
    say("told", 300, 0);
    expect(memory).toMatchObject({ toldFirst: 400, toldMoves: false });
    say("ups/ups.mode", online, 1);
    say("told", 200, 2);
    say("ups/ups.mode", battery, 3);
    say("told", 200, 4);
    expect(memory).toMatchObject({ toldFirst: 200, toldMoves: false });
  });

  /** A lead-acid bank whose charge falls by 1 % in 6 s, and whose voltage comes down from its float at once and then by 1 V in 4 s. */
  const sagging = (spec: Spec) => {
    const one = read(spec);
    one.say("warmth", 25, 0);
    one.say("kw", 80, 0);
    one.say("ups/ups.mode", battery, 0);
    for (let s = 0; s <= 120; s++) {
      if (spec.charge) one.say("charge", 100 - s / 6, s);
      if (spec.voltage) one.say("volts", s < 10 ? 540 : 490 - s / 4, s);
    }
    return one;
  };
  const voltage = volts(lead);
  const { charge: ___, ...byVolts } = specOf(lead, { voltage });
  const design = { chemistry: "lead", ratedS: 600, load: 80 } as const;

  test("is the fall of its voltage once that has settled under the load, and not the step down from its float", () => {
    const { memory, weighed } = sagging(byVolts);
    // Of the last eighth of the runtime all is known; the first twelve seconds are not settled.
    const [from, , volt] = memory.moments.find(([share]) => share >= 0.02)!;
    expect(from).toBeGreaterThan(0.05);
    const fall = { from: volt!, to: 460, share: memory.share - from };
    const { leastS, mostS } = byVoltage(design, 80, fall, voltage.empty)!;
    expect(weighed()).toEqual([leastS, mostS]);
    const early = read(byVolts);
    early.say("kw", 80, 0);
    early.say("volts", 540, 0);
    early.say("ups/ups.mode", battery, 0);
    for (let s = 0; s <= 30; s++) early.say("volts", s < 10 ? 540 : 490, s);
    const settled = early.memory.moments.find(([share]) => share >= 0.02)!;
    expect(settled[2]).toBe(490);
    expect(early.weighed()[0]).toBeGreaterThan(100);
  });

  test("is the fall of a measure since it has been heard, where that was not from the beginning", () => {
    const { charge: ____, ...uncharged } = specOf(lead, { voltage });
    for (const [spec, name, value] of [
      [uncharged, "volts", 490],
      [specOf(lead), "charge", 100],
    ] as const) {
      const { say, memory, weighed } = read(spec);
      for (const [of, first] of [
        ["warmth", 25],
        ["kw", 80],
        ["ups/ups.mode", battery],
      ] as const)
        say(of, first, 0);
      for (let s = 1; s < 20; s++) say("kw", 80, s);
      for (let s = 20; s <= 70; s++) say(name, value - (s - 20) / 4, s);
      expect(memory.moments[0]!.slice(1, 3)).toEqual([null, null]);
      // A battery that falls as this one does is not as good as it was built.
      expect(weighed()[1]).toBeLessThan(runtimeByDesign(spec, 80).mostS * 0.75);
    }
  });

  test("is both measures where both have fallen, from the earlier end of the two to the later one", () => {
    const [one, other, both] = [specOf(lead), byVolts, specOf(lead, { voltage })].map((spec) =>
      sagging(spec).weighed(),
    );
    // Moments are taken a little earlier where there are more readings.
    expect(both![0]).toBeCloseTo(other![0]!, -1);
    expect(one![0]).toBeGreaterThan(2 * other![0]!);
    expect(both![1]).toBeCloseTo(one![1]!, -1);
    expect(one![1]).toBeGreaterThan(2 * other![1]!);
  });

  test("is not the fall of a measure that has fallen silent", () => {
    const { hush, weighed } = sagging(specOf(lead, { voltage }));
    hush("charge", 121);
    const [least] = weighed();
    expect(least).toBeGreaterThan(0);
    hush("volts", 121);
    expect(weighed()).toEqual([null, null]);
  });

  test("is what the UPS says as long as it says it", () => {
    const { detector, say, hush, weighed } = read(specOf(nmc, { told: point("told") }));
    expect(weighed()).toEqual([null, null, null]);
    say("told", 300, 0);
    expect(weighed()).toEqual([null, null, 300]);
    expect(detector.account!()[2]).toEqual({ name: "the UPS says", value: 300, unit: "s" });
    hush("told", 1);
    expect(weighed()).toEqual([null, null, null]);
    expect(read(specOf(nmc)).weighed()).toHaveLength(2);
  });

  test("is not enough while a UPS that told its time has fallen silent", () => {
    const { say, hush } = read(specOf(nmc, { told: point("told") }));
    say("ups/ups.mode", battery, 0);
    for (const [name, value] of Object.entries({ kw: 80, charge: 100, warmth: 25, told: 300 })) say(name, value, 0);
    expect(say("told", 290, 1)).toBe("normal");
    expect(hush("told", 2)).toBe("unknown");
  });
});

describe("the time until a battery is empty, for those who plan by it", () => {
  const { temperature: _, ...plain } = specOf(nmc, { told: point("told") });
  /** Full, at its rated load, in this mode; with what is left at a second, in whole ones. */
  const full = (mode: number | null = battery, spec: Spec = plain) => {
    const one = read(spec);
    if (mode !== null) one.say("ups/ups.mode", mode, 0);
    one.say("kw", ratedKw, 0);
    one.say("charge", 100, 0);
    const leftAt = (s: number) => timeToEmpty(spec, one.memory, instant(t0 + s * 1000));
    return { ...one, leftAt };
  };

  test("is its early end, and goes on between readings", () => {
    const { weighed, leftAt } = full();
    expect(leftAt(0)).toBeCloseTo(1000 * weighed()[0]!, 6);
    expect(leftAt(10)).toBeCloseTo(1000 * weighed()[0]! - 10_000, 6);
  });

  test("is none on the mains, and is not known where nobody knows the mode or the load", () => {
    expect(full(online).leftAt(0)).toBe("onMains");
    expect(full(null).leftAt(0)).toBeNull();
    const { hush, leftAt } = full();
    hush("kw", 1);
    expect(leftAt(1)).toBeNull();
  });

  test("is the UPS's own figure where that moves, is heard and is lower", () => {
    const { say, hush, weighed, leftAt } = full();
    const byDesign = 1000 * weighed()[0]!;
    say("told", 100, 0);
    expect(leftAt(0)).toBeCloseTo(byDesign, 6);
    say("told", 90, 0);
    expect(leftAt(0)).toBe(90_000);
    hush("kw", 0);
    expect(leftAt(0)).toBe(90_000);
    say("kw", ratedKw, 0);
    hush("told", 0);
    expect(leftAt(0)).toBeCloseTo(byDesign, 6);
  });

  test("is by its design that of a full battery in a battery room, worn as the site says or by up to a fifth", () => {
    const { told: __, ...untold } = plain;
    const { weighed } = full(battery, untold);
    const { leastS, mostS } = runtimeByDesign(untold, ratedKw);
    expect([leastS, mostS]).toEqual(weighed());
    expect(runtimeByDesign({ ...untold, health: 80 }, ratedKw).leastS).toBe(leastS);
    expect(runtimeByDesign({ ...untold, health: 100 }, ratedKw).leastS).toBeGreaterThan(leastS);
    expect(runtimeByDesign({ ...untold, health: 60 }, ratedKw).mostS).toBeLessThan(mostS);
    expect(runtimeByDesign({ ...untold, health: point("health") }, ratedKw).leastS).toBe(leastS);
    expect(runtimeByDesign(untold, ratedKw / 2).leastS).toBeGreaterThan(2 * leastS);
  });
});

import { describe, expect, test } from "vitest";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { virtualSource } from "../../../simulators/wire/virtual.ts";
import type { Detector } from "../../../src/core/detect/detector.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { start } from "../../../src/core/plant.ts";
import { scan } from "../../../src/core/scan.ts";
import { instant, seconds } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, good, judge, point, t0 } from "../fixture.ts";
import { siteOf } from "./battery-alarms.ts";
import { leadAcidAlarm, leadAcidSite } from "./lead-acid-site.ts";

interface Said {
  readonly ampere?: number | "bad";
  readonly volts?: number | "bad";
  readonly jar?: number | "bad";
  readonly room?: number | "bad";
}

const spec: DetectorSpec = {
  kind: "leadAcidRunaway",
  jar: point("jar"),
  ambient: point("room"),
  voltage: point("volts"),
  times: 2.5,
  warmerBy: 10,
};

/** A string that floats at 0.1 A, asked once a minute; with a past it goes on from there. */
const string = (past?: { readonly detector: Detector; readonly at: number }) => {
  const detector = makeDetector(spec, past && structuredClone(past.detector.memory));
  let at = past?.at ?? 0;
  const told = (name: string, value: number | "bad") =>
    judge(detector, value === "bad" ? bad(name, "sensorFailure", at) : good(name, value, at));
  const over = (hours: number, said: (hour: number) => Said = () => ({})): readonly Verdict[] => {
    const verdicts = new Set<Verdict>();
    for (let minute = 0; minute < hours * 60; minute++) {
      at += 60_000;
      const { ampere = 0.1, volts = 545, jar = 26, room = 25 } = said(minute / 60);
      told("volts", volts);
      told("room", room);
      told("jar", jar);
      verdicts.add(told("own", ampere));
    }
    return [...verdicts];
  };
  return Object.assign(over, { detector, past: () => ({ detector, at }) });
};

let usual: ReturnType<typeof string> | undefined;

/** A string of which a day and more has been learned, which is played once for all tests. */
const known = () => {
  if (!usual) {
    usual = string();
    expect(usual(30)).toEqual(["normal"]);
  }
  return string(usual.past());
};

describe("a lead-acid runaway", () => {
  test("is a float current of two and a half times the usual with jars 10 K over their room", () => {
    const told = known();
    expect(told(6, () => ({ ampere: 0.35 }))).toEqual(["normal"]);
    told(6);
    expect(told(6, () => ({ jar: 38 }))).toEqual(["normal"]);
    expect(told(6, () => ({ ampere: 0.35, jar: 38 })).at(-1)).toBe("abnormal");
    expect(told(6).at(-1)).toBe("normal");
  });

  test("is told whichever sign a charger's current has", () => {
    const told = string();
    told(30, () => ({ ampere: -0.1 }));
    expect(told(6, () => ({ ampere: -0.35, jar: 38 })).at(-1)).toBe("abnormal");
  });

  test("is none where a hot room multiplies the current and warms the jars", () => {
    const told = known();
    expect(told(48, () => ({ room: 40, jar: 47, ampere: 0.3 }))).toEqual(["normal"]);
    expect(told(48, () => ({ room: 40, jar: 51, ampere: 0.28 }))).toEqual(["normal"]);
  });

  test("is none in the charge after a discharge, however large and long its current, and however warm the jars", () => {
    const told = known();
    expect(told(0.2, () => ({ volts: 500, ampere: -30, jar: 38 }))).toEqual(["normal"]);
    expect(
      told(48, (hour) => ({ ampere: 0.1 + 8 * Math.exp(-hour / 6), jar: 26 + 13 * Math.exp(-hour / 20) })),
    ).toEqual(["normal"]);
  });

  test("is seen where the current turns round while such a charge comes to its end", () => {
    const told = known();
    told(0.2, () => ({ volts: 500, ampere: -30, jar: 38 }));
    expect(told(8, (hour) => ({ ampere: 0.3 + 8 * Math.exp(-hour / 1.5), jar: 38 }))).toEqual(["normal"]);
    expect(told(12, (hour) => ({ ampere: 0.4 + 0.15 * hour, jar: 40 + hour })).at(-1)).toBe("abnormal");
  });

  test("is none while the strings are charged at a higher voltage", () => {
    const told = known();
    expect(told(24, () => ({ volts: 572, ampere: 0.8, jar: 37 }))).toEqual(["normal"]);
    expect(told(24, () => ({ jar: 36 }))).toEqual(["normal"]);
  });

  test("is none for a wrong reading of its current or its voltage", () => {
    const told = known();
    for (const wrong of [{ ampere: 50_000 }, { volts: 90_000 }, { volts: 0 }])
      expect(told(2, (hour) => ({ jar: 38, ...(Math.abs(hour - 1) < 0.001 ? wrong : {}) }))).toEqual(["normal"]);
    expect(told(6, () => ({ ampere: 0.35, jar: 38 })).at(-1)).toBe("abnormal");
  });

  test("is not learned for usual while it grows", () => {
    const told = known();
    expect(told(96, (hour) => ({ ampere: 0.1 + hour * 0.004, jar: 26 + hour / 6 })).at(-1)).toBe("abnormal");
  });

  test("cannot be told where the jars are hot and nothing has been learned, or the current cannot be read", () => {
    const told = string();
    expect(told(12, () => ({ jar: 40 })).at(-1)).toBe("unknown");
    const blind = known();
    expect(blind(2, () => ({ jar: 40, ampere: "bad" })).at(-1)).toBe("unknown");
    expect(blind(2, () => ({ ampere: "bad" })).at(-1)).toBe("normal");
    expect(blind(2, () => ({ ampere: 0.5, jar: "bad" })).at(-1)).toBe("unknown");
  });
});

/** What a string remembers, as far as it is asked for here. */
const memoryOf = (told: ReturnType<typeof string>) =>
  told.detector.memory as {
    readonly recent: Readonly<Record<string, readonly number[]>>;
    readonly jar: number | null;
    readonly usualV: number | null;
    readonly steadySince: number | null;
    readonly ampere: number | null;
    readonly usualA: number | null;
    readonly learned: number;
    readonly isRecovering: boolean;
    readonly lowestA: number | null;
  };
const [aMinute, anHour] = [1 / 60, 1];

describe("what is told of a lead-acid string", () => {
  test("is its float current, what that is usually, and how far its jars are over the air", () => {
    const told = string();
    expect(told.detector.account!()).toEqual([
      { name: "float current", value: null, unit: "A" },
      { name: "usually", value: null, unit: "A at 25 Cel" },
      { name: "jar over the air", value: null, limit: 10, unit: "K" },
    ]);
    const values = known().detector.account!().map(({ value }) => value);
    expect(values).toEqual([expect.closeTo(0.1, 6), expect.closeTo(0.1, 6), 1]);
  });

  test("is each value by the middle one of its last three readings", () => {
    const told = known();
    told(aMinute, () => ({ jar: 90 }));
    expect(memoryOf(told).jar).toBe(26);
    for (const of of ["jar", "ambient", "volts", "ampere"]) expect(memoryOf(told).recent[of]).toHaveLength(3);
    told(aMinute, () => ({ jar: "bad" }));
    expect(memoryOf(told).jar).toBeNull();
  });
});

describe("the voltage of a lead-acid string", () => {
  const since = (told: ReturnType<typeof string>): number =>
    (told.past().at + t0 - memoryOf(told).steadySince!) / 3_600_000;

  test("keeps still within a hundredth of itself, whichever sign it has", () => {
    const told = known();
    told(anHour, () => ({ volts: 550 }));
    expect(since(told)).toBeGreaterThan(30);
    expect(memoryOf(told).isRecovering).toBe(false);
    told(anHour / 2, () => ({ volts: 560 }));
    expect(since(told)).toBeLessThan(0.5);
    expect(memoryOf(told)).toMatchObject({ isRecovering: true });
    const other = string();
    other(2, () => ({ volts: -545 }));
    expect(since(other)).toBeCloseTo(2 - aMinute, 6);
  });

  test("has its average begin anew after an hour in which it was not read, and so has the current's", () => {
    const told = known();
    told(59 * aMinute, () => ({ volts: "bad" }));
    told(aMinute);
    expect(since(told)).toBeGreaterThan(30);
    told(60 * aMinute, () => ({ volts: "bad" }));
    told(aMinute);
    expect(since(told)).toBe(0);
    expect(memoryOf(told)).toMatchObject({ usualV: 545, isRecovering: true });
    const mute = known();
    mute(59 * aMinute, () => ({ ampere: "bad" }));
    mute(aMinute);
    expect(since(mute)).toBeGreaterThan(30);
    mute(60 * aMinute, () => ({ ampere: "bad" }));
    mute(aMinute);
    expect(since(mute)).toBe(0);
  });

  test("cannot be told where it is not read while the jars are hot", () => {
    const told = known();
    expect(told(aMinute * 30, () => ({ jar: 40, volts: "bad", ampere: 0.3 })).at(-1)).toBe("unknown");
    expect(memoryOf(told).ampere).toBeCloseTo(0.1, 6);
  });

  test("says nothing without the air of the room, over which jars are hot and by which the current is reduced", () => {
    const told = known();
    expect(told(aMinute * 3, () => ({ room: "bad" })).at(-1)).toBe("unknown");
    expect(told.detector.account!()[2]!.value).toBeNull();
  });

  test("says of a charge that it was one, and of its current what it has come down to", () => {
    const told = known();
    told(0.2, () => ({ volts: 500, ampere: -30 }));
    expect(memoryOf(told)).toMatchObject({ ampere: -30, isRecovering: true, lowestA: null });
    told(6, () => ({ ampere: 0.4 }));
    expect(memoryOf(told).isRecovering).toBe(true);
    expect(memoryOf(told).lowestA).toBeCloseTo(0.4, 1);
    const lowest = memoryOf(told).lowestA;
    told(6, () => ({ ampere: 0.6 }));
    expect(memoryOf(told).lowestA).toBe(lowest);
    told(6, () => ({ ampere: 0.1 }));
    expect(memoryOf(told).isRecovering).toBe(false);
  });
});

describe("the current of a lead-acid string", () => {
  test("is weighed once the voltage has kept still for half an hour and the air is known", () => {
    const told = string();
    told(30 * aMinute);
    expect(memoryOf(told)).toMatchObject({ learned: 0, usualA: null });
    told(aMinute);
    expect(memoryOf(told)).toMatchObject({ learned: 60_000, usualA: 0.1 });
    const airless = string();
    airless(2, () => ({ room: "bad" }));
    expect(memoryOf(airless)).toMatchObject({ learned: 0, usualA: null, ampere: expect.closeTo(0.1, 6) as number });
  });

  test("is averaged plainly at first, and then forgets within hours", () => {
    const young = string();
    young(10 * aMinute);
    young(10 * aMinute, () => ({ ampere: 0.2 }));
    expect(memoryOf(young).ampere).toBeCloseTo(0.15, 2);
    const old = known();
    old(anHour, () => ({ ampere: 0.2 }));
    expect(memoryOf(old).ampere).toBeCloseTo(0.2 - 0.1 / Math.E, 2);
  });

  test("is reduced to 25 Cel, at twice for each ten kelvin", () => {
    const warm = string();
    warm(30, () => ({ ampere: 0.2, room: 35, jar: 36 }));
    expect(memoryOf(warm).usualA).toBeCloseTo(0.1, 6);
    const cold = string();
    cold(30, () => ({ ampere: 0.05, room: 15, jar: 16 }));
    expect(memoryOf(cold).usualA).toBeCloseTo(0.1, 6);
  });

  test("is believed after a day, and no more is counted", () => {
    expect(memoryOf(known()).learned).toBe(24 * 3_600_000);
    const told = string();
    told(24);
    expect(memoryOf(told).learned).toBeLessThan(24 * 3_600_000);
    expect(told(aMinute, () => ({ jar: 40 }))).toEqual(["normal"]);
    const grown = string();
    grown(3);
    grown(30, () => ({ ampere: 0.4 }));
    expect(memoryOf(grown).learned).toBeLessThan(4 * 3_600_000);
  });

  test("is learned downwards soon, upwards within a month, and not at all beyond half as much again", () => {
    const usualAfter = (ampere: number): number => {
      const told = known();
      told(12, () => ({ ampere }));
      return memoryOf(told).usualA!;
    };
    expect(usualAfter(0.05)).toBeLessThan(0.07);
    expect(usualAfter(0.14)).toBeGreaterThan(0.1002);
    expect(usualAfter(0.14)).toBeLessThan(0.101);
    expect(usualAfter(0.4)).toBeLessThan(0.1001);
  });

  test("is too much beyond its limit, and until it is a fifth below that", () => {
    const told = known();
    const hot = (ampere: number): Verdict => told(12, () => ({ ampere, jar: 38 })).at(-1)!;
    expect([0.24, 0.26, 0.22, 0.19, 0.22].map(hot)).toEqual(["normal", "abnormal", "abnormal", "normal", "normal"]);
  });

  test("is not too much where it is less than instruments show, however little it was", () => {
    const told = string();
    told(30, () => ({ ampere: 0.002 }));
    expect(told(12, () => ({ ampere: 0.02, jar: 38 })).at(-1)).toBe("normal");
    expect(told(12, () => ({ ampere: 0.03, jar: 38 })).at(-1)).toBe("abnormal");
  });

  test("is of jars that are hot beyond ten kelvin, and until they are two kelvin cooler", () => {
    const told = known();
    told(12, () => ({ ampere: 0.35 }));
    const verdicts = [35, 35.1, 33.1, 33, 34].map((jar) => told(3 * aMinute, () => ({ ampere: 0.35, jar })).at(-1));
    expect(verdicts).toEqual(["normal", "abnormal", "abnormal", "normal", "normal"]);
    const seen = ([35.1, 34, "bad", 34] as const).map((jar) => told(3 * aMinute, () => ({ ampere: 0.35, jar })).at(-1));
    expect(seen).toEqual(["abnormal", "abnormal", "unknown", "abnormal"]);
  });
});

test("of jars that dry out in the simulated plant is told half a day before they are at 70 Cel, and of no discharge", () => {
  const text = leadAcidSite(leadAcidAlarm);
  const site = siteOf(text);
  const plant = demoPlant(1, text);
  const shows = measure(plant);
  const core = start(site.model, instant(t0));
  const watched = site.devices.filter(({ id }) => id === "bat" || id === "room");
  const source = virtualSource(plant, watched);
  const hour = 3600;
  const raised: number[] = [];
  let hotAt = Number.NaN;
  for (let s = 1; s < 72 * hour && Number.isNaN(hotAt); s++) {
    if (s === 4 * hour || s === 32 * hour) apply(plant, { ups: "ups", rectifier: "fail" });
    if (s === 4 * hour + 400 || s === 32 * hour + 400) apply(plant, { ups: "ups", rectifier: "repair" });
    if (s === 40 * hour) apply(plant, { battery: "bat", fault: "dry-out", string: 1 });
    advance(plant, seconds(1));
    const at = instant(t0 + s * 1000);
    const { transitions } = scan(core, { at, readings: source.readings(at), requests: [], outcomes: [], leads: true });
    if (transitions.some(({ to }) => to === "unacknowledged")) raised.push(s);
    if (shows("bat", "battery[1].temperature")! >= 70) hotAt = s;
  }
  expect(raised).toHaveLength(1);
  expect(raised[0]).toBeGreaterThan(40 * hour);
  expect(hotAt - raised[0]!).toBeGreaterThan(12 * hour);
}, 240_000);

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
  readonly volts?: number;
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

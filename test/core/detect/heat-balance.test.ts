import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { PlantEvent } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, good, judge, point } from "../fixture.ts";

/** Minutes of a plant take a second, and more on a busy machine. */
const longMs = 60_000;

const minute = 60_000;

/** A loop whose water takes three minutes to come round, under two rows of racks. */
function loop() {
  const detector = makeDetector({
    kind: "heatBalance",
    supply: point("chiller/coolant.temperature.supply"),
    return: point("chiller/coolant.temperature.return"),
    loads: ["row-1/power.active", "row-2/power.active"].map(point),
    carries: 0.5,
    least: 20,
    over: ms(3 * minute),
  });
  /** All of its points as they stand at a minute of the test; the last verdict. */
  const shows = (at: number, flow: number, differenceK: number, loadKw: number): Verdict => {
    const after = at * minute;
    judge(detector, good("chiller/coolant.temperature.supply", 10, after));
    judge(detector, good("chiller/coolant.temperature.return", 10 + differenceK, after));
    for (const row of ["row-1", "row-2"]) judge(detector, good(`${row}/power.active`, loadKw / 2, after));
    return judge(detector, good("chiller/coolant.flow", flow, after));
  };
  return { detector, shows };
}

describe("the heat that a loop carries", () => {
  // 4 l/s that warm by 6 K carry 100.6 kW.
  test("is weighed against its load", () => {
    const { detector, shows } = loop();
    expect(detector.account?.().map(({ value }) => value)).toEqual([null, null]);
    expect(shows(0, 4, 6, 100)).toBe("normal");
    expect(detector.account?.()).toEqual([
      { name: "carries", value: expect.closeTo(100.56, 2), unit: "kW" },
      { name: "of a load of", value: 100, unit: "kW" },
    ]);
  });

  test.each([
    ["the flow is lost", 0, 6],
    ["the water comes back as cold as it went", 4, 0.2],
    ["half of either is left", 2.2, 3.2],
  ])("is too little for its load within five minutes where %s", (_, flow, differenceK) => {
    const { shows } = loop();
    expect(shows(0, 4, 6, 100)).toBe("normal");
    const verdicts = [1, 2, 3, 4, 5].map((at) => shows(at, flow, differenceK, 100));
    expect(verdicts[0]).toBe("normal");
    expect(verdicts[4]).toBe("abnormal");
  });

  test("is enough again with a fifth to spare", () => {
    const { shows } = loop();
    shows(0, 0, 6, 100);
    const later = (at: number, flow: number): Verdict => [at, at + 30].map((then) => shows(then, flow, 6, 100))[1]!;
    expect(later(1, 2.2)).toBe("abnormal");
    expect(later(60, 2.5)).toBe("normal");
    expect(later(120, 2.2)).toBe("normal");
    expect(later(180, 1.9)).toBe("abnormal");
  });

  test("is weighed from as much load on as is asked, and is too little below its share and no sooner", () => {
    const first = (flow: number, differenceK: number, loadKw: number): Verdict =>
      loop().shows(0, flow, differenceK, loadKw);
    expect([first(4, 0, 19.9), first(4, 0, 20)]).toEqual(["normal", "abnormal"]);
    // 4 l/s that warm by 3 K carry 50.28 kW.
    expect([first(4, 3, 100), first(4, 3, 100.6)]).toEqual(["normal", "abnormal"]);
  });

  test("may be little where there is little load, and late where the load has just grown", () => {
    const idle = loop();
    expect([0, 30].map((at) => idle.shows(at, 4, 0.2, 15))).toEqual(["normal", "normal"]);
    const { shows } = loop();
    expect(shows(0, 4, 3, 50)).toBe("normal");
    expect([1, 2, 3].map((at) => shows(at, 4, 3 + at, 110))).toEqual(["normal", "normal", "normal"]);
  });

  test.each(["chiller/coolant.flow", "chiller/coolant.temperature.return", "row-2/power.active"])(
    "is not known while %s is silent",
    (silent) => {
      const { detector, shows } = loop();
      shows(0, 4, 6, 100);
      expect(judge(detector, bad(silent, "stale", minute))).toBe("unknown");
      expect(judge(detector, good("chiller/coolant.temperature.supply", 10, minute))).toBe("unknown");
    },
  );

  test("is not known while the water's way in is silent, however warm it comes back", () => {
    const { detector, shows } = loop();
    shows(0, 4, 6, 100);
    judge(detector, bad("chiller/coolant.temperature.supply", "stale", minute));
    expect(judge(detector, good("chiller/coolant.flow", 4, minute))).toBe("unknown");
  });

  test.each([
    [3.9, "abnormal"],
    [4, "normal"],
  ] as const)("goes on from before a silence that ends at minute %d, or begins anew: %s", (at, verdict) => {
    const { detector, shows } = loop();
    expect(shows(0, 0, 6, 100)).toBe("abnormal");
    judge(detector, bad("chiller/coolant.flow", "stale", minute));
    expect(shows(at, 4, 6, 100)).toBe(verdict);
  });

  test("is that of now after a silence, and not of the water before it", () => {
    const { detector, shows } = loop();
    expect(shows(0, 0, 6, 100)).toBe("abnormal");
    for (const part of ["flow", "temperature.supply", "temperature.return"])
      judge(detector, bad(`chiller/coolant.${part}`, "stale", minute));
    expect(shows(10, 4, 6, 100)).toBe("normal");
  });
});

const chilled = readFileSync(fileURLToPath(new URL("../../../simulators/sites/chilled.yaml", import.meta.url)), "utf8");
const rows = ["pdu-a1", "pdu-b1", "pdu-a2", "pdu-b2"].map((pdu) => `${pdu}/power.active`);
const water = ["flow", "temperature.supply", "temperature.return"].map((part) => `chiller-1/coolant.${part}`);

/** The chilled site's loop under its four rows, read every two seconds. */
function simulated() {
  const plant = demoPlant(3, chilled);
  const shows = measure(plant);
  const detector = makeDetector({
    kind: "heatBalance",
    supply: point(water[1]!),
    return: point(water[2]!),
    loads: rows.map(point),
    carries: 0.5,
    least: 20,
    over: ms(3 * minute),
  });
  let second = 0;
  /** Seconds after which it was first abnormal, of so many; infinite where it never was. */
  const abnormalAfter = (forS: number, events: readonly PlantEvent[] = []): number => {
    for (const event of events) apply(plant, event);
    for (const until = second + forS, since = second; second < until; ) {
      advance(plant, seconds(2));
      second += 2;
      const verdicts = [...rows, ...water].map((id) => {
        const [device = "", name = ""] = id.split("/");
        return judge(detector, good(id, shows(device, name)!, second * 1000));
      });
      if (verdicts.at(-1) === "abnormal") return second - since;
    }
    return Number.POSITIVE_INFINITY;
  };
  return { abnormalAfter };
}

const units = ["crah-1a", "crah-1b", "crah-2a", "crah-2b"];
const racksDraw = (kw: number): readonly PlantEvent[] =>
  [1, 2].flatMap((hall) => [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ load: `r${hall}0${n}`, kw })));

describe("the heat that a simulated loop carries", () => {
  test(
    "is enough over hours of steps of load, a failed unit and chillers that trip under a tank of cold water",
    () => {
      const { abnormalAfter } = simulated();
      const quiet = [
        abnormalAfter(1800),
        abnormalAfter(1800, racksDraw(8)),
        abnormalAfter(1800, racksDraw(3)),
        abnormalAfter(1800, racksDraw(7)),
        abnormalAfter(1800, [{ cooling: "crah-1a", fail: true }]),
        abnormalAfter(1800, [{ utility: "sag" }]),
      ];
      expect(quiet).toEqual(quiet.map(() => Number.POSITIVE_INFINITY));
    },
    longMs,
  );

  test.each<readonly [string, readonly PlantEvent[]]>([
    ["every unit's valve is shut, and the loop's pumps run on", units.map((cooler) => ({ cooler, valve: 0 }))],
    ["every unit stops", units.map((cooling) => ({ cooling, fail: true }))],
    ["the tank's valve is shut in error", [{ chilledWater: { valve: 0 } }]],
  ])(
    "is too little within five minutes where %s",
    (_, events) => {
      const { abnormalAfter } = simulated();
      expect(abnormalAfter(600)).toBe(Number.POSITIVE_INFINITY);
      expect(abnormalAfter(600, events)).toBeLessThanOrEqual(300);
    },
    longMs,
  );
});

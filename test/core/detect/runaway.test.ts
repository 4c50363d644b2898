import { describe, expect, test } from "vitest";
import type { Detector } from "../../../src/core/detect/detector.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import type { Fault } from "../../../src/core/reading.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { problemsAfter } from "../../site/fixture.ts";
import { bad, good, judge, point } from "../fixture.ts";

type Runaway = Extract<DetectorSpec, { kind: "runaway" }>;

const fire1 = 3;
const cells = { lowest: point("rack/low"), than: point("rack/mean"), warning: 0.03, stop: 0.05, step: 0.15 };

/** A rack with every sign there is. */
const whole: Omit<Runaway, "level"> = {
  kind: "runaway",
  heat: { than: [point("rack/warmth")], warning: 5, stop: 10 },
  cells,
  offGas: [{ point: point("io/offgas.state"), at: ["alarm"] }],
  smoke: [{ point: point("asd/smoke.level"), at: ["fire1", "fire2"] }],
  neighbours: [point("next/volts")],
};

/** What a rack that is asked once a second says; "silent" where its management does not answer. */
interface Said {
  readonly hot?: number | "silent" | "failed";
  readonly warmth?: number;
  readonly low?: number | "silent";
  readonly mean?: number;
  readonly gas?: number | "silent";
  readonly smoke?: number | "silent";
  readonly next?: "silent";
}

class Rack {
  #at: number;
  readonly #all: Readonly<Record<Runaway["level"], Detector>>;

  /** A rack with a past goes on from what is remembered of that. */
  constructor(past?: Rack) {
    const at = (level: Runaway["level"]): Detector =>
      makeDetector({ ...whole, level }, past && structuredClone(past.#all[level].memory));
    this.#at = past ? past.#at : 0;
    this.#all = { warning: at("warning"), "charge-stop": at("charge-stop"), critical: at("critical") };
  }

  /** A number of seconds in each of which it says this; the verdicts of the three levels after the last. */
  says(said: Said = {}, seconds = 1): readonly Verdict[] {
    let last: readonly Verdict[] = [];
    for (let i = 0; i < seconds; i++) last = this.#second(said);
    return last;
  }

  #second({ hot = 26, warmth = 25, low = 4.146, mean = 4.15, gas = 0, smoke = 0, next }: Said): readonly Verdict[] {
    this.#at += 1000;
    const told = (name: string, value: number | "silent" | "failed") =>
      typeof value === "number"
        ? good(name, value, this.#at)
        : bad(name, value === "silent" ? "stale" : "sensorFailure", this.#at);
    const isGone = hot === "silent";
    const readings = [
      told("rack/warmth", isGone ? "silent" : warmth),
      told("rack/hottest", hot),
      told("rack/mean", isGone ? "silent" : mean),
      told("rack/low", isGone ? "silent" : low),
      told("io/offgas.state", gas),
      told("asd/smoke.level", smoke),
      told("next/volts", next ?? 540),
    ];
    return Object.values(this.#all).map((detector) => readings.map((one) => judge(detector, one)).at(-1)!);
  }
}

const calm = ["normal", "normal", "normal"];
const warned = ["abnormal", "normal", "normal"];
const stop = ["abnormal", "abnormal", "normal"];
const critical = ["abnormal", "abnormal", "abnormal"];
const unknown = ["unknown", "unknown", "unknown"];

let quarter: Rack | undefined;

/** A rack that has been well for a quarter of an hour, which is played once for all tests. */
const well = (): Rack => {
  if (!quarter) {
    quarter = new Rack();
    expect(quarter.says({}, 900)).toEqual(calm);
  }
  return new Rack(quarter);
};

describe("a lithium runaway, by heat", () => {
  test("warns where the hottest module stands 5 K over the others, and asks to stop the charge at 10 K", () => {
    const rack = well();
    expect(rack.says({ hot: 28 }, 900)).toEqual(calm);
    expect(rack.says({ hot: 29.9 }, 900)).toEqual(calm);
    expect(rack.says({ hot: 30.5 }, 900)).toEqual(warned);
    expect(rack.says({ hot: 36 }, 900)).toEqual(stop);
    expect(rack.says({ hot: 26 }, 900)).toEqual(calm);
  });

  test("asks to stop the charge at once where a module is 5 K away and leaves the others by over a kelvin a minute", () => {
    const rack = well();
    let hot = 26;
    while (rack.says({ hot })[1] === "normal" && hot < 40) hot += 2 / 60;
    expect(hot - 25).toBeLessThan(6);
    const slow = well();
    hot = 26;
    while (slow.says({ hot })[1] === "normal" && hot < 40) hot += 0.5 / 60;
    expect(hot - 25).toBeGreaterThan(10);
  });

  test("says nothing of a room or a load that warms all of them, fast or slow, however far", () => {
    const rack = well();
    for (let minute = 0; minute < 30; minute++)
      expect(rack.says({ warmth: 25 + minute, hot: 26 + 1.25 * minute }, 60)).toEqual(calm);
  });

  test("says nothing of a sensor in whole kelvins that speaks, and of one wrong reading", () => {
    const rack = well();
    for (let i = 0; i < 20; i++) expect(rack.says({ hot: i % 2 === 0 ? 28 : 27 }, 45)).toEqual(calm);
    expect(rack.says({ hot: 1400 })).toEqual(calm);
    expect(rack.says({}, 60)).toEqual(calm);
  });
});

describe("a lithium runaway, by cells", () => {
  test("is critical with the second reading of a step of one cell, and until it is gone", () => {
    const rack = well();
    expect(rack.says({ low: 3.9 })).toEqual(calm);
    expect(rack.says({ low: 3.9 })).toEqual(critical);
    expect(rack.says({ low: 0.2 }, 30)).toEqual(critical);
    expect(rack.says({}, 1200)).toEqual(calm);
  });

  test("says nothing of one wrong reading of either value, nor of the right ones after it", () => {
    const rack = well();
    for (const wrong of [{ low: 0 }, { mean: 5.5 }, { mean: 0.3 }, { low: 5.9 }]) {
      expect(rack.says(wrong)).toEqual(calm);
      for (let i = 0; i < 700; i++) expect(rack.says()).toEqual(calm);
    }
  });

  test("says nothing of a load that takes all cells down, and of the weak cell that goes down further", () => {
    const rack = well();
    for (const [mean, low] of [
      [3.9, 3.84],
      [3.9, 3.84],
      [3.7, 3.6],
      [3.2, 3.02],
      [3.95, 3.94],
      [4.1, 4.09],
    ] as const)
      for (let i = 0; i < 100; i++) expect(rack.says({ mean, low })).toEqual(calm);
  });

  test("sees a short under load as well", () => {
    const rack = well();
    rack.says({ mean: 3.9, low: 3.85 }, 60);
    expect(rack.says({ mean: 3.89, low: 3.6 }, 2)).toEqual(critical);
  });

  test("warns of a standing difference once the cells have rested for ten minutes, and keeps to it under load", () => {
    const rack = well();
    rack.says({ mean: 3.7, low: 3.6 }, 60);
    expect(rack.says({ mean: 4.1, low: 4.06 }, 590)).toEqual(calm);
    expect(rack.says({ mean: 4.1, low: 4.06 }, 30)).toEqual(warned);
    expect(rack.says({ mean: 3.9, low: 3.89 }, 300)).toEqual(warned);
    expect(rack.says({ mean: 4.1, low: 4.04 }, 1200)).toEqual(stop);
  });

  test("says nothing of cells that are uneven while the rack rests empty", () => {
    const rack = well();
    rack.says({ mean: 3.2, low: 3.1 }, 600);
    for (let minute = 0; minute < 60; minute++) expect(rack.says({ mean: 3.1, low: 2.95 }, 60)).toEqual(calm);
  });

  test("takes two values of two moments for no step", () => {
    const rack = well();
    expect(rack.says({ mean: 4.15, low: 3.85 })).toEqual(calm);
    expect(rack.says({ mean: 3.9, low: 3.85 }, 60)).toEqual(calm);
  });
});

describe("a lithium runaway, by signs together", () => {
  test("is a matter of stopping the charge where the room's sensors see gas or smoke, and critical with the rack's own", () => {
    for (const seen of [{ gas: 1 }, { smoke: fire1 }, { gas: 1, smoke: fire1 }]) {
      const rack = well();
      expect(rack.says(seen)).toEqual(stop);
      expect(rack.says({ ...seen, hot: 31 }, 3)).toEqual(critical);
    }
  });

  test("is a matter of stopping the charge where heat and cells agree, and critical where both have gone far", () => {
    const rack = well();
    expect(rack.says({ hot: 31, low: 4.115 }, 900)).toEqual(stop);
    expect(rack.says({ hot: 36, low: 4.115 }, 900)).toEqual(stop);
    expect(rack.says({ hot: 36, low: 4.09 }, 900)).toEqual(critical);
  });

  test("is critical where the rack falls silent within a minute of heat, gas, smoke or a step", () => {
    for (const seen of [{ hot: 31 }, { gas: 1 }, { smoke: fire1 }, { low: 3.8 }]) {
      const rack = well();
      rack.says(seen, 10);
      expect(rack.says({ hot: "silent" }, 3)).toEqual(critical);
    }
  });

  test("is critical where smoke comes after the silence, and for as long as that lasts", () => {
    const rack = well();
    rack.says({ hot: "silent" }, 300);
    expect(rack.says({ hot: "silent", smoke: fire1 })).toEqual(critical);
    expect(rack.says({ hot: "silent" }, 600)).toEqual(critical);
    expect(rack.says({}, 900)).toEqual(calm);
  });

  test("cannot be told where only silence is at stake, or where what was seen is long over", () => {
    const rack = well();
    expect(rack.says({ hot: "silent" }, 600)).toEqual(unknown);
    const other = well();
    other.says({ gas: 1 });
    other.says({}, 61);
    expect(other.says({ hot: "silent" })).toEqual(unknown);
  });

  test("cannot be told of a silence while no neighbour answers: then it is the network", () => {
    const rack = well();
    rack.says({ hot: 31 }, 10);
    expect(rack.says({ hot: "silent", next: "silent" }, 10)).toEqual(unknown);
  });

  test("is not told of a rack that falls silent with all others and is heard again with them: we were held up", () => {
    const rack = well();
    rack.says({ smoke: fire1 }, 10);
    expect(rack.says({ hot: "silent", next: "silent", smoke: fire1 }, 60)[2]).toBe("unknown");
    expect(rack.says({ hot: "silent", smoke: fire1 }, 2)[2]).toBe("unknown");
    expect(rack.says({ smoke: fire1 }, 60)[2]).toBe("normal");
  });

  test("takes a sensor that has failed for no silence", () => {
    const rack = well();
    expect(rack.says({ hot: "failed", low: "silent", smoke: fire1 })[2]).toBe("unknown");
  });
});

describe("a lithium runaway with some of its signs unreadable", () => {
  test("is judged by the rest where they decide", () => {
    const rack = well();
    expect(rack.says({ gas: "silent" }, 10)).toEqual(["unknown", "unknown", "normal"]);
    expect(rack.says({ gas: "silent", low: 3.8 }, 2)).toEqual(critical);
    const blind = well();
    expect(blind.says({ low: "silent", hot: 31 }, 900)).toEqual(["abnormal", "unknown", "unknown"]);
  });

  test("may be at its middle weight where its heat cannot be read, and at its greatest where a sign is beside that", () => {
    const rack = well();
    expect(rack.says({ hot: "failed" }, 10)).toEqual(["unknown", "unknown", "normal"]);
    expect(rack.says({ hot: "failed", gas: 1 })).toEqual(["abnormal", "abnormal", "unknown"]);
    const other = well();
    expect(other.says({ hot: 31, smoke: "silent" }, 600)).toEqual(["abnormal", "unknown", "unknown"]);
  });

  test("is not known before a sensor has spoken, and goes by those that there are", () => {
    const rack = watching("charge-stop", { heat: heat!, offGas: offGas! });
    rack.says("rack/warmth", 25, 0);
    expect(rack.says("rack/hottest", 26, 0)).toBe("unknown");
    expect(rack.says("io/offgas.state", 0, 0)).toBe("normal");
    const smoked = watching("charge-stop", { heat: heat!, smoke: smoke! });
    smoked.says("rack/warmth", 25, 0);
    expect(smoked.says("rack/hottest", 26, 0)).toBe("unknown");
    expect(smoked.says("asd/smoke.level", 0, 0)).toBe("normal");
  });

  test("is judged without heat where only cells and sensors are watched", () => {
    const { says } = watching("charge-stop", { offGas: offGas!, smoke: smoke! });
    says("io/offgas.state", 0, 0);
    says("asd/smoke.level", 0, 0);
    expect(says("rack/hottest", 26, 0)).toBe("normal");
  });

  test("keeps to nothing that it saw before a silence in which nobody looked", () => {
    const rack = well();
    rack.says({ hot: "failed", low: "silent" }, 700);
    expect(rack.says({ low: 3.8 }, 5)).toEqual(calm);
  });
});

/** One level of a rack with some of its signs, whose points are told by name. */
const watching = (level: Runaway["level"], signs: Omit<Partial<Runaway>, "kind" | "level">) => {
  const detector = makeDetector({ kind: "runaway", level, ...signs });
  const says = (name: string, value: number | Fault, atS: number): Verdict =>
    judge(detector, typeof value === "number" ? good(name, value, atS * 1000) : bad(name, value, atS * 1000));
  return { detector, says };
};
const { heat, offGas, smoke, neighbours } = whole;
/** The value of each sign that is told to people, by its name. */
const told = (detector: Detector): Readonly<Record<string, number | null>> =>
  Object.fromEntries(detector.account!().map(({ name, value }) => [name, value]));

describe("what is told of a lithium rack", () => {
  test("is every sign by its name, with its limit and nothing where it shows nothing", () => {
    const { detector, says } = watching("warning", whole);
    const unseen = [
      { name: "hottest over the others", value: null, limit: 5, unit: "K" },
      { name: "climbing away", value: null, limit: 1, unit: "K/min" },
      { name: "lowest cell under the others", value: null, limit: 0.03, unit: "V" },
      { name: "off-gas", value: null },
      { name: "smoke", value: null },
      { name: "silent", value: null },
    ];
    expect(detector.account!()).toEqual(unseen);
    for (const [name, value] of [
      ["rack/warmth", 25],
      ["rack/hottest", 27],
      ["rack/mean", 4],
      ["rack/low", 3.75],
      ["io/offgas.state", 1],
      ["asd/smoke.level", fire1],
    ] as const)
      says(name, value, 1);
    expect(Object.values(told(detector))).toEqual([2, 0, 0.25, 1, 1, null]);
    for (const name of ["rack/hottest", "rack/mean", "rack/low"]) says(name, "stale", 2);
    expect(told(detector)).toMatchObject({ "hottest over the others": null, silent: 1 });
  });

  test("is no heat and no cells where none are watched", () => {
    const { detector } = watching("warning", { offGas: offGas!, smoke: smoke! });
    expect(Object.keys(told(detector))).toEqual(["off-gas", "smoke", "silent"]);
  });

  test("is gas and smoke by one sensor with two limits, where a site has it so", () => {
    const sensor = point("io/gas.concentration");
    const { detector, says } = watching("warning", {
      offGas: [{ point: sensor, above: 10 }],
      smoke: [{ point: sensor, above: 50 }],
    });
    says(sensor, 20, 0);
    expect(told(detector)).toEqual({ "off-gas": 1, smoke: null, silent: null });
    says(sensor, 60, 1);
    expect(told(detector)).toEqual({ "off-gas": 1, smoke: 1, silent: null });
  });
});

describe("the silence of a lithium rack", () => {
  /** Smoke in the room of a rack that was heard, and that is then silent in this way while a neighbour answers. */
  const smoked = (how: Fault, others = neighbours!) => {
    const rack = watching("critical", { heat: heat!, smoke: smoke!, neighbours: others });
    rack.says("rack/warmth", 25, 0);
    rack.says("rack/hottest", 26, 0);
    for (const other of others) rack.says(other, 540, 0);
    rack.says("asd/smoke.level", fire1, 0);
    rack.says("asd/smoke.level", 0, 1);
    rack.says("rack/hottest", how, 10);
    return rack;
  };

  test.each([
    ["stale", "abnormal"],
    ["noCommunication", "abnormal"],
    // These come from a management that answers, or from one that was not asked yet.
    ["sensorFailure", "normal"],
    ["waitingForFirst", "normal"],
  ] as const)("is none or one by how its reading is bad: %s makes it %s", (how, verdict) => {
    expect(smoked(how).says("next/volts", 540, 12)).toBe(verdict);
  });

  test("counts from two seconds on in which a neighbour answers", () => {
    const rack = smoked("stale");
    expect(rack.says("next/volts", 540, 11.9)).toBe("normal");
    expect(rack.says("next/volts", 540, 12)).toBe("abnormal");
    const late = smoked("stale");
    expect(late.says("next/volts", "stale", 11)).toBe("normal");
    expect(late.says("next/volts", 540, 20)).toBe("normal");
    expect(late.says("next/volts", 540, 21.9)).toBe("normal");
    expect(late.says("next/volts", 540, 22)).toBe("abnormal");
  });

  test("needs one neighbour that answers, and not all of them", () => {
    const rack = smoked("stale", ["one/volts", "other/volts"].map(point));
    expect(rack.says("one/volts", "stale", 12)).toBe("abnormal");
    expect(rack.says("other/volts", "stale", 13)).toBe("normal");
  });

  test("belongs to smoke of up to a minute before it", () => {
    const fellSilent = (atS: number): Verdict => {
      const rack = smoked("sensorFailure");
      rack.says("rack/hottest", "stale", atS);
      return rack.says("next/volts", 540, atS + 3);
    };
    expect(fellSilent(60)).toBe("abnormal");
    expect(fellSilent(60.1)).toBe("normal");
  });

  test("is none while anything that it says of itself is heard", () => {
    const cells = { lowest: point("rack/low"), than: point("rack/mean"), warning: 0.03, stop: 0.05, step: 0.15 };
    const whenHeard = (...heard: readonly string[]): Verdict => {
      const rack = watching("critical", { cells, smoke: smoke!, neighbours: neighbours! });
      for (const [name, value] of [
        ["rack/low", 4],
        ["rack/mean", 4],
        ["next/volts", 540],
      ] as const)
        rack.says(name, value, 0);
      rack.says("asd/smoke.level", fire1, 0);
      for (const name of ["rack/low", "rack/mean"]) rack.says(name, heard.includes(name) ? 4 : "stale", 1);
      rack.says("rack/hottest", "stale", 1);
      return rack.says("next/volts", 540, 4);
    };
    expect(whenHeard("rack/low", "rack/mean")).toBe("normal");
    expect(whenHeard("rack/low")).toBe("unknown");
    expect(whenHeard("rack/mean")).toBe("unknown");
    expect(whenHeard()).toBe("abnormal");
  });

  test.each(["waitingForFirst", "stale"] as const)(
    "does not belong to a step of its cells while its own reading is %s",
    (how) => {
      const rack = watching("critical", { cells: whole.cells!, smoke: smoke!, neighbours: neighbours! });
      rack.says("next/volts", 540, 0);
      rack.says("rack/hottest", how, 0);
      const pair = (low: number | Fault, mean: number | Fault, at: number) =>
        [rack.says("rack/mean", mean, at), rack.says("rack/low", low, at)].at(-1);
      for (let s = 1; s <= 5; s++) pair(4, 4, s);
      expect([pair(3.7, 4, 6), pair(3.7, 4, 7)].at(-1)).toBe("abnormal");
      pair("stale", "stale", 8);
      rack.says("rack/hottest", "stale", 8);
      expect(rack.says("next/volts", 540, 12)).toBe("unknown");
    },
  );

  test("belongs to a step of its cells that two readings have shown, for as long as it stands, and to no other", () => {
    const once = well();
    once.says({ low: 3.8 });
    expect(once.says({ hot: "silent" }, 3)).toEqual(unknown);
    const standing = well();
    standing.says({ low: 3.8 }, 90);
    expect(standing.says({ hot: "silent" }, 3)).toEqual(critical);
  });

  test("belongs to heat only as long as the others are known, over which it stood", () => {
    const fellSilent = (others: number | Fault): Verdict => {
      const rack = watching("critical", { heat: heat!, smoke: smoke!, neighbours: neighbours! });
      for (const [name, value] of [
        ["asd/smoke.level", 0],
        ["next/volts", 540],
        ["rack/warmth", 25],
        ["rack/hottest", 40],
      ] as const)
        rack.says(name, value, 0);
      rack.says("rack/warmth", others, 1);
      rack.says("rack/hottest", 40, 80);
      rack.says("rack/hottest", "stale", 90);
      return rack.says("next/volts", 540, 93);
    };
    expect(fellSilent(25)).toBe("abnormal");
    expect(fellSilent("stale")).toBe("normal");
  });

  test("belongs to smoke of which a good reading told, and not to the silence of something else", () => {
    const rack = watching("critical", { heat: heat!, smoke: smoke!, neighbours: neighbours! });
    rack.says("rack/warmth", 25, 0);
    rack.says("rack/hottest", 26, 0);
    rack.says("asd/smoke.level", fire1, 0);
    rack.says("next/volts", "stale", 50);
    rack.says("asd/smoke.level", 0, 55);
    rack.says("rack/hottest", "stale", 100);
    rack.says("next/volts", 540, 101);
    expect(rack.says("next/volts", 540, 104)).toBe("normal");
  });

  test("is over with the first word of its own", () => {
    const rack = smoked("stale");
    expect(rack.says("next/volts", 540, 12)).toBe("abnormal");
    expect(rack.says("rack/hottest", 26, 13)).toBe("normal");
    expect(told(rack.detector)).toMatchObject({ silent: null });
  });
});

describe("a runaway in a site file", () => {
  const heating = "rising: 0.5\n    window: 60s";
  const heat = "heat: { than: [crac/temperature.supply] }";
  test.each([
    ["one sign", `runaway: { level: critical, ${heat} }`, "needs two of heat, cells, offGas and smoke"],
    [
      "hydrogen",
      `runaway: { level: critical, ${heat}, offGas: [{ point: io/hydrogen.concentration, above: 1 }] }`,
      "hydrogen comes with a lithium runaway and not before it",
    ],
    ["no level", `runaway: { ${heat} }`, "level"],
  ])("of %s is refused", (_, written, problem) => {
    expect(problemsAfter([heating, written]).join("\n")).toContain(problem);
  });

  test("is refused on a point that is asked too seldom to watch a rack by", () => {
    const offGas = "offGas: [{ point: io/offgas.state, at: [alarm] }]";
    const own = [heating, `runaway: { level: warning, ${heat}, ${offGas} }`] as const;
    expect(problemsAfter(own)).toEqual([]);
    const loose = [
      "space: hall, snmp: { host: 10.0.0.7",
      "space: hall, periods: { fast: 20s, normal: 20s }, snmp: { host: 10.0.0.7",
    ] as const;
    expect(problemsAfter(own, loose).join("\n")).toContain("it must hold 3 readings");
  });
});

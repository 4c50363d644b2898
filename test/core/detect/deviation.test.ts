import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { bad, good, judge, point } from "../fixture.ts";

const peers = ["m1", "m2", "m3", "m4", "m5"];
const apart = (limits: { above?: number; below?: number; deadband?: number }) =>
  makeDetector({ kind: "deviation", from: peers.map(point), deadband: 0, ...limits });

/** The detector after every peer has spoken; a peer that says "bad" has failed. */
const among = (
  values: readonly (number | "bad")[],
  limits = { above: 5, deadband: 1 } as Parameters<typeof apart>[0],
) => {
  const detector = apart(limits);
  values.forEach((value, i) => {
    const peer = `m${i + 1}`;
    judge(detector, value === "bad" ? bad(peer, "sensorFailure") : good(peer, value));
  });
  return detector;
};

describe("a deviation from peers", () => {
  test("is abnormal beyond the limit over the median, and until it is back by the deadband", () => {
    const detector = among([25, 26, 27, 24, 28]);
    expect([31, 31.01, 30.5, 30.01, 30, 31].map((value) => judge(detector, good("own", value)))).toEqual([
      "normal",
      "abnormal",
      "abnormal",
      "abnormal",
      "normal",
      "normal",
    ]);
  });

  test("is held by its deadband only while its alarm stands", () => {
    const detector = among([25, 26, 27, 24, 28]);
    const said = [31.5, 30.5, 31.5].map((value) => judge(detector, good("own", value), false));
    expect(said).toEqual(["abnormal", "normal", "abnormal"]);
    expect(judge(detector, good("own", 30.5), true)).toBe("abnormal");
  });

  test("is judged anew when a peer moves", () => {
    const detector = among([25, 25, 25, 25, 25]);
    expect(judge(detector, good("own", 31))).toBe("abnormal");
    for (const peer of ["m1", "m2"]) expect(judge(detector, good(peer, 33))).toBe("abnormal");
    expect(judge(detector, good("m3", 33))).toBe("normal");
  });

  test("raises nothing when all grow warm alike, however warm", () => {
    const detector = among([60, 61, 59, 60, 62]);
    expect(judge(detector, good("own", 63))).toBe("normal");
  });

  test("takes the middle of two between which the median lies", () => {
    const detector = makeDetector({
      kind: "deviation",
      from: ["m1", "m2", "m3", "m4"].map(point),
      above: 5,
      deadband: 0,
    });
    for (const [i, value] of [20, 22, 26, 30].entries()) judge(detector, good(`m${i + 1}`, value));
    expect(judge(detector, good("own", 29))).toBe("normal");
    expect(judge(detector, good("own", 29.01))).toBe("abnormal");
  });

  test("holds wherever a silent peer may lie, and says nothing where that decides", () => {
    // The median is 22 where the silent one lies below, and 26 where it lies above.
    const detector = among([20, 22, 26, 30, "bad"], { above: 5 });
    expect([27, 27.01, 31, 31.01].map((value) => judge(detector, good("own", value)))).toEqual([
      "normal",
      "unknown",
      "unknown",
      "abnormal",
    ]);
    expect(detector.account?.()).toEqual([
      { name: "from the median of its peers, at least", value: 31.01 - 26, limit: 5 },
      { name: "from the median of its peers, at most", value: 31.01 - 22, limit: 5 },
    ]);
  });

  test("with two limits is not between them because it may lie beyond either", () => {
    const detector = among([10, 20, 30, 40, "bad"], { above: 1, below: 1 });
    expect([18, 25, 32].map((value) => judge(detector, good("own", value)))).toEqual([
      "abnormal",
      "unknown",
      "abnormal",
    ]);
  });

  test("moves little by one peer that has gone wrong", () => {
    const detector = among([25, 25, 25, 25, 900]);
    expect(judge(detector, good("own", 31))).toBe("abnormal");
  });

  test("sees a fall below the peers where it is asked to, and both where it is", () => {
    expect(judge(among([25, 25, 25, 25, 25], { below: 5 }), good("own", 19))).toBe("abnormal");
    expect(judge(among([25, 25, 25, 25, 25], { below: 5 }), good("own", 90))).toBe("normal");
    const both = among([25, 25, 25, 25, 25], { above: 5, below: 2 });
    expect([31, 25, 22].map((value) => judge(both, good("own", value)))).toEqual(["abnormal", "normal", "abnormal"]);
  });

  test.each([
    ["its own reading is bad", [25, 25, 25, 25, 25], bad("own", "sensorFailure")],
    ["half of the peers or fewer speak", [25, 25, "bad", "bad", "bad"], good("own", 90)],
  ] as const)("says nothing where %s", (_, values, own) => {
    expect(judge(among(values), own)).toBe("unknown");
  });

  test("says nothing before it has seen enough peers", () => {
    const detector = apart({ above: 5 });
    expect(judge(detector, good("own", 90))).toBe("unknown");
    expect(judge(detector, good("m1", 25))).toBe("unknown");
    expect(judge(detector, good("m2", 25))).toBe("unknown");
    expect(judge(detector, good("m3", 25))).toBe("abnormal");
  });

  test("with two limits of different width is judged by each where a peer is silent", () => {
    // The median lies between 20 and 30: 21 may be 9 below it, or 1 above it.
    const detector = among([10, 20, 30, 40, "bad"], { above: 8, below: 9.5 });
    expect(judge(detector, good("own", 21))).toBe("normal");
    expect(judge(detector, good("own", 28))).toBe("normal");
    expect(judge(detector, good("own", 28.5))).toBe("unknown");
  });

  test.each([
    [{ below: 5 }, 21, "normal"],
    [{ below: 5 }, 18, "unknown"],
    [{ below: 5 }, 16, "abnormal"],
    [{ above: 1, below: 9 }, 15, "unknown"],
    [{ above: 9, below: 1 }, 33, "unknown"],
  ])("with %o and a silent peer is judged at both ends of what may be: %d is %s", (limits, own, verdict) => {
    // The median is 22 where the silent one lies below, and 26 where it lies above.
    expect(judge(among([20, 22, 26, 30, "bad"], limits), good("own", own))).toBe(verdict);
  });

  test("says nothing where just half of the peers speak", () => {
    const four = { kind: "deviation", from: ["m1", "m2", "m3", "m4"].map(point), above: 5, deadband: 0 } as const;
    const detector = makeDetector(four);
    for (const peer of ["m1", "m2"]) judge(detector, good(peer, 25));
    expect(judge(detector, good("own", 90))).toBe("unknown");
    expect(judge(detector, good("m3", 25))).toBe("abnormal");
  });

  test("tells below what it may fall, and nothing of a side on which no end is known", () => {
    const low = among([25, 25, 25, 25, 25], { below: 5 });
    judge(low, good("own", 19));
    expect(low.account?.()).toEqual([{ name: "from the median of its peers", value: -6, limit: -5 }]);
    const silent = makeDetector({ kind: "deviation", from: ["m1", "m2", "m3"].map(point), above: 5, deadband: 0 });
    expect(silent.account?.()).toEqual([{ name: "from the median of its peers", value: null, limit: 5 }]);
    for (const [peer, value] of [
      ["m1", 20],
      ["m2", 24],
    ] as const)
      judge(silent, good(peer, value));
    judge(silent, good("own", 30));
    expect(silent.account?.()).toEqual([
      { name: "from the median of its peers, at least", value: 6, limit: 5 },
      { name: "from the median of its peers, at most", value: 10, limit: 5 },
    ]);
  });

  test("tells how far apart it lies", () => {
    const detector = among([25, 25, 25, 25, 25]);
    judge(detector, good("own", 31));
    expect(detector.account?.()).toEqual([{ name: "from the median of its peers", value: 6, limit: 5 }]);
  });
});

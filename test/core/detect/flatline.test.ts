import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { ms } from "../../../src/core/time.ts";
import type { Verdict } from "../../../src/core/vote.ts";
import { bad, good, judge, point } from "../fixture.ts";
import { chanceFrom, noiseFrom } from "./noise.ts";

const still = () => makeDetector({ kind: "flatline", window: ms(1000), band: 0.5 });

describe("a flat line", () => {
  test("is abnormal from the end of its window on, and normal again when the value moves", () => {
    const detector = still();
    expect(judge(detector, good("x", 20, 0))).toBe("normal");
    expect(judge(detector, good("x", 20.5, 999))).toBe("normal");
    expect(judge(detector, good("x", 19.5, 1000))).toBe("abnormal");
    expect(judge(detector, good("x", 21, 1100))).toBe("normal");
    expect(judge(detector, good("x", 21, 2099))).toBe("normal");
    expect(judge(detector, good("x", 21, 2100))).toBe("abnormal");
  });

  test("creeps away from where it began, though each step is within the band", () => {
    const detector = still();
    const verdicts = [0, 1, 2, 3, 4].map((i) => judge(detector, good("x", 20 + i * 0.3, i * 400)));
    expect(verdicts).toEqual(["normal", "normal", "normal", "normal", "normal"]);
  });

  test("does not count a silence in which nobody saw the value stand still", () => {
    const detector = still();
    judge(detector, good("x", 20, 0));
    expect(judge(detector, bad("x", "stale", 500))).toBe("unknown");
    expect(judge(detector, good("x", 20, 60_000))).toBe("normal");
    expect(judge(detector, good("x", 20, 61_000))).toBe("abnormal");
  });

  test("is counted in readings where that is asked, each once", () => {
    const detector = makeDetector({ kind: "flatline", polls: 3, band: 0 });
    const verdicts = [0, 1, 1, 1, 2, 3].map((at) => judge(detector, good("x", 20, at * 1000)));
    expect(verdicts).toEqual(["normal", "normal", "normal", "normal", "normal", "abnormal"]);
  });

  test("is none where the value may rest, as a meter behind an open breaker does at 0", () => {
    const detector = makeDetector({ kind: "flatline", polls: 3, band: 0, rests: [0] });
    const verdicts = [5, 0, 0, 0, 0, 0, 5, 5, 5, 5].map((value, i) => judge(detector, good("x", value, i * 1000)));
    expect(verdicts.indexOf("abnormal")).toBe(9);
  });

  test("may rest at any of the values that are named, in a window as well", () => {
    const detector = makeDetector({ kind: "flatline", window: ms(1000), band: 0, rests: [0, 50] });
    const verdicts = [0, 0, 50, 50, 5, 5].map((value, i) => judge(detector, good("x", value, i * 2000)));
    expect(verdicts).toEqual(["normal", "normal", "normal", "normal", "normal", "abnormal"]);
  });

  test("tells of no time, and of no count, while it is silent", () => {
    const detector = still();
    const counting = makeDetector({ kind: "flatline", polls: 3, band: 0 });
    for (const one of [detector, counting]) {
      expect(one.account!()).toMatchObject([{ value: null }]);
      judge(one, good("x", 20, 0));
      judge(one, good("x", 20, 700));
    }
    expect(counting.account!()).toEqual([{ name: "readings that repeat it", value: 1, limit: 3 }]);
    for (const one of [detector, counting]) {
      judge(one, bad("x", "stale", 900));
      expect(one.account!()).toMatchObject([{ value: null }]);
    }
  });

  test("tells for how long it stands", () => {
    const detector = still();
    judge(detector, good("x", 20, 0));
    judge(detector, good("x", 20, 700));
    expect(detector.account!()).toEqual([{ name: "stands still for", value: 0.7, limit: 1, unit: "s" }]);
  });
});

const learning = (polls = 20) => makeDetector({ kind: "flatline", polls, band: 0, learned: true });

/** Readings a second apart, from a second on. */
function feed(detector: ReturnType<typeof learning>, from: number, values: readonly number[]): readonly Verdict[] {
  return values.map((value, i) => judge(detector, good("x", value, (from + i) * 1000)));
}
const noisy = (seed: number, count: number): readonly number[] => {
  const noise = noiseFrom(seed);
  return Array.from({ length: count }, () => 3.7 + 0.001 * noise());
};
const standing = (count: number): readonly number[] => Array.from({ length: count }, () => 3.7);

describe("a flat line of a channel that is learned", () => {
  test("is abnormal when a noisy channel repeats itself to the last bit", () => {
    const detector = learning();
    expect(feed(detector, 0, noisy(1, 300)).at(-1)).toBe("normal");
    const verdicts = feed(detector, 300, standing(25));
    expect(verdicts.indexOf("abnormal")).toBe(20);
    expect(verdicts.at(-1)).toBe("abnormal");
  });

  test("is not known before the channel has been seen to be noisy, nor of one that never was", () => {
    expect(new Set(feed(learning(), 0, noisy(1, 100)))).toEqual(new Set(["unknown"]));
    expect(new Set(feed(learning(), 0, standing(5000)))).toEqual(new Set(["unknown"]));
  });

  test("is not known of a quiet channel, that moves now and then: it is not dead", () => {
    const steps = Array.from({ length: 5000 }, (_, i) => Math.floor(i / 60));
    expect(new Set(feed(learning(), 0, steps))).toEqual(new Set(["unknown"]));
  });

  test("is none where so long a standstill may well be chance", () => {
    const detector = learning(5);
    const chance = chanceFrom(1);
    let value = 0;
    // Three of five readings move: five that stand come about every minute, forty never.
    const verdicts = feed(
      detector,
      0,
      Array.from({ length: 20_000 }, () => (chance() < 0.6 ? ++value : value)),
    );
    expect(verdicts).not.toContain("abnormal");
    expect(verdicts.at(-1)).toBe("normal");
    expect(
      feed(
        detector,
        20_000,
        Array.from({ length: 40 }, () => value),
      ).at(-1),
    ).toBe("abnormal");
  });

  test("does not clear by the thaw alone, but when the channel has been seen to be noisy again", () => {
    const detector = learning();
    feed(detector, 0, noisy(1, 300));
    feed(detector, 300, standing(4000));
    const thaw = feed(detector, 4300, noisy(2, 300));
    expect(new Set(thaw.slice(0, 100))).toEqual(new Set(["unknown"]));
    expect(thaw.at(-1)).toBe("normal");
  });

  test("does not learn from a rest that the channel is quiet", () => {
    const detector = makeDetector({ kind: "flatline", polls: 20, band: 0, rests: [0], learned: true });
    feed(detector, 0, noisy(1, 300));
    expect(
      new Set(
        feed(
          detector,
          300,
          standing(2000).map(() => 0),
        ),
      ),
    ).toEqual(new Set(["normal"]));
    feed(detector, 2300, noisy(2, 10));
    expect(feed(detector, 2310, standing(25)).at(-1)).toBe("abnormal");
  });

  test("does not learn from a value that a silence has come before: nobody saw whether it moved", () => {
    const detector = learning();
    for (let i = 0; i < 300; i += 1) {
      expect(judge(detector, good("x", i, 2000 * i))).toBe("unknown");
      judge(detector, bad("x", "stale", 2000 * i + 1000));
    }
    expect(detector.account!()[1]).toMatchObject({ value: 0 });
  });

  test("tells how much of the time the channel moves", () => {
    const detector = learning();
    feed(detector, 0, noisy(1, 1000));
    expect(detector.account!()).toEqual([
      { name: "readings that repeat it", value: 0, limit: 20 },
      { name: "usually moves in", value: expect.closeTo(99, 0) as number, limit: 25, unit: "%" },
    ]);
  });

  test("says nothing of noise as it comes, of any size and resolution (property)", () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(seeds, fc.constantFrom(0, 0.1, 0.5, 2), (seed, resolution) => {
        const noise = noiseFrom(seed);
        const coarse = (x: number): number => (resolution === 0 ? x : Math.round(x / resolution) * resolution);
        const values = Array.from({ length: 3000 }, () => coarse(20 + noise()));
        expect(feed(learning(), 0, values)).not.toContain("abnormal");
      }),
      { numRuns: 40 },
    );
  });
});

describe("a flat line beside peers", () => {
  const among = () => makeDetector({ kind: "flatline", window: ms(5000), band: 0, peers: ["p1", "p2"].map(point) });
  const peers = (i: number) => [good("p1", i, i * 1000), good("p2", 20, i * 1000)];

  test("is abnormal where one of them moves meanwhile", () => {
    const detector = among();
    const verdicts = [0, 1, 2, 3, 4, 5].map((i) => {
      for (const reading of peers(i)) judge(detector, reading);
      return judge(detector, good("x", 3, i * 1000));
    });
    expect(verdicts).toEqual(["normal", "normal", "normal", "normal", "normal", "abnormal"]);
  });

  test("is none where all of them stand as well: it is the plant that rests", () => {
    const detector = among();
    for (let i = 0; i < 100; i += 1) {
      for (const name of ["p1", "p2"]) judge(detector, good(name, 20, i * 1000));
      expect(judge(detector, good("x", 3, i * 1000))).toBe("normal");
    }
  });

  test("stays found when the peers come to rest, and until it moves itself", () => {
    const detector = among();
    for (let i = 0; i < 6; i += 1)
      for (const reading of [...peers(i), good("x", 3, i * 1000)]) judge(detector, reading);
    expect(judge(detector, good("p1", 5, 60_000))).toBe("abnormal");
    expect(judge(detector, bad("p1", "stale", 61_000))).toBe("abnormal");
    expect(judge(detector, good("x", 3.01, 62_000))).toBe("normal");
  });

  /** The verdict of a point that has stood since 0 s, after peers that say this in turn, a second apart. */
  const beside = (...said: readonly (number | null)[]) => {
    const detector = among();
    judge(detector, good("p2", 20, 0));
    judge(detector, good("x", 3, 0));
    said.forEach((value, i) => {
      const at = 1000 * (i + 1);
      judge(detector, value === null ? bad("p1", "stale", at) : good("p1", value, at));
    });
    return judge(detector, good("x", 3, 60_000));
  };

  test("is abnormal when one has moved three times: once or twice may have been under way", () => {
    expect(beside(1, 2, 3)).toBe("normal");
    expect(beside(1, 2, 3, 4)).toBe("abnormal");
  });

  test("takes a peer that falls silent, or comes back elsewhere, for none that moves", () => {
    expect(beside(1, null, 2, null, 3, null, 4, null, 5)).toBe("normal");
  });

  test("counts anew from when it moves itself", () => {
    const detector = among();
    const say = (name: string, value: number, at: number) => judge(detector, good(name, value, at));
    say("x", 3, 0);
    for (let i = 1; i <= 4; i++) say("p1", i, i * 1000);
    say("x", 4, 5000);
    expect(say("x", 4, 10_000)).toBe("normal");
  });

  test("is not known where none of them speaks", () => {
    const detector = among();
    for (let i = 0; i < 5; i += 1) expect(judge(detector, good("x", 3, i * 1000))).toBe("normal");
    expect(judge(detector, good("x", 3, 5000))).toBe("unknown");
  });
});

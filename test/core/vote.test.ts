import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError } from "../../src/core/assert.ts";
import type { Verdict } from "../../src/core/vote.ts";
import { vote } from "../../src/core/vote.ts";

const verdicts: readonly Verdict[] = ["normal", "abnormal", "unknown"];

const tuples = (length: number): readonly (readonly Verdict[])[] =>
  length === 0 ? [[]] : tuples(length - 1).flatMap((rest) => verdicts.map((verdict) => [...rest, verdict]));

/** Every way in which the unknown channels may turn out. */
const completions = (channels: readonly Verdict[]): readonly (readonly Verdict[])[] =>
  channels.reduce<readonly (readonly Verdict[])[]>(
    (all, verdict) =>
      all.flatMap((rest) =>
        (verdict === "unknown" ? (["normal", "abnormal"] as const) : [verdict]).map((v) => [...rest, v]),
      ),
    [[]],
  );

/** What a vote must be: what all completions agree on, or unknown where they do not. */
function byForce(need: number, channels: readonly Verdict[]): Verdict {
  const outcomes = new Set(
    completions(channels).map((all) => (all.filter((v) => v === "abnormal").length >= need ? "abnormal" : "normal")),
  );
  return outcomes.size === 1 ? [...outcomes][0]! : "unknown";
}

describe("a vote", () => {
  test.each([1, 2, 3, 4])(
    "over %i channels is what every outcome of the unknown ones agrees on, for every need",
    (n) => {
      const tables = tuples(n);
      expect(tables).toHaveLength(3 ** n);
      for (const channels of tables)
        for (let need = 1; need <= n; need += 1)
          expect(vote(need, channels), `${need} of ${channels.join(" ")}`).toBe(byForce(need, channels));
    },
  );

  test.each([
    [2, ["abnormal", "abnormal", "unknown"], "abnormal"],
    [2, ["normal", "normal", "unknown"], "normal"],
    [2, ["abnormal", "normal", "unknown"], "unknown"],
    [1, ["unknown"], "unknown"],
  ] as const)("of %i out of %j is %s", (need, channels, verdict) => {
    expect(vote(need, channels)).toBe(verdict);
  });

  test("is unknown only while the unknown channels could still change it (property, up to 8 channels)", () => {
    const cases = fc
      .array(fc.constantFrom(...verdicts), { minLength: 1, maxLength: 8 })
      .chain((channels) => fc.tuple(fc.integer({ min: 1, max: channels.length }), fc.constant(channels)));
    fc.assert(
      fc.property(cases, ([need, channels]) => {
        expect(vote(need, channels)).toBe(byForce(need, channels));
      }),
    );
  });

  test("does not depend on the order of its channels (property)", () => {
    const channels = fc.array(fc.constantFrom(...verdicts), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(channels, (given) => {
        expect(vote(1, given)).toBe(vote(1, given.toReversed()));
        expect(vote(given.length, given)).toBe(vote(given.length, given.toReversed()));
      }),
    );
  });

  test.each([
    [0, ["normal"]],
    [2, ["normal"]],
    [1, []],
  ] as const)("of %i out of %j is no vote", (need, channels) => {
    expect(() => vote(need, channels)).toThrow(AssertionError);
  });
});

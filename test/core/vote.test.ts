import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError } from "../../src/core/assert.ts";
import type { Ballot, Verdict, VoteRule } from "../../src/core/vote.ts";
import { architectureOf, vote } from "../../src/core/vote.ts";

const all: readonly Ballot[] = ["normal", "abnormal", "unknown", "waiting", "bypassed", "isolated"];

const tuples = (length: number): readonly (readonly Ballot[])[] =>
  length === 0 ? [[]] : tuples(length - 1).flatMap((rest) => all.map((ballot) => [...rest, ballot]));

/** Two detectors of smoke, then heat, then flame: of four channels two sense the same. */
const sensesOf = (channels: number): readonly string[] => ["smoke", "smoke", "heat", "flame"].slice(0, channels);

const rulesOf = (channels: number): readonly VoteRule[] =>
  Array.from({ length: channels }, (_, i) => i + 1).flatMap((need) =>
    (["hold", "vote", "exclude"] as const).flatMap((ifBad) =>
      [need, need - 1]
        .filter((degradeTo) => degradeTo >= 1)
        .flatMap((degradeTo) => [null, sensesOf(channels)].map((senses) => ({ need, ifBad, degradeTo, senses }))),
    ),
  );

const plain = (need: number): VoteRule => ({ need, ifBad: "hold", degradeTo: need, senses: null });

/** How a vote is counted when every channel in it has spoken. */
const passes = (need: number, members: readonly Member[]): boolean =>
  members.length >= need && members.every(({ sense }) => sense !== null)
    ? new Set(members.map(({ sense }) => sense)).size > 1
    : members.length >= need;

interface Member {
  readonly ballot: Ballot;
  /** Null where nobody asks. */
  readonly sense: string | null;
}

/** Every set of abnormal channels that there may turn out to be. */
function outcomes(members: readonly Member[], open: readonly Ballot[]): readonly (readonly Member[])[] {
  return members.reduce<readonly (readonly Member[])[]>(
    (sets, member) => {
      if (open.includes(member.ballot)) return sets.concat(sets.map((set) => [...set, member]));
      return member.ballot === "abnormal" ? sets.map((set) => [...set, member]) : sets;
    },
    [[]],
  );
}

/** What a vote must be, by trying out everything that silent channels may hide. */
function byForce({ need, ifBad, degradeTo, senses }: VoteRule, ballots: readonly Ballot[], stands: boolean): Verdict {
  const members = ballots.map((ballot, i): Member => ({ ballot, sense: senses?.[i] ?? null }));
  const less = (out: number): number => (degradeTo < need ? Math.max(1, need - out) : need);
  const absent: readonly Ballot[] =
    ifBad === "exclude" ? ["bypassed", "isolated", "unknown"] : ["bypassed", "isolated"];
  const voting = members.filter(({ ballot }) => !absent.includes(ballot));
  const needed = less(members.length - voting.length);
  if (!passes(needed, voting)) return "unknown";
  const results = new Set(outcomes(voting, ["unknown", "waiting"]).map((set) => passes(needed, set)));
  if (results.size === 2) {
    const seen = voting.filter(({ ballot }) => ballot === "abnormal");
    const bad = voting.filter(({ ballot }) => ballot === "unknown").length;
    const isJoined = ifBad === "vote" && seen.length > 0 && passes(Math.max(1, needed - bad), seen);
    return isJoined ? "abnormal" : "unknown";
  }
  if (results.has(true)) return "abnormal";
  if (!stands) return "normal";
  const present = members.filter(({ ballot }) => ballot !== "bypassed");
  const hidden = outcomes(present, ["unknown", "waiting", "isolated"]);
  return hidden.some((set) => passes(less(members.length - present.length), set)) ? "unknown" : "normal";
}

/** Every rule and every table of up to four channels, with the alarm calm and standing. */
function everyCase(check: (rule: VoteRule, ballots: readonly Ballot[], stands: boolean) => boolean): readonly string[] {
  const wrong: string[] = [];
  for (const channels of [1, 2, 3, 4])
    for (const rule of rulesOf(channels))
      for (const ballots of tuples(channels))
        for (const stands of [false, true])
          if (!check(rule, ballots, stands)) wrong.push(`${JSON.stringify(rule)} ${ballots.join(" ")} ${stands}`);
  return wrong;
}

describe("a vote", () => {
  test("is what trying out everything gives, for every table of up to four channels under every rule", () => {
    let cases = 0;
    const wrong = everyCase((rule, ballots, stands) => {
      cases += 1;
      return vote(rule, ballots, stands) === byForce(rule, ballots, stands);
    });
    expect(wrong).toEqual([]);
    expect(cases).toBeGreaterThan(100_000);
  });

  test("is never abnormal unless a channel is seen to be", () => {
    expect(
      everyCase((rule, ballots, stands) => ballots.includes("abnormal") || vote(rule, ballots, stands) !== "abnormal"),
    ).toEqual([]);
  });

  test("of an alarm that stands is not made normal by channels that fall silent or isolate themselves", () => {
    expect(
      everyCase((rule, ballots) => {
        if (vote(rule, ballots, true) === "normal") return true;
        return ballots.every((ballot, i) => {
          if (ballot !== "normal" && ballot !== "abnormal") return true;
          return (["unknown", "isolated"] as const).every(
            (silence) => vote(rule, ballots.with(i, silence), true) !== "normal",
          );
        });
      }),
    ).toEqual([]);
  });

  test("asks two senses of what is abnormal where that is said, whatever is silent, bypassed or isolated", () => {
    expect(
      everyCase((rule, ballots, stands) => {
        if (rule.senses === null || vote(rule, ballots, stands) !== "abnormal") return true;
        return new Set(rule.senses.filter((_, i) => ballots[i] === "abnormal")).size > 1;
      }),
    ).toEqual([]);
  });

  const exclude = (degradeTo: number): VoteRule => ({ need: 2, ifBad: "exclude", degradeTo, senses: null });

  test.each([
    ["2oo3", plain(2), "abnormal abnormal unknown", "abnormal"],
    ["2oo3", plain(2), "normal normal unknown", "normal"],
    ["2oo3 that holds", plain(2), "abnormal normal unknown", "unknown"],
    ["2oo3 in which bad channels vote", { ...plain(2), ifBad: "vote" }, "abnormal normal unknown", "abnormal"],
    ["2oo3 in which bad channels vote", { ...plain(2), ifBad: "vote" }, "normal unknown unknown", "unknown"],
    ["2oo3 that becomes 2oo2", exclude(2), "abnormal normal unknown", "normal"],
    ["2oo3 that becomes 1oo2", exclude(1), "abnormal normal unknown", "abnormal"],
    ["2oo3 that becomes 1oo2", exclude(1), "normal unknown unknown", "normal"],
    ["2oo3 that becomes 1oo2", exclude(1), "unknown unknown unknown", "unknown"],
    ["2oo3", plain(2), "abnormal normal bypassed", "normal"],
    ["2oo3", plain(2), "abnormal bypassed bypassed", "unknown"],
    ["2oo3 that becomes 1oo2", { ...plain(2), degradeTo: 1 }, "abnormal normal isolated", "abnormal"],
    ["2oo3 that becomes 1oo2", exclude(1), "abnormal waiting waiting", "unknown"],
    ["1oo1", plain(1), "isolated", "unknown"],
  ] as const)("of %s is so: %o, %s: %s", (_, rule, ballots, verdict) => {
    expect(vote(rule, ballots.split(" ") as Ballot[])).toBe(verdict);
  });

  test("does not depend on the order of its channels (property)", () => {
    const channels = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(channels, fc.boolean(), (given, stands) => {
        for (const need of [1, given.length])
          expect(vote(plain(need), given, stands)).toBe(vote(plain(need), given.toReversed(), stands));
      }),
    );
  });

  test.each([
    [0, ["normal"], "a vote needs at least one channel"],
    [2, ["normal"], "a vote cannot need more channels than it has"],
    [1, [], "a vote cannot need more channels than it has"],
  ] as const)("of %i out of %j is no vote: %s", (need, channels, text) => {
    expect(() => vote(plain(need), channels)).toThrow(new AssertionError(text));
  });
});

describe("what a vote amounts to", () => {
  const words = (rule: VoteRule, ballots: string): string | null => {
    const as = architectureOf(rule, ballots.split(" ") as Ballot[]);
    return as && `${as.need}oo${as.of}`;
  };
  const smokeSmokeHeat: VoteRule = { ...plain(2), senses: ["smoke", "smoke", "heat"] };

  test.each([
    [plain(2), "normal abnormal normal", "2oo3"],
    [plain(2), "normal abnormal unknown", "2oo2"],
    [plain(2), "normal unknown unknown", null],
    [{ ...plain(2), degradeTo: 1 }, "normal normal unknown", "2oo2"],
    [{ ...plain(2), ifBad: "vote" }, "normal normal unknown", "1oo2"],
    [{ ...plain(2), ifBad: "vote" }, "normal unknown unknown unknown", "1oo1"],
    [{ ...plain(3), ifBad: "vote" }, "normal normal normal unknown", "2oo3"],
    [{ ...plain(2), ifBad: "exclude" }, "normal normal unknown", "2oo2"],
    [{ ...plain(2), ifBad: "exclude", degradeTo: 1 }, "normal normal unknown", "1oo2"],
    [{ ...plain(2), ifBad: "exclude", degradeTo: 1 }, "normal unknown unknown", "1oo1"],
    [{ ...plain(2), ifBad: "exclude", degradeTo: 1 }, "normal bypassed isolated", "1oo1"],
    [{ ...plain(3), degradeTo: 2 }, "normal bypassed normal normal", "2oo3"],
    [plain(2), "waiting normal normal", "2oo3"],
    [smokeSmokeHeat, "normal normal bypassed", null],
    [smokeSmokeHeat, "normal bypassed normal", "2oo2"],
  ] as const)("of %o, %s: %s", (rule, ballots, as) => {
    expect(words(rule, ballots)).toBe(as);
  });
});

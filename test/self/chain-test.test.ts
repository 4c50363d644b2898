import { describe, expect, test } from "vitest";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import { openChain } from "../../src/self/chain.ts";
import { chainTests, chainWords, dailyTest } from "../../src/self/chain-test.ts";
import type { ChainResult } from "../../src/serve/api-drills.ts";
import { t0 } from "../core/fixture.ts";

const clock = { now: () => instant(t0) };

describe("a series of tests of the chain", () => {
  test("is a hundred of them, one after the other; whoever asks meanwhile gets the same", async () => {
    let wall = 0;
    const chain = openChain(instant(t0), () => wall);
    const loop = {
      test: (reading: Parameters<typeof chain.take>[1][number]) => {
        wall += 7;
        if (chain.take(instant(t0), [reading])) queueMicrotask(() => chain.decided());
      },
    };
    const tests = chainTests(chain, loop, clock);
    const [one, other] = await Promise.all([tests.run(), tests.run()]);
    expect(one).toBe(other);
    expect(one).toEqual({ at: t0, asked: 100, answered: 100, p50Ms: 7, p99Ms: 7, worstMs: 7 });
    expect(tests.last()).toBe(one);
    expect(chainWords(one)).toBe("chain: 100 of 100 answered, p50 7 ms, p99 7 ms, at most 7 ms");
  });

  test("is run once a day when the site's clock shows its time, and told", async () => {
    const result: ChainResult = { at: 0, asked: 100, answered: 99, p50Ms: 1, p99Ms: 2, worstMs: 3 };
    const told: string[] = [];
    const onTold = ({ kind, text }: { readonly kind: string; readonly text: string }): void =>
      void told.push(`${kind} ${text}`);
    const tests = { run: () => Promise.resolve(result), last: () => null };
    const tick = dailyTest(tests, { timezone: "Asia/Seoul", time: "04:00", onTold });
    const at = (iso: string): Instant => instant(Date.parse(iso));
    for (const iso of ["2026-03-02T03:59:59+09:00", "2026-03-02T04:00:00+09:00", "2026-03-02T04:00:01+09:00"])
      tick(at(iso));
    await Promise.resolve();
    expect(told).toEqual(["drill chain: 99 of 100 answered, p50 1 ms, p99 2 ms, at most 3 ms"]);
    tick(at("2026-03-03T04:00:30+09:00"));
    await Promise.resolve();
    expect(told).toHaveLength(2);
  });
});

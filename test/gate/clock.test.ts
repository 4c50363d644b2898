import { describe, expect, it } from "vitest";
import { realClock } from "../../src/clock.ts";
import { ms, seconds } from "../../src/core/time.ts";
import { pause } from "../../src/gate/clock.ts";

const stop = new AbortController().signal;

describe("the gate's clock", () => {
  it("at speed 1 is the wall clock", () => {
    const before = Date.now();
    const now = realClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it("is the same in two processes that are given the same beginning and speed", () => {
    const since = Date.now() - 1000;
    const here = realClock(20, since).now();
    const there = realClock(20, since).now();
    expect(here).toBeGreaterThanOrEqual(since + 20_000);
    expect(there).toBeGreaterThanOrEqual(here);
  });

  it("waits in the plant's time", async () => {
    const clock = realClock(1000);
    const before = clock.now();
    await clock.wait(seconds(20), stop);
    expect(clock.now() - before).toBeGreaterThanOrEqual(19_000);
  });

  it("ends a wait when it is told to, and one that begins after that at once", async () => {
    const control = new AbortController();
    const waiting = realClock().wait(seconds(3600), control.signal);
    control.abort();
    await waiting;
    await realClock().wait(seconds(3600), control.signal);
    await pause(ms(3_600_000), control.signal);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { realClock } from "../src/clock.ts";
import { start } from "../src/core/plant.ts";
import { openLoop } from "../src/loop.ts";
import { turnLoop } from "../src/pace.ts";
import { alarm, good, site } from "./core/fixture.ts";

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
  vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

/** A loop that turns, and when it has scanned, ms since it began. */
async function turning() {
  const clock = realClock();
  const began = performance.now();
  const scans: number[] = [];
  const loop = openLoop(start(site({ alarms: [alarm("hot")] }), clock.now()), {
    journal: () => undefined,
    durable: () => Promise.resolve(),
    command: () => undefined,
    scanned: () => void scans.push(performance.now() - began),
  });
  void turnLoop(loop, clock, { pace: { scans: 0, overruns: 0, scanMs: 0 } }, stop.signal);
  const say = (value: number) => loop.offer([{ ...good("x", value), at: clock.now() }]);
  await vi.advanceTimersByTimeAsync(0);
  return { say, scans };
}

describe("a loop that turns", () => {
  test("scans what changes in the middle of a period at once, and what does not when its period is over", async () => {
    const { say, scans } = await turning();
    await vi.advanceTimersByTimeAsync(40);
    say(20);
    await vi.advanceTimersByTimeAsync(10);
    say(20);
    await vi.advanceTimersByTimeAsync(200);
    expect(scans).toEqual([40, 140]);
  });

  test("scans what changes right after a scan ten milliseconds after that, all of it together", async () => {
    const { say, scans } = await turning();
    await vi.advanceTimersByTimeAsync(40);
    say(20);
    await vi.advanceTimersByTimeAsync(1);
    say(21);
    await vi.advanceTimersByTimeAsync(2);
    say(22);
    await vi.advanceTimersByTimeAsync(50);
    expect(scans).toEqual([40, 50]);
  });
});

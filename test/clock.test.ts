import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { realClock, virtualClock } from "../src/clock.ts";
import { instant, seconds } from "../src/core/time.ts";

const wall = 1_700_000_000_000;

describe("the machine's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: wall, toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("begins at the wall's time and keeps its pace", () => {
    const clock = realClock();
    expect(clock.now()).toBe(wall);
    vi.advanceTimersByTime(1500);
    expect(clock.now()).toBe(wall + 1500);
  });

  test("does not follow a wall clock that is set, forwards or back", () => {
    const clock = realClock();
    vi.setSystemTime(wall - 3_600_000);
    expect(clock.now()).toBe(wall);
    vi.setSystemTime(wall + 3_600_000);
    vi.advanceTimersByTime(100);
    expect(clock.now()).toBe(wall + 100);
  });

  test("is gone on with by a process that begins later, whatever was done to the wall in between", () => {
    const clock = realClock(20);
    vi.advanceTimersByTime(5000);
    vi.setSystemTime(wall + 3_600_000);
    const later = realClock(20, Date.now(), clock.now());
    expect(later.now()).toBe(clock.now());
    vi.advanceTimersByTime(50);
    expect(later.now()).toBe(clock.now());
  });

  test("runs faster from an instant on, and agrees with the gate's, that is another process's", () => {
    const since = wall - 10_000;
    const [clock, gate] = [realClock(20, since), realClock(20, since)];
    expect(clock.now()).toBe(since + 200_000);
    expect(gate.now()).toBe(clock.now());
    vi.advanceTimersByTime(50);
    expect(clock.now()).toBe(since + 201_000);
    expect(gate.now()).toBe(clock.now());
  });

  test("waits in plant time, and not at all when it is told to stop", async () => {
    const clock = realClock(10);
    let isOver = false;
    const waiting = clock.wait(seconds(2)).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(199);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    const stop = new AbortController();
    const stopped = clock.wait(seconds(1000), stop.signal);
    expect(vi.getTimerCount()).toBe(1);
    stop.abort();
    await stopped;
    expect(vi.getTimerCount()).toBe(0);
    await clock.wait(seconds(1000), stop.signal);
  });
});

describe("a rehearsal's clock", () => {
  test("stands still until it is moved", () => {
    const clock = virtualClock(instant(100));
    expect([clock.now(), clock.next()]).toEqual([100, null]);
    clock.moveTo(instant(250));
    expect(clock.now()).toBe(250);
  });

  test("ends the waits that are over, the earliest first, and says when the next one is", async () => {
    const clock = virtualClock(instant(0));
    const order: string[] = [];
    const waits = [
      clock.wait(seconds(3)).then(() => order.push("three")),
      clock.wait(seconds(1)).then(() => order.push("one")),
      clock.wait(seconds(9)).then(() => order.push("nine")),
    ];
    expect(clock.next()).toBe(1000);
    clock.moveTo(instant(3000));
    await Promise.all(waits.slice(0, 2));
    expect(order).toEqual(["one", "three"]);
    expect(clock.next()).toBe(9000);
  });

  test("ends a wait that is stopped, and does not remember it", async () => {
    const clock = virtualClock(instant(0));
    const stop = new AbortController();
    const waiting = clock.wait(seconds(5), stop.signal);
    stop.abort();
    await waiting;
    expect(clock.next()).toBeNull();
    await clock.wait(seconds(5), stop.signal);
    expect(clock.next()).toBeNull();
  });
});

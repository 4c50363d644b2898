import { describe, expect, test } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { SharedClock } from "../../src/collect/together.ts";
import { instant, ms, seconds } from "../../src/core/time.ts";

const t0 = instant(1_000_000);
/** A signal of one device, which nobody aborts. */
const never = (): AbortSignal => new AbortController().signal;

/** A shared clock over a virtual one, and a way to let what ended be seen. */
function shared(stop = new AbortController().signal) {
  const under = virtualClock(t0);
  const moveTo = async (at: number): Promise<void> => {
    under.moveTo(instant(at));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { under, clock: new SharedClock(under, stop), moveTo };
}

describe("devices that wait together", () => {
  test("are woken at one instant where their turns are nearly at once, and none before its turn", async () => {
    const { under, clock, moveTo } = shared();
    const ended: number[] = [];
    for (const wait of [1001, 1003, 1007]) void clock.wait(ms(wait), never()).then(() => ended.push(wait));
    const at = under.next()!;
    expect(at).toBeGreaterThanOrEqual(t0 + 1007);
    expect(at).toBeLessThanOrEqual(t0 + 1001 + 16);
    await moveTo(at - 1);
    expect(ended).toEqual([]);
    await moveTo(at);
    expect(ended).toEqual([1001, 1003, 1007]);
    expect(under.next()).toBeNull();
  });

  test.each([
    [1, 0],
    [49, 0],
    [100, 2],
    [1000, 16],
    [60_000, 16],
  ])("wait for %i ms no more than %i ms longer", async (wait, late) => {
    for (let begin = 0; begin < 40; begin += 1) {
      const { under, clock, moveTo } = shared();
      await moveTo(t0 + begin);
      void clock.wait(ms(wait), never());
      const took = under.next()! - t0 - begin;
      expect(took).toBeGreaterThanOrEqual(wait);
      expect(took).toBeLessThanOrEqual(wait + late);
    }
  });

  test("go on waiting when one of them is called", async () => {
    const { under, clock, moveTo } = shared();
    const [called, ended] = [new AbortController(), [] as string[]];
    void clock.wait(seconds(1), called.signal).then(() => ended.push("called"));
    void clock.wait(seconds(1), never()).then(() => ended.push("other"));
    called.abort();
    await moveTo(t0 + 1);
    expect(ended).toEqual(["called"]);
    await moveTo(under.next()!);
    expect(ended).toEqual(["called", "other"]);
  });

  test("all stop waiting at the stop, and who is called already does not begin", async () => {
    const stop = new AbortController();
    const { under, clock } = shared(stop.signal);
    const waits = [
      clock.wait(seconds(1), never()),
      clock.wait(seconds(9), never()),
      clock.wait(seconds(1), AbortSignal.abort()),
    ];
    stop.abort();
    await Promise.all(waits);
    expect(under.next()).toBeNull();
  });
});

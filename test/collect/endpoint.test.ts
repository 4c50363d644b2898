import { describe, expect, test } from "vitest";
import { Endpoint } from "../../src/collect/endpoint.ts";
import { type Line, LineFault, type OpenLine, type Poll } from "../../src/collect/line.ts";
import type { PointModel, Sample } from "../../src/profiles/model.ts";
import { modbusPoint, steppedClock } from "./fixture.ts";

const points = [modbusPoint("a", 1), modbusPoint("b", 2)];
const alone = async (): Promise<void> => {};
const good = (point: PointModel): Sample => ({ point, value: 1 });
const broken = new LineFault("broken", "cut");
const silent = new LineFault("silent", "no answer in time");

type Script = (asked: readonly PointModel[]) => Partial<Poll>;

/** A device that does what the script says, a poll at a time; its last word is repeated. */
function scripted(...script: readonly (Script | LineFault)[]) {
  const state = { opened: 0, closed: 0, polls: 0 };
  const next = (): Script | LineFault => script[Math.min(state.polls++, script.length - 1)]!;
  const open: OpenLine = async () => {
    state.opened += 1;
    let usable = true;
    const line: Line = {
      get usable() {
        return usable;
      },
      async poll(asked) {
        const step = next();
        const poll = step instanceof LineFault ? { fault: step } : step(asked);
        return { samples: [], heard: false, latencyMs: null, fault: null, rawOf: () => null, ...poll };
      },
      close() {
        if (usable) state.closed += 1;
        usable = false;
      },
    };
    return line;
  };
  return { open, state };
}

const all: Script = (asked) => ({ samples: asked.map(good), heard: true, latencyMs: 3 });

function endpoint(open: OpenLine, over: { retries?: number; random?: () => number } = {}) {
  const clock = steppedClock();
  const stop = new AbortController();
  const made = new Endpoint({ open, clock, retries: 0, random: () => 0.999, ...over }, stop.signal);
  return { clock, stop, poll: () => made.poll(points, alone), made };
}

describe("an endpoint", () => {
  test("opens one line and keeps it", async () => {
    const { open, state } = scripted(all);
    const { poll } = endpoint(open);
    for (let i = 0; i < 3; i++) expect(await poll()).toEqual({ samples: points.map(good), up: true, latencyMs: 3 });
    expect(state).toEqual({ opened: 1, closed: 0, polls: 3 });
  });

  test("gives every point a fault, and no value, when the line breaks", async () => {
    const { open } = scripted(broken);
    const outcome = await endpoint(open).poll();
    expect(outcome).toEqual({
      samples: points.map((point) => ({ point, fault: "noCommunication" })),
      up: false,
      latencyMs: null,
    });
  });

  test("asks again over a new line, only for what is missing", async () => {
    const asked: (readonly PointModel[])[] = [];
    const half: Script = () => ({ samples: [good(points[0]!)], heard: true, latencyMs: 1, fault: broken });
    const rest: Script = (wanted) => {
      asked.push(wanted);
      return all(wanted);
    };
    const { open, state } = scripted(half, rest);
    const outcome = await endpoint(open, { retries: 1 }).poll();
    expect(outcome).toMatchObject({ samples: points.map(good), up: true });
    expect(asked).toEqual([[points[1]]]);
    expect(state).toMatchObject({ opened: 2, closed: 1 });
  });

  test("does not count a line that had died unnoticed as a try", async () => {
    const stale = new LineFault("broken", "closed", { asked: false });
    const { open, state } = scripted(stale, all);
    expect((await endpoint(open).poll()).up).toBe(true);
    expect(state.opened).toBe(2);
  });

  test("does not go on for ever with a peer that closes every line at once", async () => {
    const stale = new LineFault("broken", "closed", { asked: false });
    const { open, state } = scripted(stale);
    expect((await endpoint(open).poll()).up).toBe(false);
    expect(state.opened).toBe(3);
  });

  test("opens a datagram line anew after three silent polls, not before", async () => {
    const { open, state } = scripted(silent);
    const { poll, clock } = endpoint(open);
    for (const opened of [1, 1, 1, 2]) {
      await poll();
      expect(state.opened).toBe(opened);
      clock.step(60_000);
    }
  });

  test("is back at the first poll after a cut, and waits longer and longer for a device that stays away", async () => {
    const { open, state } = scripted(broken);
    const { poll, clock } = endpoint(open);
    await poll();
    await poll();
    expect(state.polls).toBe(2);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const before = state.polls;
      let waitedMs = 0;
      while (state.polls === before) {
        clock.step(100);
        waitedMs += 100;
        expect((await poll()).up).toBe(false);
      }
      waits.push(waitedMs);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  test("halves a wait at most by jitter, so that a thousand devices do not come back together", async () => {
    const { open, state } = scripted(broken);
    const { poll, clock } = endpoint(open, { random: () => 0 });
    await poll();
    await poll();
    clock.step(249);
    await poll();
    expect(state.polls).toBe(2);
    clock.step(1);
    await poll();
    expect(state.polls).toBe(3);
  });

  test("begins with no wait again once the device has answered", async () => {
    const { open, state } = scripted(broken, broken, all, broken, all);
    const { poll, clock } = endpoint(open);
    await poll();
    await poll();
    clock.step(500);
    expect((await poll()).up).toBe(true);
    expect((await poll()).up).toBe(false);
    expect((await poll()).up).toBe(true);
    expect(state.polls).toBe(5);
  });

  test("says why nothing can be had while it waits, if that is a matter of configuration", async () => {
    const refused = new LineFault("broken", "wrong key", { reason: "configuration" });
    const { open } = scripted(refused);
    const { poll } = endpoint(open);
    for (let i = 0; i < 4; i++) {
      expect((await poll()).samples).toEqual(points.map((point) => ({ point, fault: "configuration" })));
    }
  });

  test("keeps what it knew of a device in a poll that had nothing to ask", async () => {
    const idle: Script = (asked) => ({ samples: asked.map((point) => ({ point, fault: "notFitted" })), heard: null });
    for (const [before, up] of [
      [all, true],
      [broken, false],
    ] as const) {
      const { poll } = endpoint(scripted(before, idle).open);
      expect((await poll()).up).toBe(up);
      expect((await poll()).up).toBe(up);
    }
  });

  test("takes a device that cannot be reached for silence, and a bug of ours for a bug", async () => {
    const unreachable = endpoint(() => Promise.reject(new LineFault("broken", "ECONNREFUSED", { asked: false })));
    expect((await unreachable.poll()).up).toBe(false);
    const buggy = endpoint(() => Promise.reject(new TypeError("ours")));
    await expect(buggy.poll()).rejects.toThrow("ours");
  });

  test("closes its line when it is told to stop, and opens none afterwards", async () => {
    const { open, state } = scripted(all);
    const { poll, stop } = endpoint(open);
    await poll();
    stop.abort();
    expect(state.closed).toBe(1);
    expect((await poll()).up).toBe(false);
    expect(state.opened).toBe(1);
  });
});

import { describe, expect, test } from "vitest";
import { type Fault, parseFault } from "../../../simulators/wire/fault.ts";
import { faultsFrom } from "../../../simulators/wire/faults.ts";

const fault = (text: string, protocol: "modbus" | "snmp" = "modbus"): Fault => {
  const read = parseFault(text, protocol);
  if (typeof read === "string") throw new Error(read);
  return read;
};

/** Which of so many answers go wrong in any way. */
function struck(text: string, seed: number, times: readonly number[]): readonly number[] {
  let now = 0;
  const faults = faultsFrom([fault(text)], { seed, now: () => now });
  return times.flatMap((at, i) => {
    now = at;
    return Object.values(faults.next()).some((value) => value === true) ? [i] : [];
  });
}

const hundred = Array.from({ length: 100 }, (_, i) => i * 100);

describe("a fault as it is written", () => {
  test("says what goes wrong, how often, or once in which period", () => {
    expect(fault("delay=200ms")).toEqual({ kind: "delay", value: 200, chance: 1, periodMs: null });
    expect(fault("drop=0.1")).toMatchObject({ kind: "drop", chance: 0.1 });
    expect(fault("wrong-id@0.25")).toMatchObject({ kind: "wrong-id", chance: 0.25 });
    expect(fault("reset@30s")).toMatchObject({ kind: "reset", chance: 1, periodMs: 30_000 });
    expect(fault("exception=6")).toMatchObject({ kind: "exception", value: 6 });
    expect(fault("error=genErr", "snmp")).toMatchObject({ kind: "error", value: 5 });
  });

  test("is refused in words where it is none, or belongs to the other protocol", () => {
    const refusals = [
      "dlay=1s",
      "delay",
      "delay=fast",
      "drop=2",
      "exception=300",
      "frozen=1",
      "reset@often",
      "drop=0.1@1s",
    ];
    expect(refusals.map((text) => typeof parseFault(text, "modbus"))).toEqual(refusals.map(() => "string"));
    expect(parseFault("exception=6", "snmp")).toContain("error=genErr");
    expect(parseFault("error=genErr", "modbus")).toContain("exception=6");
    expect(parseFault("error=bad", "snmp")).toContain("genErr");
  });
});

describe("faults at work", () => {
  test("strike the same answers from one seed, others from another, and about as many as is said", () => {
    const once = struck("drop=0.3", 5, hundred);
    expect(struck("drop=0.3", 5, hundred)).toEqual(once);
    expect(struck("drop=0.3", 6, hundred)).not.toEqual(once);
    expect(once.length).toBeGreaterThan(15);
    expect(once.length).toBeLessThan(45);
  });

  test("strike the first answer of each period", () => {
    expect(struck("reset@1s", 1, [0, 100, 900, 1000, 1100, 3500, 3600])).toEqual([0, 3, 5]);
  });

  test("come together", () => {
    const faults = faultsFrom([fault("delay=50ms"), fault("wrong-id"), fault("exception=4")], {
      seed: 1,
      now: () => 0,
    });
    expect(faults.next()).toMatchObject({ delayMs: 50, isOfAnother: true, refusal: 4, isLost: false });
  });

  test("let a device stand still for every other period", () => {
    let now = 0;
    const faults = faultsFrom([fault("frozen@10s")], { seed: 1, now: () => now });
    const seen = [0, 9999, 10_000, 19_999, 20_000].map((at) => {
      now = at;
      return faults.frozen();
    });
    expect(seen).toEqual([false, false, true, true, false]);
    expect(faultsFrom([fault("frozen")], { seed: 1, now: () => now }).frozen()).toBe(true);
  });
});

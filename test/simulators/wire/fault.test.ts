import { describe, expect, test } from "vitest";
import { type Fault, faultOf, faultSchema, parseFault } from "../../../simulators/wire/fault.ts";
import { changingFaults, faultsFrom } from "../../../simulators/wire/faults.ts";

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

  test("may be of one point, of a clock, or of manners", () => {
    expect(fault("spike=5@0.01")).toMatchObject({ kind: "spike", value: 5, chance: 0.01 });
    expect(fault("current[2]:spike=-1@30s")).toMatchObject({ point: "current[2]", value: -1, periodMs: 30_000 });
    expect(fault("drift=-0.02")).toMatchObject({ kind: "drift", value: -0.02 });
    expect(fault("wrong-scale=0.1")).toMatchObject({ value: 0.1 });
    expect(fault("slow-loris=50ms")).toMatchObject({ value: 50 });
    expect(fault("clock-step=-1h", "snmp")).toMatchObject({ value: -3_600_000 });
    expect(fault("clock-step@1d", "snmp")).toMatchObject({ value: 0, periodMs: 86_400_000 });
    expect(fault("trap-storm=50", "snmp")).toMatchObject({ value: 50 });
    const refusals = [
      "spike",
      "spike=0",
      "drift=much",
      "drift=0.1@10s",
      "battery.charge:drop",
      "trap-storm=50",
      "clock-step",
    ];
    expect(refusals.map((text) => typeof parseFault(text, "modbus"))).toEqual(refusals.map(() => "string"));
    expect(typeof parseFault("slow-loris", "snmp")).toBe("string");
    expect(typeof parseFault("clock-step=1h@0.5", "snmp")).toBe("string");
  });

  test("is written as data in files", () => {
    const read = (said: object, protocol: "modbus" | "snmp" = "modbus") => faultOf(faultSchema.parse(said), protocol);
    expect(read({ fault: "drop", on: "m", share: 0.3, for: "5min" })).toMatchObject({ kind: "drop", chance: 0.3 });
    expect(read({ fault: "delay", link: "m", by: "200ms", every: "10s" })).toMatchObject({
      value: 200,
      periodMs: 10_000,
    });
    expect(read({ fault: "spike", on: "m/current[1]", by: 4 })).toMatchObject({ point: "current[1]", value: 4 });
    expect(read({ fault: "error", on: "m", by: "genErr" })).toContain("errors are SNMP's");
    for (const wrong of [
      { fault: "drop" },
      { fault: "drop", on: "m", link: "m" },
      { fault: "drop", on: "m", share: 0.1, every: "1s" },
      { fault: "spike", link: "m", by: 3 },
      { fault: "explode", on: "m" },
    ])
      expect(faultSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
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

  test("change numbers: a spike now and then, a drift by the minute, a wrong scale for ever", () => {
    let now = 0;
    const of = (text: string) => faultsFrom([fault(text)], { seed: 1, now: () => now });
    const [spike, drift, scale, one] = [of("spike=10@1s"), of("drift=0.1"), of("wrong-scale=0.1"), of("a:spike=2")];
    expect([spike.shows("a", 5), spike.shows("b", 5), spike.shows("a", 5)]).toEqual([50, 50, 5]);
    expect([one.shows("a", 5), one.shows("b", 5)]).toEqual([10, 5]);
    now = 120_000;
    expect(drift.shows("a", 50)).toBeCloseTo(60);
    expect(drift.shows("a", 0)).toBeCloseTo(0.2);
    expect(scale.shows("a", 50)).toBeCloseTo(5);
    expect(spike.shows("a", 0)).toBe(10);
  });

  test("step a clock ahead, back, or to its beginning", () => {
    let now = 0;
    const of = (text: string) => faultsFrom([fault(text, "snmp")], { seed: 1, now: () => now });
    const [ahead, back, anew] = [of("clock-step=1h@1d"), of("clock-step=-1h"), of("clock-step@1h")];
    now = 2 * 86_400_000 + 5000;
    expect(ahead.clock()).toMatchObject({ aheadMs: 3 * 3_600_000, restarts: 0 });
    expect(back.clock()).toMatchObject({ aheadMs: -3_600_000 });
    expect(anew.clock()).toEqual({ aheadMs: 0, restarts: 49, sinceRestartMs: 5000 });
  });

  test("begin and end while the device runs", () => {
    const faults = changingFaults({ seed: 1, now: () => 0 });
    const end = faults.begin(fault("drop"));
    expect(faults.next().isLost).toBe(true);
    end();
    expect(faults.next().isLost).toBe(false);
    const calm = faults.begin(fault("trap-storm=5", "snmp"));
    expect(faults.stormPerS()).toBe(5);
    calm();
    expect(faults.stormPerS()).toBe(0);
  });
});

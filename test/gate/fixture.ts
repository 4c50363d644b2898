import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command, CommandId, Outcome, ResponseId } from "../../src/core/command.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Actuator, Order, WriteOutcome } from "../../src/gate/actuator.ts";
import type { GateClock } from "../../src/gate/clock.ts";
import type { GateParts } from "../../src/gate/gate.ts";
import { openGate } from "../../src/gate/gate.ts";
import type { Ledger } from "../../src/gate/ledger.ts";
import { memoryLedger } from "../../src/gate/ledger.ts";
import type { GatePolicy } from "../../src/gate/policy.ts";

export const start = instant(1_000_000);
export const point = (text: string): PointId => text as PointId;

/** A command to open an outlet, with what a test cares about put in. */
export function command(
  over: Partial<Record<"id" | "response" | "point", string>> & Partial<Omit<Command, "id" | "response" | "point">> = {},
): Command {
  const { id = "shed#1/a=0", response = "shed", point: at = "pdu-a/outlet[1].state", value = 0, ...rest } = over;
  return {
    id: id as CommandId,
    response: response as ResponseId,
    point: point(at),
    value,
    why: "a test",
    issued: start,
    expires: instant(start + 10_000),
    expect: { point: point(at), is: "=", value, within: ms(10_000) },
    ...rest,
  };
}

const outlets = new Map([1, 2, 3, 4].map((n) => [`outlet[${n}].state`, [0, 1]]));

/** A policy under which the usual command is admitted. */
export function policy(over: Partial<GatePolicy> = {}): GatePolicy {
  return {
    allow: new Set(["pdu-a", "pdu-b", "asd"]),
    armed: new Set(["shed", "restore"]),
    armable: new Set(),
    twoPeople: new Set(),
    interlocks: [],
    writesPerMinute: 60,
    plans: new Map(),
    neverBoth: [],
    protectedOutlets: new Set(),
    targets: new Map([
      ["pdu-a", { class: "pdu", writes: outlets }],
      ["pdu-b", { class: "pdu", writes: outlets }],
      ["asd", { class: "fire", writes: new Map([["smoke.level", [0]]]) }],
    ]),
    ...over,
  };
}

/** Time that passes only by being waited for: nothing in it is real. */
export function jumpingClock(): GateClock & { at: Instant } {
  const clock = {
    at: start,
    now: () => clock.at,
    wait: async (wait: Duration, stop: AbortSignal) => {
      if (stop.aborted) return;
      clock.at = instant(clock.at + wait);
      await nextTurn();
    },
  };
  return clock;
}

/** Time that stands still until a test moves it. */
export function standingClock(): GateClock & { advance(by: number): Promise<void> } {
  let at = start;
  const sleepers: { readonly until: number; wake(): void }[] = [];
  return {
    now: () => at,
    wait: (wait, stop) =>
      new Promise<void>((resolve) => {
        sleepers.push({ until: at + wait, wake: resolve });
        stop.addEventListener("abort", () => resolve());
        if (stop.aborted) resolve();
      }),
    async advance(by) {
      at = instant(at + by);
      for (const sleeper of sleepers) if (sleeper.until <= at) sleeper.wake();
      await settled();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await nextTurn();
}

/** A device in memory; a test changes how it behaves. */
export class FakeDevice implements Actuator {
  readonly values = new Map<string, number | null>();
  readonly orders: Order[] = [];
  /** Writes that changed something, by command. */
  readonly effects: string[] = [];
  onWrite: (order: Order) => WriteOutcome | Promise<WriteOutcome> = (order) => {
    this.act(order);
    return { result: "accepted" };
  };
  onRead: (name: string) => number | null | Promise<number | null> = (name) => this.values.get(name) ?? null;

  constructor(values: Readonly<Record<string, number>> = {}) {
    for (const n of [1, 2, 3, 4]) this.values.set(`outlet[${n}].state`, 1);
    for (const [name, value] of Object.entries(values)) this.values.set(name, value);
  }

  act(order: Order): void {
    if (this.values.get(order.point) !== order.value) this.effects.push(order.id);
    this.values.set(order.point, order.value);
  }

  async read(name: string): Promise<number | null> {
    return this.onRead(name);
  }

  async write(order: Order): Promise<WriteOutcome> {
    this.orders.push(order);
    return this.onWrite(order);
  }

  close(): void {
    this.onRead = () => null;
  }
}

/** A gate over two fake PDUs and a fake meter, in time that jumps. */
export function bench(
  over: Partial<GateParts> & { readonly rules?: Partial<GatePolicy> } = {},
): ReturnType<typeof makeBench> {
  return makeBench(over);
}

function makeBench({ rules, ...over }: Partial<GateParts> & { readonly rules?: Partial<GatePolicy> }) {
  const a = new FakeDevice();
  const b = new FakeDevice();
  const meter = new FakeDevice({ "power.active": 5 });
  const ledger: Ledger = over.ledger ?? memoryLedger();
  const clock = jumpingClock();
  const resumed: Outcome[] = [];
  const gate = openGate({
    policy: policy(rules),
    ledger,
    clock,
    actuators: new Map([
      ["pdu-a", a],
      ["pdu-b", b],
      ["meter", meter],
    ]),
    onResumed: (outcome) => resumed.push(outcome),
    ...over,
  });
  return { gate, a, b, meter, ledger, clock, resumed };
}

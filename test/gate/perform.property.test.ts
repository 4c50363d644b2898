import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/command.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Actuator } from "../../src/gate/actuator.ts";
import type { Step } from "../../src/gate/book.ts";
import { emptyBook, enter } from "../../src/gate/book.ts";
import type { GateClock } from "../../src/gate/clock.ts";
import type { Gate } from "../../src/gate/gate.ts";
import { openGate } from "../../src/gate/gate.ts";
import type { Ledger } from "../../src/gate/ledger.ts";
import { command, jumpingClock, point, policy } from "./fixture.ts";

/**
 * A plant and a disk that outlive any number of gates. Every touch of either is a place at which the
 * gate can be killed: from then on nothing that it still has under way reaches plant, disk or anybody.
 */
class World {
  readonly outlets = new Map<string, number>();
  readonly effects: string[] = [];
  readonly disk: Step[] = [];
  readonly clock = jumpingClock();
  readonly outcomes = new Map<string, Outcome>();
  life = 0;
  killIn = Number.POSITIVE_INFINITY;
  gate: Gate = this.boot();

  boot(): Gate {
    this.life += 1;
    const { life } = this;
    const touch = (): Promise<void> => this.touch(life);
    const ledger = this.ledger(touch);
    const told = (outcome: Outcome): void => void this.outcomes.set(outcome.command, outcome);
    const actuators = new Map(["pdu-a", "pdu-b"].map((device) => [device, this.actuator(device, touch)]));
    const clock: GateClock = {
      now: () => this.clock.now(),
      wait: async (wait, stop) => {
        await this.clock.wait(wait, stop);
        await touch();
      },
    };
    return openGate({ policy: policy({ writesPerMinute: 600 }), ledger, actuators, clock, onResumed: told });
  }

  submit(n: number, token: number): void {
    const { life } = this;
    void this.gate.submit(commands[n]!, token).then((outcome) => {
      if (life === this.life && outcome) this.outcomes.set(outcome.command, outcome);
    });
  }

  async touch(life: number): Promise<void> {
    await nextTurn();
    if (life !== this.life) return new Promise<never>(() => undefined);
    this.killIn -= 1;
    if (this.killIn !== 0) return;
    this.killIn = Number.POSITIVE_INFINITY;
    this.gate = this.boot();
    return new Promise<never>(() => undefined);
  }

  ledger(touch: () => Promise<void>): Ledger {
    const book = emptyBook();
    for (const step of this.disk) enter(book, step);
    return {
      book,
      broken: () => null,
      close: () => Promise.resolve(),
      append: async (steps) => {
        for (const step of steps) enter(book, step);
        await touch();
        this.disk.push(...steps);
        await touch();
      },
    };
  }

  actuator(device: string, touch: () => Promise<void>): Actuator {
    return {
      read: async (name) => {
        await touch();
        return this.outlets.get(`${device}/${name}`) ?? 1;
      },
      write: async (order) => {
        await touch();
        const at = `${device}/${order.point}`;
        if ((this.outlets.get(at) ?? 1) !== order.value) this.effects.push(order.id);
        this.outlets.set(at, order.value);
        await touch();
        return { result: "accepted" };
      },
      close: () => undefined,
    };
  }
}

const outlets = ["pdu-a/outlet[1].state", "pdu-a/outlet[2].state", "pdu-b/outlet[1].state"];
const commands = outlets.flatMap((at) =>
  [0, 1].map((value) =>
    command({
      id: `${at}=${value}`,
      point: at,
      value,
      expires: instant(1_000_000 + 3_600_000),
      expect: { point: point(at), is: "=", value, within: ms(60_000) },
    }),
  ),
);

type Act =
  | { readonly do: "send"; readonly n: number; readonly token: number }
  | { readonly do: "killIn"; readonly touches: number }
  | { readonly do: "rest"; readonly turns: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("send" as const), n: fc.nat(5), token: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("killIn" as const), touches: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rest" as const), turns: fc.integer({ min: 1, max: 40 }) }) },
);

async function rest(turns: number): Promise<void> {
  for (let i = 0; i < turns; i += 1) await nextTurn();
}

describe("in whatever order commands are sent, sent again and the gate is killed", () => {
  it("each makes at most one change to the plant, and each comes to an end", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (acts) => {
        const world = new World();
        const asked = new Set<number>();
        for (const what of acts) {
          if (what.do === "send") {
            asked.add(what.n);
            world.submit(what.n, what.token);
          } else if (what.do === "killIn") world.killIn = what.touches;
          else await rest(what.turns);
        }
        world.killIn = Number.POSITIVE_INFINITY;
        // The service sends again what it has heard nothing of, and the node that sends leads.
        world.outcomes.clear();
        for (const n of asked) world.submit(n, 9);
        const isOver = (): boolean => [...asked].every((n) => world.outcomes.has(commands[n]!.id));
        for (let i = 0; i < 100 && !(isOver() && world.gate.state().open.length === 0); i += 1) await rest(20);
        for (const { id } of commands) expect(world.effects.filter((effect) => effect === id).length).toBeLessThan(2);
        for (const n of asked) expect(world.outcomes.get(commands[n]!.id)?.result).toBeDefined();
        expect(world.gate.state().open).toEqual([]);
      }),
      { numRuns: 300, seed: 20221015 },
    );
  });
});

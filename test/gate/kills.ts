/**
 * A gate that is killed at every place at which it touches the world: each read, write, wait and line of
 * the ledger, before it and after it, and in the middle of a line. What is on the disk is the ledger's
 * bytes as they are on a real one; the next gate starts over nothing but them.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command, CommandId, Outcome, ResponseId } from "../../src/core/command.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Actuator } from "../../src/gate/actuator.ts";
import type { Step } from "../../src/gate/book.ts";
import { emptyBook, enter } from "../../src/gate/book.ts";
import { lineOf } from "../../src/gate/chain.ts";
import type { GateClock } from "../../src/gate/clock.ts";
import type { Gate } from "../../src/gate/gate.ts";
import { openGate } from "../../src/gate/gate.ts";
import type { Ledger } from "../../src/gate/ledger.ts";
import { recover } from "../../src/gate/ledger.ts";
import { servicePoint } from "../../src/gate/policy.ts";
import { command, jumpingClock, point, policy, start } from "./fixture.ts";

/** Where gates are killed: at these touches, one gate after the other, counted over the whole run from 1. */
export interface Kills {
  readonly at: readonly number[];
  /** Whether a line that is being written when the gate dies is left in half. */
  readonly torn: boolean;
  /** Whether the service lives on and asks again for what it has heard nothing of. */
  readonly isAskedAgain: boolean;
}

/** What came of a run. */
export interface Fate {
  /** Touches there were. */
  readonly touches: number;
  /** Steps that were done twice: orders that a device had taken already and that count twice, and second changes. */
  readonly doubled: readonly string[];
  /** Commands and sayings that were taken and of which nothing more was heard, or that were called done and were not. */
  readonly forgotten: readonly string[];
}

/** Absolute states that show at once; absolute states that take their time; and moves, of which two are two. */
const devices = {
  "pdu-a": { showsAfterMs: 0, once: false },
  "pdu-b": { showsAfterMs: 1500, once: false },
  mover: { showsAfterMs: 3000, once: true },
} as const;
type DeviceId = keyof typeof devices;

const rules = policy({
  allow: new Set(Object.keys(devices)),
  targets: new Map([...policy().targets, ["mover", { class: "service", writes: new Map([[servicePoint, [0, 1]]]) }]]),
});

const of = (id: string, at: string, value: number): Command =>
  command({
    id,
    point: at,
    value,
    expires: instant(start + 600_000),
    expect: { point: point(at), is: "=", value, within: ms(20_000) },
  });

/** Several devices at once, a device one after the other, and one outlet there and back. */
const commands = [
  of("open-a1", "pdu-a/outlet[1].state", 0),
  of("open-a2", "pdu-a/outlet[2].state", 0),
  of("open-b1", "pdu-b/outlet[1].state", 0),
  of("move", `mover/${servicePoint}`, 0),
];
const restore = of("close-a1", "pdu-a/outlet[1].state", 1);

/** A run is over after so many turns, or hangs. */
const turnsMax = 4000;

/** Plays the run and kills where it is told to. */
export async function played(kills: Kills): Promise<Fate> {
  const world = new World(kills);
  world.submit(commands);
  await world.settle();
  world.submit([restore]);
  world.disarm("restore" as ResponseId);
  await world.settle();
  return world.fate();
}

class World {
  readonly #kills: Kills;
  readonly #clock = jumpingClock();
  readonly #asked: Command[] = [];
  readonly #outcomes = new Map<CommandId, Outcome>();
  readonly #taken = new Map<string, number>();
  readonly #changes = new Map<string, number>();
  readonly #shown = new Map<string, { readonly value: number; readonly from: Instant }[]>();
  readonly #mustKeep = new Set<ResponseId>();
  #disk: Buffer = Buffer.alloc(0);
  #touches = 0;
  #life = 0;
  #gate: Gate;

  constructor(kills: Kills) {
    this.#kills = kills;
    this.#gate = this.#boot();
  }

  submit(some: readonly Command[]): void {
    this.#asked.push(...some);
    this.#ask(some);
  }

  disarm(response: ResponseId): void {
    void this.#gate.disarm(response, "shift lead", "work").then(() => this.#mustKeep.add(response));
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < turnsMax && !this.#isSettled(); turn += 1) await nextTurn();
    // What was said to nobody in particular is on the disk by now, if it ever will be.
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }

  fate(): Fate {
    const { book } = this.#ledgerOnDisk();
    const admitted = recover(this.#disk).steps.flatMap((step) => (step.step === "admitted" ? step.command.id : []));
    const unheard = this.#kills.isAskedAgain ? this.#asked.filter(({ id }) => !this.#outcomes.has(id)) : [];
    const lost = [...this.#mustKeep].filter((response) => !book.disarmed.has(response));
    return {
      touches: this.#touches,
      doubled: [
        ...[...this.#taken].filter(([key, count]) => count > 1 && key.startsWith("mover")).map(([key]) => key),
        ...[...this.#changes].filter(([, count]) => count > 1).map(([key]) => key),
      ],
      forgotten: [
        ...unheard.map(({ id }) => `${id} has no outcome`),
        ...admitted.filter((id) => !book.ended.has(id)).map((id) => `${id} was admitted and never ended`),
        ...this.#asked.filter((asked) => this.#isFalselyDone(asked)).map(({ id }) => `${id} is not done`),
        ...lost.map((response) => `the disarming of ${response}`),
      ],
    };
  }

  /** Called done and not so; or never done, though it may be sent as often as it takes. */
  #isFalselyDone({ id, point: at, value }: Command): boolean {
    const outcome = this.#ledgerOnDisk().book.ended.get(id)?.outcome;
    if (outcome === undefined) return false;
    const isRepeatable = !devices[at.split("/")[0] as DeviceId].once;
    const hasChanged = [...this.#changes.keys()].some((key) => key.endsWith(` ${id}`));
    return outcome.result === "done" ? !hasChanged && this.#wantedOf(at) !== value : isRepeatable;
  }

  #isSettled(): boolean {
    if (this.#gate.state().open.length > 0) return false;
    return !this.#kills.isAskedAgain || this.#asked.every(({ id }) => this.#outcomes.has(id));
  }

  #ask(some: readonly Command[]): void {
    const life = this.#life;
    for (const one of some)
      void this.#gate.submit(one, 1).then((outcome) => {
        if (life === this.#life && outcome) this.#outcomes.set(one.id, outcome);
      });
  }

  #boot(): Gate {
    this.#life += 1;
    const life = this.#life;
    const touch = (): Promise<void> => this.#touch(life);
    const clock: GateClock = {
      now: () => this.#clock.now(),
      wait: async (wait, stop) => {
        await this.#clock.wait(wait, stop);
        await touch();
      },
    };
    const gate = openGate({
      policy: rules,
      ledger: this.#ledger(touch, life),
      clock,
      actuators: new Map(Object.keys(devices).map((id) => [id, this.#actuator(id as DeviceId, touch)])),
      onResumed: (outcome) => void this.#outcomes.set(outcome.command, outcome),
    });
    return gate;
  }

  async #touch(life: number): Promise<void> {
    await nextTurn();
    if (life !== this.#life) return never();
    this.#touches += 1;
    if (this.#kills.at.includes(this.#touches)) return this.#kill();
  }

  #kill(): Promise<never> {
    this.#gate = this.#boot();
    if (this.#kills.isAskedAgain) this.#ask(this.#asked.filter(({ id }) => !this.#outcomes.has(id)));
    return never();
  }

  #ledgerOnDisk(): Pick<Ledger, "book"> & { readonly head: string } {
    const { steps, good, head } = recover(this.#disk);
    this.#disk = this.#disk.subarray(0, good);
    const book = emptyBook();
    for (const step of steps) enter(book, step);
    return { book, head };
  }

  #ledger(touch: () => Promise<void>, life: number): Ledger {
    const { book, head } = this.#ledgerOnDisk();
    let last = head;
    const write = async (steps: readonly Step[]): Promise<void> => {
      await touch();
      const { bytes, seal } = lineOf(steps, last);
      const half = bytes.subarray(0, bytes.length / 2);
      if (this.#kills.torn) {
        this.#disk = Buffer.concat([this.#disk, half]);
        await touch();
        this.#disk = this.#disk.subarray(0, this.#disk.length - half.length);
      }
      if (life !== this.#life) return never();
      this.#disk = Buffer.concat([this.#disk, bytes]);
      last = seal;
      await touch();
    };
    let tail: Promise<void> = Promise.resolve();
    return {
      book,
      broken: () => null,
      close: () => Promise.resolve(),
      append: (steps) => {
        for (const step of steps) enter(book, step);
        tail = tail.then(() => write(steps));
        return tail;
      },
    };
  }

  #actuator(id: DeviceId, touch: () => Promise<void>): Actuator {
    const { once, showsAfterMs } = devices[id];
    return {
      once,
      read: async (name) => {
        await touch();
        return this.#valueOf(`${id}/${name}`, this.#clock.now());
      },
      write: async (order) => {
        await touch();
        const at = `${id}/${order.point}`;
        const key = `${id} ${order.id}`;
        this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1);
        // A move that is ordered again is made again; a state that is wanted already is not changed.
        if (once || this.#wantedOf(at) !== order.value) this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1);
        const from = instant(this.#clock.now() + showsAfterMs);
        this.#shown.set(at, [...(this.#shown.get(at) ?? []), { value: order.value, from }]);
        await touch();
        return { result: "accepted" };
      },
      close: () => undefined,
    };
  }

  #valueOf(at: string, now: Instant): number {
    return this.#shown.get(at)?.findLast(({ from }) => from <= now)?.value ?? 1;
  }

  #wantedOf(at: string): number {
    return this.#shown.get(at)?.at(-1)?.value ?? 1;
  }
}

const never = (): Promise<never> => new Promise<never>(() => undefined);

/** What all runs of a kind came to. */
export interface Tally {
  readonly runs: number;
  readonly doubled: readonly string[];
  readonly forgotten: readonly string[];
}

const manners = [
  { torn: false, isAskedAgain: true },
  { torn: false, isAskedAgain: false },
  { torn: true, isAskedAgain: true },
  { torn: true, isAskedAgain: false },
];

/** One kill at every touch of the run, in every manner. */
export async function killedOnce(): Promise<Tally> {
  const fates: Fate[] = [];
  for (const manner of manners)
    for (let at = 1; ; at += 1) {
      const fate = await played({ at: [at], ...manner });
      if (fate.touches < at) break;
      fates.push(fate);
    }
  return tallyOf(fates);
}

/** A kill at every touch, and after it another at each of those that follow within reach. */
export async function killedTwice(reach: number): Promise<Tally> {
  const fates: Fate[] = [];
  for (let at = 1; ; at += 1) {
    let isPast = false;
    for (let next = at + 1; next <= at + reach && !isPast; next += 1) {
      const fate = await played({ at: [at, next], torn: false, isAskedAgain: true });
      isPast = fate.touches < next;
      fates.push(fate);
    }
    if (isPast && (await played({ at: [at], torn: false, isAskedAgain: true })).touches < at) break;
  }
  return tallyOf(fates);
}

const tallyOf = (fates: readonly Fate[]): Tally => ({
  runs: fates.length,
  doubled: fates.flatMap(({ doubled }) => doubled),
  forgotten: fates.flatMap(({ forgotten }) => forgotten),
});

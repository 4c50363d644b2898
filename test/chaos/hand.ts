/**
 * The real gate of a run, over the simulated plant and a ledger that outlives it. Each touch of
 * either is written down, and is a place at which the gate can be killed: from then on nothing that
 * it still has under way reaches plant, ledger or anybody.
 */
import type { Plant } from "../../simulators/plant/index.ts";
import { actuate, answers, measure } from "../../simulators/plant/index.ts";
import type { VirtualClock } from "../../src/clock.ts";
import type { Command, CommandId, Outcome, ResponseId } from "../../src/core/command.ts";
import { pointId } from "../../src/core/reading.ts";
import type { Actuator } from "../../src/gate/actuator.ts";
import type { Step } from "../../src/gate/book.ts";
import { emptyBook, enter } from "../../src/gate/book.ts";
import type { Gate } from "../../src/gate/index.ts";
import { openGate, policyOf } from "../../src/gate/index.ts";
import type { Ledger } from "../../src/gate/ledger.ts";
import type { Site } from "../../src/site/index.ts";
import type { Contact, Touch } from "./run.ts";

const never = <T>(): Promise<T> => new Promise(() => undefined);

interface HandParts {
  readonly site: Site;
  readonly plant: Plant;
  readonly clock: VirtualClock;
  readonly touches: Touch[];
  readonly outcome: (outcome: Outcome) => void;
}

export class Hand {
  readonly #parts: HandParts;
  readonly #shows: ReturnType<typeof measure>;
  readonly #disk: Step[] = [];
  /** Handed over and not known to be over; it is handed over again to every new gate. */
  readonly #unanswered = new Map<CommandId, { readonly command: Command; readonly token: number }>();
  readonly #all: { readonly command: Command; readonly token: number }[] = [];
  #life = 0;
  #gate: Gate | null = null;
  #killIn = Number.POSITIVE_INFINITY;
  #downMs = 0;
  #upAt: number | null = null;

  constructor(parts: HandParts) {
    this.#parts = parts;
    this.#shows = measure(parts.plant);
    this.#open();
  }

  /** Whether the gate may have something to do without time going by. */
  get isBusy(): boolean {
    return this.#unanswered.size > 0;
  }

  /** When a gate that is down comes back; null where it is up. */
  next(): number | null {
    return this.#upAt;
  }

  /** Time has come to an instant. */
  moveTo(now: number): void {
    if (this.#upAt !== null && this.#upAt <= now) this.#open();
  }

  hand(command: Command, token: number): void {
    this.#unanswered.set(command.id, { command, token });
    this.#all.push({ command, token });
    this.#submit(command, token);
  }

  /** Everything that was ever handed over is handed over once more. */
  resend(): void {
    for (const { command, token } of this.#all) this.#submit(command, token);
  }

  kill(touches: number, downMs: number): void {
    if (this.#gate === null) return;
    this.#killIn = touches;
    this.#downMs = downMs;
  }

  /** Gives a response its leave to write back, or takes it. A gate that is down hears nothing of it. */
  arm(response: string, armed: boolean): void {
    if (this.#gate === null) return;
    const [id, by, why] = [response as ResponseId, "operator", "a swarm"];
    const asked = armed ? this.#gate.arm(id, by, why) : this.#gate.disarm(id, by, why);
    // It is so once the gate has answered: one that is killed before has promised nothing.
    asked.then(
      () => this.#note({ did: "armed", response, armed }),
      () => undefined,
    );
  }

  /** The service is another one now: it remembers of no command what an earlier one has handed over. */
  forget(): void {
    this.#unanswered.clear();
  }

  #note(contact: Contact): void {
    this.#parts.touches.push({ at: this.#parts.clock.now(), ...contact });
  }

  #open(): void {
    const { site, clock } = this.#parts;
    this.#life += 1;
    this.#upAt = null;
    this.#killIn = Number.POSITIVE_INFINITY;
    const life = this.#life;
    this.#note({ did: "opened", gate: life });
    this.#gate = openGate({
      policy: policyOf(
        site.gate,
        site.devices,
        site.services.map(({ id }) => ({ id, sites: site.sites })),
      ),
      ledger: this.#ledger(life),
      clock: {
        now: () => clock.now(),
        wait: (wait, stop) => clock.wait(wait, stop).then(() => this.#touch(life)),
      },
      actuators: this.#actuators(life),
      onResumed: (outcome) => this.#over(life, outcome),
    });
    for (const { command, token } of this.#unanswered.values()) this.#submit(command, token);
  }

  #submit(command: Command, token: number): void {
    const life = this.#life;
    if (this.#gate === null) return;
    this.#note({ did: "handed", command, token, gate: life });
    void this.#gate.submit(command, token).then((outcome) => outcome && this.#over(life, outcome));
  }

  #over(life: number, outcome: Outcome): void {
    if (life !== this.#life || this.#gate === null) return;
    this.#note({ did: "ended", outcome, gate: life });
    // Told once: the service's line to its gate gives each outcome once, however often it comes.
    if (this.#unanswered.delete(outcome.command)) this.#parts.outcome(outcome);
  }

  /** A gate that is dead waits here for ever. */
  #touch(life: number): Promise<void> {
    if (life !== this.#life || this.#gate === null) return never();
    this.#killIn -= 1;
    if (this.#killIn > 0) return Promise.resolve();
    this.#gate = null;
    this.#upAt = this.#parts.clock.now() + this.#downMs;
    this.#note({ did: "killed", gate: life });
    return never();
  }

  #ledger(life: number): Ledger {
    const book = emptyBook();
    for (const step of this.#disk) enter(book, step);
    return {
      book,
      broken: () => null,
      close: () => Promise.resolve(),
      append: async (steps) => {
        for (const step of steps) enter(book, step);
        await this.#touch(life);
        this.#disk.push(...steps);
        await this.#touch(life);
      },
    };
  }

  #actuators(life: number): ReadonlyMap<string, Actuator> {
    const { site } = this.#parts;
    const ids = [...site.devices.map(({ id }) => id), ...site.services.map(({ id }) => id)];
    return new Map(ids.map((id) => [id, this.#actuator(life, id)]));
  }

  #actuator(life: number, device: string): Actuator {
    const { plant } = this.#parts;
    return {
      read: async (point) => {
        await this.#touch(life);
        const value = answers(plant, device) ? this.#shows(device, point) : null;
        this.#note({ did: "read", point: pointId(device, point), value, gate: life });
        return value;
      },
      write: async ({ id, point, value }) => {
        await this.#touch(life);
        if (!answers(plant, device)) return { result: "again", detail: "no answer" };
        this.#note({ did: "wrote", id, point: pointId(device, point), value, gate: life });
        const done = actuate(plant, device, point, value) === "done";
        await this.#touch(life);
        return done ? { result: "accepted" } : { result: "refused", detail: "the device refused" };
      },
      close: () => undefined,
    };
  }
}

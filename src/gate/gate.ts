/**
 * The site gate: the one hand that writes. It admits, writes and reads back, and every step of it is
 * in the ledger before it is done. It knows neither sockets nor wall clocks, so that a rehearsal in
 * virtual time goes through the very same gate over a simulated plant.
 */
import type { Command, CommandId, Outcome, ResponseId } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import { wordsOf } from "./actuator.ts";
import { admit, staleToken } from "./admit.ts";
import type { Open, Said } from "./book.ts";
import { armedNow, disarmedNow, endOf, maintenanceNow, unarmed } from "./leave.ts";
import { saidYes } from "./people.ts";
import type { Ending, Performance, Stage } from "./perform.ts";
import { perform } from "./perform.ts";

/** Everything a gate is made of. */
export interface GateParts extends Omit<Stage, "inLane"> {
  /** Told what becomes of commands that an earlier run of the gate left open. */
  readonly onResumed?: (outcome: Outcome) => void;
}

/** What points are seen to be: each that may be looked at, and its value; null where it gave none. */
export type Seen = readonly (readonly [PointId, number | null])[];

/** A gate as people look at it. */
export interface GateState {
  readonly highWater: number;
  readonly allow: readonly string[];
  readonly armed: readonly string[];
  readonly disarmed: readonly (Said & { readonly response: string })[];
  /** Responses that the site file lets a person arm for a time. */
  readonly armable: readonly string[];
  /** Armed so, and until when. */
  readonly armedFor: readonly (Said & { readonly response: string })[];
  /** While it lasts, nothing is written; null where there is none. */
  readonly maintenance: Said | null;
  /** What needs the yes of two people, and whose it has. */
  readonly twoPeople: readonly { readonly what: string; readonly yes: readonly Said[] }[];
  readonly open: readonly (Pick<Command, "id" | "point" | "value"> & { readonly sentAt: number | null })[];
  readonly ended: number;
  /** Why nothing can be written; null while all is well. */
  readonly broken: string | null;
}

export interface Gate {
  /** Carries a command out, once however often it is sent. Null where the gate closed before it was over. Never rejects. */
  submit(command: Command, token: number): Promise<Outcome | null>;
  /**
   * Takes a response's leave to write, also from commands under way; it stays so over restarts, until it
   * is armed or `forMs` are over. Rejects where that is too long.
   */
  disarm(response: ResponseId, by: string, why: string, forMs?: number): Promise<void>;
  /**
   * Takes a disarming back, and arms for `forMs` what the site file lets people arm; rejects where such a
   * response is given no end. What the site file neither arms nor lets people arm stays unarmed.
   */
  arm(response: ResponseId, by: string, why: string, forMs?: number): Promise<void>;
  /** Writes nothing for `forMs`, whatever is armed; 0 ends it. It stays so over restarts. Rejects where that is too long. */
  maintain(by: string, why: string, forMs: number): Promise<void>;
  /** Says yes to what two people must say yes to. Rejects where nothing of the kind is needed. */
  sayYes(what: string, by: string, why: string): Promise<void>;
  state(): GateState;
  /** Reads points of what the gate may write to; of anything else it reads nothing. Never rejects. */
  look(points: readonly PointId[]): Promise<Seen>;
  /** Ends all waiting and resolves when no write is under way. Open commands stay open in the ledger. */
  close(): Promise<void>;
}

/** Opens a gate over a ledger, and goes on with the commands that the ledger says are open. */
export function openGate(parts: GateParts): Gate {
  return new OpenGate(parts);
}

interface Running {
  readonly performance: Performance;
  readonly control: AbortController;
  readonly outcome: Promise<Outcome | null>;
}

class OpenGate implements Gate {
  readonly #parts: GateParts;
  readonly #stage: Stage;
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #running = new Map<CommandId, Running>();
  readonly #closing = new AbortController();
  #isClosed = false;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#stage = { ...parts, inLane: (device, work) => this.#inLane(device, work) };
    for (const open of parts.ledger.book.open.values()) {
      void this.#begin(open).then((outcome) => outcome && parts.onResumed?.(outcome));
    }
  }

  async submit(command: Command, token: number): Promise<Outcome | null> {
    const { ledger, policy, clock } = this.#parts;
    if (this.#isClosed) return null;
    const now = clock.now();
    const broken = ledger.broken();
    if (broken !== null) return refusal(command.id, now, broken);
    const admission = admit(ledger.book, policy, { command, token, now });
    switch (admission.is) {
      case "known":
        // While its last step is still on its way to the disk, the asker waits for that too.
        return this.#running.get(command.id)?.outcome ?? admission.outcome;
      case "joined":
        return this.#join(command.id, token);
      case "refused":
        return this.#refuse(command, token, admission);
      case "admitted": {
        const planned = admission.planned ? { planned: true as const } : {};
        const admitted = ledger.append([{ step: "admitted", at: now, token, command, ...planned }]);
        return this.#begin({ command, token, sentAt: null, readBefore: null, ...planned }, admitted);
      }
    }
  }

  async disarm(response: ResponseId, by: string, why: string, forMs?: number): Promise<void> {
    await this.#parts.ledger.append([{ step: "disarmed", response, ...this.#said(by, why, forMs) }]);
  }

  async arm(response: ResponseId, by: string, why: string, forMs?: number): Promise<void> {
    if (forMs === undefined && this.#parts.policy.armable.has(response))
      throw new Error(`${response} is armed for a time only: say for how long`);
    await this.#parts.ledger.append([{ step: "armed", response, ...this.#said(by, why, forMs) }]);
  }

  async maintain(by: string, why: string, forMs: number): Promise<void> {
    await this.#parts.ledger.append([{ step: "maintenance", ...this.#said(by, why, forMs) }]);
  }

  async sayYes(what: string, by: string, why: string): Promise<void> {
    if (!this.#parts.policy.twoPeople.has(what))
      throw new Error(`${what} needs no yes: gate.twoPeople does not name it`);
    await this.#parts.ledger.append([{ step: "yes", what, ...this.#said(by, why, undefined) }]);
  }

  state(): GateState {
    const { policy, ledger, clock } = this.#parts;
    const { book } = ledger;
    const now = clock.now();
    const responses = [...policy.armed, ...policy.armable] as ResponseId[];
    const held = (said: ReadonlyMap<ResponseId, Said>, holds: typeof armedNow): GateState["disarmed"] =>
      [...said].flatMap(([response, what]) => (holds(book, response, now) ? [{ response, ...what }] : []));
    return {
      highWater: book.highWater,
      allow: [...policy.allow],
      armed: responses.filter((response) => unarmed(book, policy, response, now) === null),
      disarmed: held(book.disarmed, disarmedNow),
      armable: [...policy.armable],
      armedFor: held(book.armed, armedNow),
      maintenance: maintenanceNow(book, now),
      twoPeople: [...policy.twoPeople].map((what) => ({ what, yes: saidYes(book, what, now) })),
      open: [...book.open.values()].map(({ command: { id, point, value }, sentAt }) => ({ id, point, value, sentAt })),
      ended: book.ended.size,
      broken: ledger.broken(),
    };
  }

  look(points: readonly PointId[]): Promise<Seen> {
    const { actuators, policy } = this.#parts;
    const known = points.filter((point) => policy.targets.has(deviceOf(point)));
    return Promise.all(
      known.map(async (point) => {
        const device = deviceOf(point);
        const actuator = this.#isClosed ? undefined : actuators.get(device);
        const value = (await actuator?.read(point.slice(device.length + 1), this.#closing.signal)) ?? null;
        return [point, value] as const;
      }),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closing.abort();
    const running = [...this.#running.values()];
    for (const { control } of running) control.abort();
    await Promise.all(running.map(({ outcome }) => outcome));
    for (const actuator of this.#parts.actuators.values()) actuator.close();
    await this.#parts.ledger.close();
  }

  #said(by: string, why: string, forMs: number | undefined): Said {
    const at = this.#parts.clock.now();
    const until = endOf(at, forMs);
    return { by, why, at, ...(until === undefined ? {} : { until }) };
  }

  async #join(id: CommandId, token: number): Promise<Outcome | null> {
    const { ledger, clock } = this.#parts;
    const open = ledger.book.open.get(id)!;
    const outcome = this.#running.get(id)?.outcome ?? this.#begin(open);
    if (token <= open.token) return outcome;
    return ledger.append([{ step: "joined", at: clock.now(), token, id }]).then(
      () => outcome,
      (error: unknown) => this.#unwritten(id, error),
    );
  }

  async #refuse(
    command: Command,
    token: number,
    { reason, lasting }: { readonly reason: string; readonly lasting: boolean },
  ): Promise<Outcome> {
    const { ledger, clock } = this.#parts;
    const at = clock.now();
    const { id, expires } = command;
    const outcome = refusal(id, at, reason);
    // A stale node's word must not close what the node that now leads has open under the same id.
    if (!lasting && ledger.book.open.has(id)) return outcome;
    const step = lasting
      ? ({ step: "ended", at, expires, outcome } as const)
      : ({ step: "turnedAway", at, token, id, reason } as const);
    return ledger.append([step]).then(
      () => outcome,
      (error: unknown) => this.#unwritten(id, error),
    );
  }

  #begin(open: Open, admitted: Promise<void> = Promise.resolve()): Promise<Outcome | null> {
    const { id, point } = open.command;
    const control = new AbortController();
    const performance: Performance = { id, stop: control.signal, supersededBy: null };
    const before = [...this.#running.values()].filter(({ performance: p }) => this.#pointOf(p.id) === point);
    for (const earlier of before) {
      earlier.performance.supersededBy ??= id;
      earlier.control.abort();
    }
    const outcome = this.#run(performance, Promise.all([admitted, ...before.map((earlier) => earlier.outcome)]));
    this.#running.set(id, { performance, control, outcome });
    return outcome;
  }

  #isCurrent(id: CommandId): boolean {
    const { book } = this.#parts.ledger;
    return staleToken(book, book.open.get(id)!.token) === null;
  }

  #pointOf(id: CommandId): string | undefined {
    return this.#parts.ledger.book.open.get(id)?.command.point;
  }

  async #run(performance: Performance, ready: Promise<unknown>): Promise<Outcome | null> {
    const { id } = performance;
    try {
      await ready;
      for (;;) {
        const ending = await perform(this.#stage, performance);
        if (ending === null) return null;
        // The node that now leads may have sent the same command in the meantime.
        if (ending.is === "turnedAway" && this.#isCurrent(id)) continue;
        return await this.#end(id, ending);
      }
    } catch (error) {
      return this.#unwritten(id, error);
    } finally {
      this.#running.delete(id);
    }
  }

  async #end(id: CommandId, ending: Ending): Promise<Outcome> {
    const { ledger, clock } = this.#parts;
    const { command, token } = ledger.book.open.get(id)!;
    const at = clock.now();
    if (ending.is === "turnedAway") {
      await ledger.append([{ step: "turnedAway", at, token, id, reason: ending.reason }]);
      return refusal(id, at, ending.reason);
    }
    const { is: _, ...what } = ending;
    const outcome: Outcome = { command: id, at, ...what };
    await ledger.append([{ step: "ended", at, expires: command.expires, outcome }]);
    return outcome;
  }

  /** What cannot be written down is not done, and what was done without it is not called done. */
  #unwritten(id: CommandId, error: unknown): Outcome {
    return { command: id, at: this.#parts.clock.now(), result: "failed", detail: wordsOf(error) };
  }

  #inLane<T>(device: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#lanes.get(device) ?? Promise.resolve()).then(work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#lanes.set(device, settled);
    return mine;
  }
}

const refusal = (command: CommandId, at: Outcome["at"], detail: string): Outcome => ({
  command,
  at,
  result: "refused",
  detail,
});

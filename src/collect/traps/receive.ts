/**
 * Traps and informs, from the socket on. They hurry a poll and never set a value: what a datagram
 * claims is read from the device itself, so the worst that a forged one can do is one poll more.
 */
import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import type { Reading } from "../../core/reading.ts";
import { pointId } from "../../core/reading.ts";
import { seconds } from "../../core/time.ts";
import type { CollectClock } from "../clock.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import type { TrapAccess } from "./decoder.ts";
import { Desk } from "./desk.ts";
import { type Hurried, Senders } from "./senders.ts";

/** How the counts are told: often enough to see a storm while it lasts. Plant time. */
const TELL_PERIOD = seconds(1);
/** Names of hosts may come to stand for other addresses. Real time. */
const LOOK_UP_MS = 300_000;
/** A port that is taken, or an address that this machine does not have yet, is tried again. Real time. */
const REOPEN_MS = 10_000;

/** Where notifications come in, and who may send them. Secrets stand in it resolved. */
export interface TrapRules extends TrapAccess {
  /** The device that the counts are points of. */
  readonly device: string;
  readonly bind: string;
  readonly port: number;
}

/** Where the receiver lives. */
interface Around {
  readonly clock: CollectClock;
  readonly stop: AbortSignal;
  readonly sink: (batch: readonly Reading[]) => void;
}

/** Receives until `stop` aborts. A port that cannot be opened makes the counts bad, and is tried again. */
export async function receiveTraps(rules: TrapRules, devices: readonly Hurried[], around: Around): Promise<void> {
  const senders = new Senders(devices, Stopwatch.nowMs());
  await new Receiver(rules, senders, around).run();
}

class Receiver {
  readonly #rules: TrapRules;
  readonly #senders: Senders;
  readonly #around: Around;
  readonly #desk: Desk;
  #open = false;

  constructor(rules: TrapRules, senders: Senders, around: Around) {
    this.#rules = rules;
    this.#senders = senders;
    this.#around = around;
    this.#desk = new Desk(rules, senders, Stopwatch.nowMs());
  }

  async run(): Promise<void> {
    await Promise.all([this.#listen(), this.#follow(), this.#tell()]);
  }

  async #listen(): Promise<void> {
    const { stop } = this.#around;
    while (!stop.aborted) {
      const socket = createSocket(isIP(this.#rules.bind) === 6 ? "udp6" : "udp4");
      await this.#serve(socket);
      this.#open = false;
      socket.close();
      await pause(REOPEN_MS, stop);
    }
  }

  /** Ends at the stop, or when the socket breaks or cannot be opened. */
  #serve(socket: Socket): Promise<void> {
    return new Promise((ended) => {
      socket.on("error", () => ended());
      socket.on("listening", () => {
        this.#open = true;
      });
      socket.on("message", (datagram, { address, port }) => {
        const reply = this.#desk.take(datagram, address, Stopwatch.nowMs());
        // A reply that cannot be sent is one that was lost: its sender asks again.
        if (reply) socket.send(reply, port, address, () => {});
      });
      this.#around.stop.addEventListener("abort", () => ended(), { once: true });
      socket.bind(this.#rules.port, this.#rules.bind);
    });
  }

  async #follow(): Promise<void> {
    const { stop } = this.#around;
    const stopped = new Promise((end) => stop.addEventListener("abort", end, { once: true }));
    while (!stop.aborted) {
      // A name server that does not answer holds nobody up who wants to stop.
      await Promise.race([this.#senders.lookUp(Stopwatch.nowMs()), stopped]);
      await pause(LOOK_UP_MS, stop);
    }
  }

  async #tell(): Promise<void> {
    const { clock, stop, sink } = this.#around;
    while (!stop.aborted) {
      await clock.wait(TELL_PERIOD, stop);
      if (!stop.aborted) sink(this.#readings());
    }
  }

  #readings(): readonly Reading[] {
    const at = this.#around.clock.now();
    return Object.entries(this.#desk.counts).map(([name, value]) => {
      const point = pointId(this.#rules.device, `traps.${name}`);
      if (!this.#open) return { point, at, quality: "bad", reason: "configuration" };
      return { point, at, quality: "good", value };
    });
  }
}

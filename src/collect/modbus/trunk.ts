import { LineFault, lineFault } from "../line.ts";
import { Stopwatch } from "../stopwatch.ts";
import { ModbusClient } from "./client.ts";
import { type ModbusTarget, wireKey } from "./wire.ts";

/** First wait after a second failure to connect; it doubles. Each is shorter than the shortest that a device waits. */
const FIRST_WAIT_MS = 125;
/** Longest wait: the devices behind one endpoint together try to connect this often and no oftener. */
const LONGEST_WAIT_MS = 2500;

/** One device's use of a shared connection. */
export interface TrunkUse {
  readonly client: ModbusClient;
  /** Gives the connection back; its last user closes it. May be called twice. */
  release(): void;
}

interface Trunk {
  readonly opening: Promise<ModbusClient>;
  /** Set once connected. */
  client: ModbusClient | null;
  users: number;
}

/** What is remembered of an endpoint that could not be connected to. */
interface Failure {
  readonly count: number;
  readonly retryMs: number;
  readonly fault: LineFault;
}

/**
 * The connections to Modbus endpoints, one to each: many take one connection only, and the units
 * behind a gateway sit on one bus that answers one request at a time.
 */
export class Trunks {
  readonly #trunks = new Map<string, Trunk>();
  readonly #failures = new Map<string, Failure>();
  readonly #random: () => number;

  /** `random` gives the jitter of the back-off: numbers in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The connection to a target, opened if need be. Rejects with a {@link LineFault}. */
  async acquire(target: ModbusTarget, stop: AbortSignal): Promise<TrunkUse> {
    const key = wireKey(target);
    const trunk = this.#sound(key) ?? this.#open(key, target, stop);
    trunk.users += 1;
    try {
      const client = await trunk.opening;
      if (!client.usable) throw new LineFault("broken", "the connection did not last", { asked: false });
      return { client, release: this.#releaser(key, trunk) };
    } catch (error) {
      this.#forget(key, trunk);
      throw error;
    }
  }

  #sound(key: string): Trunk | null {
    const trunk = this.#trunks.get(key);
    return trunk && (trunk.client === null || trunk.client.usable) ? trunk : null;
  }

  #open(key: string, target: ModbusTarget, stop: AbortSignal): Trunk {
    const opening = this.#connect(key, target, stop).then((client) => {
      trunk.client = client;
      return client;
    });
    const trunk: Trunk = { opening, client: null, users: 0 };
    this.#trunks.set(key, trunk);
    return trunk;
  }

  async #connect(key: string, target: ModbusTarget, stop: AbortSignal): Promise<ModbusClient> {
    const failure = this.#failures.get(key);
    if (failure && Stopwatch.nowMs() < failure.retryMs) throw failure.fault;
    try {
      const client = await ModbusClient.connect(target, stop);
      this.#failures.delete(key);
      return client;
    } catch (error) {
      const count = (failure?.count ?? 0) + 1;
      const retryMs = Stopwatch.nowMs() + this.#waitMs(count);
      if (!stop.aborted) this.#failures.set(key, { count, retryMs, fault: lineFault(error) });
      throw error;
    }
  }

  /** None after the first failure, as a device has none. */
  #waitMs(count: number): number {
    if (count <= 1) return 0;
    return Math.min(FIRST_WAIT_MS * 2 ** (count - 2), LONGEST_WAIT_MS) * (0.5 + this.#random() / 2);
  }

  #releaser(key: string, trunk: Trunk): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      trunk.users -= 1;
      if (trunk.users > 0) return;
      trunk.client?.close();
      this.#forget(key, trunk);
    };
  }

  #forget(key: string, trunk: Trunk): void {
    if (this.#trunks.get(key) === trunk) this.#trunks.delete(key);
  }
}

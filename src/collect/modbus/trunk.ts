import { LineFault } from "../line.ts";
import { ModbusClient, type ModbusTarget } from "./client.ts";

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

/**
 * Connections shared by the devices behind one host and port: many gateways take one connection
 * only, and their units sit on one bus that answers one request at a time.
 */
export class Trunks {
  readonly #trunks = new Map<string, Trunk>();

  /** The connection to a target, opened if need be. Rejects with a {@link LineFault}. */
  async acquire(target: ModbusTarget, stop: AbortSignal): Promise<TrunkUse> {
    const key = `${target.host} ${target.port}`;
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
    const opening = ModbusClient.connect(target, stop).then((client) => {
      trunk.client = client;
      return client;
    });
    const trunk: Trunk = { opening, client: null, users: 0 };
    this.#trunks.set(key, trunk);
    return trunk;
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

/**
 * Connections to brokers, one for all devices that publish to one. Here is subscribed and never
 * published: not a birth, not a will, not a request. Whoever listens is told when it hears nothing.
 */
import { readFileSync } from "node:fs";
import type { IClientOptions, MqttClient } from "mqtt";
import { connect } from "mqtt";
import type { Fault } from "../../core/reading.ts";
import type { DeviceAddress, MqttAccess } from "../../profiles/index.ts";

const KEEP_ALIVE_S = 15;
const RECONNECT_MS = 1000;
const CONNECT_TIMEOUT_MS = 5000;
/** What a broker of version 5 is told never to send us; one of version 4 has no such word. */
const PACKET_BYTES_MAX = 1024 * 1024;
/** What is looked into. */
const PAYLOAD_BYTES_MAX = 256 * 1024;
/** Not authorised, or a wrong password: 4 and 5 in version 4, 134 and 135 in version 5. */
const REFUSALS: ReadonlySet<unknown> = new Set([4, 5, 134, 135]);
/** A broker that cannot be trusted, in OpenSSL's words. */
const DISTRUST = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/;
/** A file of certificates that cannot be read is looked for again. Without it no broker is trusted. */
const CERTIFICATES_MS = 10_000;

/** Who listens to topics. */
export interface Listener {
  /** All that is wanted is subscribed to. */
  up(): void;
  /** Nothing is heard from here on. */
  down(reason: Fault): void;
  /** A message; null for a body that is larger than any that is looked into. `retained`: nobody knows how old it is. */
  message(topic: string, body: Buffer | null, retained: boolean): void;
}

/** Shared by all collectors of a site. */
export class Brokers {
  readonly #open = new Map<string, Broker>();

  /** The connection to a broker: the same for the same broker and user. It is made when somebody listens. */
  of({ host, port, mqtt }: DeviceAddress): Broker {
    const { tls = false, ca, user, password, version = 5 } = mqtt ?? {};
    const access = {
      host,
      port,
      tls,
      version,
      ...(ca && { ca }),
      ...(user && { user }),
      ...(password && { password }),
    };
    const name = JSON.stringify(access);
    const known = this.#open.get(name) ?? new Broker(name, access);
    this.#open.set(name, known);
    return known;
  }
}

type Access = Pick<MqttAccess, "tls" | "ca" | "user" | "password" | "version"> & {
  readonly host: string;
  readonly port: number;
};

export class Broker {
  readonly name: string;
  readonly #access: Access;
  readonly #listeners = new Map<string, Set<Listener>>();
  #client: MqttClient | null = null;
  #later: NodeJS.Timeout | undefined;
  #reason: Fault = "noCommunication";

  /** `name` tells it from others. */
  constructor(name: string, access: Access) {
    this.name = name;
    this.#access = access;
  }

  /** Listens to topics, or to a pattern with + for its third and fifth level, until what is returned is called. */
  listen(filters: readonly string[], listener: Listener): () => Promise<void> {
    for (const filter of filters) {
      const listeners = this.#listeners.get(filter) ?? new Set();
      this.#listeners.set(filter, listeners.add(listener));
    }
    if (this.#client?.connected) this.#subscribe(filters, [listener]);
    else if (!this.#client) this.#connect();
    return () => this.#leave(filters, listener);
  }

  async #leave(filters: readonly string[], listener: Listener): Promise<void> {
    for (const filter of filters) {
      const listeners = this.#listeners.get(filter);
      listeners?.delete(listener);
      if (listeners?.size !== 0) continue;
      this.#listeners.delete(filter);
      if (this.#client?.connected) this.#client.unsubscribe(filter);
    }
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#later);
    const client = this.#client;
    this.#client = null;
    await client?.endAsync(true);
  }

  #connect(): void {
    clearTimeout(this.#later);
    const trusted = certificates(this.#access.ca);
    if (trusted === null) {
      for (const listener of this.#everybody()) listener.down("configuration");
      this.#later = setTimeout(() => this.#connect(), CERTIFICATES_MS);
      return;
    }
    const { host, port, tls } = this.#access;
    const client = connect({ ...this.#options(), ...trusted, host, port, protocol: tls ? "mqtts" : "mqtt" });
    this.#client = client;
    client.on("connect", () => this.#subscribe([...this.#listeners.keys()], this.#everybody()));
    client.on("message", (topic, body, { retain }) => this.#hand(topic, body, retain));
    // Every fault ends in "close", and the client connects again by itself.
    client.on("error", (error) => {
      this.#reason = isRefusal(error) ? "configuration" : "noCommunication";
    });
    client.on("close", () => {
      for (const listener of this.#everybody()) listener.down(this.#reason);
    });
  }

  #options(): IClientOptions {
    const { user, password, version } = this.#access;
    return {
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password }),
      protocolVersion: version,
      ...(version === 5 && { properties: { maximumPacketSize: PACKET_BYTES_MAX } }),
      clean: true,
      keepalive: KEEP_ALIVE_S,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectOnConnackError: true,
      queueQoSZero: false,
      resubscribe: false,
    };
  }

  #everybody(): readonly Listener[] {
    return [...new Set([...this.#listeners.values()].flatMap((listeners) => [...listeners]))];
  }

  #subscribe(filters: readonly string[], listeners: readonly Listener[]): void {
    this.#client?.subscribe([...filters], { qos: 1 }, (error, granted = []) => {
      // A broker that hears us and does not let us hear is set up wrongly.
      const refused = error ?? granted.find(({ qos }) => Number(qos) >= 128);
      for (const listener of listeners)
        if (refused) listener.down("configuration");
        else listener.up();
    });
  }

  #hand(topic: string, body: Buffer, retained: boolean): void {
    const seen = body.length > PAYLOAD_BYTES_MAX ? null : body;
    for (const name of [topic, pattern(topic)])
      for (const listener of this.#listeners.get(name) ?? []) listener.message(topic, seen, retained);
  }
}

/** The filter that a topic of Sparkplug B comes in by: its type and its device are left open. */
function pattern(topic: string): string {
  const [space = "", group = "", , node = "", device] = topic.split("/");
  return `${space}/${group}/+/${node}${device === undefined ? "" : "/+"}`;
}

const isRefusal = (error: Error & { code?: unknown }): boolean =>
  REFUSALS.has(error.code) || (typeof error.code === "string" && DISTRUST.test(error.code));

/** What is trusted: the system's certificates, or those of a file; null where that cannot be read. */
function certificates(file: string | undefined): IClientOptions | null {
  try {
    return file === undefined ? {} : { ca: readFileSync(file) };
  } catch {
    return null;
  }
}

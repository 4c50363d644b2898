/**
 * The MQTT outlet. Nothing is decided by what a broker says or fails to say: nothing is subscribed
 * to, and what waits for a broker is the newest state of each topic, never a history. A topic that
 * changes again before it could be sent is sent once, with its newest state, and that is counted.
 */
import type { MqttClient } from "mqtt";
import { connect } from "mqtt";

/** A broker, as the site file names it; the password stands in it resolved. */
export interface MqttConfig {
  /** "mqtt://host:port", or "mqtts://" over TLS. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** First part of every topic. */
  readonly prefix: string;
  /** 5, or 4 for brokers that know 3.1.1 only. */
  readonly version: 4 | 5;
}

/** One retained topic; its body is made when it is sent, from what is true then. */
interface State {
  readonly qos: 0 | 1;
  readonly body: () => string;
}

/** What the outlet has had to do without. */
export interface MqttHealth {
  readonly connected: boolean;
  /** Topics whose newest state has not been sent. */
  readonly waiting: number;
  /** States that a newer one took the place of before they could be sent. */
  readonly replaced: number;
  /** Events and topics that found no room. */
  readonly dropped: number;
}

export interface MqttOutlet {
  /** Sets a topic's newest state, which is retained, and sent again after every reconnection. */
  set(topic: string, state: State): void;
  /** Publishes something that happened, once, QoS 1. */
  event(topic: string, body: string): void;
  health(): MqttHealth;
  close(): Promise<void>;
}

/** Messages handed to the connection and not yet taken or acknowledged: beyond that, newer states take the place of older ones. */
const windowMax = 200;
/** Of these, messages that wait for an acknowledgement: Mosquitto's own limit is 20, and it ends a connection that goes beyond. */
const unacknowledgedMax = 16;
/** More topics than the largest site has devices and alarms. */
const topicsMax = 50_000;
/** Events kept for a broker that is away. */
const eventsMax = 1000;
const keepAliveSeconds = 15;
const reconnectMs = 1000;
const connectTimeoutMs = 5000;
/** How long a parting outlet waits for the broker to take its last word. */
const partingMs = 1000;

/** Opens the outlet of a site. It connects, and goes on trying, until it is closed. */
export function openMqtt(config: MqttConfig, site: string): MqttOutlet {
  return new Outlet(config, `${config.prefix}/v1/${topicPart(site)}`);
}

/** A name as one level of a topic. */
export const topicPart = (name: string): string => name.replaceAll(/[+#/\0]/g, "_");

class Outlet implements MqttOutlet {
  readonly #client: MqttClient;
  readonly #root: string;
  readonly #states = new Map<string, State>();
  readonly #waiting = new Set<string>();
  readonly #events: { readonly topic: string; readonly body: string }[] = [];
  /** Message numbers handed to the connection; null where the protocol gives none. */
  readonly #inFlight = new Map<symbol, number | null>();
  #replaced = 0;
  #dropped = 0;

  constructor({ url, username, password, version }: MqttConfig, root: string) {
    this.#root = root;
    this.#client = connect(url, {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      protocolVersion: version,
      clean: true,
      keepalive: keepAliveSeconds,
      reconnectPeriod: reconnectMs,
      connectTimeout: connectTimeoutMs,
      reconnectOnConnackError: true,
      queueQoSZero: false,
      resubscribe: false,
      will: { topic: `${root}/$status`, payload: Buffer.from("offline"), qos: 1, retain: true },
    });
    this.#client.on("connect", () => this.#greet());
    this.#client.on("close", () => this.#forget());
    // Every fault ends in "close", and the client connects again by itself.
    this.#client.on("error", () => undefined);
  }

  set(topic: string, state: State): void {
    if (!this.#states.has(topic) && this.#states.size >= topicsMax) {
      this.#dropped += 1;
      return;
    }
    this.#states.set(topic, state);
    if (this.#waiting.has(topic)) this.#replaced += 1;
    this.#waiting.add(topic);
    this.#pump();
  }

  event(topic: string, body: string): void {
    this.#events.push({ topic, body });
    if (this.#events.length > eventsMax) {
      this.#events.shift();
      this.#dropped += 1;
    }
    this.#pump();
  }

  health(): MqttHealth {
    return {
      connected: this.#client.connected,
      waiting: this.#waiting.size,
      replaced: this.#replaced,
      dropped: this.#dropped,
    };
  }

  async close(): Promise<void> {
    if (this.#client.connected) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#client.publish(`${this.#root}/$status`, "offline", { qos: 1, retain: true }, () => resolve());
        }),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, partingMs);
        }),
      ]);
      clearTimeout(timer);
    }
    await this.#client.endAsync(true);
  }

  /** A broker that was restarted may have forgotten everything, so it is told everything. */
  #greet(): void {
    this.#publish("$status", { qos: 1, retain: true, body: "online" }, () => undefined);
    for (const topic of this.#states.keys()) this.#waiting.add(topic);
    this.#pump();
  }

  /** What was handed over and not acknowledged must not come after newer states, so it is taken back. */
  #forget(): void {
    // Last first, because each goes back to the head of the queue.
    const ids = [...this.#inFlight.values()].reverse();
    this.#inFlight.clear();
    for (const id of ids) if (id !== null) this.#client.removeOutgoingMessage(id);
  }

  #pump(): void {
    while (this.#client.connected && this.#hasRoom()) {
      const event = this.#events.shift();
      if (event) {
        this.#publish(event.topic, { qos: 1, retain: false, body: event.body }, () => this.#events.unshift(event));
        continue;
      }
      const [topic] = this.#waiting;
      if (topic === undefined) return;
      this.#waiting.delete(topic);
      const { qos, body } = this.#states.get(topic)!;
      this.#publish(topic, { qos, retain: true, body: body() }, () => this.#waiting.add(topic));
    }
  }

  #hasRoom(): boolean {
    if (this.#inFlight.size >= windowMax) return false;
    let unacknowledged = 0;
    for (const id of this.#inFlight.values()) if (id !== null) unacknowledged += 1;
    return unacknowledged < unacknowledgedMax;
  }

  #publish(
    topic: string,
    { qos, retain, body }: { readonly qos: 0 | 1; readonly retain: boolean; readonly body: string },
    failed: () => void,
  ): void {
    const flight = Symbol(topic);
    this.#inFlight.set(flight, null);
    const properties = { contentType: "application/json" };
    this.#client.publish(`${this.#root}/${topic}`, body, { qos, retain, properties }, (error) => {
      this.#inFlight.delete(flight);
      if (error) failed();
      else setImmediate(() => this.#pump());
    });
    if (qos > 0 && this.#inFlight.has(flight)) this.#inFlight.set(flight, this.#client.getLastMessageId());
  }
}

/**
 * Asks a worker that listens on MQTT: the order on one topic, and on another, retained, what the worker says of
 * itself. The worker's word that names the order's id is the acknowledgement; the broker's is not.
 */
import type { MqttClient } from "mqtt";
import { connect } from "mqtt";
import { z } from "zod";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn, wordsOf } from "./actuator.ts";

export interface MqttSettings {
  /** "mqtt://host:port", or "mqtts://" over TLS. */
  readonly url: string;
  /** A PEM text of the authorities to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** 5, or 4 for brokers that know 3.1.1 only. */
  readonly version: 4 | 5;
  /** Where orders are published. */
  readonly request: string;
  /** Where the worker keeps its state, retained. */
  readonly state: string;
}

/** To connect, subscribe and be acknowledged by the broker. Real time. */
const timeoutMs = 3000;
/** A worker says at once that it has an order, and does it afterwards. */
const wordMs = 3000;
/** A broker sends what it has retained together with its leave to subscribe; a busy one a little later. */
const retainedMs = 1000;
const answerMaxBytes = 64 * 1024;
/** The broker knows of nobody who listens to the topic. */
const nobodyListens = 0x10;

/** What a worker says of itself. `order` is the last one it was given. */
const wordSchema = z.object({
  state: z.string(),
  order: z.string().optional(),
  refused: z.string().optional(),
});
type Word = z.output<typeof wordSchema>;

export const mqttDeclaration: Declaration = {
  writes: "MQTT, QoS 1: an order on the request topic, its id as correlation data",
  twice: "once, of a worker that knows an order by its id; states are absolute",
  timeoutMs: 2 * timeoutMs + wordMs,
  confirmed: "the worker's retained state",
};

/** The actuator of one worker. `now` is the wall clock by which an order that nobody fetches is thrown away. */
export function mqttActuator(link: StateLink<MqttSettings>, now: () => number = Date.now): Actuator {
  return turnByTurn({
    has: (point) => point === link.point,
    read: (stop) => stateOf(link, stop),
    write: (order, stop) => ask(link, order, { stop, now }),
  });
}

async function stateOf({ settings, states }: StateLink<MqttSettings>, stop: AbortSignal): Promise<number | null> {
  let line: Line | null = null;
  try {
    line = await openLine(settings, stop);
    const word = await line.word(() => true, retainedMs);
    return placeIn(states, word?.state);
  } catch {
    // Whatever the reason, the worker did not say how it stands.
    return null;
  } finally {
    line?.close();
  }
}

async function ask(
  link: StateLink<MqttSettings>,
  order: Order,
  { stop, now }: { readonly stop: AbortSignal; readonly now: () => number },
): Promise<WriteOutcome> {
  const state = link.states[order.value];
  if (order.point !== link.point || state === undefined) return { result: "refused", detail: "no such state" };
  let line: Line | null = null;
  try {
    line = await openLine(link.settings, stop);
    const heard = line.word(({ order: id }) => id === order.id, timeoutMs + wordMs);
    const { id, expires, due } = order;
    // What is not due is left out by JSON itself.
    const isHeard = await line.publish(link.settings, { id, state, expires, due }, now());
    if (!isHeard) return { result: "again", detail: "nobody listens to the request topic" };
    const word = await heard;
    if (word === null) return { result: "unsure", detail: "the worker has not said that it has the order" };
    return word.refused === undefined ? { result: "accepted" } : { result: "refused", detail: word.refused };
  } catch (error) {
    return { result: "again", detail: wordsOf(error) };
  } finally {
    line?.close();
  }
}

/** A connection that listens to a worker. */
interface Line {
  /** The first word for which this holds; null where none comes in time. */
  word(holds: (word: Word) => boolean, withinMs: number): Promise<Word | null>;
  /** Resolves with the broker's acknowledgement: whether anybody listens, as far as it says so. */
  publish(settings: MqttSettings, body: Readonly<Record<string, unknown>>, now: number): Promise<boolean>;
  close(): void;
}

async function openLine(settings: MqttSettings, stop: AbortSignal): Promise<Line> {
  const limit = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  limit.throwIfAborted();
  const client = connect(settings.url, optionsOf(settings));
  const words: Word[] = [];
  const waiting = new Set<() => void>();
  client.on("message", (topic, body) => {
    const word = topic === settings.state ? wordIn(body) : null;
    if (word === null) return;
    words.push(word);
    for (const look of waiting) look();
  });
  const lost = untilLost(client, stop);
  lost.catch(() => client.end(true));
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
  });
  late.catch(() => undefined);
  try {
    await Promise.race([subscribed(client, settings.state), lost, late]);
  } catch (error) {
    client.end(true);
    throw error;
  }
  return {
    word: (holds, withinMs) => firstWord({ words, waiting, lost }, holds, withinMs),
    publish: (access, body, now) => Promise.race([published(client, access, body, now), lost, soon()]),
    close: () => void client.end(true),
  };
}

const soon = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not acknowledged within ${timeoutMs} ms`)), timeoutMs).unref();
  });

function optionsOf({ ca, user, password, version }: MqttSettings): Parameters<typeof connect>[1] {
  return {
    protocolVersion: version,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: timeoutMs,
    ...(version === 5 ? { properties: { maximumPacketSize: answerMaxBytes } } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
  };
}

/** Rejects when the connection fails, ends or is not wanted any more. */
function untilLost(client: MqttClient, stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    client.on("error", reject);
    client.on("close", () => reject(new Error("the broker closed the connection")));
    stop.addEventListener("abort", () => reject(new Error("not asked any more")), { once: true });
  });
}

function subscribed(client: MqttClient, topic: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("connect", () => {
      client.subscribe(topic, { qos: 1 }, (error, granted) => {
        const isRefused = granted?.some(({ qos }) => qos >= 0x80) ?? false;
        if (error || isRefused) reject(error ?? new Error(`the broker does not let us listen to ${topic}`));
        else resolve();
      });
    });
  });
}

function published(
  client: MqttClient,
  { request, state, version }: MqttSettings,
  body: Readonly<Record<string, unknown>>,
  now: number,
): Promise<boolean> {
  const seconds = Math.max(1, Math.ceil((Number(body["expires"]) - now) / 1000));
  const properties = {
    correlationData: Buffer.from(String(body["id"])),
    responseTopic: state,
    messageExpiryInterval: Math.min(seconds, 0xffffffff),
  };
  return new Promise((resolve, reject) => {
    let isHeard = true;
    client.on("packetreceive", (packet) => {
      if (packet.cmd === "puback" && packet.reasonCode === nobodyListens) isHeard = false;
    });
    const options = { qos: 1, ...(version === 5 ? { properties } : {}) } as const;
    client.publish(request, JSON.stringify(body), options, (error) => (error ? reject(error) : resolve(isHeard)));
  });
}

function wordIn(body: Buffer): Word | null {
  if (body.length > answerMaxBytes) return null;
  try {
    return wordSchema.safeParse(JSON.parse(body.toString())).data ?? null;
  } catch {
    // What is no JSON is no word.
    return null;
  }
}

function firstWord(
  {
    words,
    waiting,
    lost,
  }: { readonly words: Word[]; readonly waiting: Set<() => void>; readonly lost: Promise<never> },
  holds: (word: Word) => boolean,
  withinMs: number,
): Promise<Word | null> {
  return new Promise((resolve) => {
    const end = (word: Word | null): void => {
      clearTimeout(deadline);
      waiting.delete(look);
      resolve(word);
    };
    const look = (): void => {
      // A worker that talks without end is not remembered without end.
      const found = words.splice(0).find(holds);
      if (found) end(found);
    };
    const deadline = setTimeout(() => end(null), withinMs);
    waiting.add(look);
    lost.catch(() => end(null));
    look();
  });
}

/**
 * An edge node of Sparkplug B and the devices behind it. What it sends is counted, and a birth says
 * what its aliases stand for. Where the count has a gap, a birth may have been missed: then no value
 * holds and no alias is believed until the next birth. A birth could be asked for, but asking is
 * writing, and nothing is written here. What comes with its name is believed with or without one.
 */
import type { Fault } from "../../core/reading.ts";
import type { DeviceAddress, Published } from "../../profiles/index.ts";
import { type Broker, Brokers, type Listener } from "./broker.ts";
import { decodePayload, type Metric, type Payload, valueOf } from "./payload.ts";

/** Edge nodes count so far and begin again. */
const SEQ_END = 256;
/** The part of a topic before the group. */
const NAMESPACE = "spBv1.0";
/** Under this name births and deaths say to which session they belong. */
const SESSION = "bdSeq";

/** A metric that has a name. */
export interface Named {
  readonly name: string;
  readonly value: Published;
  readonly quality: number | null;
  readonly timestampMs: number | null;
}

/** Who listens to one device, or to the metrics of the edge node itself. */
export interface EdgeEar {
  metrics(metrics: readonly Named[], retained: boolean): void;
  /** Nothing that was said before holds. */
  lost(): void;
  up(): void;
  down(reason: Fault): void;
}

/** What a birth told of a metric. */
interface Told {
  readonly name: string;
  readonly type: number | null;
}

/** The metrics of one device by their aliases and by their names; those of the node itself are those of device "". */
interface Births {
  readonly byAlias: ReadonlyMap<bigint, Told>;
  readonly byName: ReadonlyMap<string, Told>;
}

export class Edge implements Listener {
  readonly #broker: Broker;
  readonly #place: string;
  readonly #ears = new Map<string, Set<EdgeEar>>();
  readonly #births = new Map<string, Births>();
  #leave: () => Promise<void> = async () => {};
  /** What the next message must be counted; null where none was heard yet. */
  #next: number | null = null;
  #session: Published = undefined;
  #isUp = false;

  constructor(broker: Broker, group: string, node: string) {
    this.#broker = broker;
    this.#place = `${NAMESPACE}/${group}/+/${node}`;
  }

  /** Listens to one device, until what is returned is called. */
  listen(device: string, ear: EdgeEar): () => Promise<void> {
    const isFirst = this.#ears.size === 0;
    this.#ears.set(device, (this.#ears.get(device) ?? new Set()).add(ear));
    if (isFirst) this.#leave = this.#broker.listen([this.#place, `${this.#place}/+`], this);
    else if (this.#isUp) ear.up();
    return async () => {
      this.#ears.get(device)?.delete(ear);
      if (this.#ears.get(device)?.size === 0) this.#ears.delete(device);
      if (this.#ears.size === 0) await this.#leave();
    };
  }

  up(): void {
    this.#isUp = true;
    for (const ear of this.#all()) ear.up();
  }

  /** The count goes on where the connection was: whether anything was missed is seen when it is back. */
  down(reason: Fault): void {
    this.#isUp = false;
    for (const ear of this.#all()) ear.down(reason);
  }

  message(topic: string, body: Buffer | null, retained: boolean): void {
    const [, , type = "", , device = ""] = topic.split("/");
    if (!/^[ND](BIRTH|DATA|DEATH)$/.test(type) || (type[0] === "D") !== (device !== "")) return;
    const payload = body && decodePayload(body);
    if (!payload) return this.#lose();
    if (type === "NDEATH") return this.#nodeDied(payload);
    if (type === "NBIRTH") this.#nodeBorn(payload, retained);
    else if (!retained) this.#count(payload.seq);
    if (type === "DDEATH") this.#lose(device);
    else if (type.endsWith("BIRTH")) this.#born(device, payload, retained);
    else this.#data(device, payload, retained);
  }

  /** A will that was left by an older session says nothing of this one. */
  #nodeDied(payload: Payload): void {
    const session = sessionOf(payload);
    if (session === undefined || this.#session === undefined || session === this.#session) this.#lose();
  }

  /** With the node all its devices begin anew. */
  #nodeBorn(payload: Payload, retained: boolean): void {
    this.#lose();
    this.#session = sessionOf(payload);
    this.#next = retained || payload.seq === null ? null : (payload.seq + 1) % SEQ_END;
  }

  #count(seq: number | null): void {
    if (seq === null || (this.#next !== null && seq !== this.#next)) this.#lose();
    this.#next = seq === null ? null : (seq + 1) % SEQ_END;
  }

  #born(device: string, payload: Payload, retained: boolean): void {
    // Metrics of devices that nobody listens to are counted and not kept.
    if (!this.#ears.has(device)) return;
    const byAlias = new Map<bigint, Told>();
    const byName = new Map<string, Told>();
    for (const { name, alias, type } of payload.metrics) {
      if (name === null) continue;
      byName.set(name, { name, type });
      if (alias !== null) byAlias.set(alias, { name, type });
    }
    this.#births.set(device, { byAlias, byName });
    this.#data(device, payload, retained);
  }

  #data(device: string, payload: Payload, retained: boolean): void {
    if (!this.#ears.has(device)) return;
    const births = this.#births.get(device);
    // An alias of a birth that we did not hear: whose value it is nobody knows, nor what the other aliases mean now.
    if (births && payload.metrics.some((metric) => !toldOf(metric, births)))
      return this.#stray(device, payload, retained);
    const named = payload.metrics.flatMap((metric) => namedOf(metric, toldOf(metric, births), payload) ?? []);
    for (const ear of this.#ears.get(device) ?? []) ear.metrics(named, retained);
  }

  #stray(device: string, payload: Payload, retained: boolean): void {
    this.#lose(device);
    this.#data(device, payload, retained);
  }

  /** Forgets what was said, by one device or by all, and says so. */
  #lose(device?: string): void {
    for (const [one, ears] of this.#ears) {
      if (device !== undefined && one !== device) continue;
      this.#births.delete(one);
      for (const ear of ears) ear.lost();
    }
  }

  #all(): readonly EdgeEar[] {
    return [...this.#ears.values()].flatMap((ears) => [...ears]);
  }
}

/** Undefined for an alias that no birth has told. */
const toldOf = ({ name, alias, type }: Metric, births: Births | undefined): Told | undefined => {
  if (name !== null) return { name, type: type ?? births?.byName.get(name)?.type ?? null };
  return alias === null ? undefined : births?.byAlias.get(alias);
};

/** What was so at another time is history and no reading. */
function namedOf(metric: Metric, told: Told | undefined, { timestampMs }: Payload): Named | null {
  if (!told || metric.isHistorical) return null;
  const value = valueOf(metric, metric.type ?? told.type);
  return { name: told.name, value, quality: metric.quality, timestampMs: metric.timestampMs ?? timestampMs };
}

function sessionOf({ metrics }: Payload): Published {
  const metric = metrics.find(({ name }) => name === SESSION);
  return metric && valueOf(metric, metric.type);
}

/** The brokers of a site and the edge nodes behind them, shared by all collectors. */
export class Edges extends Brokers {
  readonly #edges = new Map<string, Edge>();

  /** An edge node: the same for the same broker, group and node. */
  edge(address: DeviceAddress, group: string, node: string): Edge {
    const broker = this.of(address);
    const known = this.#edges.get(`${broker.name} ${group}/${node}`) ?? new Edge(broker, group, node);
    this.#edges.set(`${broker.name} ${group}/${node}`, known);
    return known;
  }
}

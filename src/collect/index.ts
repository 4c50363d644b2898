/**
 * Collectors: from the devices' protocols to readings. Every device is polled by an actor of its
 * own, so that one that is slow, dead or hostile costs the others nothing.
 */
import { setMaxListeners } from "node:events";
import type { DeviceLink } from "../profiles/link.ts";
import type { AskedProtocol, PointModel } from "../profiles/model.ts";
import type { CollectClock } from "./clock.ts";
import { type Collector, DeviceCollector, type Sink } from "./device.ts";
import { openChecked } from "./identity.ts";
import { LineFault, type OpenLine } from "./line.ts";
import { type Load, watchLoad } from "./load.ts";
import { modbusOpener } from "./modbus/line.ts";
import { openShares } from "./modbus/shares.ts";
import { Trunks } from "./modbus/trunk.ts";
import { MqttCollector } from "./mqtt/collector.ts";
import { Edges } from "./mqtt/edge.ts";
import { type OnceResult, readLineOnce } from "./once.ts";
import { snmpOpener } from "./snmp/line.ts";
import { SharedClock } from "./together.ts";
import { receiveTraps, type TrapRules } from "./traps/receive.ts";
import { openVariant } from "./variant.ts";

export type { DeviceLink, SnmpAccess, SnmpUser } from "../profiles/link.ts";
export type { CollectClock } from "./clock.ts";
export type { Collector, Sink } from "./device.ts";
export type { OnceResult } from "./once.ts";
export type { TrapRules } from "./traps/receive.ts";
export { collectWhereabouts, whereaboutsPeriod } from "./whereabouts.ts";

/** How each protocol in which devices are asked opens a line. Such a protocol is added by one line here. */
const OPENERS: Readonly<Record<AskedProtocol, (link: DeviceLink, trunks: Trunks) => OpenLine>> = {
  modbus: modbusOpener,
  snmp: snmpOpener,
};

/** What a collector may be told beside its link. */
export interface CollectorOptions {
  /** The device's number among those collected, and how many these are: they are spread over the period. Default: it is the only one. */
  readonly index?: number;
  readonly among?: number;
  /** How hard pressed the process is. Default: it keeps up. */
  readonly load?: Load;
  /** Jitter of the back-off: numbers in [0, 1). Default Math.random. */
  readonly random?: () => number;
  /** Modbus connections to share with other collectors. Default: none are shared. */
  readonly trunks?: Trunks;
  /** Connections to MQTT brokers to share with other collectors. Default: none are shared. */
  readonly edges?: Edges;
}

/** The collector of one device. It connects when its readings are first asked for. */
export function makeCollector(link: DeviceLink, clock: CollectClock, options: CollectorOptions = {}): Collector {
  const { index = 0, among = 1, random = Math.random, trunks = new Trunks(), edges = new Edges(), load } = options;
  const { protocol } = link.model;
  if (protocol === "mqtt") return new MqttCollector(link, { edges, clock });
  const open = openVariant(() => openChecked(OPENERS[protocol](link, trunks), link), link);
  return new DeviceCollector(link, { open, clock, index, among, random, ...(load ? { load } : {}) });
}

/** What is collected from. */
export interface Sources {
  readonly links: readonly DeviceLink[];
  /** How the devices' traps come in; without it nothing listens. */
  readonly traps?: TrapRules | undefined;
}

/**
 * Collects from all devices until `stop` aborts, then resolves with nothing left open. Devices on
 * one Modbus host and port, or with one broker, share a connection. Rejects only for a fault of our own, or of `sink`.
 */
export function collect(sources: Sources, clock: CollectClock, stop: AbortSignal, sink: Sink): Promise<void> {
  return collectOver({ ...sources, trunks: new Trunks() }, clock, stop, sink);
}

/** Devices whose connections are ready to be used, by us and by those whom the site lets read through them. */
export interface Collecting {
  /** As {@link collect}. */
  collect(clock: CollectClock, stop: AbortSignal, sink: Sink): Promise<void>;
  /** Closes the ports at which others read. */
  close(): Promise<void>;
}

/** Opens the ports at which devices are shared with others. Rejects, with nothing left open, where one cannot be. */
export async function openCollecting(sources: Sources): Promise<Collecting> {
  const trunks = new Trunks();
  const ports = await openShares(sources.links, trunks);
  return {
    collect: (clock, stop, sink) => collectOver({ ...sources, trunks }, clock, stop, sink),
    close: async () => void (await Promise.all(ports.map((port) => port.close()))),
  };
}

async function collectOver(
  { links, traps, trunks }: Sources & { readonly trunks: Trunks },
  clock: CollectClock,
  stop: AbortSignal,
  sink: Sink,
): Promise<void> {
  const own = new AbortController();
  // Each device listens for the stop; the usual warning at eleven would only say how large the site is.
  setMaxListeners(0, own.signal);
  const end = (): void => own.abort();
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  const edges = new Edges();
  const shared = new SharedClock(clock, own.signal);
  const among = links.length;
  const load = watchLoad(own.signal);
  const collectors = links.map((link, index) => makeCollector(link, shared, { index, among, trunks, edges, load }));
  const runs = collectors.map((collector) => collector.collect(own.signal, sink));
  if (traps) runs.push(receiveTraps(traps, hurried(links, collectors), { clock, stop: own.signal, sink }));
  try {
    await Promise.all(runs);
  } finally {
    end();
    await Promise.allSettled(runs);
    stop.removeEventListener("abort", end);
  }
}

/** The devices that can be hurried: what is heard through a broker has no address of its own. */
const hurried = (links: readonly DeviceLink[], collectors: readonly Collector[]) =>
  links.flatMap(({ model, address: { host } }, i) =>
    model.protocol === "mqtt"
      ? []
      : [{ host, model, hurry: (names: readonly string[]) => collectors[i]!.hurry(names) }],
  );

/** Connects to a device, reads the points (default: all, with those of its tables' rows) once and closes. Never rejects for a device's fault. */
export function readOnce(
  link: DeviceLink,
  points: readonly PointModel[] | null = null,
  stop: AbortSignal = new AbortController().signal,
): Promise<OnceResult> {
  const { points: known, tables = [] } = link.model;
  const wanted = points ? { points, tables: [] } : { points: known.filter(({ lookedUp }) => !lookedUp), tables };
  return readLineOnce(link, openerOf(link), wanted, stop);
}

function openerOf(link: DeviceLink): OpenLine {
  const { protocol } = link.model;
  if (protocol !== "mqtt") return openVariant(() => OPENERS[protocol](link, new Trunks()), link);
  const message = "it speaks when it wants to, and cannot be asked";
  return () => Promise.reject(new LineFault("broken", message, { asked: false, reason: "configuration" }));
}

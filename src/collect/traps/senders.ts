/** Who may notify us: the addresses of the devices that are read. All that is kept of a sender is bounded. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { urgencyOf } from "../../profiles/group.ts";
import type { DeviceModel } from "../../profiles/model.ts";
import { notificationName } from "../../profiles/traps.ts";
import { TokenBucket } from "./bucket.ts";

/** Notifications of one address: a device that loses its supply sends a handful, one that flaps some a second. */
const PER_SECOND = 10;
const AT_ONCE = 50;
/** Engines behind one address: an agent has one, and gets a new one when its card is changed. */
const ENGINES_MAX = 4;

/** A device that can be hurried. */
export interface Hurried {
  readonly host: string;
  readonly model: DeviceModel;
  hurry(names: readonly string[]): void;
}

/** One address, and the devices that are read there. */
export class Sender {
  readonly devices: Hurried[] = [];
  readonly #bucket: TokenBucket;
  /** In hexadecimal; the oldest first. */
  readonly #engines = new Set<string>();

  constructor(nowMs: number) {
    this.#bucket = new TokenBucket(PER_SECOND, AT_ONCE, nowMs);
  }

  /** Whether one more datagram of it is to be looked at. */
  mayPass(nowMs: number): boolean {
    return this.#bucket.take(nowMs);
  }

  knows(engine: Buffer): boolean {
    return this.#engines.has(engine.toString("hex"));
  }

  /** Remembers an engine that has proved itself; returns the one that is forgotten for it, if any. */
  remember(engine: Buffer): Buffer | null {
    this.#engines.add(engine.toString("hex"));
    if (this.#engines.size <= ENGINES_MAX) return null;
    const [oldest = ""] = this.#engines;
    this.#engines.delete(oldest);
    return Buffer.from(oldest, "hex");
  }

  /** Has the devices asked that know this notification; where none does, all of them, for what is most urgent. */
  hurry(oid: string): void {
    const name = notificationName(oid);
    const knowing = this.devices.filter(({ model }) => model.traps && Object.hasOwn(model.traps, name));
    for (const device of knowing.length > 0 ? knowing : this.devices)
      device.hurry(device.model.traps?.[name] ?? mostUrgent(device.model));
  }
}

/** The names of what a device's most urgent class has. */
function mostUrgent({ points, tables = [] }: DeviceModel): readonly string[] {
  const all = [...points, ...tables.flatMap((table) => table.points)];
  const first = Math.min(...all.map(urgencyOf));
  return all.filter((point) => urgencyOf(point) === first).map(({ name }) => name);
}

/** Addresses are known at once, names of hosts after {@link Senders.lookUp}; a name that cannot be found keeps what it had. */
export class Senders {
  readonly #devices: ReadonlyMap<string, readonly Hurried[]>;
  readonly #addresses = new Map<string, readonly string[]>();
  #senders: ReadonlyMap<string, Sender> = new Map();

  constructor(devices: readonly Hurried[], nowMs: number) {
    const byHost = new Map<string, Hurried[]>();
    for (const device of devices) byHost.set(device.host, [...(byHost.get(device.host) ?? []), device]);
    this.#devices = byHost;
    for (const host of byHost.keys()) if (isIP(host) !== 0) this.#addresses.set(host, [plain(host)]);
    this.#file(nowMs);
  }

  /** The sender behind an address, if it is one of ours. */
  of(address: string): Sender | undefined {
    return this.#senders.get(plain(address));
  }

  async lookUp(nowMs: number): Promise<void> {
    const names = [...this.#devices.keys()].filter((host) => isIP(host) === 0);
    await Promise.all(
      names.map(async (host) => {
        const found = await addressesOf(host);
        if (found.length > 0) this.#addresses.set(host, found);
      }),
    );
    this.#file(nowMs);
  }

  #file(nowMs: number): void {
    const senders = new Map<string, Sender>();
    for (const host of this.#devices.keys())
      for (const address of this.#addresses.get(host) ?? []) {
        const sender = senders.get(address) ?? this.#senders.get(address) ?? new Sender(nowMs);
        if (!senders.has(address)) sender.devices.length = 0;
        senders.set(address, sender);
        sender.devices.push(...(this.#devices.get(host) ?? []));
      }
    this.#senders = senders;
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => plain(address));
  } catch {
    // Nobody knows the name just now: what it stood for before holds.
    return [];
  }
}

/** A version 4 address as a version 6 socket shows it is the version 4 address. */
const plain = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address).toLowerCase();

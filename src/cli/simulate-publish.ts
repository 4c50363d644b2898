/** Devices of a simulated site that publish over MQTT. No broker but one of this machine hears of a simulation. */
import { isPublishable, publishDevices } from "../../simulators/wire/publish.ts";
import type { Clock } from "../clock.ts";
import type { Keys } from "../secrets.ts";
import type { SiteOnWire } from "../simulation/site-on-wire.ts";
import type { Device, Site } from "../site/index.ts";

/** A device that is not simulated, and why. */
export interface Unpublished {
  readonly device: string;
  readonly why: string;
}

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

/** Publishes what can be. A broker that does not answer is a reason like others. */
export async function openPublishing(
  { devices }: Site,
  wire: SiteOnWire,
  { keys, clock }: { readonly keys: Keys; readonly clock: Clock },
): Promise<{ readonly unpublished: readonly Unpublished[]; close(): Promise<void> }> {
  const open: { close(): Promise<void> }[] = [];
  const unpublished: Unpublished[] = [];
  for (const device of devices.filter(({ model }) => model.protocol === "mqtt")) {
    const why = reasonAgainst(device) ?? (await publish(device, wire, { keys, clock, open }));
    if (why !== null) unpublished.push({ device: device.id, why });
  }
  return { unpublished, close: async () => void (await Promise.all(open.map((one) => one.close()))) };
}

function reasonAgainst({ model, address: { host, mqtt } }: Device): string | null {
  if (!isPublishable(model)) return "Sparkplug B is not simulated";
  if (mqtt?.tls || !loopback.has(host))
    return `it publishes to ${host}, which is not this machine: say --broker mqtt://127.0.0.1`;
  return null;
}

async function publish(
  { id, model, address }: Device,
  wire: SiteOnWire,
  { keys, clock, open }: { readonly keys: Keys; readonly clock: Clock; readonly open: { close(): Promise<void> }[] },
): Promise<string | null> {
  const broker = `mqtt://${address.host}:${address.port}`;
  const access = keys.addresses.get(id)?.mqtt;
  if (!access) return "it has no address";
  try {
    const rules = { broker, faults: (device: string) => wire.board.of(device), now: () => clock.now() };
    open.push(await publishDevices([{ id, model, access }], wire.access, rules));
    return null;
  } catch {
    return `no broker answers at ${broker}`;
  }
}

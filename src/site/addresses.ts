/** What must hold between the addresses of devices: each is one device's, and those of one endpoint agree on it. */
import type { DeviceAddress } from "../profiles/index.ts";
import type { DeviceSource } from "./devices.ts";
import { addressOf, protocolOf } from "./devices.ts";
import type { Findings } from "./findings.ts";

export function checkAddresses(sources: Readonly<Record<string, DeviceSource>>, findings: Findings): void {
  const taken = new Map<string, string>();
  const endpoints = new Map<string, Endpoint>();
  const shares = new Map<number, string>();
  for (const [id, source] of Object.entries(sources)) {
    const protocol = protocolOf(source);
    const address = addressOf(source);
    const key = `${protocol} ${placeOf(address)}${unitOf(address)}`;
    // An agent may speak several MIBs, and what publishes may do it in several ways: each is a device of its own.
    const taking = protocol === "modbus" ? key : `${key} as ${source.profile}`;
    const other = taken.get(taking);
    if (other === undefined) taken.set(taking, id);
    else findings.say(["devices", id, protocol], `${other} has this address: ${key}`);
    if (protocol === "modbus") checkEndpoint({ id, address, endpoints, shares }, findings);
  }
}

/** What the first device at an endpoint says of it. */
interface Endpoint {
  readonly id: string;
  readonly transport: string;
  share: number | undefined;
}

interface Told {
  readonly id: string;
  readonly address: DeviceAddress;
  readonly endpoints: Map<string, Endpoint>;
  /** The endpoint that is shared at each port. */
  readonly shares: Map<number, string>;
}

/** The devices of one endpoint are read over one connection, which can be made in one way only. */
function checkEndpoint({ id, address, endpoints, shares }: Told, findings: Findings): void {
  const place = placeOf(address);
  const { share } = address;
  const transport = JSON.stringify(address.transport ?? null);
  const first = endpoints.get(place) ?? { id, transport, share };
  endpoints.set(place, first);
  if (first.transport !== transport)
    findings.say(
      ["devices", id, "modbus"],
      `${first.id} reaches ${place} in another way: there is one connection to it`,
    );
  if (share === undefined) return;
  first.share ??= share;
  if (first.share !== share)
    findings.say(["devices", id, "modbus", "share"], `${place} is shared at port ${first.share} already`);
  const other = shares.get(share);
  if (other !== undefined && other !== place)
    findings.say(["devices", id, "modbus", "share", "port"], `port ${share} shares ${other} already`);
  else shares.set(share, place);
}

/** Host and port, with this machine called by one name; of a serial line its path. */
export const placeOf = ({ host, port }: Pick<DeviceAddress, "host" | "port">): string =>
  host.startsWith("/") ? host : `${host.toLowerCase() === "localhost" ? "127.0.0.1" : host.toLowerCase()}:${port}`;

function unitOf({ unit, mqtt }: DeviceAddress): string {
  if (mqtt) return [mqtt.group, mqtt.node, mqtt.device].map((part) => (part === undefined ? "" : ` ${part}`)).join("");
  return unit === undefined ? "" : ` unit ${unit}`;
}

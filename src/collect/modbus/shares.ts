import type { DeviceLink } from "../../profiles/link.ts";
import { targetOf, unitOf } from "./line.ts";
import { openShare, type Shared, type SharePort } from "./share.ts";
import type { Trunks } from "./trunk.ts";
import { wireKey } from "./wire.ts";

/** Opens the ports at which these devices are shared; rejects, with none left open, where one cannot be. */
export async function openShares(links: readonly DeviceLink[], trunks: Trunks): Promise<readonly SharePort[]> {
  const ports: SharePort[] = [];
  try {
    for (const shared of sharedOf(links)) ports.push(await openShare(shared, trunks));
    return ports;
  } catch (error) {
    await Promise.all(ports.map((port) => port.close()));
    throw error;
  }
}

/** The endpoints of which a device says so, each with all of its units: it is the connection that is shared. */
function sharedOf(links: readonly DeviceLink[]): readonly Shared[] {
  const modbus = links.filter(({ model }) => model.protocol === "modbus");
  return modbus.flatMap((link) => {
    const { share } = link.address;
    const at = modbus.filter(({ address }) => wireKey(address) === wireKey(link.address));
    const first = at.find(({ address }) => address.share !== undefined);
    if (share === undefined || first !== link) return [];
    const rules = at.map(({ address, model: { link: rule } }) => {
      return [unitOf(address), { timeoutMs: rule.timeout, gapMs: rule.gap }] as const;
    });
    return [{ port: share, target: targetOf(link), units: new Map(rules) }];
  });
}

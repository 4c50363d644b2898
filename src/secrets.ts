import type { Address, Site } from "./site/index.ts";
import { resolveAddress, resolveSecret } from "./site/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A site's addresses and the secrets that its services are moved with, fetched; or all that is missing, in words. */
export type Fetched =
  | { readonly addresses: ReadonlyMap<string, Address>; readonly services: ReadonlyMap<string, string> }
  | { readonly missing: readonly string[] };

/** Fetches what is needed to speak to these devices and services. */
export function fetchSecrets(site: Pick<Site, "devices" | "services">, env: Environment): Fetched {
  const missing: string[] = [];
  const addresses = new Map<string, Address>();
  for (const device of site.devices) {
    const found = resolveAddress(device.address, env);
    if ("missing" in found) missing.push(...found.missing.map((text) => `device ${device.id}: ${text}`));
    else addresses.set(device.id, found.address);
  }
  const services = new Map<string, string>();
  for (const { id, secretRef } of site.services) {
    const found = resolveSecret(secretRef, env);
    if ("missing" in found) missing.push(`service ${id}: ${found.missing}`);
    else services.set(id, found.secret);
  }
  return missing.length > 0 ? { missing } : { addresses, services };
}

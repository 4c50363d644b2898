/** Every secret of a site, fetched in one go, so that all that are missing are said at once. */

import type { NotifyConfig } from "./notify/index.ts";
import type { DeviceAddress } from "./profiles/index.ts";
import { tokenLengthMin } from "./serve/server.ts";
import type { SecretRef, Site, Target, TrapReception } from "./site/index.ts";
import { isSecretRef, resolveAddress, resolveSecret } from "./site/index.ts";
import type { StoreConfig } from "./store/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What is missing, in words. */
export interface Missing {
  readonly missing: readonly string[];
}

/** What it takes to speak to devices and to move services. */
export interface Keys {
  readonly addresses: ReadonlyMap<string, DeviceAddress>;
  readonly services: ReadonlyMap<string, string>;
  /** Of targets that a simulation stands in for; the service itself holds none. */
  readonly targets?: ReadonlyMap<string, string>;
}

/** Fetches what is needed to speak to these devices and services. */
export function fetchKeys(site: Pick<Site, "devices" | "services">, env: Environment): Keys | Missing {
  const purse = openPurse(env);
  const addresses = new Map<string, DeviceAddress>();
  for (const device of site.devices) {
    const found = resolveAddress(device.address, env);
    if ("missing" in found) purse.missing.push(...found.missing.map((text) => `device ${device.id}: ${text}`));
    else addresses.set(device.id, found.address);
  }
  const services = new Map(
    site.services.flatMap(({ id, secretRef }) =>
      secretRef === null ? [] : [[id, purse.take(`service ${id}`, secretRef) ?? ""] as const],
    ),
  );
  return purse.missing.length > 0 ? purse : { addresses, services };
}

/** Fetches what is needed to command targets: for the gate, and nobody else. */
export function fetchTargets(
  targets: readonly Target[],
  env: Environment,
): { readonly targets: readonly Target[] } | Missing {
  const purse = openPurse(env);
  const fetched = targets.map((target) => ({
    ...target,
    settings: withSecrets(target.settings, (ref) => purse.take(`target ${target.id}`, ref) ?? ""),
  }));
  return purse.missing.length > 0 ? purse : { targets: fetched as readonly Target[] };
}

/** Keys of a target's settings under which a secret, or a file, is referred to. */
const secretKeys: ReadonlySet<string> = new Set(["secret", "password", "token", "ca"]);

/** The same settings with what they refer to, however deep it stands. */
function withSecrets(settings: unknown, take: (ref: SecretRef) => string): unknown {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return settings;
  const entries = Object.entries(settings as Readonly<Record<string, unknown>>).map(([key, value]) => {
    const isSecret = typeof value === "string" && secretKeys.has(key) && isSecretRef(value);
    return [key, isSecret ? take(value) : withSecrets(value, take)];
  });
  return Object.fromEntries(entries);
}

/** Fetches the community and the keys by which notifications are believed. */
export function fetchTraps(
  traps: TrapReception | null,
  env: Environment,
): { readonly traps: TrapReception | null } | Missing {
  if (!traps) return { traps };
  const purse = openPurse(env);
  const fetched = (whose: string, value: string | undefined): string | undefined =>
    value !== undefined && isSecretRef(value) ? purse.take(whose, value) : value;
  const { community: written, users, ...rest } = traps;
  const community = fetched("traps community", written);
  const withKeys = users.map((user) => {
    const [authKey, privKey] = [user.authKey, user.privKey].map((key) => fetched(`traps user ${user.name}`, key));
    return { ...user, ...(authKey !== undefined && { authKey }), ...(privKey !== undefined && { privKey }) };
  });
  if (purse.missing.length > 0) return purse;
  return { traps: { ...rest, users: withKeys, ...(community !== undefined && { community }) } };
}

/** The outlets of a site with their secrets in them: not for logs. */
export interface OutletConfigs {
  readonly store: StoreConfig;
  readonly notify: NotifyConfig;
  readonly operatorToken: string | null;
}

/** Fetches the secrets of databases, brokers, webhooks and of the operators' token. */
export function fetchOutlets(
  { store, notify, serve }: Pick<Site, "store" | "notify" | "serve">,
  env: Environment,
): OutletConfigs | Missing {
  const purse = openPurse(env);
  const { influx1, influx2, ...kept } = store;
  const config: OutletConfigs = {
    store: {
      ...kept,
      influx1: influx1 && { ...influx1, password: purse.take("store influx1", influx1.password) },
      influx2: influx2 && { ...influx2, token: purse.take("store influx2", influx2.token) ?? "" },
    },
    notify: {
      ...(notify.mqtt ? { mqtt: mqttConfig(notify.mqtt, purse) } : {}),
      webhooks: notify.webhooks.map(({ url, secret }) => ({ url, secret: purse.take(`webhook ${url}`, secret) ?? "" })),
    },
    operatorToken: purse.take("operator token", serve.operatorToken) ?? null,
  };
  const { operatorToken: token } = config;
  if (token !== null && token.length < tokenLengthMin) {
    purse.missing.push(`operator token: it has ${token.length} characters, and ${tokenLengthMin} are the least`);
  }
  return purse.missing.length > 0 ? purse : config;
}

function mqttConfig(mqtt: NonNullable<Site["notify"]["mqtt"]>, purse: Purse): NonNullable<NotifyConfig["mqtt"]> {
  const { username, password: ref, ...rest } = mqtt;
  const password = purse.take("mqtt", ref);
  return { ...rest, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

interface Purse extends Missing {
  readonly missing: string[];
  /** The secret behind a reference; nothing where there is no reference, or no secret behind it: that is noted. */
  take(whose: string, ref: SecretRef | undefined): string | undefined;
}

function openPurse(env: Environment): Purse {
  const missing: string[] = [];
  return {
    missing,
    take(whose, ref) {
      if (ref === undefined) return undefined;
      const found = resolveSecret(ref, env);
      if ("secret" in found) return found.secret;
      missing.push(`${whose}: ${found.missing}`);
      return undefined;
    },
  };
}

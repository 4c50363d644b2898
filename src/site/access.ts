import type { DeviceAddress, TlsAccess } from "../profiles/index.ts";
import { isSecretRef, resolveSecret } from "./secret.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Found = { readonly address: DeviceAddress } | { readonly missing: readonly string[] };

/** An address with its secrets in it, or in words which of them are missing. It is not for logs. */
export function resolveAddress(address: DeviceAddress, env: Environment): Found {
  const missing: string[] = [];
  const fetched = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } => {
    if (value === undefined || !isSecretRef(value)) return {};
    const found = resolveSecret(value, env);
    if ("missing" in found) missing.push(found.missing);
    return ("secret" in found ? { [key]: found.secret } : {}) as { [P in K]?: string };
  };
  const { snmp, mqtt, transport } = address;
  if (transport?.kind === "tls") return trusted(address, transport, env);
  if (mqtt) {
    const access = { ...mqtt, ...fetched("password", mqtt.password) };
    return missing.length > 0 ? { missing } : { address: { ...address, mqtt: access } };
  }
  if (!snmp) return { address };
  const user = snmp.user && {
    ...snmp.user,
    ...fetched("authKey", snmp.user.authKey),
    ...fetched("privKey", snmp.user.privKey),
  };
  const resolved = { ...snmp, ...fetched("community", snmp.community), ...(user ? { user } : {}) };
  return missing.length > 0 ? { missing } : { address: { ...address, snmp: resolved } };
}

/** Certificates and key of a TLS connection as texts. */
function trusted(address: DeviceAddress, access: { readonly kind: "tls" } & TlsAccess, env: Environment): Found {
  const missing: string[] = [];
  const texts: Record<string, string> = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const ref = access[part];
    if (ref === undefined || !isSecretRef(ref)) continue;
    const found = resolveSecret(ref, env);
    if ("missing" in found) missing.push(`tls ${part}: ${found.missing}`);
    else if (!found.secret.includes("-----BEGIN ")) missing.push(`tls ${part}: what is kept there is no PEM text`);
    else texts[part] = found.secret;
  }
  return missing.length > 0 ? { missing } : { address: { ...address, transport: { ...access, ...texts } } };
}

import type { DeviceAddress } from "../profiles/index.ts";
import { isSecretRef, resolveSecret } from "./secret.ts";

/** An address with its secrets in it, or in words which of them are missing. It is not for logs. */
export function resolveAddress(
  address: DeviceAddress,
  env: Readonly<Record<string, string | undefined>>,
): { readonly address: DeviceAddress } | { readonly missing: readonly string[] } {
  const missing: string[] = [];
  const fetched = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } => {
    if (value === undefined || !isSecretRef(value)) return {};
    const found = resolveSecret(value, env);
    if ("missing" in found) missing.push(found.missing);
    return ("secret" in found ? { [key]: found.secret } : {}) as { [P in K]?: string };
  };
  const { snmp, mqtt } = address;
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

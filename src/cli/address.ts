/** An address on the command line: where a device is and how it is spoken to. */
import { env } from "node:process";
import type { AskedProtocol, DeviceAddress, SnmpAccess, SnmpUser } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

/** Protocols of SNMPv3's users, as they are written after --auth and --priv. */
export const authProtocols = ["md5", "sha", "sha224", "sha256", "sha384", "sha512"] as const;
export const privProtocols = ["des", "aes", "aes256b", "aes256r"] as const;

/** Where pass phrases are taken from: an argument could be read by everybody on the machine. */
const AUTH_KEY = "HAECHI_AUTH_KEY";
const PRIV_KEY = "HAECHI_PRIV_KEY";

/** How an SNMP agent is to be spoken to, as it is said on the command line. */
export interface AccessWords {
  readonly community: string;
  readonly v1?: boolean;
  readonly v3?: string;
  readonly auth?: (typeof authProtocols)[number];
  readonly priv?: (typeof privProtocols)[number];
}

/** Modbus tables that --table may name. */
export const tables = ["holding", "input", "coil", "discrete"] as const;

/** The forms that an address may have. */
export const addressForms = "modbus://HOST[:PORT][/UNIT] or snmp://HOST[:PORT]";

const MODBUS_PORT = 502;
const SNMP_PORT = 161;

/** A device's protocol and address; a refusal where the text is none. */
export function addressOf(
  text: string,
  words: AccessWords,
): { readonly protocol: AskedProtocol; readonly address: DeviceAddress } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "modbus:" && url.protocol !== "snmp:") || url.hostname === "") {
    throw new Refusal(`"${text}" is no address: write ${addressForms}`, exit.usage);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "snmp:") {
    return { protocol: "snmp", address: { host, port: Number(url.port || SNMP_PORT), snmp: accessOf(words) } };
  }
  const unit = Number(url.pathname.slice(1) || 1);
  if (!Number.isInteger(unit) || unit < 0 || unit > 255)
    throw new Refusal(`"${url.pathname.slice(1)}" is no unit: 0 to 255`, exit.usage);
  return { protocol: "modbus", address: { host, port: Number(url.port || MODBUS_PORT), unit } };
}

/** How an agent is spoken to; a refusal where the words do not go together. */
export function accessOf({ community, v1, v3, auth, priv }: AccessWords): SnmpAccess {
  if (v3 === undefined) {
    if (auth || priv) throw new Refusal("--auth and --priv belong to a user: say --v3 USER", exit.usage);
    return { version: v1 ? "1" : "2c", community };
  }
  if (v1) throw new Refusal("--v1 and --v3 are two versions: say one", exit.usage);
  if (priv && !auth) throw new Refusal("--priv needs --auth", exit.usage);
  const level = priv ? "authPriv" : auth ? "authNoPriv" : "noAuthNoPriv";
  const user: SnmpUser = {
    name: v3,
    level,
    ...(auth ? { authProtocol: auth, authKey: keyOf(AUTH_KEY) } : {}),
    ...(priv ? { privProtocol: priv, privKey: keyOf(PRIV_KEY) } : {}),
  };
  return { version: "3", user };
}

function keyOf(name: string): string {
  const key = env[name];
  if (key) return key;
  throw new Refusal(`the pass phrase is taken from the environment: set ${name}`, exit.usage);
}

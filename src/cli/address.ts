/** An address on the command line: where a device is and how it is spoken to. */
import { readFileSync } from "node:fs";
import { env } from "node:process";
import type { AskedProtocol, DeviceAddress, privProtocols, SnmpAccess, SnmpUser } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

/** Protocols by which SNMPv3's users authenticate, as they are written after --auth. */
export const authProtocols = ["md5", "sha", "sha224", "sha256", "sha384", "sha512"] as const;

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
  /** Files of Modbus over TLS: the authorities trusted, our certificate, its key; and the name the device's has to bear. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly name?: string;
}

/** Modbus tables that --table may name. */
export const tables = ["holding", "input", "coil", "discrete"] as const;

/** The forms that an address may have. */
export const addressForms =
  "modbus://HOST[:PORT][/UNIT] (Modbus TCP), modbus+rtu://… (frames of a serial line over TCP), " +
  "modbuss://… (over TLS, with --ca, --cert and --key), " +
  "serial:/dev/PORT[?unit=1&baud=9600&parity=none&stopBits=1] or snmp://HOST[:PORT]";

const SNMP_PORT = 161;
/** Ports of Modbus, by what an address begins with. */
const MODBUS_PORTS: Readonly<Record<string, number>> = { "modbus:": 502, "modbus+rtu:": 502, "modbuss:": 802 };

/** A device's protocol and address; a refusal where the text is none. */
export function addressOf(
  text: string,
  words: AccessWords,
): { readonly protocol: AskedProtocol; readonly address: DeviceAddress } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "serial:" && url.pathname.startsWith("/dev/")) return serialAt(url);
  if (!url || (!(url.protocol in MODBUS_PORTS) && url.protocol !== "snmp:") || url.hostname === "") {
    throw new Refusal(`"${text}" is no address: write ${addressForms}`, exit.usage);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "snmp:") {
    return { protocol: "snmp", address: { host, port: Number(url.port || SNMP_PORT), snmp: accessOf(words) } };
  }
  const port = Number(url.port || MODBUS_PORTS[url.protocol]);
  const transport = transportOf(url.protocol, words);
  return { protocol: "modbus", address: { host, port, unit: unitIn(url.pathname.slice(1)), ...transport } };
}

function unitIn(text: string): number {
  const unit = Number(text || 1);
  if (Number.isInteger(unit) && unit >= 0 && unit <= 255) return unit;
  throw new Refusal(`"${text}" is no unit: 0 to 255`, exit.usage);
}

function transportOf(protocol: string, words: AccessWords): Pick<DeviceAddress, "transport"> {
  if (protocol === "modbus+rtu:") return { transport: { kind: "rtu" } };
  if (protocol !== "modbuss:") return {};
  const { ca, cert, key, name } = words;
  if ((cert === undefined) !== (key === undefined))
    throw new Refusal("a certificate and its key belong together: say --cert and --key", exit.usage);
  const files = Object.entries({ ca, cert, key }).flatMap(([part, file]) => (file ? [[part, textIn(file)]] : []));
  return { transport: { kind: "tls", ...Object.fromEntries(files), ...(name === undefined ? {} : { name }) } };
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Refusal(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, exit.usage);
  }
}

const parities = ["none", "even", "odd"] as const;

/** The settings of a serial line stand behind its path. */
function serialAt({ pathname, searchParams }: URL): ReturnType<typeof addressOf> {
  const { unit = "", baud = "9600", parity = "none", stopBits = "1", ...others } = Object.fromEntries(searchParams);
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Refusal(`a serial line has no "${other}": write ${addressForms}`, exit.usage);
  const known = parities.find((one) => one === parity);
  if (!known) throw new Refusal(`"${parity}" is no parity: ${parities.join(", ")}`, exit.usage);
  if (!/^[1-9]\d{2,6}$/.test(baud)) throw new Refusal(`"${baud}" is no baud rate: 9600 is the usual one`, exit.usage);
  if (stopBits !== "1" && stopBits !== "2")
    throw new Refusal(`"${stopBits}" is no number of stop bits: 1 or 2`, exit.usage);
  const line = { baud: Number(baud), parity: known, dataBits: 8, stopBits: stopBits === "1" ? 1 : 2 } as const;
  return {
    protocol: "modbus",
    address: { host: pathname, port: 0, unit: unitIn(unit), transport: { kind: "serial", ...line } },
  };
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

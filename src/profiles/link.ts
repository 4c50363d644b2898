import type { PrivProtocol } from "./cipher.ts";
import type { DeviceModel } from "./model.ts";

/** A device to be read: its id in the site, its bound profile and where it is. */
export interface DeviceLink {
  readonly id: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

/**
 * Where a device is reached, or the broker that it publishes to. `unit` (default 1), `transport` (default plain TCP)
 * and `share` are Modbus only, `snmp` is SNMP only (default v2c, "public"), `mqtt` is there for MQTT and no other. Over a
 * serial line `host` is the path of the port, and `port` is 0.
 */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
  readonly unit?: number;
  readonly transport?: ModbusTransport;
  /** The port of this machine's loopback at which others may read the device through the one connection to it. */
  readonly share?: number;
  readonly snmp?: SnmpAccess;
  readonly mqtt?: MqttAccess;
}

/** How a broker is to be spoken to, and what a device is called there. */
export interface MqttAccess {
  readonly tls: boolean;
  /** A file of certificates to trust in place of the system's. */
  readonly ca?: string;
  readonly user?: string;
  readonly password?: string;
  /** 5, or 4 for brokers that know 3.1.1 only. */
  readonly version: 4 | 5;
  /** What "{device}" stands for in topics; of Sparkplug B the device, which an edge node's own metrics have none of. */
  readonly device?: string;
  /** Sparkplug B: the group and the edge node. */
  readonly group?: string;
  readonly node?: string;
}

/** What carries Modbus: its own frames over TCP or TLS, or those of a serial line, over one or over TCP. */
export type ModbusTransport =
  | { readonly kind: "tcp" }
  | { readonly kind: "rtu" }
  | ({ readonly kind: "tls" } & TlsAccess)
  | ({ readonly kind: "serial" } & SerialSettings);

/** The usual transport of Modbus. */
export const plainTcp: ModbusTransport = { kind: "tcp" };

/** Modbus/TCP Security: who is trusted, and who we are. Certificates and key are PEM texts. */
export interface TlsAccess {
  /** The authorities of which one has to have signed the device's certificate. Default: those of the system. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the device's certificate has to bear. Default: its host. */
  readonly name?: string;
}

/** How a serial line is set. */
export interface SerialSettings {
  readonly baud: number;
  readonly parity: "none" | "even" | "odd";
  readonly dataBits: 8;
  readonly stopBits: 1 | 2;
}

/** What a TLS connection to a device is opened with: one that is not trusted, or bears another name, is refused. */
export function tlsOptions(
  { host, port }: Pick<DeviceAddress, "host" | "port">,
  { ca, cert, key, name }: TlsAccess,
): {
  readonly host: string;
  readonly port: number;
  readonly rejectUnauthorized: true;
  readonly minVersion: "TLSv1.2";
} & TlsNames {
  // An address cannot be asked for as a server's name; its certificate is held against the address itself.
  const servername = name ?? (isAddress(host) ? undefined : host);
  const said = Object.entries({ ca, cert, key, servername }).filter(([, value]) => value !== undefined);
  return { host, port, rejectUnauthorized: true, minVersion: "TLSv1.2", ...(Object.fromEntries(said) as TlsNames) };
}

type TlsNames = Omit<TlsAccess, "name"> & { readonly servername?: string };

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

/** How an SNMP agent is to be spoken to: v1 and v2c need a community, v3 a user. */
export interface SnmpAccess {
  readonly version: "1" | "2c" | "3";
  readonly community?: string;
  readonly user?: SnmpUser;
}

/** A user of SNMPv3's security model. Keys are pass phrases; a level above noAuthNoPriv needs protocol and key. */
export interface SnmpUser {
  readonly name: string;
  readonly level: "noAuthNoPriv" | "authNoPriv" | "authPriv";
  readonly authProtocol?: "md5" | "sha" | "sha224" | "sha256" | "sha384" | "sha512";
  readonly authKey?: string;
  readonly privProtocol?: PrivProtocol;
  readonly privKey?: string;
}

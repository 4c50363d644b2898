import type { DeviceModel } from "./model.ts";

/** A device to be read: its id in the site, its bound profile and where it is. */
export interface DeviceLink {
  readonly id: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

/**
 * Where a device is reached, or the broker that it publishes to. `unit` is Modbus only (default 1), `snmp` is SNMP only
 * (default v2c, "public"), `mqtt` is there for MQTT and no other.
 */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
  readonly unit?: number;
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
  readonly privProtocol?: "des" | "aes" | "aes256b" | "aes256r";
  readonly privKey?: string;
}

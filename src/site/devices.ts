import { z } from "zod";
import { seconds } from "../core/time.ts";
import type { DeviceAddress, DeviceModel, MqttAccess, Protocol, SnmpAccess, SnmpUser } from "../profiles/index.ts";
import { privProtocols } from "../profiles/index.ts";
import { modbusAddress, modbusSource } from "./modbus.ts";
import { secret } from "./secret.ts";
import { brokerUrl, host, id, port, said, text, wait } from "./words.ts";

/** A point that is asked less often than this is not watched. */
const PERIOD_MAX = seconds(3600);
/** A card that takes longer for a write sheds nothing in time. */
const WRITE_TIME_MAX = seconds(60);

const MQTT_PORT = 1883;
const MQTTS_PORT = 8883;

/** A user of SNMP version 3. */
export const userFields = {
  user: text.optional(),
  level: z.enum(["noAuthNoPriv", "authNoPriv", "authPriv"]).optional(),
  auth: z
    .strictObject({ protocol: z.enum(["md5", "sha", "sha224", "sha256", "sha384", "sha512"]), key: secret })
    .optional(),
  priv: z.strictObject({ protocol: z.enum(privProtocols), key: secret }).optional(),
};

const snmpSource = z
  .strictObject({
    host,
    port: port.default(161),
    version: z.literal([1, "2c", 3]),
    /** In versions 1 and 2c a community travels in the clear; it may still be kept elsewhere, as ${env:NAME}. */
    community: text.optional(),
    ...userFields,
  })
  .superRefine((access, context) => {
    const say = (message: string): void => context.addIssue({ code: "custom", message });
    if (access.version === 3) return sayOfUser(access, say);
    if (access.community === undefined) say(`SNMP version ${access.version} needs a community`);
    if (access.user !== undefined || access.auth || access.priv) say("a user belongs to SNMP version 3");
  });

type UserSource = z.output<z.ZodObject<typeof userFields>>;
type UserAccess = UserSource & { readonly community?: string | undefined };

/** What a user of version 3 needs, and must not have. */
export function sayOfUser({ community, user, level, auth, priv }: UserAccess, say: (message: string) => void): void {
  if (community !== undefined) say("SNMP version 3 has no community");
  if (user === undefined) say("SNMP version 3 needs a user");
  if (level === undefined) return say("SNMP version 3 needs a level: noAuthNoPriv, authNoPriv or authPriv");
  if ((level !== "noAuthNoPriv") !== (auth !== undefined)) say(`level ${level} ${auth ? "has no" : "needs"} auth`);
  if ((level === "authPriv") !== (priv !== undefined)) say(`level ${level} ${priv ? "has no" : "needs"} priv`);
}

const topicName = text.regex(/^[^+#\s]+$/, "a topic has no spaces and no wildcards");
const topicLevel = text.regex(/^[^+#/\s]+$/, "one level of a topic has no spaces, no wildcards and no /");

const mqttSource = z
  .strictObject({
    url: brokerUrl,
    user: text.optional(),
    password: secret.optional(),
    /** A file of certificates to trust in place of the system's. */
    ca: z.string().regex(/^\//, "a file is named by its whole path").optional(),
    version: z.literal([4, 5]).default(5),
    /** What {device} stands for in the topics of the profile; of Sparkplug B the device's id. */
    device: topicName.optional(),
    group: topicLevel.optional(),
    node: topicLevel.optional(),
  })
  .superRefine(({ url, user, password, ca, group, node }, context) => {
    const say = (message: string): void => context.addIssue({ code: "custom", message });
    if (password !== undefined && user === undefined) say("a password needs a user");
    if (ca !== undefined && !isTls(url)) say("ca belongs to a mqtts address");
    if ((group === undefined) !== (node === undefined)) say("Sparkplug B needs a group and a node");
  });

const isTls = (url: string): boolean => /^(mqtts|ssl):/.test(url);

const instances = z.union([
  z.int().min(1),
  z.array(z.union([z.int().min(0), z.string().regex(/^\d+(\.\d+)*$/, "an index is 3 or 1.3")])).min(1),
]);

export const deviceSchema = z
  .strictObject({
    profile: text,
    space: id,
    modbus: modbusSource.optional(),
    snmp: snmpSource.optional(),
    mqtt: mqttSource.optional(),
    /** How many instances of a repeated point the device has, { n: 8 }, or which: { n: [1, 2, "1.5"] }. */
    fitted: z.record(z.string().regex(/^[a-z]$/, "an instance is one small letter"), instances).default({}),
    /** What a point stands for here: { "contact[0].state": offgas.state }. */
    rename: z.record(z.string(), z.string()).default({}),
    /** "ignore" where a device is known to deny what its profile knows it by. */
    identity: z.enum(["check", "ignore"]).default("check"),
    periods: z
      .strictObject({
        safety: wait(PERIOD_MAX).optional(),
        fast: wait(PERIOD_MAX).optional(),
        normal: wait(PERIOD_MAX).optional(),
        slow: wait(PERIOD_MAX).optional(),
      })
      .default({}),
    /** Points that are asked in another scan class than their profile's: { output.load: safety }. */
    scan: z.record(z.string(), z.enum(["safety", "fast", "normal", "slow"])).default({}),
    /** How long one write takes the device, where that was measured: a shed asks no more of it than it can do. */
    writeTime: wait(WRITE_TIME_MAX).optional(),
  })
  .refine(
    ({ modbus, snmp, mqtt }) => [modbus, snmp, mqtt].filter((address) => address !== undefined).length === 1,
    "needs one address: modbus, snmp or mqtt",
  );

export type DeviceSource = z.output<typeof deviceSchema>;

/** A device of the site, ready to be read. Keys and communities in its address may still be references to secrets. */
export interface Device {
  readonly id: string;
  readonly space: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

type SnmpSource = z.output<typeof snmpSource>;

/** The protocol of a device: that of the one address that its schema has seen to. */
export const protocolOf = ({ snmp, mqtt }: DeviceSource): Protocol => (snmp ? "snmp" : mqtt ? "mqtt" : "modbus");

/** The address of a device; its schema has seen to it that there is one. */
export function addressOf({ modbus, snmp, mqtt }: DeviceSource): DeviceAddress {
  if (snmp) return { host: snmp.host, port: snmp.port, snmp: accessOf(snmp) };
  if (mqtt) return brokerOf(mqtt);
  if (modbus) return modbusAddress(modbus);
  throw new Error("a device that has no address was not refused");
}

function brokerOf({ url, ...access }: z.output<typeof mqttSource>): DeviceAddress {
  const { hostname, port: written } = new URL(url);
  const tls = isTls(url);
  const mqtt: MqttAccess = { tls, ...said(access) };
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(written || (tls ? MQTTS_PORT : MQTT_PORT)), mqtt };
}

function accessOf({ version, community, ...user }: SnmpSource): SnmpAccess {
  if (version === 3) return { version: "3", user: snmpUserOf(user) };
  return { version: version === 1 ? "1" : "2c", community: community ?? "" };
}

/** A user as the collectors know it; its keys are still references. */
export const snmpUserOf = ({ user = "", level = "noAuthNoPriv", auth, priv }: UserSource): SnmpUser => ({
  name: user,
  level,
  ...(auth ? { authProtocol: auth.protocol, authKey: auth.key } : {}),
  ...(priv ? { privProtocol: priv.protocol, privKey: priv.key } : {}),
});

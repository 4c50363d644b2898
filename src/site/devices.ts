import { z } from "zod";
import { seconds } from "../core/time.ts";
import type { DeviceAddress, DeviceModel, SnmpAccess, SnmpUser } from "../profiles/index.ts";
import { secret } from "./secret.ts";
import { host, id, port, text, wait } from "./words.ts";

/** A point that is asked less often than this is not watched. */
const PERIOD_MAX = seconds(3600);

const modbusSource = z.strictObject({
  host,
  port: port.default(502),
  unit: z.int().min(0).max(255).default(1),
});

/** A user of SNMP version 3. */
export const userFields = {
  user: text.optional(),
  level: z.enum(["noAuthNoPriv", "authNoPriv", "authPriv"]).optional(),
  auth: z
    .strictObject({ protocol: z.enum(["md5", "sha", "sha224", "sha256", "sha384", "sha512"]), key: secret })
    .optional(),
  priv: z.strictObject({ protocol: z.enum(["des", "aes", "aes256b", "aes256r"]), key: secret }).optional(),
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
  })
  .refine(({ modbus, snmp }) => (modbus === undefined) !== (snmp === undefined), "needs one address: modbus or snmp");

export type DeviceSource = z.output<typeof deviceSchema>;

/** A device of the site, ready to be read. Keys and communities in its address may still be references to secrets. */
export interface Device {
  readonly id: string;
  readonly space: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

type SnmpSource = z.output<typeof snmpSource>;

/** The address of a device; its schema has seen to it that there is one. */
export function addressOf({ modbus, snmp }: DeviceSource): DeviceAddress {
  if (snmp) return { host: snmp.host, port: snmp.port, snmp: accessOf(snmp) };
  const { host: at = "", port: on = 0, unit = 0 } = modbus ?? {};
  return { host: at, port: on, unit };
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

/** Targets: what can be commanded beside devices. A target is of one kind, which its one key names. */
import { z } from "zod";
import type { TargetKindName } from "../core/target.ts";
import { targetKind } from "../core/target.ts";
import { minutes, seconds } from "../core/time.ts";
import { pem } from "./modbus.ts";
import { secret } from "./secret.ts";
import { brokerUrl, host, id, port, text, title, url, wait } from "./words.ts";

/** Services that one target takes along. */
const TOUCHED_MAX = 500;
/** States that a person can still tell apart. */
const STATES_MAX = 16;
const STATE_LENGTH_MAX = 64;
/** Records of one set: what fits into one message of DNS many times over. */
const RECORDS_MAX = 16;
const TTL_MAX = 86_400;
const WORDS_MAX = 64;
/** A program that takes longer is to begin its work and be asked for it. */
const PROGRAM_MAX = minutes(10);
const WATTS_MAX = 1_000_000;

/** A state, a member of a cluster: what others call it. */
export const state = z
  .string()
  .max(STATE_LENGTH_MAX)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a state is letters, digits, dots, - and _");

const states = <T extends z.ZodType>(entry: T) =>
  z.record(state, entry).refine((all) => inBounds(Object.keys(all).length), `needs 2 to ${STATES_MAX} states`);
const inBounds = (count: number): boolean => count >= 2 && count <= STATES_MAX;

/** The address of a server as a whole: what is asked of it has paths of its own. */
const server = url.refine(
  (value) => !URL.canParse(value) || isBare(new URL(value)),
  "must be an address without a path",
);

const isBare = ({ pathname, search, hash }: URL): boolean => pathname === "/" && search === "" && hash === "";

/** One that a key or a password is sent to. */
const secureServer = server.refine(isSecure, "must be an https address: a secret is sent to it");

function isSecure(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "https:";
}

const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*)(\.[A-Za-z0-9_-]{1,63})*$/, "a name without a last dot");

const record = z
  .strictObject({
    name: hostName,
    type: z.enum(["A", "AAAA", "CNAME"]),
    ttl: z.int().min(0).max(TTL_MAX),
    data: z.array(z.string()).min(1).max(RECORDS_MAX),
  })
  .superRefine(({ type, data }, context) => {
    for (const [i, value] of data.entries())
      if (!dataOf[type].safeParse(value).success)
        context.addIssue({ code: "custom", path: ["data", i], message: `no ${type} record` });
    if (type === "CNAME" && data.length > 1)
      context.addIssue({ code: "custom", path: ["data"], message: "a name has one CNAME" });
  });

const dataOf = { A: z.ipv4(), AAAA: z.ipv6(), CNAME: hostName };

const dns = z
  .strictObject({
    host,
    port: port.default(53),
    zone: hostName,
    /** A key of HMAC-SHA256 that may update these records; its secret is base64. */
    key: z.strictObject({ name: hostName, secret }),
    sets: states(z.array(record).min(1).max(RECORDS_MAX)),
  })
  .superRefine(({ zone, sets }, context) => {
    const say = (path: readonly (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path: ["sets", ...path], message });
    const [[first, whole] = ["", []]] = Object.entries(sets);
    for (const [name, records] of Object.entries(sets)) {
      const keys = records.map(keyOf);
      for (const [i, { name: at }] of records.entries()) {
        if (!isIn(at, zone)) say([name, i, "name"], `${at} is not in ${zone}`);
        if (keys.indexOf(keys[i]!) !== i)
          say([name, i], `${keys[i]} is there already: all of its data belong together`);
      }
      if (keys.toSorted().join() !== whole.map(keyOf).toSorted().join())
        say([name], `must have the same names and types as ${first}`);
    }
  });

const keyOf = ({ name, type }: { readonly name: string; readonly type: string }): string =>
  `${name.toLowerCase()} ${type}`;
const isIn = (name: string, zone: string): boolean => `.${name.toLowerCase()}`.endsWith(`.${zone.toLowerCase()}`);

const topic = z.string().regex(/^[^+#\s\0]+$/, "a topic has no spaces and no wildcards");

const mqtt = z.strictObject({
  url: brokerUrl,
  ca: pem.optional(),
  user: text.optional(),
  password: secret.optional(),
  /** 5, or 4 for brokers that know 3.1.1 only. */
  version: z.literal([4, 5]).default(5),
  request: topic,
  state: topic,
  states: z.array(state).min(2).max(STATES_MAX),
});

const http = z.strictObject({
  url,
  ca: pem.optional(),
  secret,
  states: z.array(state).min(2).max(STATES_MAX),
});

const kubernetes = z.strictObject({ url: secureServer, ca: pem.optional(), token: secret, node: hostName });

const resource = z.string().regex(/^\/redfish\/[^\s?#]+$/, "a path like /redfish/v1/Systems/1");
const redfish = { url: secureServer, ca: pem.optional(), user: text, password: secret };
const redfishPower = z.strictObject({ ...redfish, system: resource });
const watts = z.union([z.number().positive().max(WATTS_MAX), z.literal("none")]);
const redfishLimit = z.strictObject({ ...redfish, control: resource, limits: states(watts) });

const patroni = z.strictObject({
  members: states(server),
  ca: pem.optional(),
  user: text.optional(),
  password: secret.optional(),
});

const place = z.strictObject({ host, port });
const sentinel = z.strictObject({
  sentinels: z.array(place).min(1).max(STATES_MAX),
  group: text,
  user: text.optional(),
  password: secret.optional(),
  members: states(place),
});

const words = z
  .array(z.string().max(4096))
  .min(1)
  .max(WORDS_MAX)
  .refine(([file]) => file?.startsWith("/"), "begins with a program's absolute path");
const exec = z.strictObject({ run: states(words), show: words, timeout: wait(PROGRAM_MAX).default(seconds(30)) });

/** What leaves this site when it is in another state than `home`, which is the first of its states where it is not said. */
const touches = z
  .strictObject({
    services: z.array(id).max(TOUCHED_MAX).default([]),
    groups: z.array(id).max(TOUCHED_MAX).default([]),
    site: z.literal(true).optional(),
    home: state.optional(),
  })
  .refine(
    ({ services, groups, site }) => services.length > 0 || groups.length > 0 || site === true,
    "names services, groups, or the site",
  );

const kinds = { dns, mqtt, http, kubernetes, redfishPower, redfishLimit, patroni, sentinel, exec };
const names = Object.keys(kinds) as readonly TargetKindName[];

export const targetSchema = z
  .strictObject({
    name: title,
    touches: touches.optional(),
    dns: dns.optional(),
    mqtt: mqtt.optional(),
    http: http.optional(),
    kubernetes: kubernetes.optional(),
    redfishPower: redfishPower.optional(),
    redfishLimit: redfishLimit.optional(),
    patroni: patroni.optional(),
    sentinel: sentinel.optional(),
    exec: exec.optional(),
  })
  .refine((source) => names.filter((name) => source[name] !== undefined).length === 1, {
    error: `needs one of ${names.join(", ")}`,
  });

export type TargetSource = z.output<typeof targetSchema>;

/** A target. The value of its point is a place in `states`; secrets in its settings are still references. */
export type Target = { readonly id: string; readonly name: TargetSource["name"]; readonly point: string } & ReturnType<
  typeof linkOf
>;

export const targetsOf = (source: Readonly<Record<string, TargetSource>>): readonly Target[] =>
  Object.entries(source).map(([id, written]) => {
    const link = linkOf(written);
    return { id, name: written.name, point: targetKind(link.kind).point, ...link };
  });

function linkOf(source: TargetSource) {
  const { dns: zone, mqtt: worker, http: asked, kubernetes: node, patroni: cluster, sentinel: group } = source;
  if (zone) return { kind: "dns", states: Object.keys(zone.sets), settings: zone } as const;
  if (worker) return { kind: "mqtt", states: worker.states, settings: worker } as const;
  if (asked) return { kind: "http", states: asked.states, settings: asked } as const;
  if (node) return { kind: "kubernetes", states: fixed("kubernetes"), settings: node } as const;
  if (cluster) return { kind: "patroni", states: Object.keys(cluster.members), settings: cluster } as const;
  if (group) return { kind: "sentinel", states: Object.keys(group.members), settings: group } as const;
  return machineOf(source);
}

function machineOf({ redfishPower: machine, redfishLimit: limit, exec: program }: TargetSource) {
  if (machine) return { kind: "redfishPower", states: fixed("redfishPower"), settings: machine } as const;
  if (limit) {
    const limits = Object.fromEntries(Object.entries(limit.limits).map(([name, w]) => [name, w === "none" ? null : w]));
    return { kind: "redfishLimit", states: Object.keys(limits), settings: { ...limit, limits } } as const;
  }
  if (!program) throw new Error("a target without a kind was not refused");
  const { timeout, ...rest } = program;
  return { kind: "exec", states: Object.keys(rest.run), settings: { ...rest, timeoutMs: Number(timeout) } } as const;
}

const fixed = (kind: TargetKindName): readonly string[] => targetKind(kind).states ?? [];

import snmp from "net-snmp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SnmpClient } from "../../../src/collect/snmp/client.ts";
import type { NextObject } from "../../../src/collect/snmp/walk.ts";
import type { SnmpAccess, SnmpUser } from "../../../src/profiles/link.ts";
import { describeWith } from "../../setup/available.ts";
import { HOST } from "../fixture.ts";
import { authNames, privNames } from "../traps/fixture.ts";
import { type Snmpd, startSnmpd } from "./snmpd.ts";

const keys = { authKey: "authentication", privKey: "confidential" };
const UP_TIME = "1.3.6.1.2.1.1.3.0";
const NAME = "1.3.6.1.2.1.1.5.0";

type Auth = keyof typeof authNames;
type Priv = keyof typeof privNames;

const user = (auth: Auth, priv: Priv, level: SnmpUser["level"] = "authPriv"): SnmpUser => ({
  name: `${auth}_${priv}`,
  level,
  authProtocol: auth,
  privProtocol: priv,
  ...keys,
});
const pairs = (Object.keys(authNames) as Auth[]).flatMap((auth) =>
  (Object.keys(privNames) as Priv[]).map((priv) => [auth, priv] as const),
);
const configuration = [
  "rocommunity public",
  "sysName haechi-test",
  "createUser nobody_asks",
  "rouser nobody_asks noauth",
  ...pairs.flatMap(([auth, priv]) => [
    `createUser ${auth}_${priv} ${authNames[auth]} "${keys.authKey}" ${privNames[priv]} "${keys.privKey}"`,
    `rouser ${auth}_${priv} auth`,
  ]),
];

const LOAD = "1.3.6.1.4.1.2021.10.1";
/** The system, interfaces, addresses, wide counters of interfaces, and the load as text, number and float. */
const TREES = ["1.3.6.1.2.1.1", "1.3.6.1.2.1.2", "1.3.6.1.2.1.4.20", "1.3.6.1.2.1.31.1.1", LOAD];
/** Text, identifiers and addresses stay what they are while two clients read them one after the other. */
const STABLE: ReadonlySet<number> = new Set([4, 6, 64]);

async function walked(client: SnmpClient, root: string): Promise<readonly NextObject[]> {
  const found: NextObject[] = [];
  for (let last = root; ; ) {
    const objects = await client.behind(last, 20);
    for (const object of objects) {
      if (!object.oid.startsWith(`${root}.`) || object.type === 130) return found;
      found.push(object);
      last = object.oid;
    }
    if (objects.length === 0) return found;
  }
}

function walkedBy(session: snmp.Session, root: string): Promise<ReadonlyMap<string, readonly [number, unknown]>> {
  const found = new Map<string, readonly [number, unknown]>();
  return new Promise((resolve, reject) => {
    session.subtree(
      root,
      20,
      (varbinds) => {
        for (const { oid, type, value } of varbinds) found.set(oid, [type ?? 5, value]);
      },
      (error) => (error ? reject(error) : resolve(found)),
    );
  });
}

describeWith("snmpd", "an SNMP client and Debian's snmpd", () => {
  let agent: Snmpd;
  beforeAll(async () => {
    agent = await startSnmpd(configuration);
  });
  afterAll(() => agent.stop());
  const clients: SnmpClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  async function open(access: SnmpAccess, timeoutMs = 5000): Promise<SnmpClient> {
    const client = await SnmpClient.open({ host: HOST, port: agent.port, access, timeoutMs, retries: 0 });
    clients.push(client);
    return client;
  }

  const failure = async (access: SnmpAccess): Promise<unknown> => {
    const client = await open(access, 1500);
    return client.get([UP_TIME]).then(
      () => null,
      (error: unknown) => error,
    );
  };

  const accesses: readonly (readonly [string, SnmpAccess])[] = [
    ["version 1", { version: "1", community: "public" }],
    ["version 2c", { version: "2c", community: "public" }],
    ["a user without authentication", { version: "3", user: { name: "nobody_asks", level: "noAuthNoPriv" } }],
    ...(Object.keys(authNames) as Auth[]).map(
      (auth) => [`${auth} without privacy`, { version: "3", user: user(auth, "aes", "authNoPriv") }] as const,
    ),
    ...pairs.map(([auth, priv]) => [`${auth} and ${priv}`, { version: "3", user: user(auth, priv) }] as const),
  ];

  test.each(accesses)("read by %s, value for value", async (_, access) => {
    const client = await open(access);
    for (let polls = 0; polls < 3; polls += 1) {
      const { varbinds } = await client.get([UP_TIME, NAME]);
      expect(varbinds.map(({ type }) => type)).toEqual([67, 4]);
      expect(String(varbinds[1]!.value)).toBe("haechi-test");
    }
    const next = await client.behind("1.3.6.1.2.1.1.5", 1);
    expect(next.map(({ oid, value }) => [oid, String(value)])).toEqual([[NAME, "haechi-test"]]);
    if (access.version === "1") return;
    const bulk = await client.behind("1.3.6.1.2.1.1", 5);
    expect(bulk.map(({ oid }) => oid)).toContain(NAME);
    expect(client.malformed).toBe(0);
  });

  test.each<[string, Partial<SnmpUser>, RegExp]>([
    ["a wrong authentication key", { authKey: "authentification" }, /another authentication key or protocol than sha/],
    ["another authentication protocol", { authProtocol: "md5" }, /another authentication key or protocol than md5/],
    ["an unknown name", { name: "stranger" }, /does not know the user "stranger"/],
    ["more than the user has", { name: "nobody_asks" }, /does not offer authPriv to the user "nobody_asks"/],
    ["a wrong privacy key", { privKey: "confident" }, /answers without privacy but not with it/],
    ["another privacy protocol", { privProtocol: "des" }, /answers without privacy but not with it/],
  ])("take %s for a fault of configuration, and say so", async (_, over, words) => {
    const error = await failure({ version: "3", user: { ...user("sha", "aes"), ...over } });
    expect(error).toMatchObject({
      kind: "broken",
      reason: "configuration",
      message: expect.stringMatching(words) as unknown,
    });
  });

  test("say nothing to a community that the agent does not know", async () => {
    expect(await failure({ version: "2c", community: "private" })).toMatchObject({ kind: "silent" });
  });

  test("go on after the agent's restart without anyone's help, and without a lost request", async () => {
    const client = await open({ version: "3", user: user("sha256", "aes") });
    await client.get([UP_TIME]);
    await agent.restart();
    const { varbinds } = await client.get([NAME]);
    expect(String(varbinds[0]!.value)).toBe("haechi-test");
    expect(client.malformed).toBe(0);
  });

  test("find the same objects as net-snmp does, with the same types and values", async () => {
    const client = await open({ version: "2c" });
    const session = snmp.createSession(HOST, "public", { port: agent.port, version: snmp.Version2c });
    try {
      const seen = new Set<number>();
      for (const root of TREES) {
        const ours = await walked(client, root);
        const theirs = await walkedBy(session, root);
        for (const { type } of ours) seen.add(type);
        const stable = ours.filter(({ oid, type }) => root !== LOAD && STABLE.has(type) && theirs.has(oid));
        expect(stable.length > 0).toBe(root !== LOAD);
        expect(stable.map(({ oid, type, value }) => [oid, type, value])).toEqual(
          stable.map(({ oid }) => [oid, ...theirs.get(oid)!]),
        );
        // What counts has gone on counting, but is of the same type.
        const both = ours.filter(({ oid }) => theirs.has(oid));
        expect(both.map(({ oid, type }) => [oid, type])).toEqual(both.map(({ oid }) => [oid, theirs.get(oid)![0]]));
        expect(both.length).toBeGreaterThan(0.9 * theirs.size);
      }
      // Integers, text, identifiers, addresses, counters, gauges, ticks, floats in opaques, and wide counters were among them.
      for (const type of [2, 4, 6, 64, 65, 66, 67, 68, 70]) expect(seen).toContain(type);
    } finally {
      session.close();
    }
  });

  test("ask several questions at once, and never mix their answers up", async () => {
    const client = await open({ version: "3", user: user("sha", "aes") });
    const oids = [NAME, UP_TIME, "1.3.6.1.2.1.1.2.0"];
    const types = [4, 67, 6];
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => client.get([oids[i % 3]!])));
    expect(answers.map(({ varbinds }) => varbinds[0]!.type)).toEqual(answers.map((_, i) => types[i % 3]));
  });
});

/**
 * What a value over SNMP costs the client, and what it costs net-snmp's sessions as they come: the same
 * GETs of the same objects of one snmpd, one in flight for each device, in turns. The agent is a process
 * of its own: only the client's CPU is counted. Ours goes the product's whole way from points to samples.
 */
import snmp from "net-snmp";
import { snmpOpener } from "../src/collect/snmp/line.ts";
import type { SnmpAccess } from "../src/profiles/link.ts";
import type { PointModel } from "../src/profiles/model.ts";
import { device, running, snmpPoint } from "../test/collect/fixture.ts";
import { startSnmpd } from "../test/collect/snmp/snmpd.ts";
import { median } from "./median.ts";

const host = "127.0.0.1";
const devices = 50;
const objects = 40;
/** A second's work or so: what starting and compiling cost is lost in it. */
const pollsEach = 60;
const rounds = 7;
/** Never reached on loopback, but set, as it is in use. */
const timeoutMs = 5000;

const oids = Array.from({ length: objects }, (_, n) => `1.3.6.1.4.1.55555.7.${n + 1}.0`);
const keys = { authKey: "authentication", privKey: "confidential" };
const user = { name: "bench", level: "authPriv", authProtocol: "sha", privProtocol: "aes", ...keys } as const;

/** Reads all objects once. */
type Read = () => Promise<unknown>;

/** Medians of interleaved rounds; ratios compare rounds that ran one after the other. */
export async function figures(): Promise<Record<string, number>> {
  const agent = await startSnmpd([
    "rocommunity public 127.0.0.1",
    `createUser bench SHA "${keys.authKey}" AES "${keys.privKey}"`,
    "rouser bench priv",
    ...oids.map((oid, n) => `override ${oid} integer ${230 + n}`),
  ]);
  const closers: (() => void)[] = [];
  try {
    const open = (access: SnmpAccess): Promise<readonly Read[]> => times(() => ourReader(agent.port, access, closers));
    const stock = (make: () => snmp.Session): Promise<readonly Read[]> => times(() => stockReader(make(), closers));
    const v2c = await compared(
      await open({ version: "2c" }),
      await stock(() => snmp.createSession(host, "public", { ...options(agent.port), version: snmp.Version2c })),
    );
    const v3 = await compared(
      await open({ version: "3", user }),
      await stock(() => snmp.createV3Session(host, stockUser, options(agent.port))),
    );
    return { ...named("snmp_v2c", v2c), ...named("snmp_v3", v3) };
  } finally {
    for (const close of closers) close();
    await agent.stop();
  }
}

const options = (port: number) => ({ port, timeout: timeoutMs, retries: 0 });

const stockUser: snmp.User = {
  name: user.name,
  level: snmp.SecurityLevel.authPriv,
  authProtocol: snmp.AuthProtocols.sha,
  privProtocol: snmp.PrivProtocols.aes,
  ...keys,
};

const named = (name: string, { ratio, ourUs, stockUs }: Compared): Record<string, number> => ({
  [`${name}_cpu_vs_stock`]: ratio,
  [`${name}_cpu_us_per_value`]: ourUs,
  [`${name}_stock_cpu_us_per_value`]: stockUs,
});

const times = (make: () => Promise<Read>): Promise<readonly Read[]> =>
  Promise.all(Array.from({ length: devices }, make));

async function ourReader(port: number, access: SnmpAccess, closers: (() => void)[]): Promise<Read> {
  const points: readonly PointModel[] = oids.map((oid, n) => snmpPoint(`point.${n}`, oid));
  const link = device("bench", port, points, { oids: objects, timeout: timeoutMs });
  const line = await snmpOpener({ ...link, address: { ...link.address, snmp: access } })(running());
  closers.push(() => line.close());
  return async () => {
    const { samples, fault } = await line.poll(points, async () => {});
    if (fault || samples.length !== objects) throw fault ?? new Error("values are missing");
  };
}

async function stockReader(session: snmp.Session, closers: (() => void)[]): Promise<Read> {
  closers.push(() => session.close());
  const read: Read = () =>
    new Promise((resolve, reject) => {
      session.get([...oids], (error, varbinds) => (error ? reject(error) : resolve(varbinds)));
    });
  // A session of version 3 that is asked for the first time by many at once would find its engine out as often.
  await read();
  return read;
}

interface Compared {
  readonly ratio: number;
  readonly ourUs: number;
  readonly stockUs: number;
}

async function compared(ours: readonly Read[], stock: readonly Read[]): Promise<Compared> {
  const [ourUs, stockUs]: [number[], number[]] = [[], []];
  // The first round of each is for the compiler.
  await cpuUsPerValue(ours);
  await cpuUsPerValue(stock);
  for (let n = 0; n < rounds; n += 1) {
    ourUs.push(await cpuUsPerValue(ours));
    stockUs.push(await cpuUsPerValue(stock));
  }
  const ratio = median(ourUs.map((one, i) => one / stockUs[i]!));
  return { ratio, ourUs: median(ourUs), stockUs: median(stockUs) };
}

async function cpuUsPerValue(readers: readonly Read[]): Promise<number> {
  const cpu = process.cpuUsage();
  await Promise.all(
    readers.map(async (read) => {
      for (let n = 0; n < pollsEach; n += 1) await read();
    }),
  );
  const { user: own, system } = process.cpuUsage(cpu);
  return (own + system) / (readers.length * pollsEach * objects);
}

/**
 * What collecting costs beside others of the field, all in one run on one machine: Debian's collectd
 * reading the same values from the same devices, modbus-serial as it comes, and a client in C that
 * does nothing but ask. CPU of the collecting process only; ours does more: it decodes, doubts,
 * scans with alarms and keeps what it read on disk until a database has it. Then how large a site one
 * process holds, how soon a change is told, and what devices cost each other that do not answer.
 */
import { collectdModbus, collectdSnmp } from "./collect/collectd.ts";
import type { FleetAt, FleetMark } from "./collect/fleet.ts";
import type { Mark, PipelineWanted } from "./collect/pipeline.ts";
import { type Child, cpuMsOf, NoAnswer, type Program, sleep, startChild } from "./collect/process.ts";
import { snmpUser, startSnmpd } from "./collect/snmpd.ts";
import { telegrafModbus, telegrafSnmp } from "./collect/telegraf.ts";
import { median } from "./median.ts";
import { figures as transportFigures } from "./transport.ts";

type Figures = Record<string, number>;

const env = (name: string, usual: number): number => Number(process.env[name] ?? usual);
/** Rounds in which both sides have their turn, and how long a turn is. More by HAECHI_BENCH_ROUNDS. */
const rounds = env("HAECHI_BENCH_ROUNDS", 2);
const windowMs = 10_000;
const warmUpMs = 5000;
const settlingTries = 6;
const settledShare = 0.95;
/** How long the large site is watched. The ten minutes that are promised by HAECHI_BENCH_SITE_MS=600000. */
const siteMs = env("HAECHI_BENCH_SITE_MS", 60_000);

/** The parts that are measured; some of them by HAECHI_BENCH_PARTS=modbus,snmp. */
const wantedParts = (process.env["HAECHI_BENCH_PARTS"] ?? "modbus,transport,snmp,site,ill,growth").split(",");

const modbusSite = { devices: 200, values: 100 };
const snmpSite = { devices: 50, values: 40 };
/** Addresses at which snmpd and both its clients are; it takes one process's sockets. */
const largeSite = { devices: 1000, values: 100 };
const fires = 50;
const fireMs = 100;
const illSite = { devices: 500, values: 20, illPercent: 30 };
/** Until one of these many polls is missed the load is doubled. */
const growth = [1000, 2000, 3000, 4000, 6000, 8000];
const missedShareMax = 0.001;

/** `telegraf`, where it is given, is the path of a program that is compared with as collectd is. */
export async function figures({ telegraf }: { readonly telegraf: string | null }): Promise<Figures> {
  const parts: Readonly<Record<string, () => Promise<Figures>>> = {
    modbus: () => modbusFigures(telegraf),
    transport: transportFigures,
    snmp: () => snmpFigures(telegraf),
    site: siteFigures,
    ill: illFigures,
    growth: growthFigures,
  };
  const found: Figures = {};
  for (const [name, part] of Object.entries(parts)) {
    if (!wantedParts.includes(name)) continue;
    const own = await part();
    // A run takes a quarter of an hour: what is known is said at once.
    console.error(JSON.stringify({ part: name, ...own }));
    Object.assign(found, own);
  }
  return found;
}

const fleet = (devices: number, illPercent = 0): Promise<Child<FleetAt>> =>
  startChild<FleetAt>("fleet", { devices, illPercent }, true);

type Collected = Pick<PipelineWanted, "devices" | "values" | "port" | "sinkPort"> & Partial<PipelineWanted>;

/** What the product's own pipeline did in a window after the warm-up. */
async function collected(wanted: Collected, lastsMs = windowMs): Promise<Mark> {
  const whole: PipelineWanted = { protocol: "modbus", perRequest: 100, fires: 0, illPercent: 0, ...wanted };
  const child = await startChild<undefined>("pipeline", whole, false);
  try {
    await settled(child, whole);
    await sleep(lastsMs);
    return await child.ask<Mark>();
  } finally {
    await child.end();
  }
}

/** Until all that can be read is, and what is new has been compiled; a site that never gets there is measured as it is. */
async function settled(child: Child<undefined>, { devices, values, illPercent }: PipelineWanted): Promise<void> {
  const nominal = devices * values * (1 - illPercent / 100);
  await sleep(warmUpMs);
  for (let tries = 0; tries < settlingTries; tries += 1) {
    await child.ask<Mark>();
    await sleep(warmUpMs);
    const { values: read, wallMs } = await child.ask<Mark>();
    if ((read * 1000) / wallMs >= nominal * settledShare) return;
  }
}

const usPerValue = ({ cpuUs, values }: Mark): number => cpuUs / values;

/** CPU microseconds that another program spends on a value that it sends on: one that falls behind is not counted as if it did not. */
async function peerUsPerValue(program: Program, to: Child<FleetAt>): Promise<number> {
  try {
    await sleep(warmUpMs);
    const before = cpuMsOf(program.pid);
    await to.ask<FleetMark>();
    await sleep(windowMs);
    const usedMs = cpuMsOf(program.pid) - before;
    const { values } = await to.ask<FleetMark>();
    return (usedMs * 1000) / values;
  } finally {
    await program.end();
  }
}

async function modbusFigures(telegraf: string | null): Promise<Figures> {
  const to = await fleet(modbusSite.devices);
  const at = to.first;
  const [blocks, single, collectd, other]: [number[], number[], number[], number[]] = [[], [], [], []];
  const wanted = { ...modbusSite, port: at.port, sinkPort: at.httpPort };
  const peer = { ...modbusSite, port: at.port, udpPort: at.udpPort };
  for (let n = 0; n < rounds; n += 1) {
    blocks.push(usPerValue(await collected(wanted)));
    collectd.push(await peerUsPerValue(collectdModbus(peer), to));
    single.push(usPerValue(await collected({ ...wanted, perRequest: 1 })));
    if (telegraf !== null) other.push(await peerUsPerValue(telegrafModbus(telegraf, peer), to));
  }
  await to.end();
  return {
    ...(telegraf === null ? {} : { modbus_blocks_cpu_vs_telegraf: ratio(blocks, other) }),
    modbus_blocks_cpu_vs_collectd: ratio(blocks, collectd),
    modbus_single_cpu_vs_collectd: ratio(single, collectd),
    modbus_blocks_us_per_value: median(blocks),
    modbus_single_us_per_value: median(single),
    collectd_modbus_us_per_value: median(collectd),
  };
}

const ratio = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((one, i) => one / theirs[i]!));

async function snmpFigures(telegraf: string | null): Promise<Figures> {
  const snmpd = await startSnmpd(snmpSite.devices, snmpSite.values);
  const to = await fleet(1);
  const at = to.first;
  const user = {
    name: snmpUser.name,
    level: "authPriv",
    authProtocol: "sha",
    authKey: snmpUser.authKey,
    privProtocol: "aes",
    privKey: snmpUser.privKey,
  } as const;
  const wanted = {
    ...snmpSite,
    protocol: "snmp" as const,
    perRequest: snmpSite.values,
    port: snmpd.port,
    sinkPort: at.httpPort,
  };
  const peer = { ...snmpSite, port: snmpd.port, udpPort: at.udpPort };
  const [v2c, v3, collectd2, collectd3]: [number[], number[], number[], number[]] = [[], [], [], []];
  const other: number[] = [];
  try {
    for (let n = 0; n < rounds; n += 1) {
      v2c.push(usPerValue(await collected(wanted)));
      collectd2.push(await peerUsPerValue(collectdSnmp(peer, null), to));
      v3.push(usPerValue(await collected({ ...wanted, snmp: { version: "3", user } })));
      collectd3.push(await peerUsPerValue(collectdSnmp(peer, snmpUser), to));
      if (telegraf !== null) other.push(await peerUsPerValue(telegrafSnmp(telegraf, peer), to));
    }
  } finally {
    await snmpd.end();
    await to.end();
  }
  return {
    ...(telegraf === null ? {} : { snmp_v2c_cpu_vs_telegraf: ratio(v2c, other) }),
    snmp_v2c_cpu_vs_collectd: ratio(v2c, collectd2),
    snmp_v3_cpu_vs_collectd: ratio(v3, collectd3),
    snmp_v2c_us_per_value: median(v2c),
    snmp_v3_us_per_value: median(v3),
    collectd_snmp_v2c_us_per_value: median(collectd2),
    collectd_snmp_v3_us_per_value: median(collectd3),
  };
}

async function siteFigures(): Promise<Figures> {
  const { first: at, end } = await fleet(largeSite.devices);
  const wanted = { ...largeSite, port: at.port, sinkPort: at.httpPort };
  const site = await collected(wanted, siteMs);
  const fire = await collected({ ...wanted, fires }, siteMs);
  await end();
  return {
    site1000_core_percent: site.cpuUs / site.wallMs / 10,
    site1000_rss_mb: site.rssMb,
    site1000_skipped_polls: site.missed,
    site1000_values_per_s: (site.values * 1000) / site.wallMs,
    site1000_minutes: siteMs / 60_000,
    detection_p99_over_interval_ms: percentile(fire.latencies, 0.99) - fireMs,
    detection_p50_ms: percentile(fire.latencies, 0.5),
    detections: fire.latencies.length,
  };
}

async function illFigures(): Promise<Figures> {
  const { first: at, end } = await fleet(illSite.devices, illSite.illPercent);
  const mark = await collected({ ...illSite, port: at.port, sinkPort: at.httpPort }, siteMs / 2);
  await end();
  return { ill30_period_p99_ms: percentile(mark.periods, 0.99), ill30_skipped_polls: mark.missed };
}

/** A pipeline that has no time left to answer has broken. */
function overwhelmed(error: unknown): null {
  if (error instanceof NoAnswer) return null;
  throw error;
}

/** Devices of a hundred registers a second, more and more of them, until polls are missed. */
async function growthFigures(): Promise<Figures> {
  let held = 0;
  for (const devices of growth) {
    const { first: at, end } = await fleet(devices);
    const mark = await collected({ devices, values: 100, port: at.port, sinkPort: at.httpPort }).catch(overwhelmed);
    await end();
    const polls = (devices * windowMs) / 1000;
    if (!mark || mark.missed > polls * missedShareMax || mark.values < polls * 100 * (1 - missedShareMax) * 0.98)
      return { breaks_at_devices: devices, held_devices: held };
    held = devices;
  }
  return { breaks_at_devices: Number.POSITIVE_INFINITY, held_devices: held };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

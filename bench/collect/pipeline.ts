/**
 * The product's own path of a reading, whole, in a process of its own: polled, decoded, doubted,
 * scanned with alarms, and put through the durable spool to a database. Told to mark, it says what
 * has come to pass since the last mark and what it cost.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realClock } from "../../src/clock.ts";
import { collect, type DeviceLink } from "../../src/collect/index.ts";
import type { AlarmDefinition, AlarmId } from "../../src/core/alarm/definition.ts";
import type { PointRule } from "../../src/core/image.ts";
import type { SiteModel } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { deviceOf, type PointId, pointId, type Reading } from "../../src/core/reading.ts";
import { ms } from "../../src/core/time.ts";
import { fitHeap } from "../../src/heap.ts";
import { openLoop } from "../../src/loop.ts";
import { turnLoop } from "../../src/pace.ts";
import { linkDefaults } from "../../src/profiles/bind.ts";
import type { DeviceModel, PointModel, SnmpAccess } from "../../src/profiles/index.ts";
import { openCopy } from "../../src/store/copy.ts";
import { influx1 } from "../../src/store/influx1.ts";
import { lineEncoder } from "../../src/store/line-encoder.ts";
import { spoolDefaults } from "../../src/store/spool.ts";
import { fireOf, fireRegister, hostOf, isIll } from "./plant.ts";

/** What is to be collected. */
export interface PipelineWanted {
  readonly protocol: "modbus" | "snmp";
  readonly devices: number;
  readonly port: number;
  readonly values: number;
  /** Values in one request at the most. */
  readonly perRequest: number;
  /** Devices, the first ones, whose fire is watched ten times a second. */
  readonly fires: number;
  /** As the fleet has it: only the others are looked at. */
  readonly illPercent: number;
  readonly sinkPort: number;
  readonly snmp?: SnmpAccess;
}

/** What has come to pass since the last mark. */
export interface Mark {
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly values: number;
  readonly missed: number;
  readonly rssMb: number;
  /** Between two polls of the devices that are well, ms. */
  readonly periods: readonly number[];
  /** From a change in a device to the transition of its alarm, ms. */
  readonly latencies: readonly number[];
}

const pollMs = 1000;
const fireMs = 100;
const spoolBytes = 256 * 1024 * 1024;
/** One value in ten is judged. */
const valuesPerAlarm = 10;
const snmpBase = "1.3.6.1.4.1.55555.1";

fitHeap();
const wanted = JSON.parse(process.argv[2]!) as PipelineWanted;

function pointAt(n: number, name: string, period: number): PointModel {
  const at =
    wanted.protocol === "snmp"
      ? ({ protocol: "snmp", oid: `${snmpBase}.${n}.0`, type: "integer" } as const)
      : ({
          protocol: "modbus",
          table: "holding",
          addr: n,
          count: 1,
          type: "u16",
          words: "msw",
          bit: 0,
          mask: 0,
          scaleAt: null,
          model: null,
        } as const);
  const scan = period === fireMs ? "safety" : "fast";
  return {
    name,
    unit: "A",
    states: null,
    range: [0, 1e6],
    scan,
    period: ms(period),
    scale: 0.1,
    offset: 0,
    invalid: [0xffff],
    map: null,
    at,
  };
}

const points = Array.from({ length: wanted.values }, (_, n) => pointAt(n, `current[${n}]`, pollMs));
const fire = pointAt(fireRegister, "fire", fireMs);

function modelOf(own: readonly PointModel[]): DeviceModel {
  const link = { ...linkDefaults, maxWords: wanted.perRequest, oids: wanted.perRequest, timeout: ms(1000) };
  return { profile: "bench/device", class: "meter", protocol: wanted.protocol, link, points: own, commands: [] };
}

const [plain, burning] = [modelOf(points), modelOf([fire, ...points])];

const links = Array.from({ length: wanted.devices }, (_, n): DeviceLink => {
  const access = wanted.snmp ? { snmp: wanted.snmp } : {};
  return {
    id: `d${n}`,
    model: n < wanted.fires ? burning : plain,
    address: { host: hostOf(n), port: wanted.port, ...access },
  };
});

function alarmOn(point: PointId, limit: number): AlarmDefinition {
  const texts = { cause: "bench", consequence: "bench", response: "bench" };
  const channels = [{ point, detect: { kind: "limit", side: "above", limit, deadband: 0 } as const }];
  const rest = { title: { en: "bench" }, need: 1, onDelay: ms(0), offDelay: ms(0), latch: false, suppressedBy: [] };
  return { id: point as string as AlarmId, channels, priority: "low", ...rest, ...texts };
}

/** As a site file has it: devices of one model have their rules together. */
const [ofFires, ofOthers] = [fireMs, pollMs].map((period): PointRule => ({ maxAge: ms(3 * period + 1000) })) as [
  PointRule,
  PointRule,
];

function siteModel(): SiteModel {
  const rules = new Map<PointId, PointRule>();
  const alarms: AlarmDefinition[] = [];
  for (const { id, model } of links)
    for (const [n, { name, scan }] of model.points.entries()) {
      const point = pointId(id, name);
      rules.set(point, scan === "safety" ? ofFires : ofOthers);
      if (name === "fire") alarms.push(alarmOn(point, 0.05));
      // Above what any register holds: these are judged, and are never raised.
      else if (n % valuesPerAlarm === 0) alarms.push(alarmOn(point, 1000));
    }
  return { id: "bench", points: rules, alarms, responses: [], power: { nodes: new Map(), loads: [] } };
}

const counts = { values: 0, missed: 0 };
let periods: number[] = [];
let latencies: number[] = [];

/** Counting is to cost next to nothing, for it is not the product's: nearly all are `current[n]`, and are told by their last sign. */
function count(readings: readonly Reading[]): void {
  for (const reading of readings) {
    if (reading.quality === "bad") continue;
    const at = reading.point.at(-1) === "]" ? -1 : reading.point.indexOf("/link.");
    if (at < 0) counts.values += reading.quality === "good" ? 1 : 0;
    else countLink(reading, at);
  }
}

/** What tells how regular polling is. Periods are kept only where they are looked at: those of ten minutes are megabytes. */
function countLink({ point, value }: Exclude<Reading, { quality: "bad" }>, at: number): void {
  if (isIll(Number(point.slice(1, at)), wanted.illPercent)) return;
  if (point.endsWith(".missed")) counts.missed += value;
  else if (wanted.illPercent > 0 && point.endsWith(".period")) periods.push(value);
}

async function run(stop: AbortSignal): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-bench-"));
  const clock = realClock();
  const options = { ...spoolDefaults, site: "bench", bytesMax: spoolBytes, ageMaxMs: 3_600_000 };
  const copy = openCopy(dir, influx1({ url: `http://127.0.0.1:${wanted.sinkPort}`, database: "bench" }), options);
  const encode = lineEncoder("bench", (point) => ({
    quantity: "current[n]",
    device: deviceOf(point),
    class: "meter",
    space: null,
  }));
  const loop = openLoop(start(siteModel(), clock.now()), {
    journal: () => undefined,
    durable: () => Promise.resolve(),
    command: () => undefined,
    scanned: (input, output) => {
      encode(input.readings, (lines) => copy.readings(lines));
      const now = Date.now();
      for (const { alarm } of output.transitions)
        if (alarm.endsWith("/fire"))
          latencies.push(now - fireOf(Number(alarm.slice(1, alarm.indexOf("/"))), now).sinceMs);
    },
  });
  const pace = { scans: 0, overruns: 0, scanMs: 0 };
  const turning = turnLoop(loop, clock, { pace }, stop);
  await collect({ links }, clock, stop, (batch) => {
    count(batch);
    loop.offer(batch);
  });
  await turning;
  await copy.close();
  rmSync(dir, { recursive: true, force: true });
}

if (process.send) {
  const stop = new AbortController();
  let cpu = process.cpuUsage();
  let wall = performance.now();
  process.on("message", () => {
    const { user, system } = process.cpuUsage(cpu);
    const mark: Mark = {
      ...counts,
      cpuUs: user + system,
      wallMs: performance.now() - wall,
      rssMb: process.memoryUsage().rss / 2 ** 20,
      periods,
      latencies,
    };
    [cpu, wall, periods, latencies] = [process.cpuUsage(), performance.now(), [], []];
    [counts.values, counts.missed] = [0, 0];
    process.send?.(mark);
  });
  process.once("disconnect", () => stop.abort());
  // Whoever asked may be gone before the answer is.
  process.on("error", () => stop.abort());
  await run(stop.signal);
}

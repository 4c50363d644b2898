/**
 * The service: every part opened in the order in which it is needed, wired to the loop, and closed
 * in the opposite order. Nothing is opened before the site file and all its secrets are good.
 */
import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "./clock.ts";
import { realClock } from "./clock.ts";
import type { Leadership } from "./cluster/index.ts";
import { holdLeadership } from "./cluster/index.ts";
import type { Collecting } from "./collect/index.ts";
import { collectWhereabouts, openCollecting } from "./collect/index.ts";
import type { Outcome, ResponseId } from "./core/command.ts";
import type { Plant, Request, ScanInput, ScanOutput, SiteModel } from "./core/plant.ts";
import type { PointId, Reading } from "./core/reading.ts";
import { pointNameOf } from "./core/reading.ts";
import { seconds } from "./core/time.ts";
import { faultsIn } from "./core/topology/cause.ts";
import type { GateClient } from "./gate/index.ts";
import { connectGate, gateSocket } from "./gate/index.ts";
import type { GateChild } from "./gateprocess.ts";
import { startGate } from "./gateprocess.ts";
import type { Notify } from "./notify/index.ts";
import { openNotify } from "./notify/index.ts";
import type { Told } from "./record/transcript.ts";
import { tell } from "./record/transcript.ts";
import type { Keys, OutletConfigs } from "./secrets.ts";
import { fetchKeys, fetchOutlets, fetchTraps } from "./secrets.ts";
import { chainObjectiveMs, self, selfResponses } from "./self/alarms.ts";
import type { Chain } from "./self/chain.ts";
import { openChain } from "./self/chain.ts";
import type { ChainTests } from "./self/chain-test.ts";
import { chainTests, dailyTest } from "./self/chain-test.ts";
import type { Known } from "./self/points.ts";
import { selfWatch, syncWatch, withSelf } from "./self/points.ts";
import type { ChainView } from "./serve/api-drills.ts";
import type { ChainReader } from "./serve/chain.ts";
import type { SiteInfo } from "./serve/info.ts";
import type { Served } from "./serve/server.ts";
import { serve } from "./serve/server.ts";
import { lookThroughGate, pointsInSight } from "./sight.ts";
import type { Site, TrapReception } from "./site/index.ts";
import type { Journal, Store } from "./store/index.ts";
import { journalLimits, openJournal, openStore } from "./store/index.ts";
import type { Watch } from "./watch.ts";
import { openWatch } from "./watch.ts";

/** Secrets that the site file names and that are not there, or will not do. */
export class SecretsMissing extends Error {
  override name = "SecretsMissing";
}

export interface ServiceOptions {
  readonly site: Site;
  /** The file the site was read from: the gate reads it for itself. */
  readonly siteFile: string;
  readonly stateDir: string;
  /** Plant time against wall time: above 1 for simulated sites only. */
  readonly speed?: number;
  /** When plant time was wall time, ms. */
  readonly since?: number;
  /** In place of the site file's. */
  readonly port?: number;
  /** Told what happens, line by line. */
  readonly onTold: (told: Told) => void;
  /** Shown every scan after it is made, with the plant as it leaves it. */
  readonly onScan?: (plant: Plant, input: ScanInput, output: ScanOutput) => void;
}

export interface Service {
  /** Where the wall and the API are. */
  readonly url: string;
  readonly gatePid: number | undefined;
  /** Puts a request before the next scan. */
  ask(request: Request): void;
  /** Takes or gives back a response's leave to write. Rejects where no gate answers. */
  arm(kind: "arm" | "disarm", response: ResponseId, by: string, why: string): Promise<void>;
  /** Ends everything and resolves when nothing is left running. */
  stop(): Promise<void>;
}

/** Requests that may wait for a scan: more than this in a tenth of a second is no person. */
const requestsMax = 1000;

/** Opens a site's service. Rejects, with nothing left open, where a part cannot be opened. */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { site } = options;
  const keys = fetchKeys(site, process.env);
  const outlets = fetchOutlets(site, process.env);
  const hearing = fetchTraps(site.traps, process.env);
  const missing = [keys, outlets, hearing].flatMap((found) => ("missing" in found ? found.missing : []));
  if ("missing" in keys || "missing" in outlets || "missing" in hearing) throw new SecretsMissing(missing.join("\n"));
  const closers: (() => Promise<unknown> | undefined)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse().splice(0)) await closer();
  };
  try {
    return await openParts({ options, keys, outlets, traps: hearing.traps, closers, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opening {
  readonly options: ServiceOptions;
  readonly keys: Keys;
  readonly outlets: OutletConfigs;
  readonly traps: TrapReception | null;
  /** What to close, in the order of opening. */
  readonly closers: (() => Promise<unknown> | undefined)[];
  readonly close: () => Promise<void>;
}

/** The parts that scans speak to. */
interface Parts {
  readonly site: Site;
  /** The site with the service's own points and alarms. */
  readonly model: SiteModel;
  readonly leadership: Leadership;
  readonly gate: GateClient;
  readonly store: Store;
  readonly notify: Notify;
  readonly onTold: (told: Told) => void;
  readonly onScan: ServiceOptions["onScan"];
  readonly chain: Chain;
  served: Served | null;
  watch: Watch | null;
  /** Null until the loop is there. */
  chainTests: ChainTests | null;
}

async function openParts(opening: Opening): Promise<Service> {
  const { options, outlets, closers } = opening;
  const { site, stateDir, since = Date.now(), speed = 1 } = options;
  const clock = realClock(speed, since);
  const leadership = await holdLeadership(stateDir);
  closers.push(() => leadership.release());
  const child = await openGateChild(opening, clock);
  const gate = connectGate(gateSocket(stateDir));
  closers.push(async () => gate.close());
  const journal = openJournal(join(stateDir, "journal"), journalLimits(site.store.journalMb));
  closers.push(() => journal.close());
  const store = openStore(outlets.store, stateDir, storeSite(site, clock));
  closers.push(() => store.close());
  const notify = openNotify(outlets.notify, {
    id: site.id,
    unitOf: (point) => site.pointInfo.get(point)?.unit ?? null,
  });
  closers.push(() => notify.close());
  const { onTold, onScan } = options;
  const model = withSelf(site);
  const chain = openChain(clock.now());
  const own = { chain, chainTests: null, served: null, watch: null };
  const parts: Parts = { site, model, leadership, gate, store, notify, onTold, onScan, ...own };
  const ask = boundedRequests(parts);
  parts.served = await serve({
    host: site.serve.host,
    port: options.port ?? site.serve.port,
    site: infoOf(site),
    build: buildOf(),
    wall: wallFolder(),
    token: outlets.operatorToken,
    ask,
    history: (query) => store.history(query),
    spoolBytes: () => store.health().spoolBytes,
    kpi: (now) => parts.watch?.kpi.read(now) ?? null,
    gate: () => gate.state(),
    chain: () => chainReaderOf(parts),
  });
  closers.push(() => parts.served?.close());
  const links = site.devices.map(({ id, model }) => ({ id, model, address: opening.keys.addresses.get(id)! }));
  const { traps } = opening;
  const collecting = await openCollecting({ links, ...(traps && { traps: { device: self, ...traps } }) });
  closers.push(() => collecting.close());
  // Last of all, because from here on points have their time to speak, and nobody has asked them yet.
  const watch = watchOver(parts, clock, journal);
  parts.watch = watch;
  parts.chainTests = chainTests(chain, watch.loop, clock);
  runAll(opening, { parts, watch, clock, journal, collecting });
  return {
    url: parts.served.url,
    get gatePid() {
      return child.pid;
    },
    ask: (request) => void ask(request),
    arm: async (kind, response, by, why) => void (await gate[kind](response, by, why)),
    stop: opening.close,
  };
}

async function openGateChild({ options, closers }: Opening, clock: Clock): Promise<GateChild> {
  const { siteFile, stateDir, onTold } = options;
  const say = (text: string): void => onTold({ at: clock.now(), kind: "fault", text });
  const child = await startGate({ siteFile, stateDir, clock, say });
  closers.push(() => child.stop());
  return child;
}

function watchOver(parts: Parts, clock: Clock, journal: Journal): Watch {
  const { site, model, leadership, gate } = parts;
  const watch = openWatch({
    site: model,
    timezone: site.timezone,
    clock,
    journal,
    command: (command) => gate.send(command, leadership.current().token),
    scanned: (input, output) => handOn(parts, input, output),
    lane: parts.chain,
  });
  for (const command of watch.unfinished) gate.send(command, leadership.current().token);
  watch.loop.lead(leadership.current().leads);
  return watch;
}

/** Gives a scan's inputs and outputs to everything that keeps, tells or shows. None of it is waited for. */
function handOn(parts: Parts, input: ScanInput, output: ScanOutput): void {
  const { model, store, notify, served, watch, onTold, onScan } = parts;
  store.record(input.readings);
  notify.points(input.readings);
  for (const transition of output.transitions) {
    store.event({ kind: "transition", transition });
    notify.transition(transition);
  }
  for (const command of output.commands) {
    store.event({ kind: "command", command });
    notify.command(command);
  }
  for (const outcome of input.outcomes) {
    store.event({ kind: "outcome", outcome, point: pointOf(watch, outcome) });
    notify.command(outcome);
  }
  for (const notice of output.notices) {
    store.event({ kind: "notice", notice });
    notify.notice(notice);
  }
  for (const told of tell(model, output, input.at)) onTold(told);
  if (watch) onScan?.(watch.loop.plant, input, output);
  if (watch && served) served.publish(watch.loop.plant, output, { scanMs: watch.pace.scanMs });
}

function pointOf(watch: Watch | null, { command }: Outcome): PointId {
  const sent = watch?.loop.plant.campaigns.flatMap((c) => c.sent).find((s) => s.command.id === command);
  return sent?.command.point ?? ("unknown" as PointId);
}

function boundedRequests(parts: Parts): (request: Request) => boolean {
  let asked = 0;
  let scans = -1;
  return (request) => {
    const { watch } = parts;
    if (watch === null) return false;
    if (watch.pace.scans !== scans) [scans, asked] = [watch.pace.scans, 0];
    asked += 1;
    if (asked > requestsMax) return false;
    watch.loop.request(request);
    return true;
  };
}

interface Running {
  readonly parts: Parts;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly collecting: Collecting;
}

/** Starts all that runs by itself; what ends it is closed first. */
function runAll({ options, closers }: Opening, running: Running): void {
  const { parts, watch, clock } = running;
  const stop = new AbortController();
  // Each service and target that is asked after listens for it.
  setMaxListeners(0, stop.signal);
  const looping = watch.run(stop.signal);
  const collecting = running.collecting.collect(clock, stop.signal, (batch) => watch.loop.offer(batch));
  const places = options.site.services.flatMap(({ id, url }) =>
    url === null ? [] : [{ id, url, sites: options.site.sites }],
  );
  const asking = collectWhereabouts(places, clock, stop.signal, (batch) => watch.loop.offer(batch));
  const sink = (batch: readonly Reading[]): void => watch.loop.offer(batch);
  const looking = lookThroughGate(pointsInSight(options.site), parts.gate, { clock, stop: stop.signal, sink });
  const hearing = hearGate(parts.gate, stop.signal, watch);
  const minding = mindSelf(running, options.stateDir, stop.signal);
  closers.push(async () => {
    stop.abort();
    await Promise.all([looping, collecting, asking, looking, hearing, minding]);
  });
}

async function hearGate(gate: GateClient, stop: AbortSignal, watch: Watch): Promise<void> {
  for await (const outcome of gate.outcomes(stop)) watch.loop.outcome(outcome);
}

function chainReaderOf({ site, chain, chainTests: tests }: Parts): ChainReader | null {
  if (!tests) return null;
  const view = (): ChainView => ({
    site: site.id,
    ...chain.figures(),
    objectiveMs: chainObjectiveMs(site.self),
    last: tests.last(),
  });
  return { view, run: () => tests.run() };
}

/** Once a second the chain is tested, the journal is on disk, the service's own health becomes points, and its state is published. */
async function mindSelf(running: Running, folder: string, stop: AbortSignal): Promise<void> {
  const { parts, watch, clock, journal } = running;
  const own = selfWatch(folder);
  const synced = syncWatch(journal);
  const { loop } = watch;
  const { timezone, selfTest } = parts.site;
  const daily = dailyTest(parts.chainTests!, { timezone, time: selfTest.at, onTold: parts.onTold });
  while (!stop.aborted) {
    synced.turn();
    const test = parts.chain.begin(clock.now());
    if (test) loop.test(test);
    daily(clock.now());
    loop.offer(own.read(clock.now(), knownOf(running, synced.lagMs())));
    loop.lead(parts.leadership.current().leads);
    parts.notify.state(stateOf(parts, watch));
    await clock.wait(seconds(1), stop);
  }
  own.stop();
}

function knownOf({ parts, watch: { pace, loop }, journal }: Running, journalLagMs: number): Known {
  const { p50Ms, p99Ms, silentS } = parts.chain.figures();
  const { historian, spoolBytes, spoolLagMs } = parts.store.health();
  const { mqtt, webhooks } = parts.notify.health();
  return {
    "scan.time": pace.scanMs,
    "scan.overruns": pace.overruns,
    "journal.size": journal.health().bytes / 1e6,
    "journal.lag": journalLagMs,
    "chain.p50": p50Ms ?? undefined,
    "chain.p99": p99Ms ?? undefined,
    "chain.silence": silentS,
    "cause.faults": faultsIn(loop.plant.causes),
    "spool.size": spoolBytes / 1e6,
    "spool.lag": spoolLagMs / 1000,
    "queue.readings": loop.waiting().readings,
    "queue.requests": loop.waiting().requests,
    "queue.gate": parts.gate.waiting(),
    "queue.notify": Math.max(mqtt?.waiting ?? 0, ...webhooks.map(({ waiting }) => waiting)),
    "queue.store": historian.queued,
  };
}

const stateOf = (parts: Parts, { loop: { plant } }: Watch): Readonly<Record<string, unknown>> => ({
  at: plant.now,
  leads: plant.leads,
  gate: parts.gate.connected() ? "connected" : "not connected",
  alarms: plant.alarms.filter(({ alarm }) => alarm.active).length,
  blind: plant.alarms.filter(({ alarm }) => alarm.blind).length,
  responses: plant.campaigns
    .filter(({ phase }) => phase !== "idle")
    .map(({ response, phase }) => ({ response, phase })),
});

const storeSite = (site: Site, clock: Clock): Parameters<typeof openStore>[2] => ({
  id: site.id,
  meta: (point) =>
    site.pointInfo.get(point) ?? { quantity: pointNameOf(point), device: "haechi", class: "service", space: null },
  maxAge: (point) => site.model.points.get(point)?.maxAge ?? seconds(10),
  now: () => clock.now(),
});

const infoOf = (site: Site): SiteInfo => ({
  name: site.name,
  timezone: site.timezone,
  spaces: site.spaces,
  services: site.services,
  elsewhere: site.elsewhere,
  points: site.pointInfo,
  premises: site.premises,
  nodeNames: site.nodeNames,
  alarmResponses: new Map([...site.alarmResponses, ...selfResponses]),
});

/** The built wall lies beside the compiled code; without a build there is none. */
function wallFolder(): string | null {
  const places = ["../wall", "../dist/wall"].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(join(place, "index.html"))) ?? null;
}

/** Pages of another start reload: the service that they show may be another version. */
const buildOf = (): string => `0.1.0-${Date.now().toString(36)}`;

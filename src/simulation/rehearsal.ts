/**
 * A rehearsal: a whole site in virtual time. The plant is simulated; the core, the loop and the
 * gate are the very ones that run on a real site. Nothing here reads a clock, so that the same
 * scenario always gives the same transcript.
 */

import type { Plant as SimulatedPlant } from "../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../simulators/plant/index.ts";
import { faultyDevices } from "../../simulators/scenario/fault.ts";
import type { Stage as PlayedOn, Player } from "../../simulators/scenario/player.ts";
import { player } from "../../simulators/scenario/player.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { FaultBoard } from "../../simulators/wire/index.ts";
import { faultBoard } from "../../simulators/wire/index.ts";
import type { VirtualSource } from "../../simulators/wire/virtual.ts";
import { virtualSource } from "../../simulators/wire/virtual.ts";
import type { VirtualClock } from "../clock.ts";
import { virtualClock } from "../clock.ts";
import { whereaboutsPeriod } from "../collect/index.ts";
import type { Command } from "../core/command.ts";
import type { ScanInput, ScanOutput } from "../core/plant.ts";
import { start } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import { nextDue } from "../core/scan.ts";
import type { Instant } from "../core/time.ts";
import { elapsed, instant, ms } from "../core/time.ts";
import type { Gate } from "../gate/index.ts";
import { memoryLedger, openGate, policyOf } from "../gate/index.ts";
import type { Loop } from "../loop.ts";
import { openLoop } from "../loop.ts";
import { movedOf } from "../movers.ts";
import type { Site } from "../site/index.ts";
import type { Recorder, Run } from "./recorder.ts";
import { openRecorder } from "./recorder.ts";
import { virtualActuators } from "./virtual-actuators.ts";

/** What a rehearsal gave. */
export interface Rehearsed extends Run {
  /** The gate as it stood at the end: what it holds in its ledger, if anything was ever put to it. */
  readonly gate: GateState;
}

export interface RehearsalOptions {
  /** The text of the site file: the plant is built from it. */
  readonly siteText: string;
  /** Changes what the devices said on its way to the scan: what-if runs, and tests of what a run must not survive. */
  readonly alter?: (readings: readonly Reading[]) => readonly Reading[];
  /** Whether the points that the scenario plots are remembered; they cost a look at every reading. */
  readonly isPlotted?: boolean;
  /** Takes every scan's input before it is scanned, and its output after. */
  readonly onScan?: (input: ScanInput, output: ScanOutput | null) => void;
  /** Called about once a plant minute, with how much of the run is over (0 to 1). */
  readonly onProgress?: (part: number) => void;
}

type GateState = ReturnType<Gate["state"]>;

/** Everything at work in one rehearsal. */
interface Stage {
  readonly site: Site;
  readonly clock: VirtualClock;
  readonly plant: SimulatedPlant;
  readonly source: VirtualSource;
  readonly shows: ReturnType<typeof measure>;
  readonly loop: Loop;
  readonly gate: Gate;
  readonly recorder: Recorder;
  readonly player: Player;
  readonly alter: NonNullable<RehearsalOptions["alter"]>;
  /** Commands that the gate is still at work on. */
  open: number;
}

/** The plant moves in steps of this at most: the pace of the fastest poll. */
const pace = ms(1000);

export async function rehearse(site: Site, scenario: Scenario, options: RehearsalOptions): Promise<Rehearsed> {
  const stage = setUp(site, scenario, options);
  let minute = 0;
  while (stage.clock.now() < scenario.ends) {
    await moveTo(stage, nextInstant(stage, scenario));
    const now = Math.floor(elapsed(scenario.starts, stage.clock.now()) / 60_000);
    if (now === minute) continue;
    minute = now;
    options.onProgress?.(elapsed(scenario.starts, stage.clock.now()) / elapsed(scenario.starts, scenario.ends));
  }
  const gate = stage.gate.state();
  await stage.gate.close();
  return { ...stage.recorder.end(), gate };
}

function setUp(site: Site, scenario: Scenario, options: RehearsalOptions): Stage {
  const clock = virtualClock(scenario.starts);
  const plant = demoPlant(scenario.seed, options.siteText);
  const board = boardFor(site, scenario, clock);
  const faultsOf = board ? (device: string) => board.of(device) : undefined;
  const core = start(site.model, scenario.starts);
  const recorder = openRecorder({
    scenario,
    site: site.model,
    alarms: core.alarms,
    isPlotted: options.isPlotted ?? false,
  });
  const loop = openLoop(core, {
    journal: (input) => options.onScan?.(input, null),
    durable: () => Promise.resolve(),
    command: (command) => carryOut(stage, command),
    scanned: (input, output) => {
      options.onScan?.(input, output);
      recorder.take(input, output);
    },
  });
  const actuators = virtualActuators(site, plant, faultsOf);
  const gate = openGate({ policy: policyFor(site), ledger: memoryLedger(), clock, actuators });
  const stage: Stage = {
    site,
    clock,
    plant,
    source: virtualSource(plant, site.devices, faultsOf),
    shows: measure(plant),
    loop,
    gate,
    recorder,
    player: player(scenario.timeline, befallen({ plant, loop, gate, recorder }, board)),
    alter: options.alter ?? ((readings) => readings),
    open: 0,
  };
  loop.lead(true);
  return stage;
}

/** Where what the scenario says goes. */
const befallen = (
  { plant, loop, gate, recorder }: Pick<Stage, "plant" | "loop" | "gate" | "recorder">,
  board: FaultBoard | null,
): PlayedOn => ({
  board,
  tell: (told) => recorder.tell(told),
  apply: (event) => apply(plant, event),
  ask: (request) => loop.request(request),
  arm: ({ kind, response, by, why }, refused) =>
    void gate[kind](response, by, why).catch((error: unknown) => refused(String(error))),
});

const policyFor = (site: Site): ReturnType<typeof policyOf> =>
  policyOf(
    site.gate,
    site.devices,
    site.services.map((service) => (service.by ? movedOf(site, service) : { id: service.id, sites: site.sites })),
    site.targets,
  );

/** Null where no fault befalls anything, and looking for them would cost. */
function boardFor(site: Site, { timeline, seed }: Scenario, clock: VirtualClock): FaultBoard | null {
  if (!timeline.some(({ fault }) => fault !== null)) return null;
  return faultBoard(faultyDevices(site), { seed, now: () => clock.now() });
}

function carryOut(stage: Stage, command: Command): void {
  stage.open += 1;
  void stage.gate.submit(command, 1).then((outcome) => {
    stage.open -= 1;
    if (outcome) stage.loop.outcome(outcome);
  });
}

/** The next instant at which anything can happen: a step of the plant, an entry of the timeline, a timer, a wait of the gate. */
function nextInstant(stage: Stage, scenario: Scenario): Instant {
  const now = stage.clock.now();
  const happening = stage.player.next ?? scenario.ends;
  const due = nextDue(stage.loop.plant) ?? scenario.ends;
  const wait = stage.clock.next() ?? scenario.ends;
  const step = now + pace - (elapsed(scenario.starts, now) % pace);
  return instant(
    Math.min(scenario.ends, step, Math.max(happening, now), Math.max(due, now + 1), Math.max(wait, now + 1)),
  );
}

async function moveTo(stage: Stage, at: Instant): Promise<void> {
  const { clock, plant, loop } = stage;
  advance(plant, elapsed(clock.now(), at));
  clock.moveTo(at);
  stage.player.playTo(at);
  if (stage.open > 0) await rest();
  const readings = stage.source.readings(at);
  const moved = whereabouts(stage, at);
  loop.offer(stage.alter(moved.length === 0 ? readings : [...readings, ...moved]));
  const output = loop.cycle(at);
  if (output && output.commands.length > 0) await rest();
}

/** Where each service is, and how each target stands that the gate may look at, as often as they would be asked. */
function whereabouts({ site, shows }: Stage, at: Instant): readonly Reading[] {
  if (at % whereaboutsPeriod !== 0) return [];
  const services = site.services.flatMap(({ id }): Reading[] => {
    const value = shows(id, "service.site");
    return value === null ? [] : [{ point: pointId(id, "service.site"), at, quality: "good", value }];
  });
  const targets = site.targets.filter(({ id }) => site.gate.allow.includes(id));
  return [...services, ...targets.map(({ id, point }) => shownBy(pointId(id, point), shows(id, point), at))];
}

const shownBy = (point: PointId, value: number | null, at: Instant): Reading =>
  value === null ? { point, at, quality: "bad", reason: "noCommunication" } : { point, at, quality: "good", value };

/** Lets all that waits for a promise, and not for time, come to rest. */
const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

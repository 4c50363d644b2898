/**
 * A game day: a second core beside a site that is alive. It follows the readings of the service that watches the site,
 * a signal or two is laid over them, and what it would do is written down. There is no way from here to an actuator: it
 * has no gate, no collectors, no device's address and no key. Every command is held back and answered as refused.
 */

import { faultyDevices } from "../../simulators/scenario/fault.ts";
import type { Player, Stage } from "../../simulators/scenario/player.ts";
import { player } from "../../simulators/scenario/player.ts";
import type { Scenario } from "../../simulators/scenario.ts";
import type { FaultBoard } from "../../simulators/wire/index.ts";
import { faultBoard } from "../../simulators/wire/index.ts";
import { sleep } from "../clock.ts";
import type { Command, Outcome } from "../core/command.ts";
import type { Plant } from "../core/plant.ts";
import { start } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { instant, ms, seconds } from "../core/time.ts";
import type { Loop } from "../loop.ts";
import { openLoop } from "../loop.ts";
import type { Overlay } from "./overlay.ts";
import { openOverlay } from "./overlay.ts";
import type { Recorder, Run } from "./recorder.ts";
import { openRecorder } from "./recorder.ts";

/** What the live service knows: its time, and readings made since an instant. */
export interface Followed {
  readonly now: Instant;
  readonly readings: readonly Reading[];
}

export interface ShadowOptions {
  readonly scenario: Scenario;
  /** Asks the live service. Rejects where it does not answer. */
  readonly follow: (since: Instant) => Promise<Followed>;
  readonly stop: AbortSignal;
  /** How long the live site is followed before anything happens, so that what stands there already is not taken for new. */
  readonly settleMs?: number;
  readonly onProgress?: (part: number) => void;
}

export interface ShadowRun extends Run {
  /** What would have been written. None of it left. */
  readonly held: readonly Command[];
}

const pollMs = 250;
const settleMsUsual = 10_000;
/** A reading may reach the live service this much after its own time, and is asked for again until then. */
const lateness = seconds(10);
export const heldBack = "held back: a game day writes nothing";

interface Shadow {
  readonly options: ShadowOptions;
  readonly plant: Plant;
  readonly loop: Loop;
  readonly overlay: Overlay;
  readonly board: FaultBoard;
  readonly seen: Map<PointId, Instant>;
  recorder: Recorder | null;
  /** Null before the run begins. */
  player: Player | null;
  /** The live service's time against ours. */
  aheadMs: number;
  answered: Instant;
  isAnswering: boolean;
  /** Of the run's time against the scenario's; null before it begins. */
  shiftMs: number | null;
  /** When something happened last: the live service's word may be older, and nothing follows before its cause. */
  happenedAt: Instant;
}

/** Follows a live site for as long as a scenario lasts, or until it is stopped. */
export async function playInShadow(options: ShadowOptions): Promise<ShadowRun> {
  const { scenario, settleMs = settleMsUsual, stop } = options;
  const first = await options.follow(instant(0));
  const held: Command[] = [];
  const shadow = open(options, first, held);
  take(shadow, first);
  const settled = performance.now() + settleMs;
  while (performance.now() < settled && !stop.aborted) await turn(shadow);
  shadow.shiftMs = timeOf(shadow) - scenario.starts;
  const { plant, shiftMs } = shadow;
  shadow.recorder = openRecorder({ scenario, site: plant.site, alarms: plant.alarms, shiftMs });
  shadow.player = player(scenario.timeline, stageOf(shadow, shadow.recorder), shiftMs);
  while (timeOf(shadow) - shiftMs < scenario.ends && !stop.aborted) {
    await turn(shadow);
    options.onProgress?.((timeOf(shadow) - shiftMs - scenario.starts) / (scenario.ends - scenario.starts));
  }
  return { ...shadow.recorder.end(), held };
}

function open(options: ShadowOptions, first: Followed, held: Command[]): Shadow {
  const { site } = options.scenario;
  const plant = start(site.model, first.now);
  const loop = openLoop(plant, {
    journal: () => undefined,
    durable: () => Promise.resolve(),
    command(command) {
      held.push(command);
      const outcome: Outcome = { command: command.id, at: plant.now, result: "refused", detail: heldBack };
      loop.outcome(outcome);
    },
    scanned: (input, output) => shadow.recorder?.take(input, output),
  });
  loop.lead(true);
  const aheadMs = first.now - performance.now();
  const now = (): number => timeOf(shadow);
  const board = faultBoard(faultyDevices(site), { seed: options.scenario.seed, now });
  const shadow: Shadow = {
    options,
    plant,
    loop,
    overlay: openOverlay({
      points: site.model.points,
      faultsOf: (id) => (board.devices.has(id) ? board.of(id) : null),
    }),
    board,
    seen: new Map(),
    recorder: null,
    player: null,
    aheadMs,
    answered: first.now,
    isAnswering: true,
    shiftMs: null,
    happenedAt: first.now,
  };
  return shadow;
}

const timeOf = ({ aheadMs }: Shadow): Instant => instant(Math.floor(aheadMs + performance.now()));

async function turn(shadow: Shadow): Promise<void> {
  await sleep(ms(pollMs), shadow.options.stop);
  happen(shadow);
  take(shadow, (await followed(shadow)) ?? { now: timeOf(shadow), readings: [] });
}

/** What the live service has to say since it answered last; null where it does not answer. */
async function followed(shadow: Shadow): Promise<Followed | null> {
  try {
    const answer = await shadow.options.follow(instant(Math.max(0, shadow.answered - lateness)));
    shadow.answered = answer.now;
    say(shadow, true, "the live service answers again");
    return answer;
  } catch (error) {
    say(shadow, false, `the live service does not answer: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function say(shadow: Shadow, isAnswering: boolean, text: string): void {
  if (shadow.isAnswering === isAnswering) return;
  shadow.isAnswering = isAnswering;
  shadow.recorder?.tell({ at: instant(timeOf(shadow) - (shadow.shiftMs ?? 0)), kind: "fault", text });
}

function take(shadow: Shadow, { now, readings }: Followed): void {
  const { loop, overlay, seen, plant } = shadow;
  const news = readings.filter(({ point, at }) => {
    if (!plant.site.points.has(point) || seen.get(point) === at) return false;
    seen.set(point, at);
    return true;
  });
  const at = instant(Math.max(now, plant.now, shadow.happenedAt));
  loop.offer(overlay.lay(news, at));
  loop.cycle(at);
}

/** What is due by now: injected, asked of the second core, or only told. */
function happen(shadow: Shadow): void {
  const { player: playing, shiftMs } = shadow;
  if (playing === null || shiftMs === null) return;
  const last = playing.playTo(instant(timeOf(shadow) - shiftMs));
  if (last !== null) shadow.happenedAt = instant(last + shiftMs);
}

const stageOf = ({ board, overlay, loop }: Shadow, recorder: Recorder): Stage => ({
  board,
  tell: (told) => recorder.tell(told),
  apply: (event) => overlay.apply(event),
  ask: (request) => loop.request(request),
  arm: (_, refused) => refused("a game day has no gate"),
});

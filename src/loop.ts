/**
 * The loop around the core: it gathers what arrives between two scans, has it journalled, scans,
 * and hands on what follows. The order is a promise: an input is in the journal before its outputs
 * leave, and on disk before any of them is a command.
 */
import type { Command, Outcome } from "./core/command.ts";
import type { Plant, Request, ScanInput, ScanOutput } from "./core/plant.ts";
import type { PointId, Reading } from "./core/reading.ts";
import { nextDue, scan } from "./core/scan.ts";
import type { Instant } from "./core/time.ts";

/** Where the outputs of a scan go. None of these may block; only `durable` is waited for, and only by commands. */
export interface Outlets {
  journal(input: ScanInput): void;
  /** Resolves when all that was journalled is on disk. */
  durable(): Promise<void>;
  command(command: Command): void;
  scanned(input: ScanInput, output: ScanOutput): void;
}

/** A plant that is scanned beside the site's in the same cycle, of which nothing is journalled or handed on. */
export interface Lane {
  readonly plant: Plant;
  /** Takes what was offered of its points; true where a command follows. */
  take(at: Instant, readings: readonly Reading[]): boolean;
  /** Called when a command of the site's could go out that was decided in the same cycle. */
  decided(): void;
}

export interface Loop {
  readonly plant: Plant;
  offer(readings: readonly Reading[]): void;
  /** Offers a reading of the lane's, which waits with the others. */
  test(reading: Reading): void;
  request(request: Request): void;
  outcome(outcome: Outcome): void;
  lead(leads: boolean): void;
  /** Whether something has arrived that an alarm is judged by and that it did not know. */
  readonly isPressing: boolean;
  /** Called once something does. */
  onPressing: (() => void) | null;
  /** One cycle. Null when there was nothing to do: then nothing was scanned and nothing is journalled. */
  cycle(at: Instant): ScanOutput | null;
  /** Readings that gave way to newer ones of their point because a scan came too late. */
  readonly coalesced: number;
  /** What waits for the next scan. */
  waiting(): { readonly readings: number; readonly requests: number };
}

/** More readings than this between two scans keep only the newest of each point: memory stays bounded when scans fall behind. */
const readingsMax = 200_000;

export function openLoop(plant: Plant, outlets: Outlets, lane: Lane | null = null): Loop {
  let readings: Reading[] = [];
  let requests: Request[] = [];
  let outcomes: Outcome[] = [];
  let leads = plant.leads;
  let coalesced = 0;
  let isPressing = false;
  /** Readings that were looked at for news: nobody looks before somebody wants to know. */
  let looked = 0;
  const beside = besideOf(lane, outlets);

  const press = (): boolean => {
    while (!isPressing && looked < readings.length) {
      isPressing = isNews(plant, readings[looked]!) || beside.isNews(readings[looked]!);
      looked += 1;
    }
    return isPressing;
  };
  const gather = (at: Instant): ScanInput => {
    const input = { at, readings, requests, outcomes, leads };
    [readings, requests, outcomes] = [[], [], []];
    [isPressing, looked] = [false, 0];
    return input;
  };
  const isIdle = (at: Instant): boolean =>
    readings.length + requests.length + outcomes.length === 0 && leads === plant.leads && !isDue(plant, at);

  const loop: Loop = {
    plant,
    onPressing: null,
    get isPressing() {
      return press();
    },
    offer(batch) {
      for (const reading of batch) readings.push(reading);
      if (loop.onPressing !== null && !isPressing && press()) loop.onPressing();
      if (readings.length <= readingsMax) return;
      press();
      const kept = newestOfEach(readings);
      coalesced += readings.length - kept.length;
      readings = kept;
      looked = kept.length;
    },
    test: (reading) => loop.offer([beside.expecting(reading)]),
    request: (request) => void requests.push(request),
    outcome: (outcome) => void outcomes.push(outcome),
    lead(now) {
      leads = now;
    },
    cycle(at) {
      if (isIdle(at)) return null;
      const apart = beside.takeFrom(readings);
      if (apart.length > 0) readings = readings.filter((reading) => !apart.includes(reading));
      const input = gather(at);
      outlets.journal(input);
      const output = scan(plant, input);
      if (output.commands.length > 0) void outlets.durable().then(() => handOn(outlets, output.commands));
      outlets.scanned(input, output);
      beside.run(at, apart);
      return output;
    },
    waiting: () => ({ readings: readings.length, requests: requests.length }),
    get coalesced() {
      return coalesced;
    },
  };
  return loop;
}

function handOn(outlets: Pick<Outlets, "command">, commands: readonly Command[]): void {
  for (const command of commands) outlets.command(command);
}

/** Whether something is to be done though nothing has arrived. */
function isDue(plant: Plant, at: Instant): boolean {
  const due = nextDue(plant);
  return due !== null && due <= at;
}

/** The lane in a loop: its readings wait with the site's, and are taken out before the site's are scanned. */
function besideOf(lane: Lane | null, outlets: Pick<Outlets, "durable">) {
  let expected = 0;
  return {
    expecting(reading: Reading): Reading {
      expected += 1;
      return reading;
    },
    isNews: (reading: Reading): boolean => expected > 0 && lane !== null && isNews(lane.plant, reading),
    takeFrom(readings: readonly Reading[]): readonly Reading[] {
      if (expected === 0 || lane === null) return [];
      expected = 0;
      return readings.filter(({ point }) => lane.plant.site.points.has(point));
    },
    run(at: Instant, apart: readonly Reading[]): void {
      if (apart.length > 0 && lane?.take(at, apart)) void outlets.durable().then(() => lane.decided());
    },
  };
}

/** A judged point that says something else than it did. That nothing is heard of it is no news: it ages by itself. */
function isNews({ index }: Plant, reading: Reading): boolean {
  if (reading.quality === "bad") return false;
  const watched = index.points.get(reading.point);
  if (!watched || watched.judges.length === 0) return false;
  return watched.differsFrom(reading.value);
}

function newestOfEach(readings: readonly Reading[]): Reading[] {
  const newest = new Map<PointId, Reading>();
  for (const reading of readings) newest.set(reading.point, reading);
  return [...newest.values()];
}

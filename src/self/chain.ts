/**
 * The chain tested from end to end while the service runs: a reading that means nothing is put where readings come in,
 * waits in the same queue, wakes the same loop, and is scanned in the same cycle after the site itself. It goes
 * through image, detector, alarm and response of a plant of its own, and the command that follows waits for the same
 * disk. That plant is no part of the site: nobody is shown it, nothing of it is journalled, counted or told, and
 * there is no way from it to the gate. What is measured is measured here, outside of the core.
 */
import type { AlarmId } from "../core/alarm/definition.ts";
import type { Command, ResponseId } from "../core/command.ts";
import type { Plant, ScanInput, SiteModel } from "../core/plant.ts";
import { start } from "../core/plant.ts";
import type { Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import { scan } from "../core/scan.ts";
import type { Instant } from "../core/time.ts";
import { hours, ms, seconds } from "../core/time.ts";
import { nearestRank } from "../drill/durations.ts";
import type { Lane } from "../loop.ts";
import { self } from "./alarms.ts";

/** How the chain has done lately; null where nothing has come through yet. Wall time. */
export interface ChainFigures {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Since a reading came through last; since the beginning where none has. */
  readonly silentS: number;
  /** Tests that the figures are of. */
  readonly tests: number;
}

export interface Chain extends Lane {
  /** Puts a test on its way, where none is: the reading is to be offered to the loop at once. Null where one still is. */
  begin(at: Instant): Reading | null;
  /** Resolves when the test that is on its way is over: ms, or null where it was given up. */
  outcome(): Promise<number | null>;
  figures(): ChainFigures;
}

/** Of a test a second, ten minutes: 99 of 100 are then a figure, and what was slow is soon forgotten. */
const kept = 600;
/** The first tests of a process tell how long it takes to begin: they count until there are others. */
const warmUp = 3;
/** What has not come through by then will not: it counts as having taken so long. Wall time, ms. */
export const givenUpMs = 5000;

const signal = pointId(self, "chain.signal");
const decision = pointId(self, "chain.decision");
const [up, down] = [1, 0];

const model: SiteModel = {
  id: "chain",
  points: new Map([signal, decision].map((point) => [point, { maxAge: hours(24), unit: null }])),
  alarms: [
    {
      id: "chain" as AlarmId,
      title: { en: "The chain's own test" },
      channels: [{ point: signal, detect: { kind: "limit", side: "above", limit: 0.5, deadband: 0 } }],
      need: 1,
      priority: "low",
      onDelay: ms(0),
      offDelay: ms(0),
      latch: false,
      suppressedBy: [],
      cause: "A test.",
      consequence: "None.",
      response: "None.",
    },
  ],
  responses: [
    {
      id: "chain" as ResponseId,
      title: { en: "The chain's own test" },
      when: ["chain" as AlarmId],
      ifBlind: "hold",
      mode: "act",
      after: ms(0),
      action: {
        kind: "failover",
        steps: [
          {
            id: "shadow",
            title: {},
            point: decision,
            value: up,
            needs: [],
            within: seconds(60),
            retries: 0,
            ifFailed: "stop",
          },
        ],
      },
    },
  ],
  power: { nodes: new Map(), loads: [] },
};

/** `now` is a monotonic clock, ms. */
export function openChain(at: Instant, now: () => number = () => performance.now()): Chain {
  const plant = start(model, at);
  const took: number[] = [];
  let answeredAt = now();
  let outSince: number | null = null;
  const waiters: ((took: number | null) => void)[] = [];
  let ended = 0;
  const end = (result: number | null): void => {
    took.push(result ?? givenUpMs);
    ended += 1;
    if (ended === warmUp) took.length = 0;
    if (took.length > kept) took.shift();
    outSince = null;
    for (const waiter of waiters.splice(0)) waiter(result);
  };
  return {
    plant,
    begin(instant) {
      if (outSince !== null && now() - outSince < givenUpMs) return null;
      if (outSince !== null) end(null);
      outSince = now();
      return { point: signal, at: instant, quality: "good", value: up };
    },
    take(instant, readings) {
      const { commands } = scan(plant, inputOf(instant, { readings }));
      calm(plant, instant, commands);
      return commands.length > 0;
    },
    decided() {
      if (outSince === null) return;
      answeredAt = now();
      end(answeredAt - outSince);
    },
    outcome: () =>
      new Promise((resolve) => {
        if (outSince === null) return resolve(null);
        const timer = setTimeout(() => resolve(null), givenUpMs);
        waiters.push((result) => {
          clearTimeout(timer);
          resolve(result);
        });
      }),
    figures: () => ({
      p50Ms: took.length === 0 ? null : nearestRank(took, 0.5),
      p99Ms: took.length === 0 ? null : nearestRank(took, 0.99),
      silentS: (now() - answeredAt) / 1000,
      tests: took.length,
    }),
  };
}

const inputOf = (at: Instant, input: Partial<ScanInput>): ScanInput => ({
  at,
  readings: [],
  requests: [],
  outcomes: [],
  leads: true,
  ...input,
});

/** Brings the plant to rest for the next test: its command is over, its alarm clears, and its response is idle again. */
function calm(plant: Plant, at: Instant, commands: readonly Command[]): void {
  const outcomes = commands.map(({ id, value }) => ({
    command: id,
    at,
    result: "done" as const,
    detail: "",
    readBack: value,
  }));
  scan(plant, inputOf(at, { readings: [{ point: signal, at, quality: "good", value: down }], outcomes }));
  scan(plant, inputOf(at, {}));
}

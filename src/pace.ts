/**
 * When the loop turns: at its period, and at once when something that an alarm is judged by has
 * changed, so that what is seen every tenth of a second is not told a tenth of a second later.
 */
import type { Clock } from "./clock.ts";
import { instant } from "./core/time.ts";
import type { Loop } from "./loop.ts";

/** How a loop has fared since it began. */
export interface Pace {
  scans: number;
  /** Cycles that began late by more than a period. */
  overruns: number;
  /** The last scan's own time, ms. */
  scanMs: number;
}

/** The scan period, wall time. A plant that runs faster than the wall is scanned more often, down to the shortest. */
const periodMs = 100;
/** Two scans are no closer than this, whatever changes: a flood is taken in one. */
const shortestPeriodMs = 10;

/** Turns a loop until `stop` aborts; `turned` runs after every cycle. */
export async function turnLoop(
  loop: Loop,
  clock: Clock,
  { pace, turned }: { readonly pace: Pace; readonly turned?: () => void },
  stop: AbortSignal,
): Promise<void> {
  const period = Math.max(shortestPeriodMs, periodMs / clock.speed);
  let due = performance.now();
  while (!stop.aborted) {
    const began = performance.now();
    if (began - due > period) pace.overruns += 1;
    const output = loop.cycle(instant(Math.max(clock.now(), loop.plant.now)));
    if (output) {
      pace.scans += 1;
      pace.scanMs = performance.now() - began;
    }
    turned?.();
    due = Math.max(due + period, performance.now());
    if (await pressed(loop, { due, from: began + shortestPeriodMs }, stop)) due = performance.now();
  }
}

/** Waits for the next turn, which is not before `from`; true where a change has brought it forward. */
function pressed(
  loop: Loop,
  { due, from }: { readonly due: number; readonly from: number },
  stop: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve(loop.isPressing);
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      loop.onPressing = null;
      resolve(loop.isPressing);
    };
    const hasten = (): void => {
      loop.onPressing = null;
      clearTimeout(timer);
      const restMs = from - performance.now();
      if (restMs <= 0) end();
      else timer = setTimeout(end, restMs);
    };
    let timer = setTimeout(end, Math.max(due, from) - performance.now());
    stop.addEventListener("abort", end);
    loop.onPressing = hasten;
    if (loop.isPressing) hasten();
  });
}

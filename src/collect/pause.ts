import { setTimeout as sleep } from "node:timers/promises";

/** Waits real milliseconds; returns early, without an error, when `stop` aborts. */
export async function pause(delayMs: number, stop: AbortSignal): Promise<void> {
  if (delayMs <= 0 || stop.aborted) return;
  try {
    await sleep(delayMs, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

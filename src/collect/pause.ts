/** Waits real milliseconds; returns early, without an error, when `stop` aborts. */
export function pause(delayMs: number, stop: AbortSignal): Promise<void> {
  if (delayMs <= 0 || stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    stop.addEventListener("abort", end);
  });
}

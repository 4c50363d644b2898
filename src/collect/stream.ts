import type { Reading } from "../core/reading.ts";
import type { Outbox } from "./outbox.ts";

/** The readings that `run` puts into an outbox until it ends: at `stop`, or when the consumer leaves. */
export async function* streamed(
  outbox: Outbox,
  stop: AbortSignal,
  run: (stop: AbortSignal) => Promise<void>,
): AsyncGenerator<readonly Reading[], void> {
  const own = new AbortController();
  const end = (): void => own.abort();
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  const running = run(own.signal).finally(() => outbox.close());
  // Seen again by the await below; without this a bug of ours would be an unhandled rejection before it.
  running.catch(() => undefined);
  try {
    yield* outbox.batches();
  } finally {
    end();
    stop.removeEventListener("abort", end);
    await running;
  }
}

import type { PointId, Reading } from "../core/reading.ts";

/**
 * Readings that wait for their consumer, at most one a point: where the consumer is slow, the
 * newest takes the older one's place and is counted. So it can grow no larger than the device.
 */
export class Outbox {
  /** The one batch that waits, as long as its consumer keeps up; it need not be filed by point then. */
  #batch: readonly Reading[] | null = null;
  readonly #newest = new Map<PointId, Reading>();
  #wake: (() => void) | null = null;
  #closed = false;
  /** Readings that were replaced by a newer one before they were taken. */
  coalesced = 0;

  put(batch: readonly Reading[]): void {
    if (this.#batch === null && this.#newest.size === 0) this.#batch = batch;
    else this.#merge(batch);
    this.#wake?.();
  }

  #merge(batch: readonly Reading[]): void {
    const waiting = this.#batch ?? [];
    this.#batch = null;
    for (const reading of [...waiting, ...batch]) {
      // Deleted first, so that what is taken stays in the order of time.
      if (this.#newest.delete(reading.point)) this.coalesced += 1;
      this.#newest.set(reading.point, reading);
    }
  }

  /** Ends {@link batches} once what waits has been taken. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** All that waits, whenever something does. One consumer only. */
  async *batches(): AsyncGenerator<readonly Reading[], void> {
    for (;;) {
      if (this.#batch !== null || this.#newest.size > 0) yield this.#take();
      else if (this.#closed) return;
      else await this.#somethingPut();
    }
  }

  #take(): readonly Reading[] {
    const batch = this.#batch ?? [...this.#newest.values()];
    this.#batch = null;
    this.#newest.clear();
    return batch;
  }

  async #somethingPut(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }
}

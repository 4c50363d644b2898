/** Mean of the real time that answered requests took. */
export class Stopwatch {
  #totalMs = 0;
  #count = 0;

  /** Milliseconds of real time; never goes backwards, start is arbitrary. */
  static nowMs(): number {
    return performance.now();
  }

  add(elapsedMs: number): void {
    this.#totalMs += elapsedMs;
    this.#count += 1;
  }

  /** Null while nothing was added. */
  get meanMs(): number | null {
    return this.#count === 0 ? null : this.#totalMs / this.#count;
  }
}

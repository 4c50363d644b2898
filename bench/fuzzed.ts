/** What came of trying a codec. */
export interface Fuzzed {
  readonly count: number;
  /** Replies that were taken for something that they do not say. None may be. */
  readonly goodFromBad: number;
  /** Replies that say something, and of which nothing was taken. None may be. */
  readonly badFromGood: number;
  /** Replies that said something and were understood. */
  readonly answers: number;
  readonly seconds: number;
}

/** Counts what a codec told against what it should have told. */
export class Tally {
  readonly #beganMs = performance.now();
  readonly #nothing: string;
  #count = 0;
  #goodFromBad = 0;
  #badFromGood = 0;
  #answers = 0;

  /** `nothing` is what a codec tells of a reply that says nothing. */
  constructor(nothing: string) {
    this.#nothing = nothing;
  }

  add(told: string, truth: string): void {
    this.#count += 1;
    if (told === truth) this.#answers += Number(told !== this.#nothing);
    else if (told === this.#nothing) this.#badFromGood += 1;
    else this.#goodFromBad += 1;
  }

  end(): Fuzzed {
    return {
      count: this.#count,
      goodFromBad: this.#goodFromBad,
      badFromGood: this.#badFromGood,
      answers: this.#answers,
      seconds: (performance.now() - this.#beganMs) / 1000,
    };
  }
}

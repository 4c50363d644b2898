/** One of the row's cards: a question, its answer in large, and what it rests on. */
export interface Card {
  readonly key: string;
  readonly title: string;
  readonly big: Big;
  readonly line: string;
  readonly bar: Bar | null;
  /** Something must be looked at: the card gets an outline. */
  readonly marked: boolean;
}

export type Big =
  /** Counts down to an instant of the plant. */
  | { readonly kind: "countdown"; readonly until: number }
  | { readonly kind: "text"; readonly text: string }
  /** Nobody knows. */
  | { readonly kind: "unknown"; readonly text: string };

/** 0…1, and where the limit is. */
export interface Bar {
  readonly ratio: number;
  readonly mark: number | null;
}

/**
 * Words in every byte order that devices are known to use, side by side, so that the one that makes
 * sense can be seen. ABCD is Modbus's own: the most significant byte first.
 */

/** The orders by the places of a value's bytes on the wire. */
export const orders = ["ABCD", "CDAB", "BADC", "DCBA"] as const;

/** What words mean as one type, in each of {@link orders}. Of one word two orders are the same as two others. */
export interface Meaning {
  /** The first word's place among those read, from 0. */
  readonly at: number;
  readonly type: "u16" | "i16" | "u32" | "i32" | "f32";
  readonly values: readonly number[];
}

const WORD_BYTES = 2;

/** All meanings of words: of each word, and of each word with the one behind it. */
export const meanings = (words: readonly number[]): readonly Meaning[] =>
  words.flatMap((word, at) => {
    const next = words[at + 1];
    return next === undefined ? single(at, word) : [...single(at, word), ...double(at, [word, next])];
  });

function single(at: number, word: number): readonly Meaning[] {
  const values = orders.map((order) => (order === "ABCD" || order === "CDAB" ? word : swapped(word)));
  return [
    { at, type: "u16", values },
    { at, type: "i16", values: values.map((value) => (value << 16) >> 16) },
  ];
}

function double(at: number, [first, second]: readonly [number, number]): readonly Meaning[] {
  const views = orders.map((order) => viewOf(order, first, second));
  return [
    { at, type: "u32", values: views.map((view) => view.getUint32(0)) },
    { at, type: "i32", values: views.map((view) => view.getInt32(0)) },
    { at, type: "f32", values: views.map((view) => view.getFloat32(0)) },
  ];
}

/** The value's bytes, most significant first: `order` says which byte of the value each byte of the wire is. */
function viewOf(order: (typeof orders)[number], first: number, second: number): DataView {
  const view = new DataView(new ArrayBuffer(2 * WORD_BYTES));
  const bytes = [first >> 8, first & 0xff, second >> 8, second & 0xff];
  for (const [i, byte] of bytes.entries()) view.setUint8("ABCD".indexOf(order[i] ?? "A"), byte);
  return view;
}

const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8);

/** Which form a sentence was most likely meant to have: the one that takes the fewest words put in, left out or mended. */
import { closest } from "../../src/profiles/index.ts";
import type { Compiled } from "./form.ts";
import { fits, wordsOf } from "./form.ts";

type Piece = Compiled["ways"][number][number];

/** What a word costs where a piece is expected, and what should stand there. */
function weigh(piece: Piece, word: string): { readonly cost: number; readonly meant: string } {
  // A name fits any word, which says less than a keyword that is met.
  if ("slot" in piece) return { cost: fits(piece.slot, word) ? 0.1 : 0.8, meant: word };
  if (piece.words.includes(word)) return { cost: 0, meant: word };
  const near = closest(word, piece.words);
  return near === undefined ? { cost: 1, meant: piece.words[0]! } : { cost: 0.4, meant: near };
}

/** A word that was left out, as the end of a sentence often is, costs less than one that does not belong. */
const leftOut = 0.5;

/** Levenshtein's distance over words, one row of the table at a time. */
function distance(pieces: readonly Piece[], words: readonly string[]): number {
  let row = words.reduce<number[]>((costs) => [...costs, costs.at(-1)! + 1], [0]);
  for (const piece of pieces) {
    const next = [row[0]! + leftOut];
    words.forEach((word, i) => {
      next.push(Math.min(row[i]! + weigh(piece, word).cost, row[i + 1]! + leftOut, next[i]! + 1));
    });
    row = next;
  }
  return row.at(-1)!;
}

/** The nearest form, and the sentence mended to fit it where its words stand one for one. */
export function nearestForm(
  forms: readonly Compiled[],
  sentence: string,
): { readonly form: Compiled; readonly mended: string | undefined } {
  const words = wordsOf(sentence);
  const ways = forms.flatMap((form) => form.ways.map((way) => ({ form, way, far: distance(way, words) })));
  const { form, way } = ways.reduce((best, one) => (one.far < best.far ? one : best));
  if (way.length !== words.length) return { form, mended: undefined };
  const weighed = words.map((word, i) => weigh(way[i]!, word));
  const mended = weighed.map(({ meant }) => meant).join(" ");
  const [met, replaced] = [0, 1].map((cost) => weighed.filter((one) => one.cost === cost).length);
  return { form, mended: replaced! <= 1 && met! > replaced! && form.pattern.test(mended) ? mended : undefined };
}

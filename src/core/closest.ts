/** Edits beyond which a word is no longer taken for a slip of another. */
const MAX_EDITS = 2;

/** The candidate that a mistyped word most likely meant, within two edits; undefined where none is so close. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = MAX_EDITS + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= fewest) continue;
    const distance = edits(word, candidate);
    if (distance < fewest && distance < word.length) [best, fewest] = [candidate, distance];
  }
  return best;
}

/** What is said behind a refusal of a word, where it is known which was meant; empty where it is not. */
export const hintAt = (meant: string | undefined): string => (meant === undefined ? "" : ` (did you mean "${meant}"?)`);

/** Levenshtein's distance, one row of the table at a time. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

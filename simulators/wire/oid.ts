/** Object identifiers in numbers and in the order in which agents keep them. */

const MAX_ARCS = 128;
const MAX_ARC = 0xffff_ffff;

/** The numbers of an identifier, with or without a leading dot; null where the text is none that the wire could carry. */
export function arcsOf(oid: string): readonly number[] | null {
  if (!/^\.?\d+(\.\d+)+$/.test(oid)) return null;
  const arcs = oid.replace(/^\./, "").split(".").map(Number);
  const [first = 0, second = 0] = arcs;
  const isCarried = first <= 2 && (first === 2 || second < 40) && arcs.every((arc) => arc <= MAX_ARC);
  return isCarried && arcs.length <= MAX_ARCS ? arcs : null;
}

/** Lexicographic by arc, as GETNEXT goes. */
export function byArcs(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

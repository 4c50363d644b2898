/**
 * Lines of text on their way to a database: UTF-8, a line feed between two of them and none at the
 * end. They are bytes from the moment they are made until they are sent, so that a hundred thousand
 * of them a second are neither joined nor encoded twice.
 */
import { assert } from "../core/assert.ts";

/** At least one line. */
export interface Lines {
  readonly bytes: Buffer;
  readonly count: number;
}

const lineFeed = 10;

/** These texts as lines; none of them may hold a line feed. */
export const linesOf = (texts: readonly string[]): Lines => ({
  bytes: Buffer.from(texts.join("\n")),
  count: texts.length,
});

/** The lines as texts. */
export const textsOf = ({ bytes }: Lines): readonly string[] => bytes.toString("utf8").split("\n");

/** The first and the second half of two lines or more. */
export function halved({ bytes, count }: Lines): readonly [Lines, Lines] {
  assert(count > 1, "one line has no halves");
  const half = count >> 1;
  let end = -1;
  for (let n = 0; n < half; n += 1) end = bytes.indexOf(lineFeed, end + 1);
  return [
    { bytes: bytes.subarray(0, end), count: half },
    { bytes: bytes.subarray(end + 1), count: count - half },
  ];
}

/** The same lines in parts within both limits, as far as single lines allow it. */
export function within(lines: Lines, most: { readonly bytes: number; readonly count: number }): readonly Lines[] {
  if (lines.count === 1 || (lines.count <= most.count && lines.bytes.length <= most.bytes)) return [lines];
  return halved(lines).flatMap((half) => within(half, most));
}

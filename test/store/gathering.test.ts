import { describe, expect, test } from "vitest";
import { Gathering, recordMost } from "../../src/store/gathering.ts";
import { linesOf, textsOf } from "../../src/store/lines.ts";

describe("lines that are gathered for a record", () => {
  test("keep their order, and are its own once they are taken", () => {
    const gathering = new Gathering(4);
    const first = linesOf(["a 1", "b 2"]);
    gathering.add(first);
    gathering.add(linesOf(["온도 3"]));
    first.bytes.fill("x");
    expect(gathering.lines.count).toBe(3);
    expect(textsOf(gathering.lines)).toEqual(["a 1", "b 2", "온도 3"]);
  });

  test("are as many as a record takes and no more, but for a first line that is longer", () => {
    const gathering = new Gathering(16);
    const long = linesOf(["x".repeat(recordMost.bytes + 1)]);
    expect(gathering.fits(long)).toBe(true);
    gathering.add(long);
    expect(gathering.isFull).toBe(true);
    expect(gathering.fits(linesOf(["y"]))).toBe(false);
    expect(gathering.lines.bytes).toEqual(long.bytes);
    const many = new Gathering(16);
    for (let n = 0; n < recordMost.count; n += 1) many.add(linesOf(["y"]));
    expect(many.isFull).toBe(true);
    expect(many.fits(linesOf(["y"]))).toBe(false);
    expect(new Set(textsOf(many.lines))).toEqual(new Set(["y"]));
  });
});

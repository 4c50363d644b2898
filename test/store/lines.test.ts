import { expect, test } from "vitest";
import { halved, linesOf, textsOf, within } from "../../src/store/lines.ts";

const some = (count: number): string[] => Array.from({ length: count }, (_, n) => `온도 ${n}`);

test("texts become lines and texts again", () => {
  expect(textsOf(linesOf(some(3)))).toEqual(some(3));
  expect(textsOf(linesOf([""]))).toEqual([""]);
});

test.each([2, 3, 7, 100])("%i lines are halved, and none is lost", (count) => {
  const halves = halved(linesOf(some(count)));
  expect(halves.map((half) => half.count)).toEqual([Math.floor(count / 2), Math.ceil(count / 2)]);
  expect(halves.flatMap(textsOf)).toEqual(some(count));
});

test("one line cannot be halved", () => {
  expect(() => halved(linesOf(["a"]))).toThrow("no halves");
});

test("parts hold no more than they may, but for a single line that is longer", () => {
  const parts = within(linesOf([...some(50), "x".repeat(500), ...some(50)]), { bytes: 200, count: 10 });
  expect(parts.flatMap(textsOf)).toEqual([...some(50), "x".repeat(500), ...some(50)]);
  for (const { bytes, count } of parts) {
    expect(count).toBeLessThanOrEqual(10);
    if (count > 1) expect(bytes.length).toBeLessThanOrEqual(200);
  }
});

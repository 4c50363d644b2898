import { expect, it } from "vitest";
import { isSamePerson } from "../../src/gate/person.ts";

it.each([
  ["Ahn", " ahn ", true],
  ["Ahn  Min", "Ahn Min", true],
  ["\uFF21hn", "Ahn", true],
  ["Ahn", "Baek", false],
])("%s and %s: the same person %s", (one, other, same) => {
  expect(isSamePerson(one, other)).toBe(same);
});

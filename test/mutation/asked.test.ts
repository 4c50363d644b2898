import { describe, expect, test } from "vitest";
import { askedOf, patternsOf } from "./asked.ts";

describe("what is to be mutated", () => {
  test("is a whole file, or lines of it", () => {
    expect(patternsOf(askedOf("src/core/vote.ts"))).toEqual(["src/core/vote.ts"]);
    expect(askedOf("src/core/vote.ts:7").file).toBe("src/core/vote.ts");
    expect(patternsOf(askedOf("src/core/vote.ts:7,20-24"))).toEqual(["src/core/vote.ts:7-7", "src/core/vote.ts:20-24"]);
  });

  test.each(["a.ts:", "a.ts:x", "a.ts:1-", "a.ts:1:2-3", "a.ts:1,,2"])("is not %s", (argument) => {
    expect(() => askedOf(argument)).toThrow(`${argument} is neither FILE nor FILE:LINE,LINE-LINE`);
  });
});

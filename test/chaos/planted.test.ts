import { describe, expect, test } from "vitest";
import { demoGround } from "./demo-ground.ts";
import { huntLateReplies, huntSpool, huntSwarms, quarries } from "./hunt.ts";

// A judge that finds nothing may be blind. Each bug here is planted in a copy of the product, and is found.

const ground = demoGround();
const seedsMost = 1000;
const longMs = 1_200_000;
const nothing = { is: "nothing is planted", edits: [] };

describe("of a copy of the product", () => {
  test("in which nothing is planted, nothing is found", { timeout: longMs }, async () => {
    expect(await huntSwarms(ground, nothing, 3)).toBeNull();
    expect(await huntLateReplies(nothing, 300)).toBeNull();
    expect(await huntSpool(nothing, 20)).toBeNull();
  });

  test.each(quarries(ground).map((quarry) => [quarry.bug.is, quarry] as const))(
    `it is found within ${seedsMost} seeds that %s`,
    { timeout: longMs },
    async (_, { hunt }) => {
      expect(await hunt(seedsMost)).not.toBeNull();
    },
  );
});

test("there are at least twenty of them", () => {
  expect(quarries(ground).length).toBeGreaterThanOrEqual(20);
});

import { describe, expect, it } from "vitest";
import { killedOnce, killedTwice, played } from "./kills.ts";

describe("a gate that is killed between any two of its steps", () => {
  it("left alone, does each step once", async () => {
    const fate = await played({ at: [], torn: false, isAskedAgain: true });
    expect(fate).toMatchObject({ doubled: [], forgotten: [] });
    expect(fate.touches).toBeGreaterThan(40);
  });

  it("does none twice and forgets none, wherever it is killed", { timeout: 120_000 }, async () => {
    const { runs, doubled, forgotten } = await killedOnce();
    expect(runs).toBeGreaterThan(150);
    expect({ doubled, forgotten }).toEqual({ doubled: [], forgotten: [] });
  });

  it("nor when the gate that follows is killed too", { timeout: 120_000 }, async () => {
    const { runs, doubled, forgotten } = await killedTwice(5);
    expect(runs).toBeGreaterThan(150);
    expect({ doubled, forgotten }).toEqual({ doubled: [], forgotten: [] });
  });
});

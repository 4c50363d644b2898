import { describe, expect, it } from "vitest";
import { parseCondition, parsePointCondition } from "../../src/profiles/condition.ts";

describe("a written test", () => {
  it.each([
    ["> 40", { is: ">", limit: 40 }],
    ["<-1.5", { is: "<", limit: -1.5 }],
    ["== battery", { is: "in", states: ["battery"] }],
    ["== 'battery'", { is: "in", states: ["battery"] }],
    ["in [fire1, fire2]", { is: "in", states: ["fire1", "fire2"] }],
  ])("%s is understood", (text, expected) => expect(parseCondition(text)).toEqual(expected));

  it.each(["", "40", "> x", ">= 40", "> 1e3", "!= on", "== 5", "in []", "> 40 or < 3"])("%j is none", (text) =>
    expect(parseCondition(text)).toBeNull(),
  );

  it("may begin with the point that it is about", () => {
    expect(parsePointCondition("ups.mode == battery")).toEqual({
      point: "ups.mode",
      test: { is: "in", states: ["battery"] },
    });
    expect(parsePointCondition("output.load[n] > 90")?.point).toBe("output.load[n]");
    expect(parsePointCondition("ups.mode")).toBeNull();
    expect(parsePointCondition("ups.mode is on")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import type { GateRules } from "../../src/gate/policy.ts";
import { policyOf } from "../../src/gate/policy.ts";
import { relayLink } from "./device-fixture.ts";
import { point } from "./fixture.ts";

const rules: GateRules = {
  allow: ["relay", "login"],
  armed: ["shed"],
  writesPerMinute: 30,
  neverBoth: [[point("relay/a"), point("relay/b")]],
  protectedOutlets: [point("relay/c")],
};

describe("what a site lets its gate do", () => {
  it("is nothing but what its profiles' commands and its services offer", () => {
    const { targets } = policyOf(rules, [relayLink(1)], [{ id: "login", sites: ["seoul", "anyang"] }]);
    expect(targets.get("relay")?.class).toBe("remote-io");
    expect(targets.get("relay")?.writes.get("outlet[1].state")).toEqual([0, 1]);
    expect(targets.get("relay")?.writes.has("power.active")).toBe(false);
    expect(targets.get("login")).toEqual({ class: "service", writes: new Map([["service.site", [0, 1]]]) });
    expect([...targets.keys()]).toEqual(["relay", "login"]);
  });

  it("is what its site file says, unchanged", () => {
    expect(policyOf(rules, [], [])).toEqual({
      allow: new Set(rules.allow),
      armed: new Set(rules.armed),
      armable: new Set(),
      twoPeople: new Set(),
      interlocks: [],
      writesPerMinute: 30,
      plans: new Map(),
      neverBoth: rules.neverBoth,
      protectedOutlets: new Set(rules.protectedOutlets),
      targets: new Map(),
    });
  });
});

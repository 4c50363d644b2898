import { expect, test } from "vitest";
import { matrixOf } from "../../src/site/index.ts";
import { siteAfter } from "./fixture.ts";

test("a matrix has the alarms that start something as its rows, and the responses as its columns", () => {
  const { causes, effects } = matrixOf(siteAfter());
  expect(causes.map(({ alarm, need, of, diverse, starts }) => ({ alarm, need, of, diverse, starts }))).toMatchObject([
    { alarm: "fire", diverse: false, starts: ["move"] },
    { alarm: "low", need: 2, of: 2, diverse: true, starts: ["shed"] },
  ]);
  expect(effects).toMatchObject([
    { response: "move", kind: "failover", mode: "act", armed: true, hazard: "move", to: ["login"], accept: null },
    { response: "shed", kind: "shed", afterMs: 30_000, ifBlind: "hold", hazard: "dark" },
  ]);
  expect(effects[1]?.to.length).toBeGreaterThan(0);
});

test("an effect that is not armed, or is accepted for a reason, says so", () => {
  const site = siteAfter(
    ["when: [low]", "when: [hot.HH]\n    accept: minutes are left"],
    ["armed: [move, shed]", "armed: [shed]"],
    ["    mode: act\n    after: 0s", "    mode: advise\n    after: 0s"],
  );
  expect(matrixOf(site).effects).toMatchObject([
    { response: "move", mode: "advise", armed: false },
    { response: "shed", accept: "minutes are left" },
  ]);
});

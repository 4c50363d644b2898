import { expect, test } from "vitest";
import { apply } from "../../../simulators/plant/index.ts";
import { accessTo } from "../../../simulators/wire/access.ts";
import { plantOf, run, siteWith } from "../plant/run.ts";

test("the wire shows of a unit that freezes its numbered points as they were, as the gate sees them", () => {
  const { plant, shows } = plantOf(siteWith(["lcp-1: cooling/rittal-lcp in hall-2"]));
  const look = accessTo(plant).look("lcp-1", "return[2].temperature");
  const before = look();
  apply(plant, { freeze: "lcp-1", on: true });
  apply(plant, { cooling: "lcp-1", fail: true });
  run(plant, 300);
  expect(look()).toBe(before);
  expect(look()).toBe(shows("lcp-1", "return[2].temperature"));
});

test("the wire has nothing to show of a point that the plant does not know", () => {
  const { plant } = plantOf(siteWith([]));
  expect(accessTo(plant).look("crac-1", "no.such")()).toBeNull();
});

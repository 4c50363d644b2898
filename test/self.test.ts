import { expect, test } from "vitest";
import { withSelf } from "../src/self.ts";
import { demoSite } from "./simulators/demo-site.ts";

test("the service has its own health among the points of its site, and the counts of traps where it listens for them", () => {
  const { model } = demoSite();
  const own = (hearsTraps: boolean): readonly string[] =>
    [...withSelf(model, hearsTraps).points.keys()].filter((point) => point.startsWith("haechi/"));
  const health = ["scan.time", "scan.overruns", "loop.lag", "journal.size", "spool.size", "memory.resident"];
  const traps = ["traps.received", "traps.dropped", "traps.refused", "traps.unknown"];
  expect(own(false)).toEqual(health.map((name) => `haechi/${name}`));
  expect(own(true)).toEqual([...health, ...traps].map((name) => `haechi/${name}`));
});

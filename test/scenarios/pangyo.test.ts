import { beforeAll, describe, expect, test } from "vitest";
import { isRaising } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import { hours, instant, minutes, seconds } from "../../src/core/time.ts";
import type { Rehearsed } from "../../src/simulation/rehearsal.ts";
import { cast, play } from "./rehearsed.ts";

// What the service would have made of the fire of 2022-10-15, hour by hour, and by when.

const actors = cast("pangyo-2022");
const wallTime = (text: string): Instant => instant(Date.parse(`2022-10-15T${text}+09:00`));
const spark = wallTime("15:19:00");
const firstFailure = wallTime("15:27:00");
const longMs = 120_000;

let run: Rehearsed;

beforeAll(async () => {
  const began = performance.now();
  run = await play(actors);
  const took = (performance.now() - began) / 1000;
  const { starts, ends } = actors.scenario;
  console.log(`pangyo-2022: ${took.toFixed(1)} s, ${Math.round((ends - starts) / 1000 / took)} times real time`);
}, longMs);

const raised = () => run.record.transitions.filter(isRaising);
const orderOf = (service: string) => run.record.commands.find((c) => c.point === `${service}/service.site`);
const confirmedAt = (service: string): Instant | undefined =>
  run.record.notices.find((n) => n.event === "confirmed" && n.text.startsWith(`${service}/service.site :=`))?.at;

describe("the fire of Pangyo", () => {
  test("is rehearsed from before it to the end, nine hours of plant time", () => {
    expect(actors.scenario.ends - actors.scenario.starts).toBe(hours(9));
    expect(run.told.at(-1)).toMatchObject({ kind: "end", at: actors.scenario.ends });
    expect(run.broken).toEqual([]);
  });

  test("raises nothing before its first spark, and a critical alarm within two seconds of it", () => {
    const [first] = raised();
    expect(first).toMatchObject({ alarm: "battery-room-fire", priority: "critical" });
    expect(first!.at - spark).toBeGreaterThan(0);
    expect(first!.at - spark).toBeLessThanOrEqual(seconds(2));
  });

  test("finds tier 0 moved five minutes before anything failed", () => {
    const tier0 = actors.site.services.filter(({ tier }) => tier === 0);
    expect(tier0.map(({ id }) => id)).toEqual(["login", "message", "pay"]);
    for (const { id } of tier0) {
      expect(confirmedAt(id), id).toBeDefined();
      expect(confirmedAt(id)! + minutes(5), id).toBeLessThanOrEqual(firstFailure);
    }
  });

  test("has the whole site ordered away ten minutes after the first failure at the latest", () => {
    expect(orderOf("all")?.issued).toBeLessThanOrEqual(wallTime("15:37:00"));
    expect(confirmedAt("all")).toBeLessThan(wallTime("16:52:00"));
  });

  test("sheds nothing on the feed that is healthy, and darkens no rack for the fire's sake", () => {
    const { loads, nodes } = actors.site.model.power;
    const feedOf = new Map(loads.flatMap(({ feeds }) => feeds.map((f) => [f.outlet, nodes.get(f.node)?.feed])));
    const switched = run.record.commands.filter(({ point }) => feedOf.has(point));
    expect(switched.length).toBeGreaterThan(0);
    expect(switched.filter(({ point }) => feedOf.get(point) !== "A")).toEqual([]);
    expect(switched.filter(({ why }) => why.includes("dark"))).toEqual([]);
  });

  test("puts no more than ten alarms before the operator in its first ten minutes", () => {
    const first = raised().filter(({ at }) => at >= spark && at <= spark + minutes(10));
    expect(first.length).toBeGreaterThan(1);
    expect(first.length).toBeLessThanOrEqual(10);
  });

  test("is never a flood in them, and folds what a lost UPS takes with it into one line", () => {
    const soon = run.record.notices.filter(({ at }) => at <= spark + minutes(10));
    expect(soon.filter(({ about }) => about === "flood")).toEqual([]);
    const causes = soon.filter(({ about }) => about === "cause");
    expect(causes).toMatchObject([{ id: "ups-a", event: "began" }]);
    expect(causes[0]!.at - firstFailure).toBeLessThanOrEqual(seconds(5));
    expect(causes[0]!.text).toMatch(
      /^lost: feed A of \d+ racks, on feed B at \d+ %, margin \d+ kW; .*row-a1 and row-a2 with it$/,
    );
  });

  test("keeps its alarm latched to the end, through the cut of the whole site", () => {
    const fire = run.record.alarms[actors.site.model.alarms.findIndex(({ id }) => id === "battery-room-fire")];
    expect(fire?.alarm).toMatchObject({ latched: true, acknowledged: true });
    const after = run.record.transitions.filter((t) => t.at >= wallTime("16:52:00") && t.from !== t.to);
    // Nothing ventilates a house without power: by midnight the smoke next door still stands, at thirty times its alarm.
    expect(after.map(({ alarm }) => alarm).sort()).toEqual(["fire-detection-lost", "power-monitoring-lost"]);
  });
});

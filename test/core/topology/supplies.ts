import type { AlarmDefinition } from "../../../src/core/alarm/definition.ts";
import type { PointRule } from "../../../src/core/image.ts";
import type { SiteModel } from "../../../src/core/plant.ts";
import type { Load, PowerNode } from "../../../src/core/topology/power.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { alarm, maxAge, site } from "../fixture.ts";

// A utility and a generator on a transfer switch, two UPS, two rows, and racks on both of them.

const rules = (names: readonly string[], states: readonly string[]): Record<string, PointRule> =>
  Object.fromEntries(names.map((name) => [name, { maxAge, states }]));

const nodes: readonly PowerNode[] = [
  powerNode("utility", "utility", [], { device: "meter" }),
  powerNode("gen", "generator", [], { device: "gen", power: null }),
  powerNode("ats", "ats", ["utility", "gen"], { device: "switch", power: null }),
  ...["a", "b"].flatMap((side) => [
    powerNode(`ups-${side}`, "ups", ["ats"], { device: `ups-${side}`, feed: side.toUpperCase(), ratedKw: 100 }),
    powerNode(`row-${side}`, "pdu", [`ups-${side}`], { device: `pdu-${side}`, feed: side.toUpperCase() }),
  ]),
];

const loads: readonly Load[] = [load("one", { kw: 10 }), load("two", { kw: 10 }), load("three", { kw: 10, on: ["a"] })];

const at = (id: string, name: string, ...among: number[]): AlarmDefinition =>
  alarm(id, { on: [name], detect: { kind: "state", among } });

/** The site; with alarms on each of its supplies. */
export const supplied: SiteModel = site({
  power: treeOf(nodes, loads),
  alarms: [
    at("utility-lost", "switch/ats.on_utility", 0),
    at("a-on-battery", "ups-a/ups.mode", 3),
    at("b-on-battery", "ups-b/ups.mode", 3),
    at("a-off", "ups-a/ups.mode", 0),
    alarm("row-a-low", { on: ["row-a/kw"], detect: { kind: "limit", side: "below", limit: 1, deadband: 0 } }),
    alarm("elsewhere", { on: ["x"] }),
  ],
  points: {
    ...rules(["switch/ats.on_utility", "switch/ats.on_generator"], ["no", "yes"]),
    ...rules(["ups-a/ups.mode", "ups-b/ups.mode"], ["off", "online", "bypass", "battery", "boost", "buck", "other"]),
    ...rules(["gen/generator.state"], ["stopped", "starting", "running", "cooling", "fault", "other"]),
    "ups-a/battery.runtime": { maxAge, unit: "s" },
    "ups-b/battery.runtime": { maxAge, unit: "s" },
    x: { maxAge },
  },
});

const feeds = (row: string, closed: 0 | 1, kw: number): Record<string, number> =>
  Object.fromEntries(
    ["one", "two", "three"]
      .filter((name) => row === "a" || name !== "three")
      .flatMap((name) => [
        [`${row}.${name}/outlet`, closed],
        [`${row}.${name}/closed`, closed],
        [`${row}.${name}/power`, kw],
      ]),
  );

/** All is well. */
export const whole: Readonly<Record<string, number>> = {
  "utility/kw": 40,
  "switch/ats.on_utility": 1,
  "switch/ats.on_generator": 0,
  "gen/generator.state": 0,
  "ups-a/kw": 20,
  "ups-b/kw": 10,
  "ups-a/ups.mode": 1,
  "ups-b/ups.mode": 1,
  "ups-a/battery.runtime": 600,
  "ups-b/battery.runtime": 900,
  "row-a/kw": 20,
  "row-b/kw": 10,
  x: 5,
  ...feeds("a", 1, 5),
  ...feeds("b", 1, 5),
};

/** UPS A is off; feed B carries what hangs on both. */
export const withoutA: Readonly<Record<string, number>> = {
  ...whole,
  "ups-a/ups.mode": 0,
  "ups-a/kw": 0,
  "row-a/kw": 0,
  "ups-b/kw": 20,
  "row-b/kw": 20,
  ...feeds("a", 1, 0),
  ...feeds("b", 1, 10),
};

/** The utility has failed, and nothing has taken its place: both UPS live on their batteries. */
export const onBattery: Readonly<Record<string, number>> = {
  ...whole,
  "utility/kw": 0,
  "switch/ats.on_utility": 0,
  "ups-a/ups.mode": 3,
  "ups-b/ups.mode": 3,
};

/** The generator carries the site. */
export const onGenerator: Readonly<Record<string, number>> = {
  ...whole,
  "utility/kw": 0,
  "switch/ats.on_utility": 0,
  "switch/ats.on_generator": 1,
  "gen/generator.state": 2,
};

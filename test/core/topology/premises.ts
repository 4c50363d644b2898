import { pointId } from "../../../src/core/reading.ts";
import { minutes } from "../../../src/core/time.ts";
import type { Load, PowerNode } from "../../../src/core/topology/power.ts";
import type { CoolingLoop, Grounds, Premises, Tenant } from "../../../src/core/topology/premises.ts";
import { groundsOf } from "../../../src/core/topology/premises.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";

// Two sites made by hand: one whose halves are parted, and Pangyo's, whose battery and UPS rooms share a ceiling.

export const tenant = (id: string, sketch: Partial<Tenant> = {}): Tenant => ({
  id,
  tier: 0,
  importance: null,
  loads: [],
  needs: [],
  move: { point: pointId(id, "service.site"), host: "mover" },
  by: null,
  p95: minutes(2),
  targets: [],
  ...sketch,
});

export const loop = (id: string, sketch: Partial<CoolingLoop> = {}): CoolingLoop => ({
  id,
  machines: [],
  from: [],
  serves: [],
  routes: [],
  ...sketch,
});

export const machine = (
  device: string,
  space: string,
  from: readonly string[] = [],
  ratedKw: number | null = null,
) => ({
  device,
  space,
  from: from.map(node),
  ratedKw,
});

/** Utility and generator on a transfer switch, a UPS and a row a side, each side with rooms of its own. */
const nodes: readonly PowerNode[] = [
  powerNode("utility", "utility", [], { space: "yard" }),
  powerNode("gen", "generator", [], { space: "yard" }),
  powerNode("ats", "ats", ["utility", "gen"], { space: "switch", power: null }),
  ...["a", "b"].flatMap((side) => [
    powerNode(`ups-${side}`, "ups", ["ats"], {
      space: `ups-${side}`,
      feed: side.toUpperCase(),
      battery: `bat-${side}`,
    }),
    powerNode(`row-${side}`, "pdu", [`ups-${side}`], { space: `ups-${side}`, feed: side.toUpperCase() }),
  ]),
];

const loads: readonly Load[] = [load("one", { kw: 10 }), load("two", { kw: 10 }), load("three", { kw: 10, on: ["a"] })];

const rooms = (plenum: string | null): Premises["rooms"] =>
  new Map([
    ["yard", { compartment: "yard", plenum: null }],
    ["switch", { compartment: "switch", plenum: null }],
    ["ups-a", { compartment: "ups-a", plenum }],
    ["ups-b", { compartment: "ups-b", plenum }],
    ["bat-a", { compartment: "bat-a", plenum }],
    ["bat-b", { compartment: "bat-b", plenum: null }],
    ["hall", { compartment: "hall", plenum: null }],
  ]);

/** The site whose halves are parted. */
export const parted: Premises = {
  rooms: rooms(null),
  routes: new Map(),
  power: treeOf(nodes, loads),
  batteryRooms: new Map([
    ["bat-a", "bat-a"],
    ["bat-b", "bat-b"],
  ]),
  supplyRoutes: new Map(),
  feedRoutes: new Map(),
  loops: new Map([["air", loop("air", { machines: [machine("crac", "hall", ["ats"])], serves: ["hall"] })]]),
  services: [tenant("login", { loads: ["one", "two"] }), tenant("batch", { tier: 2, loads: ["three"] })],
  spareKw: new Map(),
  own: { loads: [], spaces: [], needs: [] },
};

export const groundsWith = (sketch: Partial<Premises> = {}): Grounds => groundsOf({ ...parted, ...sketch });

/** As it was in Pangyo: a wall between the batteries and the UPS, and one ceiling over all of them. */
export const pangyo: Partial<Premises> = { rooms: rooms("ceiling") };

/** A site that is double in all that it shows: each side has a source, rooms and a cooler of its own, and a third UPS stands alone. */
export const doubled: Partial<Premises> = {
  rooms: new Map(
    ["yard-a", "yard-b", "ups-a", "ups-b", "bat-a", "bat-b", "ups-c", "hall-a", "hall-b"].map((id) => [
      id,
      { compartment: id, plenum: null },
    ]),
  ),
  power: treeOf(
    ["a", "b", "c"].flatMap((side) => [
      powerNode(`grid-${side}`, "utility", [], { space: side === "c" ? "ups-c" : `yard-${side}` }),
      powerNode(`ups-${side}`, "ups", [`grid-${side}`], {
        space: `ups-${side}`,
        battery: side === "c" ? null : `bat-${side}`,
      }),
      powerNode(`row-${side}`, "pdu", [`ups-${side}`], { space: `ups-${side}` }),
    ]),
    [
      { ...load("one", { kw: 10, is: "protected" }), space: "hall-a" },
      { ...load("two", { kw: 10 }), space: "hall-b" },
    ],
  ),
  loops: new Map(
    [
      loop("air-a", { machines: [machine("crac-a", "hall-a", ["row-a"])], serves: ["hall-a", "hall-b"] }),
      loop("air-b", { machines: [machine("crac-b", "hall-b", ["row-b"])], serves: ["hall-a", "hall-b"] }),
      loop("mixing", { serves: ["hall-a"] }),
    ].map((one) => [one.id, one]),
  ),
  services: [
    tenant("login", { loads: ["one", "two"], by: "switcher" }),
    tenant("guard", { loads: ["one"], importance: "protected" }),
    tenant("switcher", { needs: ["guard"] }),
  ],
};

import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import type { Fallout, Standing, Strike } from "../../../src/core/topology/fallout.ts";
import {
  bestOf,
  classStandings,
  falloutOf,
  nodeStandings,
  noStrike,
  rackStanding,
} from "../../../src/core/topology/fallout.ts";
import type { Sight } from "../../../src/core/topology/live.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { CoolingLoop, Grounds, Premises, Tenant } from "../../../src/core/topology/premises.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";
import { groundsWith, loop, machine, parted, tenant } from "./premises.ts";

type Ids = readonly string[];

/** What is struck, by names. */
const struck = (what: Partial<Readonly<Record<"spaces" | "routes" | "nodes" | "loops", Ids>>>): Strike => ({
  spaces: new Set(what.spaces),
  routes: new Set(what.routes),
  nodes: new Set(what.nodes?.map(node)),
  loops: new Set(what.loops),
});
const withNodes = (change: (one: PowerNode) => PowerNode, more: readonly PowerNode[] = []): Grounds =>
  groundsWith({ power: treeOf([...[...parted.power.nodes.values()].map(change), ...more], parted.power.loads) });
const nowhere = (id: string): Grounds => withNodes((one) => (one.id === id ? { ...one, space: null } : one));

describe("what a node lives on after a strike", () => {
  const nodes = (strike: Strike, grounds = groundsWith()): Readonly<Record<string, Standing>> =>
    Object.fromEntries(nodeStandings(grounds, strike, null));

  test("is power where nothing is struck, and nothing where it is struck itself or its room is", () => {
    expect(new Set(Object.values(nodes(noStrike)))).toEqual(new Set(["powered"]));
    expect(nodes(struck({ nodes: ["row-a"] }))).toMatchObject({
      "row-a": "dead",
      "ups-a": "powered",
      "row-b": "powered",
    });
    expect(nodes(struck({ spaces: ["ups-a"] }))).toMatchObject({
      "row-a": "dead",
      "ups-a": "dead",
      "row-b": "powered",
    });
  });

  test("is nothing where the routes of all its supplies are cut", () => {
    const supplyRoutes = new Map([
      [node("row-a"), new Map([[node("ups-a"), ["duct"]]])],
      [node("ats"), new Map([[node("gen"), ["duct"]]])],
    ]);
    expect(nodes(struck({ routes: ["duct"] }), groundsWith({ supplyRoutes }))).toMatchObject({
      "row-a": "dead",
      "ups-a": "powered",
      ats: "powered",
    });
  });

  test("is its battery in a UPS without a supply, where that does not stand in what is struck", () => {
    expect(nodes(struck({ nodes: ["ats"] }))).toMatchObject({ "ups-a": "battery", "row-a": "battery" });
    expect(nodes(struck({ spaces: ["switch", "bat-a"] }))).toMatchObject({ "ups-a": "dead", "ups-b": "battery" });
    const bare = withNodes((one) => (one.id === "ups-a" ? { ...one, battery: null } : one));
    expect(nodes(struck({ spaces: ["switch", "bat-a"] }), bare)).toMatchObject({ "ups-a": "battery" });
  });

  test("is not known where nobody has said in which room it stands, if rooms are struck and it would live else", () => {
    expect(nodes(struck({ spaces: ["hall"] }), nowhere("row-a"))).toMatchObject({
      "row-a": "unknown",
      "row-b": "powered",
    });
    expect(nodes(struck({ nodes: ["gen"] }), nowhere("row-a"))).toMatchObject({ "row-a": "powered" });
    expect(nodes(struck({ spaces: ["ups-a"] }), nowhere("row-a"))).toMatchObject({ "row-a": "dead" });
  });

  test("is not known below what is not known, nor on a supply that the tree does not have", () => {
    const strange = withNodes(
      (one) => one,
      [powerNode("ups-z", "ups", ["ats-z"]), powerNode("row-z", "pdu", ["ups-z"])],
    );
    expect(nodes(noStrike, strange)).toMatchObject({ "ups-z": "unknown", "row-z": "unknown" });
  });

  test("is the best that any of several supplies gives", () => {
    expect(bestOf(["dead", "battery", "unknown", "powered"])).toBe("powered");
    expect(bestOf(["dead", "battery", "unknown"])).toBe("unknown");
    expect(bestOf(["dead", "battery"])).toBe("battery");
    expect([bestOf(["dead"]), bestOf([])]).toEqual(["dead", "dead"]);
  });
});

/** Every meter of the site as it is on an ordinary day, and the contacts of its cords. */
const ordinary: Readonly<Record<string, number>> = {
  "utility/kw": 30,
  "d-gen/generator.state": 0,
  "ats/kw": 30,
  ...Object.fromEntries(["ups-a", "ups-b", "row-a", "row-b"].map((id) => [`${id}/kw`, 15])),
  ...Object.fromEntries(["a.one", "a.two", "a.three", "b.one", "b.two"].map((cord) => [`${cord}/closed`, 1])),
};
const metered = (one: PowerNode): PowerNode =>
  one.id === "gen" ? { ...one, device: "d-gen" } : one.id === "ats" ? { ...one, power: point("ats/kw") } : one;
const states = ["stopped", "starting", "running", "cooling", "fault", "other"];
/** What points say in words. */
const wordsOf = (name: string): { readonly states: readonly string[] } | null =>
  name.endsWith("generator.state") ? { states } : name.endsWith("ups.mode") ? { states: ["off", "online"] } : null;

function sightAt(grounds: Grounds, values: Readonly<Record<string, number>>): Sight {
  const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
  const rules = new Map([...newest.keys()].map((name) => [name, { maxAge, ...wordsOf(name) }]));
  return sightOf(grounds.premises.power, imageAt(newest, rules, instant(t0)), rules);
}
const without = (...names: Ids): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(ordinary).filter(([name]) => !names.includes(name)));

describe("what a node lives on as the plant is seen", () => {
  const grounds = withNodes(metered);
  const seen = (values: Readonly<Record<string, number>>, strike = noStrike): Readonly<Record<string, Standing>> =>
    Object.fromEntries(nodeStandings(grounds, strike, sightAt(grounds, values)));

  test("is what it would without a look, where all is seen to live", () => {
    expect(new Set(Object.values(seen(ordinary)))).toEqual(new Set(["powered"]));
    expect(seen(ordinary, struck({ nodes: ["ats"] }))).toMatchObject({ ats: "dead", "ups-a": "battery" });
  });

  test("is nothing where it is seen to be dead, and not known where nothing is heard of it", () => {
    const { "ups-a/kw": _, "row-a/kw": __, ...rest } = ordinary;
    expect(seen({ ...rest, "ups-a/kw": 0, "row-a/kw": 0, "utility/kw": 0, "ats/kw": 0 })).toMatchObject({
      utility: "dead",
      "ups-b": "powered",
    });
    expect(seen({ "d-gen/generator.state": 0 })).toMatchObject({ utility: "unknown", "ups-a": "unknown" });
  });

  test("is nothing where it is struck, though nothing is heard of it", () => {
    expect(seen(without("row-a/kw"), struck({ nodes: ["row-a"] }))).toMatchObject({ "row-a": "dead" });
    expect(seen({ "d-gen/generator.state": 0 }, struck({ nodes: ["utility"] }))).toMatchObject({ utility: "dead" });
  });

  test("is nothing in a UPS that is off: only a generator stands by", () => {
    const off = withNodes((one) => (one.id === "ups-a" ? { ...metered(one), device: "d-a" } : metered(one)));
    const values = { ...ordinary, "ups-a/kw": 0, "row-a/kw": 0, "d-a/ups.mode": 0 };
    expect(nodeStandings(off, noStrike, sightAt(off, values)).get(node("ups-a"))).toBe("dead");
  });

  test("is a generator that stands by and has no fault: it has not been asked", () => {
    const generator = (state: number): Standing | undefined =>
      seen({ ...ordinary, "d-gen/generator.state": state })["gen"];
    expect(states.map((_, state) => generator(state))).toEqual([
      "powered",
      "powered",
      "powered",
      "powered",
      "dead",
      "powered",
    ]);
    expect(seen(without("d-gen/generator.state"))["gen"]).toBe("unknown");
    expect(seen({ ...without("d-gen/generator.state"), "gen/kw": 5 })["gen"]).toBe("powered");
  });
});

describe("a rack", () => {
  test("fares by how many of its feeds have power, and else by the best of them", () => {
    const of = (...feeds: readonly Standing[]) => rackStanding(feeds);
    expect(of("powered", "powered")).toBe("whole");
    expect(of("powered")).toBe("whole");
    expect(of("powered", "powered", "dead")).toBe("fewer");
    expect(of("powered", "battery")).toBe("single");
    expect(of("battery", "dead")).toBe("battery");
    expect(of("unknown", "battery", "dead")).toBe("unknown");
    expect([of("dead", "dead"), of()]).toEqual(["dark", "dark"]);
  });

  test("is dark where its room is struck, and else by its nodes and by the routes of its cords", () => {
    const fares = (strike: Strike, of = groundsWith()) => classStandings(of, strike, nodeStandings(of, noStrike, null));
    expect(fares(noStrike)).toEqual(["whole", "whole"]);
    expect(fares(struck({ spaces: ["hall"] }))).toEqual(["dark", "dark"]);
    const feedRoutes = new Map([["one", [["duct"], []]]]);
    expect(fares(struck({ routes: ["duct"] }), groundsWith({ feedRoutes }))).toEqual(["single", "whole", "whole"]);
    const power = treeOf([...parted.power.nodes.values()], [load("lost", { kw: 10, on: ["z"] })]);
    expect(fares(noStrike, groundsWith({ power }))).toEqual(["unknown"]);
  });

  test("is looked at cord by cord where the plant is seen", () => {
    const racks = (values: Readonly<Record<string, number>>, strike = noStrike, sketch: Partial<Premises> = {}) => {
      const grounds = groundsWith({ ...withNodes(metered).premises, ...sketch });
      return Object.fromEntries(falloutOf(grounds, strike, sightAt(grounds, values)).racks);
    };
    expect(racks(ordinary)).toEqual({ one: "whole", two: "whole", three: "whole" });
    expect(racks({ ...ordinary, "a.one/closed": 0 })).toMatchObject({ one: "single", two: "whole" });
    expect(racks(without("a.one/closed"))).toMatchObject({ one: "single", two: "whole" });
    expect(racks(without("a.three/closed"))).toMatchObject({ three: "unknown" });
    expect(racks({ ...without("a.three/closed"), "a.three/power": 4 })).toMatchObject({ three: "whole" });
    expect(racks(ordinary, struck({ nodes: ["row-a"] }))).toEqual({ one: "single", two: "single", three: "dark" });
    expect(racks(ordinary, struck({ spaces: ["hall"] }))).toEqual({ one: "dark", two: "dark", three: "dark" });
    const feedRoutes = new Map([["three", [["duct"]]]]);
    expect(racks(ordinary, struck({ routes: ["duct"] }), { feedRoutes })).toMatchObject({
      one: "whole",
      three: "dark",
    });
    const power = treeOf([...parted.power.nodes.values()].map(metered), [load("lost", { kw: 10, on: ["z"] })]);
    expect(racks({ ...ordinary, "z.lost/closed": 1 }, noStrike, { power })).toEqual({ lost: "unknown" });
  });
});

describe("what cools", () => {
  const cooled = (loops: readonly CoolingLoop[], strike = noStrike, grounds = groundsWith()): Fallout =>
    falloutOf(groundsWith({ ...grounds.premises, loops: new Map(loops.map((one) => [one.id, one])) }), strike);
  const crac = (...from: Ids) => loop("air", { machines: [machine("crac", "hall", from)], serves: ["hall"] });
  const machineAt = (one: CoolingLoop, strike: Strike): Standing | undefined =>
    cooled([one], strike).machines.get("crac");
  const airAt = (loops: readonly CoolingLoop[], strike = noStrike): Standing | undefined =>
    cooled(loops, strike).loops.get("air");

  test("is a machine by its room, its loop and the best of its supplies", () => {
    expect(machineAt(crac("row-a"), noStrike)).toBe("powered");
    expect(machineAt(crac("row-a"), struck({ spaces: ["hall"] }))).toBe("dead");
    expect(machineAt(crac("row-a"), struck({ loops: ["air"] }))).toBe("dead");
    expect(machineAt(crac("row-a"), struck({ nodes: ["row-a"] }))).toBe("dead");
    expect(machineAt(crac("row-a", "row-b"), struck({ nodes: ["row-a"] }))).toBe("powered");
    expect(machineAt(crac("row-a"), struck({ nodes: ["ats"] }))).toBe("battery");
    expect(machineAt(crac("row-z"), noStrike)).toBe("unknown");
  });

  test("is a machine of which no supply is said only as long as all power is there", () => {
    expect(machineAt(crac(), noStrike)).toBe("powered");
    expect(machineAt(crac(), struck({ nodes: ["row-b"] }))).toBe("unknown");
  });

  test("is a loop by its pipes, the best of its machines and the best of the loops that it hangs on", () => {
    const water = loop("water", { machines: [machine("chiller", "yard", ["ats"])] });
    const air = loop("air", { from: ["water"], machines: [machine("crah", "hall", ["row-a"])], routes: ["riser"] });
    expect(airAt([air, water])).toBe("powered");
    expect(airAt([air, water], struck({ loops: ["air"] }))).toBe("dead");
    expect(airAt([air, water], struck({ loops: ["water"] }))).toBe("dead");
    expect(airAt([air, water], struck({ routes: ["riser"] }))).toBe("dead");
    expect(airAt([air, water], struck({ nodes: ["row-a"] }))).toBe("dead");
    expect(airAt([air, water], struck({ nodes: ["gen", "utility"] }))).toBe("dead");
    const spare = loop("spare", { machines: [machine("tower", "yard", ["utility"])] });
    const either = { ...air, from: ["water", "spare"] };
    expect(airAt([either, water, spare], struck({ loops: ["water"] }))).toBe("powered");
  });

  test("is not known of a loop of which nothing is said, on one that is not there, or in a circle", () => {
    expect(airAt([loop("air")])).toBe("unknown");
    expect(airAt([loop("air", { from: ["gone"] })])).toBe("unknown");
    const machines = [machine("crah", "hall", ["row-a"])];
    expect(airAt([loop("air", { from: ["gone"], machines })])).toBe("unknown");
    const circle = cooled([loop("air", { from: ["water"], machines }), loop("water", { from: ["air"] })]);
    expect(Object.fromEntries(circle.loops)).toEqual({ water: "unknown", air: "unknown" });
  });

  test("is a room by the best of the loops that serve it, and hot where that lasts no longer than a battery", () => {
    const room = (...standings: readonly Standing[]) => {
      const from = { powered: ["row-b"], battery: ["row-a"], dead: ["dark"], unknown: ["gone"] } as const;
      const dark = powerNode("dark", "pdu", ["ats"], { space: "annex" });
      const held = withNodes((one) => one, [dark]);
      const loops = standings.map((is, i) =>
        loop(`l${i}`, { machines: [machine(`m${i}`, "hall", from[is])], serves: ["hall"] }),
      );
      const supplyRoutes = new Map([
        [node("ups-a"), new Map([[node("ats"), ["duct"]]])],
        [node("dark"), new Map([[node("ats"), ["duct"]]])],
      ]);
      const grounds = groundsWith({ ...held.premises, supplyRoutes });
      return cooled(loops, struck({ routes: ["duct"] }), grounds).rooms.get("hall");
    };
    expect([room("powered"), room("unknown"), room("battery"), room("dead")]).toEqual(["cooled", null, "hot", "hot"]);
    expect([room("dead", "powered"), room("dead", "unknown")]).toEqual(["cooled", null]);
    expect(room()).toBeUndefined();
  });
});

describe("a service", () => {
  const fate = (
    services: readonly Tenant[],
    strike: Strike,
    sketch: Partial<Premises> = {},
  ): Readonly<Record<string, string>> =>
    Object.fromEntries(falloutOf(groundsWith({ loops: new Map(), ...sketch, services }), strike).services);
  const on = (...loads: Ids): Tenant => tenant("shop", { loads });
  const shop = (service: Tenant, strike: Strike, sketch: Partial<Premises> = {}): string | undefined =>
    fate([service], strike, sketch)["shop"];

  test("is whole with all of its racks, degraded with some, and lost with none", () => {
    const upsA = struck({ spaces: ["ups-a"] });
    expect(shop(on("one", "two"), upsA)).toBe("whole");
    expect(shop(on("one", "three"), upsA)).toBe("degraded");
    expect(shop(on("three"), upsA)).toBe("lost");
  });

  test("is endangered on batteries and in a room that nothing cools, unless some of its racks go on elsewhere", () => {
    expect(shop(on("one"), struck({ nodes: ["ats"] }))).toBe("endangered");
    const loops = new Map([["air", loop("air", { machines: [machine("crac", "yard", ["ats"])], serves: ["hall"] })]]);
    expect(shop(on("one"), struck({ loops: ["air"] }), { loops })).toBe("endangered");
    expect(shop(on("one", "three"), struck({ loops: ["air"], nodes: ["row-a"] }), { loops })).toBe("endangered");
    const apart = parted.power.loads.map((one) => (one.id === "two" ? { ...one, space: "annex" } : one));
    const power = treeOf([...parted.power.nodes.values()], apart);
    expect(shop(on("one", "two"), struck({ loops: ["air"] }), { loops, power })).toBe("degraded");
  });

  test("is not known where its racks are not, and no better where others are dark", () => {
    const { power } = nowhere("ups-a").premises;
    expect(shop(on("three"), struck({ spaces: ["ups-b"] }), { power })).toBe("unknown");
    expect(shop(on("nobody"), noStrike)).toBe("unknown");
    expect(shop(on("nobody", "three"), struck({ nodes: ["row-a"] }))).toBe("unknown");
    expect(shop(on("nobody", "one"), noStrike)).toBe("degraded");
  });

  test("of which nobody knows where it runs is lost with the whole site, and not known with less", () => {
    const all = [...parted.rooms.keys()];
    expect(shop(on(), struck({ spaces: all }))).toBe("lost");
    expect(shop(on(), struck({ spaces: all.slice(1) }))).toBe("unknown");
  });

  test("fares no better than what it needs, through any number of others, and no worse", () => {
    const services = [
      tenant("pay", { loads: ["one"], needs: ["login"] }),
      tenant("login", { loads: ["two"], needs: ["store", "gone"] }),
      tenant("store", { loads: ["three"] }),
      tenant("mail", { loads: ["one"] }),
    ];
    expect(fate(services, struck({ nodes: ["row-a"] }))).toEqual({
      pay: "lost",
      login: "lost",
      store: "lost",
      mail: "whole",
    });
    const lost = [tenant("batch", { loads: ["three"], needs: ["mail"] }), tenant("mail", { loads: ["one"] })];
    expect(fate(lost, struck({ nodes: ["row-a"] }))).toEqual({ batch: "lost", mail: "whole" });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant } from "../../../src/core/time.ts";
import type { Blast } from "../../../src/core/topology/blast.ts";
import { blastOf } from "../../../src/core/topology/blast.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { Grounds } from "../../../src/core/topology/premises.ts";
import { meantBy } from "../../../src/core/topology/subject.ts";
import { powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";
import { groundsWith, loop, machine, pangyo, parted, tenant } from "./premises.ts";

function blast(grounds: Grounds, what: string): Blast {
  const subject = meantBy(grounds, what);
  if ("wrong" in subject) throw new Error(subject.wrong);
  return blastOf(grounds, subject);
}

const withNode = (id: string, change: object): ReturnType<typeof groundsWith> => {
  const nodes = [...parted.power.nodes.values()].map((node) => (node.id === id ? { ...node, ...change } : node));
  return groundsWith({ power: treeOf(nodes, parted.power.loads) });
};

describe("the blast radius of a room", () => {
  test("takes every UPS of the group where one ceiling joins their rooms to the batteries", () => {
    const { ups, groups, racks, services, spaces } = blast(groundsWith(pangyo), "bat-a");
    expect(spaces.map(({ space }) => space)).toEqual(["bat-a", "ups-a", "ups-b"]);
    expect(ups.map(({ id, is }) => `${id} ${is}`)).toEqual(["ups-a lost", "ups-b lost"]);
    expect(groups).toEqual([{ ups: ["ups-a", "ups-b"], lost: 2 }]);
    expect(racks.dark).toEqual(["one", "two", "three"]);
    expect(services.lost).toEqual(["login", "batch"]);
  });

  test("takes a battery and nothing else where the rooms are parted", () => {
    const { ups, groups, racks, services } = blast(groundsWith(), "bat-a");
    expect(ups).toEqual([{ id: "ups-a", is: "withoutBattery" }]);
    expect(groups).toEqual([]);
    expect(racks).toMatchObject({ dark: [], single: [], battery: [] });
    expect(services).toEqual({ lost: [], endangered: [], degraded: [], unknown: [] });
  });

  test("leaves racks on one feed, and darkens those that have no other", () => {
    const { racks, feeds, services } = blast(groundsWith(), "ups-a");
    expect(racks).toMatchObject({ dark: ["three"], single: ["one", "two"] });
    expect(feeds).toEqual([{ feed: "A", is: "lost" }]);
    expect(services).toMatchObject({ lost: ["batch"], degraded: [] });
  });

  test("cuts what passes through it, by whatever way", () => {
    const routes = new Map([["duct", { kind: "cable", through: ["bat-a"] } as const]]);
    const supply = groundsWith({
      routes,
      supplyRoutes: new Map([["row-b", new Map([["ups-b", ["duct"]]])]]) as never,
    });
    expect(blast(supply, "bat-a").racks.single).toEqual(["one", "two"]);
    const feed = groundsWith({ routes, feedRoutes: new Map([["one", [[], ["duct"]]]]) });
    expect(blast(feed, "bat-a").racks.single).toEqual(["one"]);
    expect(blast(feed, "duct").racks.single).toEqual(["one"]);
  });

  test("is not known where nobody has said in which room something stands, and says so", () => {
    const { racks, ups, unsaid } = blast(withNode("ups-b", { space: null }), "ups-a");
    expect(ups).toContainEqual({ id: "ups-b", is: "unknown" });
    expect(racks).toMatchObject({ dark: ["three"], single: [], unknown: ["one", "two"] });
    expect(unsaid).toContain("in which room stand ups-b");
  });

  test("says that it cannot know what burns with a room of which no compartment is said", () => {
    const rooms = new Map([...parted.rooms, ["ups-a", { compartment: null, plenum: null }]]);
    expect(blast(groundsWith({ rooms }), "ups-a").unsaid).toContain(
      "of which compartment ups-a is, so that what burns with it is not known",
    );
    expect(blast(groundsWith({ rooms }), "hall").unsaid).toContain("of which compartment are ups-a");
  });
});

describe("what a blast radius tells", () => {
  test("is the power tree node by node and feed by feed", () => {
    const node = (id: string, of = groundsWith()) => {
      const { nodes, feeds } = blast(of, id);
      return { nodes, feeds: feeds.map(({ feed, is }) => `${feed} ${is}`) };
    };
    expect(node("space:ups-a")).toEqual({ nodes: { dead: ["row-a"], unknown: [] }, feeds: ["A lost"] });
    expect(node("row-a")).toEqual({ nodes: { dead: ["row-a"], unknown: [] }, feeds: ["A partly"] });
    expect(node("ats")).toEqual({ nodes: { dead: ["ats"], unknown: [] }, feeds: ["A onBattery", "B onBattery"] });
    expect(node("utility")).toEqual({ nodes: { dead: ["utility"], unknown: [] }, feeds: [] });
    expect(node("space:ups-a", withNode("ups-b", { space: null }))).toEqual({
      nodes: { dead: ["row-a"], unknown: ["row-b"] },
      feeds: ["A lost", "B unknown"],
    });
  });

  test("is the routes that are cut, the rooms that are struck and what was asked", () => {
    const routes = new Map([
      ["duct", { kind: "cable", through: ["bat-a"] } as const],
      ["riser", { kind: "water", through: ["hall"] } as const],
    ]);
    expect(blast(groundsWith({ routes }), "bat-a")).toMatchObject({
      subject: { kind: "space", id: "bat-a" },
      at: null,
      spaces: [{ space: "bat-a", because: "itself" }],
      routes: ["duct"],
    });
  });

  test("is on top of what is lost already, where the plant is seen", () => {
    const values = { "row-a/kw": 0, "row-b/kw": 5, "ups-a/kw": 0, "ups-b/kw": 5 };
    const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
    const rules = new Map([...newest.keys()].map((name) => [name, { maxAge }]));
    const grounds = groundsWith();
    const sight = sightOf(grounds.premises.power, imageAt(newest, rules, instant(t0)), rules);
    const seen = blastOf(grounds, { kind: "node", id: "row-b" }, sight);
    expect(seen.at).toBe(t0);
    expect(seen.racks.dark).toEqual(["one", "two", "three"]);
    expect(blastOf(grounds, { kind: "node", id: "row-b" }).racks.dark).toEqual([]);
  });

  test("is racks that are too warm, of those that have power for longer than a battery", () => {
    const cooledBy = (...from: readonly string[]): Grounds =>
      groundsWith({
        loops: new Map([["air", loop("air", { machines: [machine("crac", "hall", from)], serves: ["hall"] })]]),
      });
    expect(blast(cooledBy("row-a"), "space:ups-a")).toMatchObject({
      racks: { total: 3, dark: ["three"], single: ["one", "two"], hot: ["one", "two"] },
      coolers: { lost: ["crac"], unknown: [] },
      hotSpaces: ["hall"],
    });
    expect(blast(cooledBy("row-a"), "ats")).toMatchObject({
      racks: { battery: ["one", "two", "three"], hot: [] },
      coolers: { lost: ["crac"] },
    });
    expect(blast(cooledBy("row-a"), "utility")).toMatchObject({
      racks: { hot: [] },
      coolers: { lost: [] },
      hotSpaces: [],
    });
  });

  test("is no room that is too warm where it is struck itself", () => {
    expect(blast(groundsWith(), "hall").hotSpaces).toEqual([]);
  });

  test("is services that go on with fewer racks", () => {
    const services = [tenant("shop", { loads: ["one", "three"] })];
    expect(blast(groundsWith({ services }), "space:ups-a").services).toEqual({
      lost: [],
      endangered: [],
      degraded: ["shop"],
      unknown: [],
    });
  });

  test("is all that the site file does not say, and that matters for what was asked", () => {
    const unsaid = (what: string, of: Grounds): readonly string[] => blast(of, what).unsaid;
    expect(["hall", "ats", "site"].map((what) => unsaid(what, groundsWith()))).toEqual([[], [], []]);
    const placeless = { ...withNode("ups-b", { space: null }).premises, rooms: groundsWith(pangyo).premises.rooms };
    const stands = ["in which room stand ups-b"];
    for (const what of ["hall", "compartment:ups-a", "plenum:ceiling"])
      expect(unsaid(what, groundsWith(placeless))).toEqual(stands);
    for (const what of ["ats", "air"]) expect(unsaid(what, groundsWith(placeless))).toEqual([]);
    const open = groundsWith({ rooms: new Map([...parted.rooms, ["annex", { compartment: null, plenum: null }]]) });
    expect(unsaid("compartment:ups-a", open)).toEqual(["of which compartment are annex"]);
    expect(unsaid("annex", open)).toEqual(["of which compartment annex is, so that what burns with it is not known"]);
    expect(unsaid("ats", open)).toEqual([]);
    const bare = groundsWith({
      loops: new Map([["air", loop("air", { serves: ["annex"] })]]),
      services: [tenant("all")],
    });
    expect(unsaid("ats", bare)).toEqual(["what cools hall", "in which racks run all"]);
    const two = groundsWith({ loops: new Map([...parted.loops, ["water", loop("water")]]) });
    expect(unsaid("ats", two)).toEqual([]);
    const alike = groundsWith({ rooms: new Map([...parted.rooms, ["ats", { compartment: null, plenum: null }]]) });
    expect(unsaid("node:ats", alike)).toEqual([]);
  });
});

describe("the blast radius of a node", () => {
  test("leaves racks on batteries where everything above the UPS is gone, and rooms without their coolers", () => {
    const { ups, racks, coolers, hotSpaces, services } = blast(groundsWith(), "ats");
    expect(ups.map(({ is }) => is)).toEqual(["onBattery", "onBattery"]);
    expect(racks.battery).toEqual(["one", "two", "three"]);
    expect(coolers.lost).toEqual(["crac"]);
    expect(hotSpaces).toEqual(["hall"]);
    expect(services.endangered).toEqual(["login", "batch"]);
  });

  test("is nothing where a generator stands by", () => {
    const { ups, racks } = blast(groundsWith(), "utility");
    expect(ups).toEqual([]);
    expect(racks).toMatchObject({ dark: [], battery: [], single: [] });
  });

  test("takes a UPS whose supply and whose battery are lost together", () => {
    const rooms = new Map([...parted.rooms, ["bat-a", { compartment: "switch", plenum: null }]]);
    const { ups } = blast(groundsWith({ rooms }), "switch");
    expect(ups).toEqual([
      { id: "ups-a", is: "lost" },
      { id: "ups-b", is: "onBattery" },
    ]);
  });

  test("leaves a cooler of which no supply is said unknown", () => {
    const loops = new Map([["air", loop("air", { machines: [machine("crac", "hall")], serves: ["hall"] })]]);
    expect(blast(groundsWith({ loops }), "ats").coolers).toEqual({ lost: [], unknown: ["crac"] });
  });
});

describe("the blast radius of a cooling loop", () => {
  const loops = new Map([
    ["water", loop("water", { machines: [machine("chiller", "yard", ["ats"])], routes: ["riser"] })],
    ["air", loop("air", { from: ["water"], machines: [machine("crah", "hall", ["ats"])], serves: ["hall"] })],
  ]);
  const routes = new Map([["riser", { kind: "water", through: ["switch"] } as const]]);

  test("is every room that hangs on it, though its own fans still turn", () => {
    const { hotSpaces, racks, coolers } = blast(groundsWith({ loops, routes }), "water");
    expect(hotSpaces).toEqual(["hall"]);
    expect(racks.hot).toEqual(["one", "two", "three"]);
    expect(coolers.lost).toEqual(["chiller"]);
  });

  test("comes with the loss of the pipe that it runs in", () => {
    expect(blast(groundsWith({ loops, routes }), "riser").hotSpaces).toEqual(["hall"]);
  });
});

describe("the blast radius of the site", () => {
  test("is all of it", () => {
    const { racks, services, ups } = blast(groundsWith(), "site");
    expect(racks.dark).toHaveLength(3);
    expect(services.lost).toEqual(["login", "batch"]);
    expect(ups.map(({ is }) => is)).toEqual(["lost", "lost"]);
  });
});

describe("services", () => {
  test("fare no better than what they need, and a circle of needs ends", () => {
    const services = [
      tenant("pay", { loads: ["one"], needs: ["login"] }),
      tenant("login", { loads: ["two"], needs: ["store"] }),
      tenant("store", { loads: ["three"], needs: ["pay"] }),
    ];
    expect(blast(groundsWith({ services }), "ups-a").services.lost).toEqual(["pay", "login", "store"]);
  });

  test("of which nobody knows in which racks they run are unknown and not whole", () => {
    const services = [tenant("all"), tenant("shop", { loads: ["one"], needs: ["all"] })];
    const { services: fates, unsaid } = blast(groundsWith({ services }), "bat-a");
    expect(fates.unknown).toEqual(["all", "shop"]);
    expect(unsaid).toContain("in which racks run all");
  });
});

test("what is asked for is found by its kind where two are called alike, and what was meant is said", () => {
  const grounds = groundsWith();
  expect(meantBy(grounds, "ups-a")).toEqual({ kind: "space", id: "ups-a" });
  expect(meantBy(grounds, "node:ups-a")).toEqual({ kind: "node", id: "ups-a" });
  expect(meantBy(grounds, "compartment:ups-a")).toEqual({ kind: "compartment", id: "ups-a" });
  expect(meantBy(grounds, "swich")).toEqual({
    wrong: 'there is no space, node, loop, route, compartment or plenum "swich" (did you mean "switch"?)',
  });
});

test("in any building in which batteries and all UPS share a plenum, a fire in a battery room takes all of them", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      (count, own) => {
        const ids = Array.from({ length: count }, (_, i) => i);
        const roomOf = (i: number): string => (own[i] ? `ups-${i}` : "ups");
        const nodes = ids.flatMap((i) => [
          powerNode(`u${i}`, "ups", ["utility"], { space: roomOf(i), battery: `b${i}` }),
          powerNode(`p${i}`, "pdu", [`u${i}`], { space: "far" }),
        ]);
        const racks = ids.map((i) => ({
          ...parted.power.loads[0]!,
          id: `r${i}`,
          space: "far",
          feeds: [i, (i + 1) % count].map((n) => ({ ...parted.power.loads[0]!.feeds[0]!, node: `p${n}` as never })),
        }));
        const grounds = groundsWith({
          rooms: new Map([
            ...ids.map((i) => [roomOf(i), { compartment: `c-${roomOf(i)}`, plenum: "shared" }] as const),
            ["battery", { compartment: "c-battery", plenum: "shared" }],
            ["far", { compartment: "c-far", plenum: null }],
          ]),
          power: treeOf([powerNode("utility", "utility", [], { space: "far" }), ...nodes], racks),
          batteryRooms: new Map(ids.map((i) => [`b${i}`, "battery"])),
          loops: new Map(),
          services: [],
        });
        const { ups, groups, racks: hit } = blast(grounds, "battery");
        expect(ups).toEqual(ids.map((i) => ({ id: `u${i}`, is: "lost" })));
        for (const group of groups) expect(group.lost).toBe(group.ups.length);
        expect(hit.dark).toHaveLength(count);
      },
    ),
  );
});

import { describe, expect, test } from "vitest";
import { idsIn, placeFindings, racksInWords, servicesIn } from "../../../src/core/topology/audit-places.ts";
import type { Finding, FindingKind } from "../../../src/core/topology/finding.ts";
import type { Grounds, Premises, Route } from "../../../src/core/topology/premises.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { doubled, groundsWith, parted, tenant } from "./premises.ts";

const of = (grounds: Grounds, kind: FindingKind): readonly Finding[] =>
  placeFindings(grounds).filter((finding) => finding.kind === kind);
const whats = (findings: readonly Finding[]): readonly string[] => findings.map(({ what }) => what);
const roomsWith = (...changes: readonly (readonly [string, string | null, string | null])[]): Premises["rooms"] =>
  new Map([...parted.rooms, ...changes.map(([id, compartment, plenum]) => [id, { compartment, plenum }] as const)]);
const cable = (...through: readonly string[]): Route => ({ kind: "cable", through });

describe("racks that lose both feeds with one place", () => {
  test("are told by the compartment, the plenum, the room or the route, with what runs in them", () => {
    const shared = (sketch: Partial<Premises>): readonly Finding[] =>
      of(groundsWith({ ...sketch, loops: new Map() }), "shared-place");
    const why = "Feeds that are two on the one-line diagram are one for fire, smoke and water.";
    const rooms = roomsWith(["ups-a", "c", null], ["ups-b", "c", null]);
    expect(shared({ rooms })).toContainEqual({
      kind: "shared-place",
      what: "2 racks that stand elsewhere lose every feed with compartment c (ups-a, ups-b)",
      where: "compartment c",
      why,
      loads: ["one", "two"],
      services: ["login"],
    });
    expect(whats(shared({ rooms: roomsWith(["switch", null, null]) }))).toContain(
      "2 racks that stand elsewhere have only their batteries without space switch (switch)",
    );
    const routes = new Map([["duct", cable("yard", "hall")]]);
    const feedRoutes = new Map([["one", [["duct"], ["duct"]]]]);
    expect(shared({ routes, feedRoutes })).toContainEqual({
      kind: "shared-place",
      what: "1 rack that stands elsewhere loses every feed with route duct (through yard, hall)",
      where: "route duct",
      why,
      loads: ["one"],
      services: ["login"],
    });
  });

  test("are told with only their batteries left in the same words, of one as of several", () => {
    const power = treeOf([...parted.power.nodes.values()], [load("one", { kw: 5 })]);
    expect(whats(of(groundsWith({ power }), "shared-place"))).toContain(
      "1 rack that stands elsewhere has only its batteries without compartment switch (switch)",
    );
  });

  test("are none with one feed, and none that stand in the place itself", () => {
    const lone = treeOf([...parted.power.nodes.values()], [load("three", { kw: 5, on: ["a"] })]);
    expect(of(groundsWith({ power: lone }), "shared-place")).toEqual([]);
    const rooms = roomsWith(["ups-a", "hall", null], ["ups-b", "hall", null]);
    expect(whats(of(groundsWith({ rooms }), "shared-place")).filter((what) => what.includes("hall"))).toEqual([]);
  });
});

describe("batteries that stand in one place", () => {
  const batteries = (sketch: Partial<Premises>): readonly Finding[] => of(groundsWith(sketch), "shared-batteries");
  const together = roomsWith(["bat-a", "cells", null], ["bat-b", "cells", null]);

  test("are told with the racks that their UPS carry, and the services in those", () => {
    const others = [
      ...parted.power.nodes.values(),
      powerNode("ups-c", "ups", ["ats"], { space: "hall", battery: "bat-c" }),
      powerNode("row-c", "pdu", ["ups-c"], { space: "hall" }),
    ];
    const loads = [...parted.power.loads, load("four", { kw: 5, on: ["c"] }), load("lost", { kw: 5, on: ["z"] })];
    expect(batteries({ rooms: together, power: treeOf(others, loads) })).toEqual([
      {
        kind: "shared-batteries",
        what: "the batteries of ups-a, ups-b (bat-a, bat-b) stand in one place",
        where: "compartment cells",
        why: "One cell that burns takes the ride-through of both sides, and the fire service will ask for both to be cut.",
        loads: ["one", "two", "three"],
        services: ["login", "batch"],
      },
    ]);
  });

  test("are told with a rack that has only one of its cords on them", () => {
    const raw = [powerNode("solar", "utility", []), powerNode("row-s", "pdu", ["solar"])];
    const loads = [...parted.power.loads, load("half", { kw: 5, on: ["a", "s"] })];
    const power = treeOf([...parted.power.nodes.values(), ...raw], loads);
    expect(batteries({ rooms: together, power }).map((one) => one.loads)).toEqual([["one", "two", "three", "half"]]);
  });

  test("are told by their room where no compartment is said of it", () => {
    const batteryRooms = new Map([
      ["bat-a", "bat-a"],
      ["bat-b", "bat-a"],
    ]);
    expect(batteries({ batteryRooms, rooms: roomsWith(["bat-a", null, null]) }).map(({ where }) => where)).toEqual([
      "space bat-a",
    ]);
    expect(
      batteries({
        batteryRooms: new Map([
          ["bat-a", "barn"],
          ["bat-b", "barn"],
        ]),
      }).map(({ where }) => where),
    ).toEqual(["space barn"]);
  });

  test("are none that are parted, of one UPS alone, or of which nobody has said where they stand", () => {
    expect(batteries({})).toEqual([]);
    expect(batteries({ batteryRooms: new Map() })).toEqual([]);
    expect(batteries({ batteryRooms: new Map([["bat-a", "bat-a"]]) })).toEqual([]);
    const bare = [...parted.power.nodes.values()].map((one) => ({ ...one, battery: null }));
    expect(batteries({ power: treeOf(bare, parted.power.loads) })).toEqual([]);
    const one = treeOf(
      [...parted.power.nodes.values()].filter(({ id }) => !id.endsWith("-b")),
      [load("three", { kw: 5, on: ["a"] })],
    );
    expect(batteries({ power: one })).toEqual([]);
  });
});

describe("services in one place", () => {
  const services = (...all: readonly (readonly [string, readonly string[]])[]) =>
    all.map(([id, loads]) => tenant(id, { loads }));
  const one = (sketch: Partial<Premises>): readonly Finding[] => of(groundsWith(sketch), "one-place");

  test("are told together by their compartment, with all racks that they run in, each once", () => {
    expect(
      one({ services: services(["login", ["one", "two"]], ["pay", ["two", "three"]], ["solo", ["three"]]) }),
    ).toEqual([
      {
        kind: "one-place",
        what: "login, pay have every rack in compartment hall",
        where: "compartment hall",
        why: "Racks beside each other are one rack for fire, water and heat.",
        loads: ["one", "two", "three"],
        services: ["login", "pay"],
      },
    ]);
  });

  test("are told by their room where no compartment is said of it, and not where their racks are parted", () => {
    const found = one({ rooms: roomsWith(["hall", null, null]) });
    expect(found.map(({ what, where, loads }) => [what, where, loads])).toEqual([
      ["login has every rack in space hall", "space hall", ["one", "two"]],
    ]);
    const apart = parted.power.loads.map((rack) => (rack.id === "two" ? { ...rack, space: "yard" } : rack));
    expect(one({ power: treeOf([...parted.power.nodes.values()], apart) })).toEqual([]);
    expect(one({ services: services(["empty", []], ["solo", ["one"]]) })).toEqual([]);
  });
});

describe("what is not said of places", () => {
  test("is told, of nodes and of rooms", () => {
    const why = "What it shares with others is not known, and is not counted as nothing.";
    const power = treeOf([...parted.power.nodes.values(), powerNode("spare", "ups", ["ats"])], parted.power.loads);
    expect(of(groundsWith({ power, rooms: roomsWith(["hall", null, null]) }), "unsaid")).toEqual([
      { kind: "unsaid", what: "no room is said of spare", where: "power", why, loads: [], services: [] },
      { kind: "unsaid", what: "no compartment is said of hall", where: "spaces", why, loads: [], services: [] },
    ]);
    expect(of(groundsWith(), "unsaid")).toEqual([]);
  });
});

describe("racks and services in words", () => {
  test("are those of some classes, and the services that run in any of them", () => {
    const grounds = groundsWith();
    expect(idsIn(grounds.classes)).toEqual(["one", "two", "three"]);
    expect(servicesIn(grounds, ["one"])).toEqual(["login"]);
    expect(servicesIn(grounds, ["two", "three"])).toEqual(["login", "batch"]);
    expect(servicesIn(grounds, [])).toEqual([]);
    expect([["one"], ["one", "two"]].map(racksInWords)).toEqual(["1 rack", "2 racks"]);
  });
});

test("a site whose halves share no place has no finding of place", () => {
  expect(placeFindings(groundsWith(doubled))).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { noStrike } from "../../../src/core/topology/fallout.ts";
import type { Premises } from "../../../src/core/topology/premises.ts";
import {
  listed,
  meantBy,
  roomMeantBy,
  strikeOf,
  strikeOn,
  struckRooms,
  zoneOf,
} from "../../../src/core/topology/subject.ts";
import { groundsWith, loop, pangyo, parted } from "./premises.ts";

/** Two rooms behind one wall, of which one shares its ceiling with a third; and a yard of which nothing is said. */
const rooms: Premises["rooms"] = new Map([
  ["cells", { compartment: "b3", plenum: null }],
  ["ups", { compartment: "b3", plenum: "ceiling" }],
  ["office", { compartment: "b2", plenum: "ceiling" }],
  ["attic", { compartment: "b1", plenum: "roof" }],
  ["yard", { compartment: null, plenum: null }],
]);
const routes: Premises["routes"] = new Map([
  ["duct", { kind: "cable", through: ["yard", "ups"] }],
  ["riser", { kind: "water", through: ["attic"] }],
]);
const loops = new Map([["air", loop("air")]]);
const grounds = groundsWith({ rooms, routes, loops });
const { premises } = grounds;

describe("what a question is about", () => {
  test("is a part of the site of any kind, by its id", () => {
    const kindOf = (text: string): string | undefined => {
      const subject = meantBy(grounds, text);
      return "wrong" in subject ? undefined : subject.kind;
    };
    expect(["office", "row-a", "air", "duct", "b3", "roof", "site", "nowhere"].map(kindOf)).toEqual([
      "space",
      "node",
      "loop",
      "route",
      "compartment",
      "plenum",
      "site",
      undefined,
    ]);
  });

  test("is of the kind that is written before it, and of no other", () => {
    const other = groundsWith({ ...pangyo, loops: new Map([["ups-a", loop("ups-a")]]) });
    expect(meantBy(other, "ups-a")).toEqual({ kind: "space", id: "ups-a" });
    for (const kind of ["node", "loop", "compartment"])
      expect(meantBy(other, `${kind}:ups-a`)).toEqual({ kind, id: "ups-a" });
    expect(meantBy(other, "plenum:ceiling")).toEqual({ kind: "plenum", id: "ceiling" });
    expect(meantBy(other, "plenum:ups-a")).toMatchObject({
      wrong: expect.stringContaining('"plenum:ups-a"') as string,
    });
  });

  test("is told to be nothing where there is no such id, with what was most likely meant", () => {
    const none = "there is no space, node, loop, route, compartment or plenum";
    expect(meantBy(grounds, "offic")).toEqual({ wrong: `${none} "offic" (did you mean "office"?)` });
    expect(meantBy(grounds, "node:row-c")).toEqual({ wrong: `${none} "node:row-c" (did you mean "row-a"?)` });
    expect(meantBy(grounds, "qqqqqqqq")).toEqual({ wrong: `${none} "qqqqqqqq"` });
    expect(meantBy(grounds, "")).toMatchObject({ wrong: `${none} ""` });
  });

  test("is a room where only a room will do", () => {
    expect(roomMeantBy(grounds, "office")).toBe("office");
    expect(roomMeantBy(grounds, "row-a")).toEqual({ wrong: 'there is no space "row-a"' });
    expect(roomMeantBy(grounds, "ofice")).toEqual({ wrong: 'there is no space "ofice" (did you mean "office"?)' });
  });
});

describe("the rooms that are struck", () => {
  test("with one are those of its compartment, and of the plenums of any of these, each with its reason", () => {
    expect(struckRooms(premises, { kind: "space", id: "cells" })).toEqual([
      { space: "cells", because: "itself" },
      { space: "ups", because: "compartment b3" },
      { space: "office", because: "plenum ceiling" },
    ]);
    for (const id of ["yard", "nowhere"])
      expect(struckRooms(premises, { kind: "space", id })).toEqual([{ space: id, because: "itself" }]);
  });

  test("with a compartment or a plenum are those of it, and with the site are all", () => {
    expect(struckRooms(premises, { kind: "compartment", id: "b3" })).toEqual([
      { space: "cells", because: "compartment b3" },
      { space: "ups", because: "compartment b3" },
    ]);
    expect(struckRooms(premises, { kind: "plenum", id: "ceiling" })).toEqual([
      { space: "ups", because: "plenum ceiling" },
      { space: "office", because: "plenum ceiling" },
    ]);
    const site = struckRooms(premises, { kind: "site", id: "site" });
    expect(site.map(({ space }) => space)).toEqual([...rooms.keys()]);
    expect(new Set(site.map(({ because }) => because))).toEqual(new Set(["site"]));
  });

  test("with a node, a loop or a route are none", () => {
    for (const kind of ["node", "loop", "route"] as const)
      expect(struckRooms(premises, { kind, id: "ups" })).toEqual([]);
  });

  test("of one zone are those of a compartment, and a room alone of which none is said", () => {
    expect(zoneOf(premises, "ups")).toEqual(["cells", "ups"]);
    expect(zoneOf(premises, "yard")).toEqual(["yard"]);
    expect(zoneOf(premises, "nowhere")).toEqual(["nowhere"]);
  });
});

describe("a strike", () => {
  test("is on a node, a loop or a route alone", () => {
    expect(strikeOf(premises, { kind: "node", id: "row-a" })).toEqual({ ...noStrike, nodes: new Set(["row-a"]) });
    expect(strikeOf(premises, { kind: "loop", id: "air" })).toEqual({ ...noStrike, loops: new Set(["air"]) });
    expect(strikeOf(premises, { kind: "route", id: "duct" })).toEqual({ ...noStrike, routes: new Set(["duct"]) });
  });

  test("is on rooms, and cuts every route that passes through one of them", () => {
    expect(strikeOf(premises, { kind: "compartment", id: "b3" })).toEqual({
      ...noStrike,
      spaces: new Set(["cells", "ups"]),
      routes: new Set(["duct"]),
    });
    expect(strikeOn(premises, ["attic", "office"])).toEqual({
      ...noStrike,
      spaces: new Set(["attic", "office"]),
      routes: new Set(["riser"]),
    });
    expect(strikeOn(parted, ["hall"])).toEqual({ ...noStrike, spaces: new Set(["hall"]) });
  });
});

test("of more names than a person reads in a line, the first eight are told and how many more there are", () => {
  const names = Array.from({ length: 10 }, (_, i) => `r${i}`);
  expect(listed(names.slice(0, 8))).toBe("r0, r1, r2, r3, r4, r5, r6, r7");
  expect(listed(names)).toBe("r0, r1, r2, r3, r4, r5, r6, r7 and 2 more");
});

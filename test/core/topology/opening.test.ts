import { describe, expect, test } from "vitest";
import type { Opened } from "../../../src/core/topology/opening.ts";
import { noneOpened, racksAfter, racksLost, standingsWith } from "../../../src/core/topology/opening.ts";
import type { Grounds } from "../../../src/core/topology/premises.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { groundsWith, parted } from "./premises.ts";

const grounds = groundsWith();
const opened = (sketch: Partial<Opened>): Opened => ({ ...noneOpened, ...sketch });
const standing = (sketch: Partial<Opened>, of: Grounds = grounds): Readonly<Record<string, string>> =>
  Object.fromEntries(standingsWith(of, opened(sketch)));

const bothSources = new Set(["utility", "gen"].map(node));

describe("what a node lives on", () => {
  test("is power where nothing is opened", () => {
    expect(new Set(Object.values(standing({})))).toEqual(new Set(["powered"]));
  });

  test("is nothing below a way that is opened, and the battery in a UPS that has not been parted from it", () => {
    expect(standing({ ways: new Set(["ups-a row-a"]) })).toMatchObject({ "ups-a": "powered", "row-a": "dead" });
    const ways = new Set(["ats ups-a"]);
    expect(standing({ ways })).toMatchObject({ "ups-a": "battery", "row-a": "battery", "ups-b": "powered" });
    expect(standing({ ways, batteries: new Set([node("ups-a")]) })).toMatchObject({ "ups-a": "dead", "row-a": "dead" });
    expect(standing({ batteries: new Set([node("ups-a")]) })).toMatchObject({ "ups-a": "powered" });
  });

  test("is one source where the other is off, and the batteries where both are", () => {
    expect(standing({ sources: new Set([node("utility")]) })).toMatchObject({ utility: "dead", ats: "powered" });
    expect(standing({ sources: bothSources })).toMatchObject({ gen: "dead", ats: "dead", "ups-b": "battery" });
  });

  test("is not known where its supply is no node of the tree", () => {
    const { power } = parted;
    const nodes = [...power.nodes.values(), powerNode("row-c", "pdu", ["ups-c"])];
    expect(standing({}, groundsWith({ power: treeOf(nodes, power.loads) }))).toMatchObject({ "row-c": "unknown" });
  });
});

describe("what racks live on", () => {
  const racks = (sketch: Partial<Opened>, of: Grounds = grounds) => racksAfter(of, opened(sketch));

  test("is told by the class of racks: here one and two on both feeds, and three on one", () => {
    expect(racks({})).toEqual(["whole", "whole"]);
    expect(racks({ ways: new Set(["ups-a row-a"]) })).toEqual(["single", "dark"]);
    expect(racks({ sources: bothSources })).toEqual(["battery", "battery"]);
  });

  test("is less where their own outlets are open", () => {
    expect(racks({ outlets: new Set(["0 1"]) })).toEqual(["single", "whole"]);
    expect(racks({ outlets: new Set(["0 0", "0 1", "1 0"]) })).toEqual(["dark", "dark"]);
  });

  test("is not known on a feed of which the tree knows no node", () => {
    const power = treeOf([...parted.power.nodes.values()], [load("four", { kw: 10, on: ["z"] })]);
    expect(racks({}, groundsWith({ power }))).toEqual(["unknown"]);
  });

  test("has become worse for those that are otherwise than before, and for no others", () => {
    const before = racks({});
    expect(racksLost(grounds, before, before)).toEqual({ dark: [], battery: [], single: [] });
    expect(racksLost(grounds, before, ["single", "dark"])).toEqual({
      dark: ["three"],
      battery: [],
      single: ["one", "two"],
    });
    expect(racksLost(grounds, ["battery", "dark"], ["battery", "battery"])).toEqual({
      dark: [],
      battery: ["three"],
      single: [],
    });
  });
});

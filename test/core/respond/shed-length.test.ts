import { expect, test } from "vitest";
import type { Length } from "../../../src/core/respond/path.ts";
import type { ShedAction } from "../../../src/core/respond/response.ts";
import { planShed } from "../../../src/core/respond/shed.ts";
import { lengthOfShed, writesLast } from "../../../src/core/respond/shed-length.ts";
import { ms, seconds } from "../../../src/core/time.ts";
import type { Load, PowerTree } from "../../../src/core/topology/power.ts";
import { readingsOf, relieving, treeOf, twoFeeds, wire } from "../feeds.ts";
import { imageOf, point } from "../fixture.ts";

/** Loads of feed A alone, four of a lower class and two of a higher one: four outlets of one device, two of another; and any between. */
function racks(between: readonly string[] = []): PowerTree {
  const batch = ["w", "x", "y", "z"].map((id) => [id, { kw: 1, is: "batch", on: ["a"] }] as const);
  const normal = ["m", "n"].map((id) => [id, { kw: 1, is: "normal", on: ["a"] }] as const);
  const redundant = between.map((id) => [id, { kw: 1, is: "redundant", on: ["a"] }] as const);
  const { nodes, loads } = twoFeeds(Object.fromEntries([...batch, ...redundant, ...normal]));
  const device = ({ importance }: Load): string => (importance === "batch" ? "pdu" : "relay");
  const onDevices = loads.map((load) => ({
    ...load,
    feeds: load.feeds.map((feed) => ({ ...feed, outlet: point(`${device(load)}/${load.id}`) })),
  }));
  return treeOf([...nodes.values()], onDevices);
}

/** Of a shed of all of them: outlets are waited for 5 s, and meters for 2 s. */
function lengthOf(
  writeTimes: Readonly<Record<string, number>>,
  sketch: Partial<ShedAction> = {},
  of: PowerTree = racks(),
): Length {
  const tree = { ...of, writeTimes: new Map(Object.entries(writeTimes).map(([id, time]) => [id, ms(time)])) };
  const action = { ...relieving(0, "ups-a"), ...sketch };
  const values = readingsOf(wire(tree)).flatMap((one) => (one.quality === "good" ? [[one.point, one.value]] : []));
  const image = imageOf(Object.fromEntries(values));
  const plan = planShed({ tree, image, taken: new Set(), mute: new Set(), writesOf: null }, action);
  return lengthOfShed(plan, action, tree);
}

test("a shed takes what its slowest device takes in each stage, and the meters' time between two", () => {
  const { usual } = lengthOf({ pdu: 800, relay: 1500 });
  expect(usual).toEqual({
    lasts: 4 * 800 + 2000 + 2 * 1500,
    steps: ["drop batch (pdu: 4 writes)", "drop normal (relay: 2 writes)"],
    assumed: [],
  });
});

test("a stage holds no more than a device can write while outlets are waited for, and then there are more stages", () => {
  const { usual } = lengthOf({ pdu: 2000, relay: 500 });
  expect(usual.steps).toEqual([
    "drop batch (pdu: 2 writes)",
    "drop batch (pdu: 2 writes)",
    "drop normal (relay: 2 writes)",
  ]);
  expect(usual.lasts).toBe(4000 + 2000 + 4000 + 2000 + 1000);
});

test("a device of which nothing is known takes all the time that an outlet has, and is named", () => {
  const { usual } = lengthOf({ pdu: 800 });
  expect(usual).toMatchObject({ lasts: 3200 + 2000 + 5000, assumed: ["relay"] });
});

test("what an outlet takes as a rule is the least that a stage takes, and writes go at the usual pace where no other is known", () => {
  expect(lengthOf({}, { usual: seconds(1.5) }).usual).toMatchObject({ lasts: 4 * 500 + 2000 + 1500, assumed: [] });
  expect(lengthOf({ pdu: 100, relay: 100 }, { usual: seconds(1.5) }).usual.lasts).toBe(1500 + 2000 + 1500);
});

test("at worst every outlet shows it in its last moment, and the gate says so late", () => {
  expect(lengthOf({ pdu: 100, relay: 100 }).worst).toEqual({
    lasts: 2 * (5000 + 3000) + 2000,
    steps: ["drop batch", "drop normal"],
    assumed: [],
  });
});

test("a deadline that leaves no time for another look makes one stage of what is left, and a list always is one", () => {
  const writeTimes = { pdu: 100, relay: 100 };
  expect(lengthOf(writeTimes, { deadline: seconds(10) }).usual.steps).toEqual(["drop batch, normal (pdu: 4 writes)"]);
  expect(lengthOf(writeTimes, { deadline: seconds(60) }).usual.steps).toHaveLength(2);
  expect(lengthOf(writeTimes, { order: ["m", "w"] }).usual.steps).toHaveLength(1);
});

test("what stages take, and the meters after them, goes off a deadline", () => {
  const { usual } = lengthOf({ pdu: 100, relay: 100 }, { deadline: seconds(15) }, racks(["r"]));
  expect(usual.steps).toEqual(["drop batch (pdu: 4 writes)", "drop redundant, normal (relay: 3 writes)"]);
});

test("a deadline that has passed is no reason to hurry: classes are looked at one by one again", () => {
  const seven = ["1", "2", "3", "4", "5", "6", "7"].map((n) => `r${n}`);
  const { usual } = lengthOf({ pdu: 100, relay: 2000 }, { deadline: seconds(20.4) }, racks(seven));
  expect(usual.steps).toEqual([
    "drop batch (pdu: 4 writes)",
    "drop redundant (relay: 2 writes)",
    "drop redundant (relay: 2 writes)",
    "drop redundant (relay: 2 writes)",
    "drop redundant (relay: 1 write)",
    "drop normal (relay: 2 writes)",
  ]);
});

test("the slowest device of a stage is named, the first of equals, and a single write as one", () => {
  const order = ["m", "w"];
  const named = (pdu: number) => lengthOf({ pdu, relay: 100 }, { order }).usual.steps;
  expect(named(100)).toEqual(["drop normal, batch (relay: 1 write)"]);
  expect(named(900)).toEqual(["drop normal, batch (pdu: 1 write)"]);
});

test("nothing to be shed takes no time", () => {
  const nothing = { lasts: 0, steps: [], assumed: [] };
  expect(lengthOf({}, { relieve: relieving(50, "ups-a").relieve })).toEqual({ usual: nothing, worst: nothing });
});

test("nothing is said of a device of which nothing is known", () => {
  expect(writesLast(relieving(0, "ups-a"), racks(), "pdu", 3)).toBeNull();
});

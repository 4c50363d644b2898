import { describe, expect, test } from "vitest";
import type { PointRule } from "../../../src/core/image.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant } from "../../../src/core/time.ts";
import { wordsOn } from "../../../src/core/topology/dead.ts";
import type { IsolationStep } from "../../../src/core/topology/isolation.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { bad, doubtful, good, maxAge, t0 } from "../fixture.ts";
import { groundsWith, parted } from "./premises.ts";

/** The parted site, each node with a device; behind row A a board, and one that stands on both rows. */
const nodes = [
  ...parted.power.nodes.values(),
  powerNode("board", "pdu", ["row-a"]),
  powerNode("under", "pdu", ["board"], { power: null }),
  powerNode("both", "pdu", ["row-a", "row-b"]),
  powerNode("end", "pdu", ["both"]),
  powerNode("sts", "sts", ["row-a"]),
  powerNode("deviceless", "pdu", ["sts"]),
].map((node) => (node.id === "deviceless" ? node : { ...node, device: `d-${node.id}` }));
const loads = [
  load("one", { kw: 10 }),
  load("two", { kw: 10, without: ["closed"] }),
  load("four", { kw: 10, on: ["a"], without: ["power"] }),
  load("three", { kw: 10, on: ["a"], without: ["closed", "outlet", "power"] }),
];
const tree = treeOf(nodes, loads);
const grounds = groundsWith({ power: tree });

const states: Readonly<Record<string, readonly string[]>> = {
  "ups.mode": ["off", "online", "bypass", "battery"],
  "breaker.state": ["open", "closed"],
  "generator.state": ["stopped", "running"],
  "ats.on_utility": ["no", "yes"],
  "ats.on_generator": ["no", "yes"],
  "battery.connection": ["disconnected", "connected"],
};
const ruleOf = (name: string): PointRule => {
  const known = states[name.slice(name.indexOf("/") + 1)];
  return known ? { maxAge, states: known } : { maxAge };
};

const loses = { dark: [], battery: [], single: [] };
const plain = { kind: "farEnd", text: "", at: null, isInside: false, points: [], loses } as const;

/** What is said of an opening: "point says", with "lives" for a word to the contrary. */
const said = (
  key: string,
  readings: readonly Reading[],
  of: readonly string[] = [],
  rule: (name: string) => PointRule = ruleOf,
): readonly string[] => {
  const rules = new Map(readings.map(({ point: name }) => [name, rule(name)]));
  const image = imageAt(new Map(readings.map((reading) => [reading.point, reading])), rules, instant(t0));
  const step: IsolationStep = { ...plain, key, loads: of };
  return wordsOn(grounds, step, sightOf(tree, image, rules)).map((one) => `${one.point} ${one.says ?? "lives"}`);
};
const all = (values: Readonly<Record<string, number>>): readonly Reading[] =>
  Object.entries(values).map(([name, value]) => good(name, value));

describe("the supply of a way that is opened", () => {
  const modes = (mode: number) => said("ups-b > row-b", [good("d-ups-b/ups.mode", mode)]);

  test("is dead where a UPS says that it is off, and says nothing of the way in any other mode", () => {
    expect(modes(0)).toEqual(["d-ups-b/ups.mode is off"]);
    for (const mode of [1, 2, 3, 9]) expect(modes(mode)).toEqual([]);
  });

  test("says nothing while it is silent or in doubt", () => {
    expect(said("ups-b > row-b", [bad("d-ups-b/ups.mode", "stale")])).toEqual([]);
    expect(said("ups-b > row-b", [doubtful("d-ups-b/ups.mode", 0)])).toEqual([]);
    expect(said("ups-b > row-b", [])).toEqual([]);
  });

  test("says nothing in a state of which the site knows no names", () => {
    const nameless = (): PointRule => ({ maxAge });
    expect(said("ups-b > row-b", [good("d-ups-b/ups.mode", 0)], [], nameless)).toEqual([]);
    const connection = good("bat-a/battery.connection", 0);
    expect(said("battery ups-a", [connection], [], nameless)).toEqual(["bat-a/battery.connection lives"]);
  });

  test("has no voltage where every phase that it tells of has less than 25 V", () => {
    const phases = (...volts: readonly number[]) =>
      said(
        "ups-b > row-b",
        volts.map((value, i) => good(`d-ups-b/output.voltage[${i + 1}]`, value)),
      );
    const none = [1, 2, 3].map((i) => `d-ups-b/output.voltage[${i}] has no voltage`);
    expect(phases(0, 24.9, -24.9)).toEqual(none);
    expect(phases(3)).toEqual(none.slice(0, 1));
    for (const live of [25, 230, -230]) expect(phases(0, 0, live)).toEqual([]);
    expect(phases(0, 0, 0, 230)).toEqual(none);
    const silent = [good("d-ups-b/output.voltage[1]", 0), bad("d-ups-b/output.voltage[2]", "stale")];
    expect(said("ups-b > row-b", silent)).toEqual([]);
  });

  test("is dead with the boards and the UPS above it, as long as nothing else could feed it", () => {
    const off = all({
      "d-board/breaker.state": 0,
      "d-row-a/breaker.state": 0,
      "d-ups-a/ups.mode": 0,
      "d-ats/ats.on_utility": 0,
    });
    expect(said("board > under", off)).toEqual([
      "d-board/breaker.state is off",
      "d-row-a/breaker.state is off",
      "d-ups-a/ups.mode is off",
    ]);
    expect(said("both > end", off)).toEqual([]);
    expect(said("sts > deviceless", off)).toEqual([]);
    expect(said("row-a > board", all({ "d-row-a/breaker.state": 1, "d-row-a/output.voltage[1]": 0 }))).toEqual([]);
  });

  test("is a transfer switch that stands on neither side, by all that it tells of", () => {
    const sides = (utility: Reading, generator: Reading) => said("ats > ups-a", [utility, generator]);
    const [onUtility, onGenerator] = ["d-ats/ats.on_utility", "d-ats/ats.on_generator"] as const;
    expect(sides(good(onUtility, 0), good(onGenerator, 0))).toEqual([`${onUtility} is off`, `${onGenerator} is off`]);
    expect(sides(good(onUtility, 0), good(onGenerator, 1))).toEqual([]);
    expect(sides(good(onUtility, 0), bad(onGenerator, "stale"))).toEqual([]);
    expect(said("ats > ups-a", [good(onUtility, 0)])).toEqual([`${onUtility} is off`]);
    expect(said("sts > deviceless", all({ "d-sts/ats.on_utility": 0 }))).toEqual(["d-sts/ats.on_utility is off"]);
  });
});

describe("the far end of a way that is opened", () => {
  test("draws nothing up to a meter's offset, and lives beyond it, in doubt as well", () => {
    const draws = (reading: Reading) => said("ups-b > row-b", [reading]);
    for (const kw of [0, 0.05, -0.05]) expect(draws(good("row-b/kw", kw))).toEqual(["row-b/kw draws nothing"]);
    for (const kw of [0.06, -0.06]) expect(draws(good("row-b/kw", kw))).toEqual(["row-b/kw lives"]);
    expect(draws(doubtful("row-b/kw", 0))).toEqual([]);
    expect(draws(doubtful("row-b/kw", 3))).toEqual(["row-b/kw lives"]);
  });

  test("has no voltage by its own device, and lives by any phase that has", () => {
    const [first, second] = ["d-row-b/input.voltage[1]", "d-row-b/voltage[2]"] as const;
    expect(said("ups-b > row-b", all({ [first]: 2, [second]: 3 }))).toEqual([
      `${first} has no voltage`,
      `${second} has no voltage`,
    ]);
    expect(said("ups-b > row-b", all({ [first]: 230 }))).toEqual([`${first} lives`]);
    expect(said("ups-b > row-b", [good("d-row-b/voltage[1]", 230), bad(second, "stale")])).toEqual([
      "d-row-b/voltage[1] lives",
    ]);
    const three = [good("d-row-b/voltage[1]", 230), good(second, 2), bad("d-row-b/voltage[3]", "stale")];
    expect(said("ups-b > row-b", three)).toEqual(["d-row-b/voltage[1] lives", `${second} has no voltage`]);
    expect(said("ats > ups-a", all({ "d-ups-a/input.voltage[1]": 2, "d-ups-a/voltage[1]": 2, "ups-a/kw": 0 }))).toEqual(
      ["d-ups-a/input.voltage[1] has no voltage"],
    );
  });

  test("says nothing where another way could feed it, or where it is a transfer switch", () => {
    expect(said("row-a > both", all({ "both/kw": 0, "d-both/voltage[1]": 0 }))).toEqual([]);
    expect(said("row-a > sts", all({ "sts/kw": 0, "d-sts/voltage[1]": 0 }))).toEqual([]);
    expect(said("utility > ats", all({ "d-ats/voltage[1]": 0 }))).toEqual([]);
  });

  test("may have no meter and no device", () => {
    expect(said("board > under", all({ "d-under/voltage[1]": 0 }))).toEqual(["d-under/voltage[1] has no voltage"]);
    expect(said("sts > deviceless", all({ "deviceless/kw": 0 }))).toEqual(["deviceless/kw draws nothing"]);
  });

  test("is none where the tree has no such node", () => {
    for (const key of ["nothing > row-b", "ups-b > nothing", "ups-b", ""])
      expect(said(key, all({ "d-ups-b/ups.mode": 0, "row-b/kw": 0 }))).toEqual([]);
  });
});

describe("a UPS and its battery", () => {
  const parts = (values: Readonly<Record<string, number>>) => said("battery ups-a", all(values));

  test("are parted by the word of the battery's management, by what flows, and by a UPS that is off", () => {
    expect(parts({ "bat-a/battery.connection": 0, "bat-a/battery.current": 0.5, "d-ups-a/ups.mode": 0 })).toEqual([
      "bat-a/battery.connection is off",
      "bat-a/battery.current draws nothing",
      "d-ups-a/ups.mode is off",
    ]);
    expect(parts({ "bat-a/battery.current": -0.5 })).toEqual(["bat-a/battery.current draws nothing"]);
  });

  test("are not while the management says that they are connected, or while a current flows either way", () => {
    expect(parts({ "bat-a/battery.connection": 1 })).toEqual(["bat-a/battery.connection lives"]);
    for (const ampere of [0.6, -0.6])
      expect(parts({ "bat-a/battery.current": ampere })).toEqual(["bat-a/battery.current lives"]);
  });

  test("are no opening where a node has none, or is none", () => {
    const values = { "d-row-a/breaker.state": 0, "d-ups-a/ups.mode": 0 };
    expect(said("battery row-a", all(values))).toEqual([]);
    expect(said("battery nothing", all(values))).toEqual([]);
  });
});

describe("a source that is switched off", () => {
  test("is dead by its own state, its voltage and its meter", () => {
    expect(said("source gen", all({ "d-gen/generator.state": 0, "d-gen/voltage[1]": 0, "gen/kw": 0 }))).toEqual([
      "d-gen/generator.state is off",
      "d-gen/voltage[1] has no voltage",
      "gen/kw draws nothing",
    ]);
    expect(said("source gen", all({ "d-gen/generator.state": 1, "gen/kw": 20 }))).toEqual(["gen/kw lives"]);
    expect(said("source utility", all({ "d-utility/voltage[1]": 230 }))).toEqual(["d-utility/voltage[1] lives"]);
    expect(said("source ats", all({ "d-ats/voltage[1]": 0 }))).toEqual(["d-ats/voltage[1] has no voltage"]);
    expect(said("source nothing", all({ "gen/kw": 0 }))).toEqual([]);
  });
});

describe("outlets that are opened", () => {
  const outlets = (values: Readonly<Record<string, number>>, of = ["one", "two"]) =>
    said("outlets row-a", all(values), of);
  const open = { "a.one/closed": 0, "a.one/power": 0, "a.two/outlet": 0 };

  test("are dead where every one of them is off, by its contact or else by what is written to it", () => {
    expect(outlets(open)).toEqual(["a.one/closed is off", "a.one/power draws nothing", "a.two/outlet is off"]);
    expect(outlets({ ...open, "b.one/closed": 1, "a.one/outlet": 1 })).toEqual(outlets(open));
  });

  test("are dead by their contacts alone where they have no meters", () => {
    expect(outlets({ "a.four/closed": 0 }, ["four"])).toEqual(["a.four/closed is off"]);
  });

  test("say nothing where one of them says nothing, and no meter says that it is off", () => {
    const { "a.two/outlet": _, ...some } = open;
    expect(outlets(some)).toEqual([]);
    expect(outlets({ ...some, "a.two/power": 0 })).toEqual([]);
    expect(outlets(open, ["one", "two", "three"])).toEqual([]);
  });

  test("live by any one that is closed or draws", () => {
    expect(outlets({ ...open, "a.two/outlet": 1 })).toEqual(["a.two/outlet lives"]);
    expect(outlets({ ...open, "a.one/power": 2 })).toEqual([
      "a.one/closed is off",
      "a.two/outlet is off",
      "a.one/power lives",
    ]);
  });

  test("are dead with what feeds them", () => {
    expect(outlets({ "d-row-a/breaker.state": 0, "d-ups-a/ups.mode": 0 })).toEqual([
      "d-row-a/breaker.state is off",
      "d-ups-a/ups.mode is off",
    ]);
  });

  test("are none of a rack or a node that the site does not have", () => {
    expect(outlets(open, ["one", "nobody"])).toEqual(["a.one/closed is off", "a.one/power draws nothing"]);
    expect(said("outlets nothing", all(open), ["one"])).toEqual([]);
  });
});

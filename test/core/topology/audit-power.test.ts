import { describe, expect, test } from "vitest";
import { powerFindings } from "../../../src/core/topology/audit-power.ts";
import type { Finding, FindingKind } from "../../../src/core/topology/finding.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { CoolingLoop, Grounds } from "../../../src/core/topology/premises.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { doubled, groundsWith, loop, machine, parted, tenant } from "./premises.ts";

const of = (grounds: Grounds, kind: FindingKind): readonly Finding[] =>
  powerFindings(grounds).filter((finding) => finding.kind === kind);
const nodes = [...parted.power.nodes.values()];

describe("racks on one feed", () => {
  const why = "What ends this feed ends them, and every service that cannot do without them.";

  test("are told by what they hang on, with the services that run in them", () => {
    expect(of(groundsWith(), "one-feed")).toEqual([
      {
        kind: "one-feed",
        what: "1 rack on ups-a alone: three",
        where: "node ups-a",
        why,
        loads: ["three"],
        services: ["batch"],
      },
    ]);
  });

  test("are told with how many of them have every cord there", () => {
    const loads = [
      load("one", { kw: 5 }),
      load("cords", { kw: 5, on: ["a", "a"] }),
      load("lone", { kw: 5, on: ["a"] }),
      load("other", { kw: 5, on: ["b"] }),
    ];
    const found = of(groundsWith({ power: treeOf(nodes, loads), services: [] }), "one-feed");
    expect(found.map(({ what, loads: racks }) => [what, racks])).toEqual([
      ["2 racks on ups-a alone, 1 of them with every cord: cords, lone", ["cords", "lone"]],
      ["1 rack on ups-b alone: other", ["other"]],
    ]);
  });

  test("are those whose other cord hangs on nothing that the tree has", () => {
    const power = treeOf(nodes, [load("one", { kw: 5, on: ["a", "z"] })]);
    expect(of(groundsWith({ power }), "one-feed").map(({ where }) => where)).toEqual(["node ups-a"]);
  });

  test("are those with one cord on a board that two UPS hold up as well", () => {
    const power = treeOf(
      [...nodes, powerNode("row-t", "pdu", ["ups-a", "ups-b"])],
      [load("tied", { kw: 5, on: ["t"] })],
    );
    expect(of(groundsWith({ power }), "one-feed").map(({ what }) => what)).toEqual([
      "1 rack on ups-a, ups-b alone: tied",
    ]);
    expect(of(groundsWith({ power }), "shared-node")).toEqual([]);
  });
});

describe("a node that both sides come through", () => {
  const shared = (more: readonly PowerNode[], on: readonly string[]): readonly Finding[] =>
    of(groundsWith({ power: treeOf([...nodes, ...more], [load("one", { kw: 5, on })]) }), "shared-node");

  test("is told with the racks that hang on it by every feed, and with their services", () => {
    expect(of(groundsWith(), "shared-node")).toEqual([
      {
        kind: "shared-node",
        what: "every feed of 2 racks comes through ats",
        where: "node ats",
        why: "One fault or one mistake at it leaves both sides with what is in their batteries.",
        loads: ["one", "two"],
        services: ["login"],
      },
    ]);
  });

  test("is none for a rack on one feed, or with every cord behind one UPS, of which more is told", () => {
    expect(shared([], ["a"])).toEqual([]);
    expect(shared([], ["a", "a"])).toEqual([]);
  });

  test("is a board that two UPS hold up where all cords of a rack hang on it", () => {
    const found = shared([powerNode("row-t", "pdu", ["ups-a", "ups-b"])], ["t", "t"]);
    expect(found.map(({ where }) => where)).toEqual(["node row-t", "node ats"]);
  });

  test("is none where one feed has a source of its own, or hangs on what the tree does not have", () => {
    const own = [powerNode("solar", "utility", []), powerNode("row-s", "pdu", ["solar"])];
    expect(shared(own, ["a", "s"])).toEqual([]);
    expect(shared([], ["a", "z"])).toEqual([]);
    expect(shared([], ["a", "b"]).map(({ where }) => where)).toEqual(["node ats"]);
  });
});

describe("a room with one cooler", () => {
  const hall = (loops: readonly CoolingLoop[], sketch = {}): readonly Finding[] =>
    of(groundsWith({ ...sketch, loops: new Map(loops.map((one) => [one.id, one])) }), "one-cooler");
  const crac = (device: string, serves: readonly string[]) =>
    loop(device, { machines: [machine(device, "hall", ["ats"])], serves });

  test("is told with its racks and the services in them", () => {
    expect(hall([crac("crac", ["hall"])])).toEqual([
      {
        kind: "one-cooler",
        what: "nothing cools hall but crac",
        where: "loop crac",
        why: "When it stops, racks are too hot within minutes.",
        loads: ["one", "two", "three"],
        services: ["login", "batch"],
      },
    ]);
  });

  test("is none where a second loop serves it, where nobody has racks in it, or where nothing cools by itself", () => {
    expect(hall([crac("crac-1", ["hall"]), crac("crac-2", ["hall"])])).toEqual([]);
    expect(hall([crac("crac", ["yard"])])).toEqual([]);
    expect(hall([loop("air", { serves: ["hall"] })])).toEqual([]);
    const pair = loop("air", {
      machines: [machine("c1", "hall", ["ats"]), machine("c2", "hall", ["ats"])],
      serves: ["hall"],
    });
    expect(hall([pair])).toEqual([]);
  });

  test("is told of its own racks, and not of those in a room with more", () => {
    const apart = parted.power.loads.map((one) => (one.id === "two" ? { ...one, space: "annex" } : one));
    const found = hall([crac("crac-1", ["hall", "annex"]), crac("crac-2", ["annex"])], { power: treeOf(nodes, apart) });
    expect(found.map(({ what, loads, services }) => [what, loads, services])).toEqual([
      ["nothing cools hall but crac-1", ["one", "three"], ["login", "batch"]],
    ]);
  });
});

describe("a service that never goes", () => {
  const shed = (
    racks: readonly string[],
    importance: "protected" | "normal" | null = "protected",
  ): readonly Finding[] => {
    const loads = [load("one", { kw: 5 }), load("safe", { kw: 5, is: "protected" })];
    const services = [tenant("login", { loads: racks, importance })];
    return of(groundsWith({ power: treeOf(nodes, loads), services }), "shed-first");
  };

  test("is told where it runs in racks that may be shed before it, by those racks", () => {
    expect(shed(["one", "safe"])).toEqual([
      {
        kind: "shed-first",
        what: "login is protected and runs in one, which may be shed",
        where: "service login",
        why: "A shed opens outlets by the rack's importance and not by what runs in it.",
        loads: ["one"],
        services: ["login"],
      },
    ]);
    expect(shed(["gone"]).map(({ loads }) => loads)).toEqual([["gone"]]);
  });

  test("is not told where all of its racks are protected, nor of any other", () => {
    expect(shed(["safe"])).toEqual([]);
    expect(shed(["one"], "normal")).toEqual([]);
    expect(shed(["one"], null)).toEqual([]);
  });
});

test("nothing that is double hangs on one thing", () => {
  expect(powerFindings(groundsWith(doubled))).toEqual([]);
});

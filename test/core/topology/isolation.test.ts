import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Isolation } from "../../../src/core/topology/isolation.ts";
import { isolationOf } from "../../../src/core/topology/isolation.ts";
import type { NodeId, PowerNode } from "../../../src/core/topology/power.ts";
import { isTransferSwitch } from "../../../src/core/topology/power.ts";
import type { Grounds } from "../../../src/core/topology/premises.ts";
import { load, node, powerNode, treeOf } from "../feeds.ts";
import { groundsWith, parted } from "./premises.ts";

const said = ({ steps }: Isolation): readonly string[] =>
  steps.map(({ text, at, isInside }) => `${at ?? "?"}${isInside ? "!" : ""}: ${text}`);

describe("the isolation plan of a zone", () => {
  test("of a room of batteries parts both strings from what they feed, and says that they stay live", () => {
    const rooms = new Map([...parted.rooms, ["bat-b", { compartment: "bat-a", plenum: null }]]);
    const plan = isolationOf(groundsWith({ rooms }), "bat-a");
    expect(plan.spaces).toEqual(["bat-a", "bat-b"]);
    expect(said(plan)).toEqual([
      "ups-a: open the breaker between the battery bat-a and ups-a",
      "ups-b: open the breaker between the battery bat-b and ups-b",
    ]);
    expect(plan.staysLive).toEqual(["bat-a", "bat-b"]);
    expect(plan.lost).toEqual({ dark: [], battery: [], single: [] });
  });

  test("of a UPS room opens the battery before the supply, which the battery would take over from", () => {
    const plan = isolationOf(groundsWith(), "ups-a");
    expect(said(plan)).toEqual([
      "bat-a: open the breaker between the battery bat-a and ups-a",
      "switch: open ats towards ups-a",
    ]);
    expect(plan.steps.map(({ loses }) => loses)).toEqual([
      { dark: [], battery: [], single: [] },
      { dark: ["three"], battery: [], single: ["one", "two"] },
    ]);
    expect(plan.sources.map(({ id }) => id)).toEqual(["utility", "gen", "bat-a"]);
    expect(plan.staysLive).toEqual([]);
  });

  test("of a switch room opens far ends and the generator before the utility", () => {
    expect(said(isolationOf(groundsWith(), "switch"))).toEqual([
      "ups-a: open the input of ups-a from ats, so that it cannot feed back",
      "ups-b: open the input of ups-b from ats, so that it cannot feed back",
      "yard: open gen towards ats, so that it cannot take over",
      "yard: open utility towards ats",
    ]);
  });

  test("of a yard asks the network operator, who alone can cut what stands there", () => {
    const plan = isolationOf(groundsWith(), "yard");
    expect(said(plan)).toEqual(["yard!: stop gen and block its start", "?: have the network operator cut utility"]);
    expect(plan.steps.at(-1)?.loses.battery).toEqual(["one", "two", "three"]);
  });

  test("of a hall opens the outlets of its racks at what stands elsewhere, and says which can be written", () => {
    const plan = isolationOf(groundsWith(), "hall");
    expect(said(plan)).toEqual([
      "ups-a: open the outlets of row-a to one, two, three",
      "ups-b: open the outlets of row-b to one, two",
    ]);
    expect(plan.steps[1]?.points).toEqual(["b.one/outlet", "b.two/outlet"]);
    expect(plan.lost.dark).toEqual(["one", "two", "three"]);
  });

  test("cuts the cables of others that pass through, and not the water", () => {
    const routes = new Map([
      ["duct", { kind: "cable", through: ["yard", "bat-b"] } as const],
      ["pipe", { kind: "water", through: ["bat-b"] } as const],
    ]);
    const supplyRoutes = new Map([[node("row-a"), new Map([[node("ups-a"), ["duct"]]])]]);
    const plan = isolationOf(groundsWith({ routes, supplyRoutes }), "bat-b");
    expect(plan.routes).toEqual(["duct"]);
    expect(said(plan)).toContain("ups-a: open ups-a towards row-a");
  });

  test("names each step by what is opened, with its kind and the racks whose outlets it opens", () => {
    const named = (space: string) => isolationOf(groundsWith(), space).steps.map(({ key, kind }) => `${kind}: ${key}`);
    expect(named("switch")).toEqual([
      "farEnd: ats > ups-a",
      "farEnd: ats > ups-b",
      "standby: gen > ats",
      "supply: utility > ats",
    ]);
    expect(named("ups-a")).toEqual(["battery: battery ups-a", "supply: ats > ups-a"]);
    expect(named("yard")).toEqual(["generator: source gen", "utility: source utility"]);
    expect(named("hall")).toEqual(["outlets: outlets row-a", "outlets: outlets row-b"]);
    const { steps } = isolationOf(groundsWith(), "hall");
    expect(steps.map(({ loads }) => loads)).toEqual([
      ["one", "two", "three"],
      ["one", "two"],
    ]);
    expect(isolationOf(groundsWith(), "ups-a").steps.map(({ loads, points }) => [...loads, ...points])).toEqual([
      [],
      [],
    ]);
  });

  test("costs each step what it takes beyond the one before it, and all of them together what they take from the first", () => {
    const { steps, lost } = isolationOf(groundsWith(), "hall");
    expect(steps.map(({ loses }) => loses)).toEqual([
      { dark: ["three"], battery: [], single: ["one", "two"] },
      { dark: ["one", "two"], battery: [], single: [] },
    ]);
    expect(lost).toEqual({ dark: ["one", "two", "three"], battery: [], single: [] });
    expect(isolationOf(groundsWith(), "switch").lost.battery).toEqual(["one", "two", "three"]);
  });

  test("tells from what its zone could be live: by what stands in it, by its racks and by its batteries", () => {
    const sources = (space: string, of = groundsWith()) =>
      isolationOf(of, space).sources.map(({ id, is }) => `${id} ${is}`);
    expect(sources("hall")).toEqual(["utility utility", "gen generator", "bat-a battery", "bat-b battery"]);
    expect(sources("switch")).toEqual(["utility utility", "gen generator"]);
    expect(sources("bat-b")).toEqual(["bat-b battery"]);
    const routes = new Map([["duct", { kind: "cable", through: ["bat-b"] } as const]]);
    const supplyRoutes = new Map([[node("row-a"), new Map([[node("ups-a"), ["duct"]]])]]);
    const both = ["utility utility", "gen generator", "bat-a battery", "bat-b battery"];
    expect(sources("bat-b", groundsWith({ routes, supplyRoutes }))).toEqual(both);
    const feedRoutes = new Map([["three", [["duct"]]]]);
    expect(sources("bat-b", groundsWith({ routes, feedRoutes }))).toEqual(both);
  });

  test("opens the outlets of racks elsewhere whose cords pass through", () => {
    const routes = new Map([["duct", { kind: "cable", through: ["bat-b"] } as const]]);
    const plan = isolationOf(groundsWith({ routes, feedRoutes: new Map([["one", [["duct"], []]]]) }), "bat-b");
    expect(said(plan)).toContain("ups-a: open the outlets of row-a to one");
    expect(plan.steps.at(-1)).toMatchObject({ points: ["a.one/outlet"], loads: ["one"] });
  });

  test("opens the far end of a board behind which a UPS or a second supply could feed back, and of no other", () => {
    const others = (...more: readonly PowerNode[]): readonly string[] => {
      const nodes = [
        powerNode("utility", "utility", [], { space: "yard" }),
        powerNode("main", "pdu", ["utility"], { space: "hall" }),
        ...more,
      ];
      return isolationOf(groundsWith({ power: treeOf(nodes) }), "yard").steps.map(({ key, kind }) => `${kind}: ${key}`);
    };
    const cut = "utility: source utility";
    expect(others()).toEqual([cut]);
    expect(others(powerNode("row", "pdu", ["main"], { space: "hall" }))).toEqual([cut]);
    const open = ["farEnd: utility > main", cut];
    expect(others(powerNode("ups", "ups", ["main"], { space: "hall" }))).toEqual(open);
    const gen = powerNode("gen", "generator", [], { space: "hall" });
    expect(others(gen, powerNode("tie", "pdu", ["main", "gen"], { space: "hall" }))).toEqual(open);
    expect(others(gen, powerNode("ats", "ats", ["main", "gen"], { space: "hall" }))).toEqual([cut]);
  });

  test("opens the second supply of a transfer switch before its first, whatever that is, and that of a board as it comes", () => {
    const keys = (kind: "sts" | "pdu"): readonly string[] => {
      const nodes = [
        powerNode("one", "utility", [], { space: "yard" }),
        powerNode("two", "utility", [], { space: "yard" }),
        powerNode("board", kind, ["one", "two"], { space: "hall" }),
      ];
      return said(isolationOf(groundsWith({ power: treeOf(nodes) }), "hall"));
    };
    expect(keys("sts")).toEqual([
      "yard: open two towards board, so that it cannot take over",
      "yard: open one towards board",
    ]);
    expect(keys("pdu")).toEqual(["yard: open one towards board", "yard: open two towards board"]);
  });

  test("takes a generator for a supply that would take over, wherever it comes in", () => {
    const nodes = [
      powerNode("gen", "generator", [], { space: "yard" }),
      powerNode("utility", "utility", [], { space: "yard" }),
      powerNode("board", "pdu", ["gen", "utility"], { space: "hall" }),
    ];
    expect(said(isolationOf(groundsWith({ power: treeOf(nodes) }), "hall"))).toEqual([
      "yard: open gen towards board, so that it cannot take over",
      "yard: open utility towards board",
    ]);
  });

  test("has no outlet to write where a rack has none that can be", () => {
    const { power } = parted;
    const fixed = treeOf([...power.nodes.values()], [load("one", { kw: 10, without: ["outlet"] })]);
    const plan = isolationOf(groundsWith({ power: fixed }), "hall");
    expect(plan.steps.map(({ points }) => points)).toEqual([[], []]);
  });

  test("parts a UPS from a battery of which no more is said than that it has one", () => {
    const nodes = [powerNode("ups", "ups", ["utility"], { space: "hall" }), powerNode("utility", "utility", [])];
    expect(said(isolationOf(groundsWith({ power: treeOf(nodes) }), "hall"))[0]).toBe(
      "?: open the breaker between the battery and ups",
    );
    const somewhere = nodes.map((one) => (one.id === "ups" ? { ...one, battery: "bat-z" } : one));
    expect(said(isolationOf(groundsWith({ power: treeOf(somewhere) }), "hall"))[0]).toBe(
      "?: open the breaker between the battery bat-z and ups",
    );
  });

  test("passes over supplies that the site file names and does not have", () => {
    const nodes = [...parted.power.nodes.values(), powerNode("row-z", "pdu", ["ups-z"], { space: "annex" })];
    const loads = [...parted.power.loads, load("four", { kw: 10, on: ["y"] })];
    const plan = isolationOf(groundsWith({ power: treeOf(nodes, loads) }), "annex");
    expect(plan).toMatchObject({ steps: [], sources: [], staysLive: ["row-z"] });
    expect(said(isolationOf(groundsWith({ power: treeOf(nodes, loads) }), "hall"))).toHaveLength(2);
  });

  test("says of a room without a compartment that it is cut alone, and nothing where all is said", () => {
    const rooms = new Map([...parted.rooms, ["annex", { compartment: null, plenum: null }]]);
    const routes = new Map([["duct", { kind: "cable", through: ["yard"] } as const]]);
    expect(isolationOf(groundsWith({ rooms, routes }), "annex").unsaid).toEqual([
      "of which compartment annex is: only this room is cut",
    ]);
    expect(isolationOf(groundsWith({ rooms, routes }), "hall").unsaid).toEqual([]);
    expect(isolationOf(groundsWith({ rooms, routes }), "nowhere").unsaid).toHaveLength(1);
  });

  test("says what the site file does not, and would have to", () => {
    const nodes = [...parted.power.nodes.values()].map((one) => (one.id === "row-b" ? { ...one, space: null } : one));
    const power = treeOf(nodes, parted.power.loads);
    expect(isolationOf(groundsWith({ power }), "hall").unsaid).toEqual([
      "in which room stand row-b: they are left live",
      "by which routes cables run: one that passes through is left live",
    ]);
  });
});

/**
 * What is live, worked out otherwise than the plan is: conductors run both ways between the nodes that they join, unless
 * an end of them is open; only a transfer switch keeps its supplies apart.
 */
function liveAfter(grounds: Grounds, done: Isolation["steps"]): { nodes: Set<string>; ways: Set<string> } {
  const texts = new Set(done.map(({ text }) => text));
  const isOpen = (form: string): boolean => [...texts].some((text) => text.startsWith(form));
  const { power } = grounds.premises;
  const nodes = new Set<string>();
  const ways = new Set<string>();
  const isSource = (one: PowerNode): boolean =>
    (one.from.length === 0 && !isOpen(`stop ${one.id} `) && !texts.has(`have the network operator cut ${one.id}`)) ||
    (one.kind === "ups" &&
      ![...texts].some((text) => text.startsWith("open the breaker") && text.endsWith(` ${one.id}`)));
  for (const one of power.nodes.values()) if (isSource(one)) nodes.add(one.id);
  for (let size = -1; size !== nodes.size + ways.size; ) {
    size = nodes.size + ways.size;
    for (const one of power.nodes.values()) {
      for (const from of one.from) {
        const way = `${from} ${one.id}`;
        const top = !texts.has(`open ${from} towards ${one.id}`) && !isOpen(`open ${from} towards ${one.id},`);
        const end = !isOpen(`open the input of ${one.id} from ${from},`);
        if (top && nodes.has(from)) ways.add(way);
        if (end && nodes.has(one.id) && !isTransferSwitch(one)) ways.add(way);
        if (ways.has(way) && end) nodes.add(one.id);
        if (ways.has(way) && top) nodes.add(from);
      }
    }
  }
  return { nodes, ways };
}

const spaces = ["r0", "r1", "r2", "r3"];

/** A building at random: nodes that hang on any of those before them, in any room, by any route. */
const building: fc.Arbitrary<Grounds> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("ats", "sts", "ups", "pdu", "pdu", "generator", "utility" as const),
      from: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      space: fc.constantFrom(...spaces),
      battery: fc.constantFrom(...spaces),
      route: fc.constantFrom("none", "duct"),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((sketches) => {
    const nodes: PowerNode[] = [powerNode("n0", "utility", [], { space: "r0" })];
    const routes = new Map<NodeId, Map<NodeId, string[]>>();
    const batteries = new Map<string, string>();
    for (const [i, { kind, from, space, battery, route }] of sketches.entries()) {
      const id = `n${i + 1}`;
      const isSource = kind === "utility" || kind === "generator";
      const above = isSource ? [] : [...new Set(from.map((n) => `n${n % (i + 1)}`))];
      nodes.push(powerNode(id, kind, above, { space, battery: kind === "ups" ? `b${i}` : null }));
      if (kind === "ups") batteries.set(`b${i}`, battery);
      if (route === "duct") routes.set(node(id), new Map(above.map((one) => [node(one), ["duct"]])));
    }
    return groundsWith({
      rooms: new Map(spaces.map((space) => [space, { compartment: null, plenum: null }])),
      routes: new Map([["duct", { kind: "cable", through: ["r3"] }]]),
      power: treeOf(nodes),
      batteryRooms: batteries,
      supplyRoutes: routes,
      loops: new Map(),
      services: [],
    });
  });

describe("in any building", () => {
  test("a plan leaves nothing live in its zone but batteries, from whichever side it could be fed", () => {
    fc.assert(
      fc.property(building, fc.constantFrom(...spaces), (grounds, space) => {
        const plan = isolationOf(grounds, space);
        const { nodes, ways } = liveAfter(grounds, plan.steps);
        for (const { id, space: room, from } of grounds.premises.power.nodes.values()) {
          if (room === space) expect([...nodes]).not.toContain(id);
          for (const above of from) {
            const isThere = [id, above].some((one) => grounds.premises.power.nodes.get(node(one))?.space === space);
            const isThrough =
              space === "r3" && (grounds.premises.supplyRoutes.get(id)?.get(above) ?? []).includes("duct");
            if (isThere || isThrough) expect([...ways]).not.toContain(`${above} ${id}`);
          }
        }
        expect(plan.staysLive.every((id) => grounds.premises.batteryRooms.get(id) === space)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("no step lets a battery or a standby supply take over what the zone is losing", () => {
    fc.assert(
      fc.property(building, fc.constantFrom(...spaces), (grounds, space) => {
        const { steps } = isolationOf(grounds, space);
        const at = (form: (text: string) => boolean): number => steps.findIndex(({ text }) => form(text));
        for (const { id, kind, from, space: room } of grounds.premises.power.nodes.values()) {
          if (room !== space) continue;
          const ways = from.map((above) => at((text) => text.startsWith(`open ${above} towards ${id}`)));
          const [first = -1, ...others] = ways;
          const battery = at((text) => text.startsWith("open the breaker") && text.endsWith(` ${id}`));
          if (kind === "ups") for (const way of ways) if (way >= 0) expect(battery).toBeLessThan(way);
          const isPreferred = first >= 0 && steps[first]?.kind === "supply";
          if (isPreferred && (kind === "ats" || kind === "sts"))
            for (const other of others) if (other >= 0) expect(other).toBeLessThan(first);
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { instant } from "../../../src/core/time.ts";
import { sightOf } from "../../../src/core/topology/live.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { Grounds, Premises, WaterPlan } from "../../../src/core/topology/premises.ts";
import { groundsOf } from "../../../src/core/topology/premises.ts";
import type { Water } from "../../../src/core/topology/water.ts";
import { waterOf, waterPlanOf } from "../../../src/core/topology/water.ts";
import { chance } from "../../chaos/chance.ts";
import { node, powerNode } from "../feeds.ts";
import { bad, doubtful, good, maxAge, point, t0 } from "../fixture.ts";
import { parted } from "./premises.ts";

const upsModes = ["off", "online", "bypass", "battery"];
const [off, online] = [0, 1];

/** Every node with a device of its own, and cables of row B through the room of battery A. */
const nodes = new Map(
  [...parted.power.nodes].map(([id, node]): [typeof id, PowerNode] => [id, { ...node, device: `d-${id}` }]),
);
const premises: Premises = {
  ...parted,
  power: { ...parted.power, nodes },
  routes: new Map([["duct-b", { kind: "cable", through: ["bat-a"] }]]),
  supplyRoutes: new Map(
    [...nodes.values()]
      .filter(({ id }) => id === "row-b")
      .map(({ id, from }) => [id, new Map([[from[0]!, ["duct-b"]]])]),
  ),
};

const plan = (more: Partial<WaterPlan> = {}): WaterPlan => ({
  use: "spray",
  note: null,
  proofs: [],
  evacuate: [],
  ...more,
});

const groundsWith = (water: WaterPlan | null = plan()): Grounds =>
  groundsOf({ ...premises, ...(water && { water: new Map([["bat-a", water]]) }) });

const rules = new Map([
  ...["a", "b"].map((side) => [point(`d-ups-${side}/ups.mode`), { maxAge, states: upsModes }] as const),
  ...["a", "b"].map(
    (side) => [point(`bat-${side}/battery.connection`), { maxAge, states: ["disconnected", "connected"] }] as const,
  ),
  ...[
    "d-ups-b/output.voltage[1]",
    "d-ups-b/output.voltage[2]",
    "d-row-b/voltage[1]",
    "row-b/kw",
    "bat-a/battery.current",
    "extra/contact",
    "d-ups-a/input.voltage[1]",
  ].map((name) => [point(name), { maxAge }] as const),
]);

/** All that shows the room of battery A to be dead. */
const dead: Readonly<Record<string, number>> = {
  "d-ups-a/ups.mode": off,
  "d-ups-b/ups.mode": off,
  "bat-a/battery.connection": 0,
  "bat-a/battery.current": 0,
  "row-b/kw": 0,
};

const asked = (readings: readonly Reading[], water: WaterPlan | null = plan(), space = "bat-a"): Water => {
  const grounds = groundsWith(water);
  const image = imageAt(new Map(readings.map((reading) => [reading.point, reading])), rules, instant(t0));
  const sight = sightOf(grounds.premises.power, image, rules);
  return waterOf(grounds, space, { sight, responses: [], campaigns: [] });
};
const seen = (values: Readonly<Record<string, number>>): readonly Reading[] =>
  Object.entries(values).map(([name, value]) => good(name, value));
const proofs = ({ openings }: Water): Record<string, string> =>
  Object.fromEntries(openings.map(({ key, is }) => [key, is]));

describe("whether water may be used in a zone", () => {
  test("is yes when readings of two devices show every opening to be dead, and names what stays live all the same", () => {
    const water = asked(seen(dead));
    expect(proofs(water)).toEqual({ "battery ups-a": "dead", "ups-b > row-b": "dead" });
    expect(water).toMatchObject({ isReady: true, use: "spray", staysLive: ["bat-a"], drawing: [], unsaid: [] });
    expect(water.openings.find(({ key }) => key === "ups-b > row-b")!.witnesses).toEqual([
      { point: "d-ups-b/ups.mode", says: "is off" },
      { point: "row-b/kw", says: "draws nothing" },
    ]);
  });

  test("is no where nobody has looked, and where nothing is heard: silence is no proof", () => {
    expect(waterOf(groundsWith(), "bat-a", null)).toMatchObject({ at: null, isReady: false, drawing: [] });
    const silent = asked([]);
    expect(silent.isReady).toBe(false);
    expect(proofs(silent)).toEqual({ "battery ups-a": "unproven", "ups-b > row-b": "unproven" });
  });

  test("is no with any one of its readings silent or doubtful, or too old", () => {
    for (const name of ["d-ups-a/ups.mode", "d-ups-b/ups.mode", "row-b/kw"]) {
      const others = seen(dead).filter((reading) => reading.point !== name);
      expect(asked(others).isReady, `${name} is not there`).toBe(false);
      expect(asked([...others, bad(name, "noCommunication")]).isReady, `${name} is silent`).toBe(false);
      expect(asked([...others, doubtful(name, dead[name]!)]).isReady, `${name} is doubtful`).toBe(false);
      expect(asked([...others, good(name, dead[name]!, 0 - maxAge - 1)]).isReady, `${name} is old`).toBe(false);
    }
  });

  test("is no where meters alone say that nothing is drawn", () => {
    const water = asked(seen({ ...dead, "d-ups-b/ups.mode": online, "d-row-b/voltage[1]": 230 }));
    expect(proofs(water)["ups-b > row-b"]).toBe("live");
    expect(proofs(asked(seen({ ...dead, "d-ups-b/ups.mode": online })))["ups-b > row-b"]).toBe("unproven");
  });

  test("is no while one reading, however doubtful, says that something is drawn", () => {
    const water = asked([...seen(dead).filter(({ point: of }) => of !== "row-b/kw"), doubtful("row-b/kw", 3)]);
    expect(proofs(water)["ups-b > row-b"]).toBe("live");
    expect(water.openings.find(({ key }) => key === "ups-b > row-b")!.against).toEqual(["row-b/kw"]);
    expect(water.openings.find(({ key }) => key === "ups-b > row-b")!.witnesses).toEqual([
      { point: "d-ups-b/ups.mode", says: "is off" },
    ]);
    expect(water.isReady).toBe(false);
  });

  test("is no where nothing is to be opened, as long as nobody has looked", () => {
    const water = new Map([["annex", plan()]]);
    const rooms = new Map([...premises.rooms, ["annex", { compartment: "annex", plenum: null }]]);
    const grounds = groundsOf({ ...premises, rooms, water });
    const sight = sightOf(grounds.premises.power, imageAt(new Map(), rules, instant(t0)), rules);
    expect(waterOf(grounds, "annex", { sight, responses: [], campaigns: [] })).toMatchObject({
      isReady: true,
      openings: [],
    });
    expect(waterOf(grounds, "annex", null).isReady).toBe(false);
  });

  test("takes no voltage for dead only where every phase is heard, and is without it", () => {
    const one = { ...dead, "d-ups-b/ups.mode": online, "d-ups-b/output.voltage[1]": 2 };
    expect(proofs(asked(seen(one)))["ups-b > row-b"]).toBe("unproven");
    expect(proofs(asked(seen({ ...one, "d-ups-b/output.voltage[2]": 3 })))["ups-b > row-b"]).toBe("dead");
    expect(proofs(asked(seen({ ...one, "d-ups-b/output.voltage[2]": 230 })))["ups-b > row-b"]).toBe("unproven");
  });

  test("may rest on a contact that the site file names, and is no when that says otherwise", () => {
    const open = { of: "ups-b > row-b", test: { point: point("extra/contact"), is: "=", value: 1 } } as const;
    const running = { ...dead, "d-ups-b/ups.mode": online };
    expect(asked(seen({ ...running, "extra/contact": 1 }), plan({ proofs: [open] })).isReady).toBe(true);
    const closed = asked(seen({ ...dead, "extra/contact": 0 }), plan({ proofs: [open] }));
    expect([closed.isReady, proofs(closed)["ups-b > row-b"]]).toEqual([false, "live"]);
    const silent = asked([...seen(running), bad("extra/contact", "sensorFailure")], plan({ proofs: [open] }));
    expect(silent.isReady).toBe(false);
  });

  test("is no where the site file does not say that it may, or says that it may not", () => {
    expect(asked(seen(dead), null)).toMatchObject({
      isReady: false,
      use: null,
      unsaid: ["whether water may be used in bat-a, and how"],
    });
    expect(asked(seen(dead), plan({ use: "none" })).isReady).toBe(false);
  });

  test("is no where the file does not say in which room a node stands: it may be this one", () => {
    const lost = new Map([...nodes].map(([id, node]) => [id, id === "row-a" ? { ...node, space: null } : node]));
    const grounds = groundsOf({
      ...premises,
      power: { ...premises.power, nodes: lost },
      water: new Map([["bat-a", plan()]]),
    });
    const image = imageAt(new Map(seen(dead).map((reading) => [reading.point, reading])), rules, instant(t0));
    const sight = sightOf(grounds.premises.power, image, rules);
    expect(waterOf(grounds, "bat-a", { sight, responses: [], campaigns: [] }).isReady).toBe(false);
  });

  test("comes with what the site file says of it, of any room of the zone", () => {
    const spray = plan({ note: "from the corridor", evacuate: ["move"] });
    expect(asked(seen(dead), spray)).toMatchObject({
      at: t0,
      space: "bat-a",
      spaces: ["bat-a"],
      use: "spray",
      note: "from the corridor",
      evacuate: ["move"],
    });
    expect(asked(seen(dead), null)).toMatchObject({ use: null, note: null, evacuate: [] });
    const rooms = new Map([...premises.rooms, ["bat-b", { compartment: "bat-a", plenum: null }]]);
    const joined: Premises = { ...premises, rooms, water: new Map([["bat-b", spray]]) };
    expect(waterPlanOf(joined, "bat-a")).toBe(spray);
    expect(waterPlanOf(joined, "bat-b")).toBe(spray);
    expect(waterPlanOf(joined, "hall")).toBeNull();
    expect(waterPlanOf(premises, "bat-a")).toBeNull();
  });

  test("comes with what a cut of its zone costs", () => {
    const water = asked([], plan(), "hall");
    expect(water.services.map(({ id }) => id)).toEqual(["login", "batch"]);
    expect(water).toMatchObject({ notMoved: 2, readyInMs: 120_000 });
  });

  test("is no while a meter in the zone shows that something is drawn, either way", () => {
    const drawing = (kw: number): readonly string[] => asked([good("row-b/kw", kw)], plan(), "ups-b").drawing;
    expect([0, 0.05, -0.05].map(drawing)).toEqual([[], [], []]);
    expect([0.06, -3].map(drawing)).toEqual([["row-b/kw"], ["row-b/kw"]]);
    expect(asked([good("row-b/kw", 3)], plan(), "ups-a").drawing).toEqual([]);
    // A board on both rows, of which no reading of its own says whether a way to it is dead.
    const board = powerNode("board", "pdu", ["row-a", "row-b"], { space: "bat-a" });
    const metered = new Map([...nodes, [board.id, board]]);
    const grounds = groundsOf({
      ...premises,
      power: { ...premises.power, nodes: metered },
      water: new Map([["bat-a", plan()]]),
    });
    const ready = (kw: number): boolean => {
      const readings = [
        ...seen(dead),
        ...seen({ "board/kw": kw, "d-row-a/breaker.state": 0, "d-row-b/breaker.state": 0 }),
      ];
      const known = new Map([
        ...rules,
        [point("board/kw"), { maxAge }],
        ...["a", "b"].map(
          (row) => [point(`d-row-${row}/breaker.state`), { maxAge, states: ["open", "closed"] }] as const,
        ),
      ]);
      const image = imageAt(new Map(readings.map((reading) => [reading.point, reading])), known, instant(t0));
      const sight = sightOf(grounds.premises.power, image, known);
      return waterOf(grounds, "bat-a", { sight, responses: [], campaigns: [] }).isReady;
    };
    expect([ready(0), ready(3)]).toEqual([true, false]);
  });

  test("is no while a node in the zone is left live by the plan", () => {
    const left = new Map([
      ...nodes,
      [node("row-z"), powerNode("row-z", "pdu", ["ups-z"], { space: "bat-a", power: null })],
    ]);
    const grounds = groundsOf({
      ...premises,
      power: { ...premises.power, nodes: left },
      water: new Map([["bat-a", plan()]]),
    });
    const image = imageAt(new Map(seen(dead).map((reading) => [reading.point, reading])), rules, instant(t0));
    const sight = sightOf(grounds.premises.power, image, rules);
    const water = waterOf(grounds, "bat-a", { sight, responses: [], campaigns: [] });
    expect(water).toMatchObject({ isReady: false, staysLive: ["bat-a", "row-z"], unsaid: [] });
    expect(water.openings.every(({ is }) => is === "dead")).toBe(true);
  });

  test("asks of a way that is opened at both its ends once", () => {
    const supplyRoutes = new Map([[node("ups-a"), new Map([[node("ats"), ["duct-b"]]])]]);
    const water = waterOf(groundsOf({ ...premises, supplyRoutes }), "bat-a", null);
    expect(water.openings).toEqual([
      {
        key: "ats > ups-a",
        text: "open the input of ups-a from ats, so that it cannot feed back; open ats towards ups-a",
        is: "unproven",
        witnesses: [],
        against: [],
      },
      expect.objectContaining({ key: "battery ups-a" }),
    ]);
  });

  test("takes a contact in doubt for no proof, and for one to the contrary, and a proof for its own opening alone", () => {
    const open = { of: "ups-b > row-b", test: { point: point("extra/contact"), is: "=", value: 1 } } as const;
    const says = (reading: Reading, of: string = open.of): string | undefined =>
      proofs(asked([...seen({ "row-b/kw": 0 }), reading], plan({ proofs: [{ ...open, of }] })))["ups-b > row-b"];
    expect(says(good("extra/contact", 1))).toBe("dead");
    expect(says(doubtful("extra/contact", 1))).toBe("unproven");
    expect(says(doubtful("extra/contact", 0))).toBe("live");
    expect(says(bad("extra/contact", "stale"))).toBe("unproven");
    const { openings } = asked(seen({ "row-b/kw": 0, "extra/contact": 1 }), plan({ proofs: [open] }));
    expect(openings.find(({ key }) => key === open.of)!.witnesses).toContainEqual({
      point: "extra/contact",
      says: "is off",
    });
    expect(says(good("extra/contact", 1), "battery ups-a")).toBe("unproven");
  });

  test("is never yes with fewer than two devices heard for each opening, in any mixture of silence", () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const by = chance(seed);
      const heard = seen(dead).filter(() => by.odds(0.7));
      const water = asked(heard);
      for (const { is, witnesses } of water.openings) {
        const devices = new Set(witnesses.map((witness) => witness.point.split("/")[0]));
        expect(is === "dead", `seed ${seed}`).toBe(
          devices.size >= 2 && witnesses.some(({ says }) => says === "is off"),
        );
      }
      expect(water.isReady).toBe(water.openings.every(({ is }) => is === "dead"));
    }
  });
});

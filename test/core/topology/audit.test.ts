import { describe, expect, test } from "vitest";
import { imageAt } from "../../../src/core/image.ts";
import { instant, seconds } from "../../../src/core/time.ts";
import { audit } from "../../../src/core/topology/audit.ts";
import type { Finding, FindingKind } from "../../../src/core/topology/finding.ts";
import type { Grounds, MoveTarget } from "../../../src/core/topology/premises.ts";
import { load, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";
import { groundsWith, loop, machine, pangyo, parted, tenant } from "./premises.ts";

const of = (grounds: Grounds, kind: FindingKind): readonly Finding[] =>
  audit(grounds, null).filter((finding) => finding.kind === kind);
const whats = (findings: readonly Finding[]): readonly string[] => findings.map(({ what }) => what);

const target = (sketch: Partial<MoveTarget> = {}): MoveTarget => ({
  site: "there",
  sharePct: 100,
  lag: null,
  ...sketch,
});

describe("feeds that are two on the diagram", () => {
  test("are one in a plenum, as they were in Pangyo, with the racks and the services that they take", () => {
    expect(of(groundsWith(pangyo), "shared-place")).toContainEqual({
      kind: "shared-place",
      what: "2 racks that stand elsewhere lose every feed with plenum ceiling (ups-a, ups-b, bat-a)",
      where: "plenum ceiling",
      why: "Feeds that are two on the one-line diagram are one for fire, smoke and water.",
      loads: ["one", "two"],
      services: ["login"],
    });
  });

  test("are one in the room of what both come through, though batteries hold them up", () => {
    expect(whats(of(groundsWith(), "shared-place"))).toEqual([
      "2 racks that stand elsewhere have only their batteries without compartment yard (yard)",
      "2 racks that stand elsewhere have only their batteries without compartment switch (switch)",
    ]);
    expect(whats(of(groundsWith(), "shared-node"))).toEqual(["every feed of 2 racks comes through ats"]);
  });

  test("are one in a route that both take", () => {
    const grounds = groundsWith({
      routes: new Map([["duct", { kind: "cable", through: ["switch"] } as const]]),
      feedRoutes: new Map([["one", [["duct"], ["duct"]]]]),
    });
    expect(whats(of(grounds, "shared-place"))).toContain(
      "1 rack that stands elsewhere loses every feed with route duct (through switch)",
    );
  });

  test("whose batteries stand in one compartment are told, and those of which nobody knows are not called parted", () => {
    const rooms = new Map([...parted.rooms, ["bat-b", { compartment: "bat-a", plenum: null }]]);
    expect(of(groundsWith({ rooms }), "shared-batteries")).toMatchObject([
      { what: "the batteries of ups-a, ups-b (bat-a, bat-b) stand in one place", where: "compartment bat-a" },
    ]);
    expect(of(groundsWith(), "shared-batteries")).toEqual([]);
  });
});

describe("what hangs on one thing", () => {
  test("is a rack on one feed, and one with every cord in the same UPS", () => {
    const loads = [
      load("one", { kw: 5 }),
      load("cords", { kw: 5, on: ["a", "a"] }),
      load("lone", { kw: 5, on: ["a"] }),
    ];
    const power = treeOf([...parted.power.nodes.values()], loads);
    expect(of(groundsWith({ power }), "one-feed")).toMatchObject([
      { what: "2 racks on ups-a alone, 1 of them with every cord: cords, lone", where: "node ups-a" },
    ]);
  });

  test("is a service with all its racks in one compartment", () => {
    expect(whats(of(groundsWith(), "one-place"))).toEqual(["login has every rack in compartment hall"]);
  });

  test("is a room with one cooler, and not one with two", () => {
    expect(whats(of(groundsWith(), "one-cooler"))).toEqual(["nothing cools hall but crac"]);
    const two = [loop("air", { machines: [machine("crac-1", "hall"), machine("crac-2", "hall")], serves: ["hall"] })];
    const loops = new Map(two.map((one) => [one.id, one]));
    expect(of(groundsWith({ loops }), "one-cooler")).toEqual([]);
  });

  test("is a protected service in racks that may be shed", () => {
    const services = [tenant("login", { loads: ["one"], importance: "protected" })];
    expect(whats(of(groundsWith({ services }), "shed-first"))).toEqual([
      "login is protected and runs in one, which may be shed",
    ]);
  });
});

describe("what is to save the services", () => {
  test("is one control plane where all of them are moved by one host or one service", () => {
    expect(of(groundsWith(), "one-control-plane")).toMatchObject([
      { where: "mover mover", services: ["login", "batch"] },
    ]);
    const services = [tenant("login"), tenant("pay", { move: { point: point("pay/x"), host: "other" } })];
    expect(of(groundsWith({ services }), "one-control-plane")).toEqual([]);
    const by = services.map((service) => ({ ...service, by: "switcher" }));
    expect(of(groundsWith({ services: by }), "one-control-plane")).toMatchObject([{ where: "mover switcher" }]);
  });

  test("is lost with them where it runs beside them, unless all of it can run elsewhere", () => {
    const inside = (targets: readonly MoveTarget[]): Grounds =>
      groundsWith({
        services: [tenant("login", { by: "switcher" }), tenant("switcher", { loads: ["one"], targets })],
      });
    expect(whats(of(inside([]), "own-fate"))).toEqual([
      "switcher moves services out of this site and runs in it, in one",
    ]);
    expect(of(inside([target()]), "own-fate")).toEqual([]);
  });

  test("is this service too, where it stands on what it watches; and where nobody says, that is said", () => {
    const own = { loads: ["one"], spaces: ["switch"], needs: ["login"] };
    expect(whats(of(groundsWith({ own }), "own-fate"))).toEqual([
      "this service runs in one, which it watches",
      "this service depends on room switch, which it watches",
      "this service needs login, which it watches",
    ]);
    expect(whats(of(groundsWith({ own: null }), "unsaid"))).toContain("what this service itself stands on is not said");
  });

  test("never starts where services need each other in a circle, their movers among them", () => {
    const services = [
      tenant("login", { needs: ["store"] }),
      tenant("store", { by: "switcher" }),
      tenant("switcher", { needs: ["login"] }),
      tenant("alone"),
    ];
    expect(whats(of(groundsWith({ services }), "circle"))).toEqual([
      "login, store, switcher, login: each needs the next",
    ]);
  });
});

describe("where services are to go", () => {
  const services = [
    tenant("login", { loads: ["one"], targets: [target()] }),
    tenant("mail", { tier: 1, loads: ["two"], targets: [target()] }),
    tenant("batch", { tier: 2, loads: ["one", "three"], targets: [target({ sharePct: 40 })] }),
  ];

  test("has room by tiers, each rack counted once", () => {
    const room = (kw: number): readonly string[] =>
      whats(of(groundsWith({ services: services.slice(0, 2), spareKw: new Map([["there", kw]]) }), "no-room"));
    expect(room(20)).toEqual([]);
    expect(room(15)).toEqual(["there has 15 kW to spare and 20 kW would come: no room for mail"]);
  });

  test("may carry a part of a service only", () => {
    const grounds = groundsWith({ services, spareKw: new Map([["there", 100]]) });
    expect(whats(of(grounds, "no-room"))).toEqual(["batch can run to no more than 40 % at there"]);
  });

  test("is not known to have room where nobody says how much, or what would come", () => {
    expect(whats(of(groundsWith({ services }), "unsaid"))).toContain("how much there can still take up is not known");
    const nowhere = groundsWith({
      services: [tenant("all", { targets: [target()] })],
      spareKw: new Map([["there", 1]]),
    });
    expect(whats(of(nowhere, "unsaid"))).toContain("how much all would take up at there is not known");
    expect(whats(of(groundsWith(), "unsaid"))).toContain("where else login, batch can run is not said");
  });

  test("is read where points tell: how much it draws, how much is free, and how far data is behind", () => {
    const lag = { point: point("login/lag"), max: seconds(30) };
    const grounds = groundsWith({
      services: [tenant("login", { loads: ["one"], targets: [target({ lag })] })],
      spareKw: new Map([["there", point("there/spare")]]),
    });
    const rules = new Map(
      ["login/lag", "there/spare", "a.one/power", "b.one/power"].map((name) => [point(name), { maxAge }]),
    );
    const seen = (values: Readonly<Record<string, number>>): readonly string[] => {
      const newest = new Map(Object.entries(values).map(([name, value]) => [point(name), good(name, value)]));
      const findings = audit(grounds, imageAt(newest, rules, instant(t0)));
      return whats(findings.filter(({ kind }) => kind === "no-room" || kind === "lagging" || kind === "unsaid"));
    };
    const draws = { "a.one/power": 2, "b.one/power": 2 };
    expect(seen({ ...draws, "login/lag": 5, "there/spare": 10 })).toEqual([]);
    expect(seen({ ...draws, "login/lag": 90, "there/spare": 3 })).toEqual([
      "there has 3 kW to spare and 4 kW would come: no room for login",
      "login is 90 s behind at there; at most 30 s is allowed",
    ]);
    expect(seen(draws)).toEqual([
      "how much there can still take up is not known",
      "by how much login is behind at there is not known now",
    ]);
  });
});

test("what nobody has said of rooms is a finding, and not taken for parted", () => {
  const nodes = [...parted.power.nodes.values(), powerNode("spare", "ups", ["ats"])];
  const rooms = new Map([...parted.rooms, ["hall", { compartment: null, plenum: null }]]);
  expect(whats(of(groundsWith({ power: treeOf(nodes, parted.power.loads), rooms }), "unsaid"))).toEqual(
    expect.arrayContaining(["no room is said of spare", "no compartment is said of hall"]),
  );
});

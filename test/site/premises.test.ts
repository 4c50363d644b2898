import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const routes = `routes:
  duct: { kind: cable, through: [battery-room] }
  pipe: { kind: water, through: [battery-room, hall] }
power:
`;
const cooling = `cooling:
  water: { machines: { crac: { from: [mains], ratedKw: 20 } }, routes: [pipe] }
  air: { from: [water], serves: [hall] }
services:
  store: { tier: 1, name: { en: Store }, loads: [rack-2] }
`;
const move = `move: { url: "http://mover.example/login", secret: "\${env:MOVER}" }`;
const loginMoves = `importance: protected, needs: [store], ${move}, moves: { p95: 2min, by: store }, elsewhere: { there: { sharePct: 60 } }`;

const whole: readonly (readonly [string, string])[] = [
  ["elsewhere: [there] }", "elsewhere: [there], spareKw: { there: 40 } }"],
  [
    "{ kind: battery-room, name: { en: Battery room } }",
    "{ kind: battery-room, name: { en: Battery room }, plenum: up }",
  ],
  ["power:\n", routes],
  ["device: ups-a }", "device: ups-a, routes: [duct] }"],
  ['closed: "pdu-b/outlet[1].state" }', 'closed: "pdu-b/outlet[1].state", routes: [duct] }'],
  ["services:\n", cooling],
  [move, loginMoves],
  ["alarms:\n", "haechi: { loads: [rack-1], spaces: [hall], needs: [login] }\nalarms:\n"],
];

describe("the premises of a site", () => {
  test("are what its file says of rooms, routes, cooling, services and this service itself", () => {
    const { premises, services } = siteAfter(...whole);
    expect(premises.rooms.get("battery-room")).toEqual({ compartment: null, plenum: "up" });
    expect(premises.routes.get("pipe")).toEqual({ kind: "water", through: ["battery-room", "hall"] });
    expect(premises.batteryRooms).toEqual(new Map([["bat-a", "battery-room"]]));
    expect(premises.supplyRoutes.get("feed-a" as never)).toEqual(new Map([["mains", ["duct"]]]));
    expect(premises.feedRoutes.get("rack-1")).toEqual([[], ["duct"]]);
    expect(premises.loops.get("water")?.machines).toEqual([
      { device: "crac", space: "hall", from: ["mains"], ratedKw: 20 },
    ]);
    expect(premises.services).toMatchObject([
      { id: "store", move: null, p95: null, loads: ["rack-2"] },
      {
        id: "login",
        importance: "protected",
        needs: ["store"],
        by: "store",
        p95: 120_000,
        move: { point: "login/service.site", host: "mover.example" },
        targets: [{ site: "there", sharePct: 60, lag: null }],
      },
    ]);
    expect(premises.spareKw).toEqual(new Map([["there", 40]]));
    expect(premises.own).toEqual({ loads: ["rack-1"], spaces: ["hall"], needs: ["login"] });
    expect(services.map(({ id }) => id)).toEqual(["login"]);
  });

  test("are unknown where a file says nothing of them, as every older file", () => {
    const { premises } = siteAfter();
    expect(premises).toMatchObject({ own: null, routes: new Map(), loops: new Map(), spareKw: new Map() });
    expect(premises.services).toMatchObject([{ targets: [], p95: null, by: null, importance: null }]);
  });

  test("may have a route for each supply of a node, and points that tell of room and of lag", () => {
    const { premises } = siteAfter(
      ...whole,
      ["routes: [duct] }\n  feed-b", "routes: { mains: [duct] } }\n  feed-b"],
      ["spareKw: { there: 40 }", "spareKw: { there: ups-b/output.power }"],
      ["sharePct: 60", "lag: { point: ups-a/battery.runtime, max: 30s }"],
    );
    expect(premises.supplyRoutes.get("feed-a" as never)).toEqual(new Map([["mains", ["duct"]]]));
    expect(premises.spareKw.get("there")).toBe("ups-b/output.power");
    expect(premises.services[1]?.targets[0]?.lag).toEqual({ point: "ups-a/battery.runtime", max: 30_000 });
  });

  test("are told everything that they name and that is not there, at once", () => {
    const wrong = (from: string, to: string): readonly [string, string] => [from, to];
    expect(
      problemsAfter(
        ...whole,
        wrong("through: [battery-room] }", "through: [batery-room] }"),
        wrong("device: ups-a, routes: [duct] }", "device: ups-a, routes: { mans: [pipe] } }"),
        wrong("routes: [duct] }\n  rack-2", "routes: [dukt] }\n  rack-2"),
        wrong("machines: { crac: { from: [mains]", "machines: { krac: { from: [maines]"),
        wrong("from: [water], serves: [hall]", "from: [watter], serves: [hal]"),
        wrong("needs: [store]", "needs: [stor, login]"),
        wrong("by: store", "by: stroe"),
        wrong("elsewhere: { there: { sharePct: 60 }", "elsewhere: { their: { sharePct: 60 }"),
        wrong("spareKw: { there: 40 }", "spareKw: { ther: 40 }"),
        wrong(
          "haechi: { loads: [rack-1], spaces: [hall], needs: [login] }",
          "haechi: { loads: [rack-9], spaces: [hell], needs: [logon] }",
        ),
      ).map((problem) => problem.replace(/^\d+:\d+ /, "")),
    ).toEqual([
      'site.spareKw.ther: there is no site "ther" elsewhere (did you mean "there"?)',
      'routes.duct.through.0: there is no space "batery-room" (did you mean "battery-room"?)',
      "power.feed-a.routes.mans: feed-a is not supplied from mans",
      "power.feed-a.routes.mans.0: pipe carries water, no cables",
      'loads.rack-1.feeds.1.routes.0: there is no route "dukt" (did you mean "duct"?)',
      'cooling.water.machines.krac: there is no device "krac" (did you mean "crac"?)',
      'cooling.water.machines.krac.from.0: there is no node of the power tree "maines" (did you mean "mains"?)',
      'cooling.air.from.0: there is no cooling loop "watter" (did you mean "water"?)',
      'cooling.air.serves.0: there is no space "hal" (did you mean "hall"?)',
      'services.login.needs.0: there is no service "stor" (did you mean "store"?)',
      "services.login.needs.1: login needs itself",
      'services.login.moves.by: there is no service "stroe" (did you mean "store"?)',
      'services.login.elsewhere.their: there is no site "their" elsewhere (did you mean "there"?)',
      'haechi.loads.0: there is no load "rack-9" (did you mean "rack-1"?)',
      'haechi.spaces.0: there is no space "hell" (did you mean "hall"?)',
      'haechi.needs.0: there is no service "logon" (did you mean "login"?)',
    ]);
  });

  test.each([
    [
      "that cools itself",
      [["from: [water], serves", "from: [air], serves"]],
      "cooling.air.from: cold goes round in a circle: air cools itself",
    ],
    [
      "that cools nothing",
      [["from: [water], serves", "serves"]],
      "cooling.air: cools nothing: air has no machines and hangs on no other loop",
    ],
    [
      "that cannot be moved and has somewhere to go",
      [["loads: [rack-2] }", "loads: [rack-2], elsewhere: { there: {} } }"]],
      'services.store.elsewhere: store cannot be moved: it has no "move"',
    ],
    [
      "that cannot be moved and is",
      [["{ id: one, service: login", "{ id: one, service: store"]],
      'responses.move.failover.steps.0.service: store cannot be moved: it has no "move"',
    ],
    [
      "that cannot be moved and may be written",
      [["allow: [pdu-a", "allow: [store, pdu-a"]],
      'gate.allow.0: store has no "move": nothing of it can be written',
    ],
    [
      "whose lag is no time",
      [["sharePct: 60", "lag: { point: ups-a/output.power, max: 30s }"]],
      "services.login.elsewhere.there.lag.point: ups-a/output.power is in kW; this needs s",
    ],
    [
      "of more than all",
      [["sharePct: 60", "sharePct: 160"]],
      "services.login.elsewhere.there.sharePct: must be at most 100",
    ],
  ] as const)("refuse what there cannot be: one %s", (_, changes, problem) => {
    expect(problemsAfter(...whole, ...changes).map((one) => one.replace(/^\d+:\d+ /, ""))).toContain(problem);
  });
});

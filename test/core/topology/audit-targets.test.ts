import { describe, expect, test } from "vitest";
import type { Image } from "../../../src/core/image.ts";
import { seconds } from "../../../src/core/time.ts";
import { targetFindings } from "../../../src/core/topology/audit-targets.ts";
import type { Finding, FindingKind } from "../../../src/core/topology/finding.ts";
import type { MoveTarget, Premises, Tenant } from "../../../src/core/topology/premises.ts";
import { imageOf, point } from "../fixture.ts";
import { groundsWith, tenant } from "./premises.ts";

const target = (sketch: Partial<MoveTarget> = {}): MoveTarget => ({
  site: "there",
  sharePct: 100,
  lag: null,
  ...sketch,
});
const lag = (name: string): MoveTarget["lag"] => ({ point: point(name), max: seconds(30) });
/** A service about which nothing is left to say, which goes to these sites. */
const told = (id: string, sites: readonly string[], sketch: Partial<Tenant> = {}): Tenant =>
  tenant(id, { targets: sites.map((site) => target({ site, lag: lag(`${id}/lag`) })), ...sketch });

const found = (sketch: Partial<Premises>, image: Image | null = null): readonly Finding[] =>
  targetFindings(groundsWith(sketch), image);
const of = (kind: FindingKind, sketch: Partial<Premises>, image: Image | null = null): readonly Finding[] =>
  found(sketch, image).filter((finding) => finding.kind === kind);
const whats = (findings: readonly Finding[]): readonly string[] => findings.map(({ what }) => what);

const unknownBefore = "What is not known before a fire is found out in it.";

describe("what is not said of moves", () => {
  test("is told of services that can be moved: where else they can run, how long it takes, how far their data is", () => {
    const services = [
      tenant("login", { p95: null }),
      tenant("pay", { targets: [target({ site: "near", lag: lag("pay/lag") }), target({ site: "far" })] }),
      tenant("fixed", { move: null, p95: null }),
    ];
    const spareKw = new Map([
      ["near", 100],
      ["far", 100],
    ]);
    expect(found({ services: [services[0]!, { ...services[1]!, loads: ["one"] }, services[2]!], spareKw })).toEqual([
      {
        kind: "unsaid",
        what: "where else login can run is not said",
        where: "targets",
        why: unknownBefore,
        loads: [],
        services: ["login"],
      },
      {
        kind: "unsaid",
        what: "how long it takes to move login is not said",
        where: "moves",
        why: unknownBefore,
        loads: [],
        services: ["login"],
      },
      {
        kind: "unsaid",
        what: "nothing tells whether the data of pay is behind",
        where: "targets",
        why: unknownBefore,
        loads: [],
        services: ["pay"],
      },
    ]);
  });

  test("is nothing where all of it is said", () => {
    const services = [told("login", ["there"], { loads: ["one"] })];
    expect(found({ services, spareKw: new Map([["there", 10]]) })).toEqual([]);
  });

  test("is how much a site can take up, by that site and by who would come to it", () => {
    const services = [
      told("login", ["there"], { loads: ["one"] }),
      told("pay", ["here", "there"], { loads: ["two"] }),
      told("mail", ["here"], { loads: ["three"] }),
      told("fixed", ["there"], { loads: ["three"], move: null }),
    ];
    expect(found({ services, spareKw: new Map([["here", 100]]) })).toEqual([
      {
        kind: "unsaid",
        what: "how much there can still take up is not known",
        where: "site there",
        why: unknownBefore,
        loads: [],
        services: ["login", "pay"],
      },
    ]);
  });

  test("is how much a service would take up of which nobody knows where it runs, whether or not there is room", () => {
    const services = [told("login", ["there"], { loads: ["one"] }), told("batch", ["there"], { tier: 1 })];
    const spare = (kw: number): readonly Finding[] => found({ services, spareKw: new Map([["there", kw]]) });
    const unsaid: Finding = {
      kind: "unsaid",
      what: "how much batch would take up at there is not known",
      where: "site there",
      why: unknownBefore,
      loads: [],
      services: ["batch"],
    };
    expect(spare(10)).toEqual([unsaid]);
    expect(spare(1)).toMatchObject([{ kind: "no-room", services: ["login"] }, unsaid]);
  });
});

describe("room at another site", () => {
  const room = (services: readonly Tenant[], kw: number): readonly Finding[] =>
    of("no-room", { services, spareKw: new Map([["there", kw]]) });

  test("goes to the first tiers, and who finds none is told with the racks that would be too much", () => {
    const services = [
      told("batch", ["there"], { tier: 2, loads: ["two"] }),
      told("login", ["there"], { tier: 0, loads: ["one"] }),
      told("mail", ["there"], { tier: 1, loads: ["three"] }),
    ];
    expect(room(services, 19.96)).toEqual([
      {
        kind: "no-room",
        what: "there has 20 kW to spare and 30 kW would come: no room for mail, batch",
        where: "site there",
        why: "A move that the other site cannot carry takes that site down as well.",
        loads: ["three", "two"],
        services: ["mail", "batch"],
      },
    ]);
    expect(room(services, 30)).toEqual([]);
  });

  test("is taken by a rack once, whoever runs in it, and by a rack that this site does not have not at all", () => {
    const shared = ["login", "pay"].map((id) => told(id, ["there"], { loads: ["one"] }));
    expect(room(shared, 10)).toEqual([]);
    expect(room([told("login", ["there"], { loads: ["one", "gone"] })], 10)).toEqual([]);
  });

  test("is not judged where a point tells it and nobody looks", () => {
    const services = [told("login", ["there"], { loads: ["one"] })];
    const spareKw = new Map([["there", point("there/spare")]]);
    expect(found({ services, spareKw })).toEqual([]);
    expect(whats(found({ services, spareKw }, imageOf({ "login/lag": 0 })))).toEqual([
      "how much there can still take up is not known",
    ]);
  });
});

describe("the share that can run elsewhere", () => {
  const shares = (...all: readonly (number | null)[]): readonly Finding[] => {
    const targets = all.map((sharePct, i) => target({ site: `s${i}`, sharePct, lag: lag("login/lag") }));
    const spareKw = new Map(all.map((_, i) => [`s${i}`, 1000]));
    return of("no-room", { services: [tenant("login", { loads: ["one"], targets })], spareKw });
  };

  test("is too little where all of them together are less than the whole", () => {
    expect(shares(40, 30)).toEqual([
      {
        kind: "no-room",
        what: "login can run to no more than 40 % at s0, 30 % at s1",
        where: "service login",
        why: "The rest of it is lost with this site.",
        loads: [],
        services: ["login"],
      },
    ]);
    expect(shares(40, 60)).toEqual([]);
  });

  test("is not judged where one of them is not said, nor where there is no other site", () => {
    expect(shares(40, null)).toEqual([]);
    expect(shares(null)).toEqual([]);
    expect(shares()).toEqual([]);
  });
});

describe("data that is behind", () => {
  const services = [
    tenant("login", {
      loads: ["one"],
      targets: [target({ lag: lag("login/lag") }), target({ site: "far" })],
    }),
  ];
  const spareKw = new Map([
    ["there", 100],
    ["far", 100],
  ]);
  const behind = (values: Readonly<Record<string, number>>): readonly Finding[] =>
    found({ services, spareKw }, imageOf(values)).filter(({ where }) => where === "service login");
  const why = "What has not been copied is lost, or the move has to wait.";

  test("is told beyond what may be lost, and not up to it", () => {
    expect(behind({ "login/lag": 30 })).toEqual([]);
    expect(behind({ "login/lag": 30.6 })).toEqual([
      {
        kind: "lagging",
        what: "login is 31 s behind at there; at most 30 s is allowed",
        where: "service login",
        why,
        loads: [],
        services: ["login"],
      },
    ]);
  });

  test("is told as not known where its point is silent, and not at all where nobody looks", () => {
    expect(behind({})).toEqual([
      {
        kind: "unsaid",
        what: "by how much login is behind at there is not known now",
        where: "service login",
        why,
        loads: [],
        services: ["login"],
      },
    ]);
    expect(whats(found({ services, spareKw }))).toEqual(["nothing tells whether the data of login is behind"]);
  });
});

import { describe, expect, test } from "vitest";
import { moverFindings, ownFindings } from "../../../src/core/topology/audit-movers.ts";
import type { Finding, FindingKind } from "../../../src/core/topology/finding.ts";
import type { Tenant } from "../../../src/core/topology/premises.ts";
import { point } from "../fixture.ts";
import { doubled, groundsWith, tenant } from "./premises.ts";

const of = (services: readonly Tenant[], kind: FindingKind): readonly Finding[] =>
  moverFindings(groundsWith({ services })).filter((finding) => finding.kind === kind);

describe("one control plane", () => {
  const one = (...services: readonly Tenant[]): readonly Finding[] => of(services, "one-control-plane");
  const elsewhere = { move: { point: point("pay/service.site"), host: "other" } };

  test("is told with all that it moves", () => {
    expect(one(tenant("login"), tenant("fixed", { move: null }), tenant("pay"))).toEqual([
      {
        kind: "one-control-plane",
        what: "all 2 services that can be moved are moved by mover",
        where: "mover mover",
        why: "When it does not answer, nothing moves.",
        loads: [],
        services: ["login", "pay"],
      },
    ]);
  });

  test("is one by its name, whatever hosts are told", () => {
    const [found] = one(tenant("login", { by: "switcher" }), tenant("pay", { ...elsewhere, by: "switcher" }));
    expect(found).toMatchObject({ where: "mover switcher" });
    expect(one(tenant("login"), tenant("pay", elsewhere))).toEqual([]);
  });

  test("is none of one service, or where nothing moves", () => {
    expect(one(tenant("login"), tenant("fixed", { move: null }))).toEqual([]);
    expect(one(tenant("fixed", { move: null }), tenant("firm", { move: null }))).toEqual([]);
  });
});

describe("a control plane in what it is to save", () => {
  const target = (sharePct: number | null) => ({ site: "there", sharePct, lag: null });
  const inside = (plane: Partial<Tenant>): readonly Finding[] =>
    of(
      [
        tenant("login", { by: "switcher" }),
        tenant("pay", { by: "switcher" }),
        tenant("mail"),
        tenant("batch", { by: "gone" }),
        tenant("switcher", plane),
      ],
      "own-fate",
    );

  test("is told once, with where it runs and what it moves", () => {
    expect(inside({ loads: ["one", "two"] })).toEqual([
      {
        kind: "own-fate",
        what: "switcher moves services out of this site and runs in it, in one, two",
        where: "service switcher",
        why: "It is lost with what it is to save.",
        loads: ["one", "two"],
        services: ["login", "pay"],
      },
    ]);
  });

  test("is none where it runs elsewhere, or all of it can", () => {
    expect(inside({ loads: [] })).toEqual([]);
    expect(inside({ loads: ["one"], targets: [target(50), target(100)] })).toEqual([]);
    expect(inside({ loads: ["one"], targets: [target(99), target(null)] })).toHaveLength(1);
  });
});

describe("what this service itself stands on", () => {
  const found = (own: { readonly loads: string[]; readonly spaces: string[]; readonly needs: string[] } | null) =>
    ownFindings(groundsWith({ own }));
  const why = "It is blind, or cannot act, when it is needed.";

  test("is told of its racks, its rooms and the services that it needs, with what runs beside those", () => {
    expect(found({ loads: ["one"], spaces: ["switch", "yard"], needs: ["batch", "gone"] })).toEqual([
      {
        kind: "own-fate",
        what: "this service runs in one, which it watches",
        where: "haechi",
        why,
        loads: ["one"],
        services: [],
      },
      ...["switch", "yard"].map((room) => ({
        kind: "own-fate",
        what: `this service depends on room ${room}, which it watches`,
        where: `space ${room}`,
        why,
        loads: [],
        services: [],
      })),
      {
        kind: "own-fate",
        what: "this service needs batch, which it watches",
        where: "service batch",
        why,
        loads: ["three"],
        services: ["batch"],
      },
      {
        kind: "own-fate",
        what: "this service needs gone, which it watches",
        where: "service gone",
        why,
        loads: [],
        services: [],
      },
    ]);
  });

  test("is nothing where it stands elsewhere, and is said to be unknown where the site file is silent", () => {
    expect(found({ loads: [], spaces: [], needs: [] })).toEqual([]);
    expect(found(null)).toEqual([
      {
        kind: "unsaid",
        what: "what this service itself stands on is not said",
        where: "haechi",
        why: "Whether it outlives what it watches is not known.",
        loads: [],
        services: [],
      },
    ]);
  });
});

describe("services that need each other in a circle", () => {
  const circles = (...services: readonly Tenant[]): readonly Finding[] => of(services, "circle");
  const needing = (id: string, ...needs: readonly string[]): Tenant => tenant(id, { needs });

  test("are told once, from the first of them round to itself", () => {
    expect(circles(needing("a", "b"), needing("b", "c"), needing("c", "a"), needing("d", "a"))).toEqual([
      {
        kind: "circle",
        what: "a, b, c, a: each needs the next",
        where: "service a",
        why: "Once down, none of them starts before the others.",
        loads: [],
        services: ["a", "b", "c"],
      },
    ]);
  });

  test("are told by the shortest way, and each circle by itself", () => {
    const whats = (...services: readonly Tenant[]) => circles(...services).map(({ what }) => what);
    expect(whats(needing("a", "b", "c"), needing("b", "d"), needing("d", "c"), needing("c", "a"))).toEqual([
      "a, c, a: each needs the next",
      // Of the longer way round only those that are in no circle yet are told.
      "b, d, c, a, b: each needs the next",
    ]);
    expect(whats(needing("a", "b"), needing("b", "a"), needing("c", "d"), needing("d", "c"))).toEqual([
      "a, b, a: each needs the next",
      "c, d, c: each needs the next",
    ]);
  });

  test("are none where a service leads into a circle, or where two ways come together again", () => {
    expect(circles(needing("a", "b", "c"), needing("b", "d"), needing("c", "d"), needing("d", "gone"))).toEqual([]);
    const [found, ...others] = circles(needing("x", "a"), needing("a", "b"), needing("b", "a"));
    expect([found!.services, others]).toEqual([["a", "b"], []]);
  });

  test("are joined by what moves them, which does not need itself to move", () => {
    expect(circles(tenant("login", { by: "switcher" }), needing("switcher", "login"))).toHaveLength(1);
    expect(circles(tenant("switcher", { by: "switcher" }))).toEqual([]);
    expect(circles(tenant("self", { needs: ["self"] })).map(({ services }) => services)).toEqual([["self"]]);
  });
});

test("what moves services from elsewhere, by several ways, is no finding", () => {
  expect(moverFindings(groundsWith(doubled))).toEqual([]);
});

import { describe, expect, test } from "vitest";
import type { PlanFinding, Site } from "../../src/site/index.ts";
import { plansOf, shedForecasts } from "../../src/site/index.ts";
import { siteAfter } from "./fixture.ts";

type Change = readonly [from: string, to: string];

const written = "shed: { relieve: [{ node: feed-a, toKw: 10 }], within: 10s, settle: 10s }";
/** All that hangs on feed A: a move, and a rack that goes dark. */
const shedding = (more: string): Change => [
  written,
  `shed: { relieve: [{ node: feed-a, toKw: 0 }], within: 5s, settle: 2s, ${more} }`,
];
const paced = (time: string): Change => [
  "fitted: { n: 2 } }\n  pdu-b",
  `fitted: { n: 4 }, writeTime: ${time} }\n  pdu-b`,
];
const rack = (n: number): string => `  rack-${n}:
    space: hall
    ratedKw: 5
    importance: normal
    feeds: [{ node: feed-a, outlet: "pdu-a/outlet[${n}].state" }]
`;
/** Three racks, 15 kW, that can only go dark; the fourth is protected. */
const threeRacks: Change = ["services:", `${rack(3)}${rack(4)}services:`];

const siteOf = (...changes: readonly Change[]): Site => siteAfter(threeRacks, ...changes);
const found = (kind: PlanFinding["kind"], ...changes: readonly Change[]): readonly string[] =>
  plansOf(siteOf(...changes)).findings.flatMap((one) =>
    one.kind === kind && one.response === "shed" ? [one.what] : [],
  );

describe("how long a shed takes", () => {
  test("is told with every load at its rating, by what its device takes for a write", () => {
    expect(shedForecasts(siteOf(shedding(""), paced("800ms")))).toEqual([
      {
        response: "shed",
        mode: "act",
        afterMs: 30_000,
        deadlineMs: null,
        outlets: 3,
        length: {
          usual: { lasts: 2400, steps: ["drop normal (pdu-a: 3 writes)"], assumed: [] },
          worst: { lasts: 8000, steps: ["drop normal"], assumed: [] },
        },
      },
    ]);
  });

  test("is nothing where nothing is too much at that", () => {
    const [shed] = shedForecasts(siteOf([written, written.replace("toKw: 10", "toKw: 30")], paced("800ms")));
    expect(shed).toMatchObject({ outlets: 0, length: { usual: { lasts: 0 } } });
  });
});

describe("a shed's deadline", () => {
  test("is kept, or too short at worst, or as a rule", () => {
    expect(found("late", shedding("deadline: 8s"), paced("800ms"))).toEqual([]);
    expect(found("tight", shedding("deadline: 8s"), paced("800ms"))).toEqual([]);
    expect(found("tight", shedding("deadline: 7s"), paced("800ms"))).toEqual([
      "takes 8 s at worst by drop normal; its deadline is 7 s",
    ]);
    expect(found("late", shedding("usual: 4s, deadline: 3s"), paced("800ms"))).toEqual([
      "takes 4 s as a rule by drop normal (pdu-a: 3 writes); its deadline is 3 s",
    ]);
  });

  test("is late where devices write too slowly for all that has to go", () => {
    expect(found("late", shedding("deadline: 2s"), paced("800ms"))).toEqual([
      "its devices write too slowly to take 5.0 kW off feed-a as well; its deadline is 2 s",
    ]);
  });

  test("is not said to be late for what could not be taken in any time", () => {
    expect(found("late", shedding("deadline: 60s"), paced("800ms"))).toEqual([]);
    expect(found("late", shedding(""), paced("800ms"))).toEqual([]);
  });
});

test("outlets that are given up sooner than they usually show are found", () => {
  expect(found("impatient", shedding("usual: 6s"), paced("500ms"))).toEqual([
    "an outlet is given up after 5 s; as a rule it takes 6 s",
  ]);
  expect(found("impatient", shedding("usual: 5s"), paced("500ms"))).toEqual([]);
});

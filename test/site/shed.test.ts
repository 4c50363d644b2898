import { describe, expect, test } from "vitest";
import { point } from "../core/fixture.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const written = "shed: { relieve: [{ node: feed-a, toKw: 10 }], within: 10s, settle: 10s }";
const shedOf = (text: string): readonly [string, string] => [written, `shed: ${text}`];

describe("a shed", () => {
  test("may have three bands, a deadline, a list and a release", () => {
    const text =
      "{ relieve: [{ node: feed-a, toKw: 10, capKw: 12, uncapKw: 8 }], within: 10s, settle: 10s, deadline: 90s, order: [rack-2], release: { after: 10min, every: 30s, tightenAfter: 2min } }";
    expect(siteAfter(shedOf(text)).model.responses[1]?.action).toEqual({
      kind: "shed",
      relieve: [{ node: "feed-a", toKw: 10, capKw: 12, uncapKw: 8 }],
      within: 10_000,
      settle: 10_000,
      deadline: 90_000,
      order: ["rack-2"],
      release: { after: 600_000, every: 30_000, tightenAfter: 120_000 },
    });
  });

  test("may say when a person may have it restored", () => {
    const when = "[{ point: ups-a/ups.mode, at: online }, { point: bat-a/battery.charge, above: 80 }]";
    const text = `{ relieve: [{ node: feed-a, toKw: 10 }], within: 10s, settle: 10s, restore: { when: ${when}, settle: 10min, every: 30s } }`;
    const site = siteAfter(shedOf(text));
    expect(site.model.responses[1]?.action).toMatchObject({
      restore: {
        when: [
          {
            point: "ups-a/ups.mode",
            is: "=",
            value: site.model.points.get(point("ups-a/ups.mode"))?.states?.indexOf("online"),
          },
          { point: "bat-a/battery.charge", is: ">", value: 80 },
        ],
        settle: 600_000,
        every: 30_000,
      },
    });
    expect([...(site.model.closable ?? [])]).toContain("pdu-a/outlet[2].state");
  });

  const bands = "within: 10s, settle: 10s";
  test.each([
    [
      "sheds to more than its cap",
      `{ relieve: [{ node: feed-a, toKw: 10, capKw: 9 }], ${bands} }`,
      ["103:23 responses.shed.shed.relieve.0: capKw is at least toKw: what is shed to must not be over it"],
    ],
    [
      "lets come back what it would shed again",
      `{ relieve: [{ node: feed-a, toKw: 10, uncapKw: 11 }], ${bands} }`,
      ["103:23 responses.shed.shed.relieve.0: uncapKw is at most toKw: what comes back must not be shed again"],
    ],
    [
      "has a release and says of a node not when",
      `{ relieve: [{ node: feed-a, toKw: 10 }], ${bands}, release: { after: 10min, every: 30s } }`,
      ["103:11 responses.shed.shed: release needs an uncapKw of every node that is relieved"],
    ],
    [
      "comes back by itself and when it is asked",
      `{ relieve: [{ node: feed-a, toKw: 10, uncapKw: 8 }], ${bands}, release: { after: 10min, every: 30s }, restore: { when: [{ point: ups-a/ups.mode, at: online }], settle: 1s } }`,
      [
        "103:11 responses.shed.shed: load comes back by itself (release) or when a person asks for it (restore), not both",
      ],
    ],
    [
      "waits for what is not there before it is restored",
      `{ relieve: [{ node: feed-a, toKw: 10 }], ${bands}, restore: { when: [{ point: ups-a/ups.mood, at: online }], settle: 1s } }`,
      [
        '103:105 responses.shed.shed.restore.when.0.point: ups-a (ups/eaton-xups) has no point "ups.mood" (did you mean "ups.mode"?)',
      ],
    ],
    [
      "lists what is not there, what is never shed, and one load twice",
      `{ relieve: [{ node: feed-a, toKw: 10 }], ${bands}, order: [rack-9, rack-1, rack-2, rack-2] }`,
      [
        '103:86 responses.shed.shed.order.0: there is no load "rack-9" (did you mean "rack-1"?)',
        "103:94 responses.shed.shed.order.1: rack-1 is protected: it is never shed",
        "103:110 responses.shed.shed.order.3: rack-2 stands in the list already",
      ],
    ],
  ])("is refused that %s", (_, text, said) => {
    expect(problemsAfter(shedOf(text))).toEqual(said);
  });

  test("is refused a list of loads that cannot help", () => {
    const row = "  feed-b: { kind: ups, feed: B, from: [mains], ratedKw: 50, power: ups-b/output.power }\n";
    const more = `  rack-3:
    space: hall
    ratedKw: 5
    importance: batch
    feeds: [{ node: feed-b, outlet: "pdu-b/outlet[2].state" }]
services:`;
    const text = `{ relieve: [{ node: feed-a, toKw: 10 }], ${bands}, order: [rack-3] }`;
    expect(problemsAfter([row, row], ["services:", more], shedOf(text))).toEqual([
      "108:86 responses.shed.shed.order.0: rack-3 has no outlet below feed-a: opening it helps none of them",
    ]);
  });

  test("is refused a release where nobody would see when", () => {
    const text = `{ relieve: [{ node: feed-a, toKw: 10, uncapKw: 8 }], ${bands}, release: { after: 10min, every: 30s } }`;
    expect(problemsAfter(["ratedKw: 50, power: ups-a/output.power, ", "ratedKw: 50, "], shedOf(text))).toEqual([
      "103:99 responses.shed.shed.release: feed-a has no meter: nobody would see when load may come back",
    ]);
  });
});

test("a shed may say how long an outlet takes as a rule", () => {
  const { responses } = siteAfter(
    shedOf("{ relieve: [{ node: feed-a, toKw: 10 }], within: 5s, usual: 1500ms, settle: 2s }"),
  ).model;
  expect(responses.find(({ id }) => id === "shed")!.action).toMatchObject({ usual: 1500, within: 5000 });
});

test("a load may stand for others, and a device say how long it takes for a write", () => {
  const { loads, writeTimes } = siteAfter(
    ["    importance: normal\n", "    importance: normal\n    spread: web\n"],
    ["fitted: { n: 2 } }\n  pdu-b", "fitted: { n: 2 }, writeTime: 800ms }\n  pdu-b"],
  ).model.power;
  expect(loads.map(({ spread }) => spread)).toEqual([undefined, "web"]);
  expect([...writeTimes!]).toEqual([["pdu-a", 800]]);
  expect(siteAfter().model.power).not.toHaveProperty("writeTimes");
});

import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

describe("the power tree", () => {
  test("is what the core reckons with", () => {
    const { nodes, loads } = siteAfter().model.power;
    expect([...nodes.keys()]).toEqual(["mains", "feed-a", "feed-b"]);
    expect(nodes.get("feed-a" as never)).toEqual({
      id: "feed-a",
      kind: "ups",
      feed: "A",
      space: null,
      from: ["mains"],
      ratedKw: 50,
      power: "ups-a/output.power",
      battery: "bat-a",
      device: "ups-a",
    });
    expect(loads[0]?.feeds[1]).toEqual({
      node: "feed-b",
      outlet: "pdu-b/outlet[1].state",
      closed: "pdu-b/outlet[1].state",
      power: null,
    });
  });

  test("has static switches beside those with contacts, and both must be supplied", () => {
    const as = (kind: string): readonly [string, string] => ["{ kind: ups, feed: B,", `{ kind: ${kind}, feed: B,`];
    for (const kind of ["ats", "sts"])
      expect(siteAfter(as(kind)).model.power.nodes.get("feed-b" as never)?.kind).toBe(kind);
    expect(problemsAfter(["{ kind: ups, feed: B, from: [mains],", "{ kind: sts, feed: B,"])).toEqual([
      "19:11 power.feed-b: hangs in the air: say from what this sts is supplied",
    ]);
  });

  const feedA = "from: [mains], ratedKw: 50, power: ups-a/output.power";
  test.each([
    [
      "a supply that is not there",
      feedA,
      "from: [main], ratedKw: 50, power: ups-a/output.power",
      '18:40 power.feed-a.from.0: there is no node of the power tree "main" (did you mean "mains"?)',
    ],
    [
      "a node that hangs in the air",
      feedA,
      "ratedKw: 50, power: ups-a/output.power",
      "18:11 power.feed-a: hangs in the air: say from what this ups is supplied",
    ],
    [
      "a node that supplies itself",
      feedA,
      "from: [feed-a], ratedKw: 50, power: ups-a/output.power",
      "18:39 power.feed-a.from: power goes round in a circle: feed-a supplies itself",
    ],
    [
      "a generator that is supplied",
      "{ kind: ups, feed: B,",
      "{ kind: generator, feed: B,",
      "19:45 power.feed-b.from: a generator is where power comes from",
    ],
    [
      "a space that is not there",
      "{ kind: utility,",
      "{ kind: utility, space: hell,",
      '17:34 power.mains.space: there is no space "hell" (did you mean "hall"?)',
    ],
    [
      "a device that is not there",
      "device: ups-a }",
      "device: ups-z }",
      '18:112 power.feed-a.device: there is no device "ups-z" (did you mean "ups-a"?)',
    ],
    [
      "a battery that is none",
      "battery: bat-a",
      "battery: ups-b",
      "18:97 power.feed-a.battery: ups-b is a ups, no battery",
    ],
    [
      "a meter that is not there",
      "power: ups-a/output.power",
      "power: ups-a/output.powr",
      '18:68 power.feed-a.power: ups-a (ups/eaton-xups) has no point "output.powr" (did you mean "output.power"?)',
    ],
    [
      "a meter of something else",
      "power: ups-a/output.power",
      "power: ups-a/battery.voltage",
      "18:68 power.feed-a.power: ups-a/battery.voltage is in V; this needs kW",
    ],
    [
      "a meter that is a state",
      "power: ups-a/output.power",
      "power: ups-a/ups.mode",
      "18:68 power.feed-a.power: ups-a/ups.mode is a state; this needs kW",
    ],
    [
      "a load in a space that is not there",
      "rack-1:\n    space: hall",
      "rack-1:\n    space: hell",
      '22:12 loads.rack-1.space: there is no space "hell" (did you mean "hall"?)',
    ],
    [
      "a feed from nowhere",
      "{ node: feed-b,",
      "{ node: feed-c,",
      '27:17 loads.rack-1.feeds.1.node: there is no node of the power tree "feed-c" (did you mean "feed-a"?)',
    ],
    [
      "an outlet that is not fitted",
      'outlet: "pdu-b/outlet[1].state"',
      'outlet: "pdu-b/outlet[3].state"',
      '27:33 loads.rack-1.feeds.1.outlet: pdu-b (pdu/apc-rpdu2) has no point "outlet[3].state" (did you mean "outlet[1].state"?)',
    ],
    [
      "an outlet on no device",
      'outlet: "pdu-b/outlet[1].state"',
      'outlet: "pdu-z/outlet[1].state"',
      '27:33 loads.rack-1.feeds.1.outlet: there is no device "pdu-z" (did you mean "pdu-a/outlet[1].state"?)',
    ],
    [
      "an outlet that no command opens",
      'outlet: "pdu-b/outlet[1].state"',
      "outlet: io/offgas.state",
      "27:33 loads.rack-1.feeds.1.outlet: io/offgas.state cannot be opened: remote-io/moxa-iologik-e1210 has no command for it",
    ],
    [
      "an outlet of two loads",
      'outlet: "pdu-b/outlet[1].state"',
      'outlet: "pdu-a/outlet[2].state"',
      "33:33 loads.rack-2.feeds.0.outlet: pdu-a/outlet[2].state feeds rack-1 already",
    ],
    [
      "a contact that does not say open or closed",
      'closed: "pdu-b/outlet[1].state"',
      "closed: ups-b/ups.mode",
      "27:66 loads.rack-1.feeds.1.closed: ups-b/ups.mode does not say whether something is open or closed: it has not got two states",
    ],
    [
      "a load of no feed",
      '\n      - { node: feed-a, outlet: "pdu-a/outlet[2].state", closed: "pdu-a/outlet[2].state" }',
      " []",
      "32:12 loads.rack-2.feeds: must be at least 1",
    ],
  ])("with %s is refused", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("whose nodes supply each other is refused", () => {
    const problems = problemsAfter([feedA, feedA.replace("mains", "feed-b")], ["from: [mains]", "from: [feed-a]"]);
    expect(problems).toEqual(["18:39 power.feed-a.from: power goes round in a circle: feed-a supplies itself"]);
  });

  test("says nothing of what hangs on a device that is wrong already", () => {
    expect(
      problemsAfter([
        "profile: pdu/apc-rpdu2, space: hall, snmp: { host: 10.0.0.6",
        "profile: pdu/apc, space: hall, snmp: { host: 10.0.0.6",
      ]),
    ).toEqual(['13:21 devices.pdu-b.profile: there is no profile "pdu/apc"']);
  });
});

import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const gateWith = (said: string): [string, string] => ["armed: [move, shed]", `armed: [move, shed]\n  ${said}`];
const lock = (said: string): [string, string] => gateWith(`interlocks: [{ ${said}, why: people }]`);

describe("interlocks and the yes of two people", () => {
  test("are what the file says, states by their names", () => {
    const { gate } = siteAfter(
      gateWith(
        'twoPeople: [shed, pdu-a]\n  interlocks: [{ point: "pdu-b/outlet[1].state", is: "=", value: off, forbids: [pdu-a], why: people }]',
      ),
    );
    expect(gate.twoPeople).toEqual(["shed", "pdu-a"]);
    expect(gate.interlocks).toEqual([
      { point: "pdu-b/outlet[1].state", is: "=", value: 0, forbids: ["pdu-a"], why: "people" },
    ]);
  });

  test.each([
    [
      "a state that the point has not",
      lock('point: "pdu-b/outlet[1].state", is: "=", value: out, forbids: [pdu-a]'),
      /^107:\d+ gate.interlocks.0.value: pdu-b.outlet.1..state has no state "out"/,
    ],
    [
      "more or less of a state",
      lock('point: "pdu-b/outlet[1].state", is: ">", value: off, forbids: [pdu-a]'),
      /gate.interlocks.0.is: .* "=" is meant/,
    ],
    [
      "what is not written to",
      lock('point: "pdu-b/outlet[1].state", is: "=", value: off, forbids: [pdu-z]'),
      /gate.interlocks.0.forbids.0: gate.allow does not name pdu-z/,
    ],
    [
      "a point of no device",
      lock('point: login/service.site, is: "=", value: 0, forbids: [pdu-a]'),
      /gate.interlocks.0.point: login is no device/,
    ],
    [
      "what the service alone knows",
      lock('point: pdu-b/link.misses, is: ">", value: 1, forbids: [pdu-a]'),
      /gate.interlocks.0.point: link.misses is known to the service alone/,
    ],
    ["nobody", gateWith("twoPeople: [shad]"), /gate.twoPeople.0: there is no response "shad", and gate.allow/],
  ])("do not name %s", (_, change, problem) => {
    expect(problemsAfter(change)).toEqual([expect.stringMatching(problem)]);
  });
});

import { describe, expect, test } from "vitest";
import { pduText, problemsIn } from "./fixtures.ts";

const head = "firmware: { snmp: { oid: 1.3.6.1.4.1.9.0 } }\n";
const variant = (points: string, when = "<6.74"): string =>
  `variants:\n  - when: { firmware: "${when}" }\n    points: { ${points} }\n`;
const problems = (points: string, change: Parameters<typeof pduText>[0] = {}) =>
  problemsIn(pduText({ head, ...change, rest: `${change.rest ?? ""}${variant(points)}` }));

describe("a variant of a profile", () => {
  test("that moves an object is sound", () =>
    expect(problems("power.active: { snmp: { oid: 1.3.6.1.4.1.5.0 } }")).toEqual([]));

  test.each([
    ["points that there are", "frequency: { range: [1, 2] }", 'points.frequency: there is no point "frequency"'],
    ["their places and meaning, and not how often they are asked", "power.active: { scan: slow }", '"scan"'],
    [
      "them over a protocol that tells the firmware",
      "power.active: { modbus: { table: input, addr: 1, type: u16 } }",
      "the firmware is not told over modbus",
    ],
    ["no number to a state", "power.active: { map: { 1: on } }", "a number has no map"],
    [
      "states to states that there are",
      '"outlet[n].state": { snmp: { oid: "1.3.6.1.4.1.7.{n}", map: { 1: "offf" } } }',
      'did you mean "off"',
    ],
    [
      "no point from its place to one that is looked up",
      "power.active: { snmp: [{ oid: 1.3.6.1.4.1.5.0 }, { oid: 1.3.6.1.4.1.6.0 }] }",
      "in one firmware it is looked up",
    ],
  ])("changes %s", (_, points, message) => expect(problems(points).join("\n")).toContain(message));

  test("needs to be told by the device, and by a version", () => {
    expect(problemsIn(pduText({ rest: variant("power.active: { range: [0, 9] }") })).join("\n")).toContain(
      "variants: nothing says where the device tells its firmware",
    );
    const odd = pduText({ head, rest: variant("power.active: { range: [0, 9] }", "older") });
    expect(problemsIn(odd)).toEqual([
      expect.stringMatching(/test\.yaml:\d+:\d+ variants\.0\.when\.firmware: "older" is no test/),
    ]);
  });

  test("leaves what a command reads back where it is", () => {
    const rest = `commands:
  "outlet[n].off":
    hazard: load
    write: { snmp: { oid: "1.3.9.{n}", raw: 1 } }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
`;
    const points = '"outlet[n].state": { snmp: { oid: "1.3.6.1.4.1.7.{n}", map: { 1: "off", 2: "on" } } }';
    expect(problems(points, { rest }).join("\n")).toContain("a command reads it back");
  });

  test("does not repeat what is wrong with the profile's own point", () => {
    const own = "  power.active: { unit: W, scan: fast, snmp: { oid: 1.3.6.1.4.1.1.0 } }\n";
    expect(problems("power.active: { range: [0, 9] }", { points: own })).toEqual([
      expect.stringContaining("points.power.active.unit"),
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { bindAlarms, bindDevice, bindProblems, type FoundRow, tableRows } from "../../src/profiles/index.ts";
import { pduText, problemsIn, profileOf } from "./fixtures.ts";

const power = "  power.active: { unit: kW, scan: fast, snmp: { oid: 1.3.6.1.4.1.1.0 } }\n";

const rows = (...found: string[]): FoundRow[] => found.map((row) => ({ row, factor: 1 }));

const walked = (repeat: string, more = ""): string =>
  pduText({
    points: `${power}  "outlet[n].state":
    scan: fast
    repeat: { n: ${repeat} }
    snmp: { oid: "1.3.6.1.4.1.2.1.4.{n}", map: { 1: "off", 2: "on" } }
  "outlet[n].power":
    unit: kW
    scan: slow
    repeat: { n: ${repeat} }
    snmp: { oid: "1.3.6.1.4.1.2.1.7.{n}" }
${more}`,
    rest: `commands:
  "outlet[n].off":
    hazard: load
    write: { snmp: { oid: "1.3.6.1.4.1.2.1.5.{n}", raw: 1 } }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
alarms:
  outlet_off:
    title: { en: An outlet is off }
    point: "outlet[n].state"
    on: == off
    onDelay: 1s
    offDelay: 1s
    priority: low
    cause: Somebody switched it.
    consequence: Its load has one feed less.
    response: Ask who.
`,
  });

describe("points of a table that is walked", () => {
  const model = bindDevice(profileOf(walked("walk")));

  it("are not known before the device is connected, and neither are its commands", () => {
    expect(model.points.map(({ name }) => name)).toEqual(["power.active"]);
    expect(model.commands).toEqual([]);
  });

  it("are of one table where their columns are, and its first column tells the rows", () => {
    expect(model.tables).toMatchObject([
      { letter: "n", column: "1.3.6.1.4.1.2.1.4", index: "whole", points: [{ scan: "fast" }, { scan: "slow" }] },
    ]);
  });

  it("are of tables of their own where their columns have other parents", () => {
    const other =
      '  "contact[n].state": { scan: fast, repeat: { n: walk }, snmp: { oid: "1.3.6.1.4.1.3.1.2.{n}", map: { 0: open, 1: closed } } }\n';
    expect(bindDevice(profileOf(walked("walk", other))).tables).toHaveLength(2);
  });

  it("are named by the whole index of their row, of however many parts", () => {
    const points = tableRows(model.tables![0]!, rows("1.3", "1.12"));
    expect(points.map(({ name, at }) => [name, at.protocol === "snmp" && at.oid])).toEqual([
      ["outlet[1.3].state", "1.3.6.1.4.1.2.1.4.1.3"],
      ["outlet[1.3].power", "1.3.6.1.4.1.2.1.7.1.3"],
      ["outlet[1.12].state", "1.3.6.1.4.1.2.1.4.1.12"],
      ["outlet[1.12].power", "1.3.6.1.4.1.2.1.7.1.12"],
    ]);
  });

  it("are named by the last part where the profile says so, but never two by one name", () => {
    const [table] = bindDevice(profileOf(walked("{ by: walk, index: last }"))).tables!;
    const names = (found: string[]): string[] =>
      tableRows(table!, rows(...found)).flatMap(({ name }) => /^outlet(.*)\.state$/.exec(name)?.[1] ?? []);
    expect(names(["1.3", "1.4"])).toEqual(["[3]", "[4]"]);
    expect(names(["1.3", "1.4", "2.3"])).toEqual(["[1.3]", "[4]", "[2.3]"]);
  });

  it("are known at once where the site says which rows are fitted, with their commands and alarms", () => {
    const profile = profileOf(walked("walk"));
    for (const [fitted, names] of [
      [2, ["1", "2"]],
      [
        ["1.3", 7],
        ["1.3", "7"],
      ],
    ] as const) {
      const bound = bindDevice(profile, { fitted: { n: fitted } });
      expect(bound.tables).toBeUndefined();
      expect(bound.points.map(({ name }) => name).slice(1)).toEqual([
        ...names.map((n) => `outlet[${n}].state`),
        ...names.map((n) => `outlet[${n}].power`),
      ]);
      expect(bound.commands.map(({ name, point }) => [name, point])).toEqual(
        names.map((n) => [`outlet[${n}].off`, `outlet[${n}].state`]),
      );
      expect(bindAlarms(profile, bound).map(({ id }) => id)).toEqual(names.map((n) => `outlet_off[${n}]`));
    }
  });

  it("keep their whole index on the wire where they are named by its last part", () => {
    const { points, commands } = bindDevice(profileOf(walked("{ by: walk, index: last }")), { fitted: { n: ["1.3"] } });
    expect(points[1]).toMatchObject({ name: "outlet[3].state", at: { oid: "1.3.6.1.4.1.2.1.4.1.3" } });
    expect(commands[0]).toMatchObject({ point: "outlet[3].state", write: { at: { oid: "1.3.6.1.4.1.2.1.5.1.3" } } });
  });

  it.each([
    [2001, "fitted n: 2001 is not 1 to 2000"],
    [["1.3", "1.3"], "fitted n: 1.3 stands there twice"],
    [["1."], "fitted n: it has no n 1."],
  ])("fitted %j are refused", (fitted, problem) => {
    expect(bindProblems(profileOf(walked("walk")), { fitted: { n: fitted } })).toContain(problem);
  });

  it.each([
    [
      '"outlet[n].state": { scan: fast, repeat: { n: walk }, snmp: { oid: "1.3.{n}.4" } }',
      "must end in its instance: .{n}",
    ],
    [
      '"outlet[n].state": { scan: fast, repeat: { n: walk }, modbus: { table: coil, addr: 1, stride: 1, type: bit } }',
      "only an SNMP table can be walked",
    ],
    ['"outlet[n].state": { scan: fast, repeat: { n: wlak }, snmp: { oid: "1.3.{n}" } }', 'did you mean "walk"?'],
  ])("are refused in a profile as %s", (point, problem) => {
    expect(problemsIn(pduText({ points: `${power}  ${point}\n` })).join("\n")).toContain(problem);
  });
});

describe("points that are counted out", () => {
  it("may be fitted in any choice, each at its own address", () => {
    const { points } = bindDevice(profileOf(pduText()), { protocol: "modbus", fitted: { n: [1, 5] } });
    expect(points.slice(1).map(({ name, at }) => [name, at.protocol === "modbus" && at.addr])).toEqual([
      ["outlet[1].state", 100],
      ["outlet[5].state", 108],
    ]);
  });

  it("may not be fitted outside their count", () => {
    expect(bindProblems(profileOf(pduText()), { protocol: "snmp", fitted: { n: [1, 9, "1.2"] } })).toEqual([
      "fitted n: it has no n 9",
      "fitted n: it has no n 1.2",
    ]);
  });
});

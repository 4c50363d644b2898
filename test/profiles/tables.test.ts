import { describe, expect, it } from "vitest";
import type { TableModel } from "../../src/profiles/index.ts";
import { bindDevice, decodeSnmp, encodeSnmp, type PointModel, tableRows } from "../../src/profiles/index.ts";
import { factorOf, passes } from "../../src/profiles/tables.ts";
import { pduText, problemsIn, profileOf } from "./fixtures.ts";

const oid = "1.3.6.1.4.1.9";
const power = `  power.active: { unit: kW, scan: fast, snmp: { oid: ${oid}.1.0 } }\n`;
const bound = (points: string) => bindDevice(profileOf(pduText({ points: power + points })));

/** One point out of a file, read by an address that is written for it. */
function pointOf(name: string, head: string, snmp: string): PointModel {
  const { points, tables = [] } = bound(`  "${name}": { ${head}, scan: fast, snmp: ${snmp} }\n`);
  return [...tables.flatMap((table) => table.points), ...points].find((point) => point.name === name)!;
}

const passing = ({ tests }: TableModel, said: string): boolean => tests.every((test) => passes(test, said));

describe("points that have to be looked up on the device", () => {
  const sensor = (where: string): TableModel =>
    bound(`  "sensor[n].temperature":
    unit: Cel
    scan: fast
    repeat: { n: walk }
    snmp: { oid: "${oid}.2.1.{n}", where: ${where} }\n`).tables![0]!;

  it("are rows of a kind that another column of the table names", () => {
    const table = sensor(`{ oid: "${oid}.2.2.{n}", in: [10, "celsius"] }`);
    expect(table).toMatchObject({ letter: "n", column: `${oid}.2.1`, tests: [{ oid: `${oid}.2.2.{n}` }] });
    expect(["10", "celsius", "11", "1"].map((said) => passing(table, said))).toEqual([true, true, false, false]);
  });

  it("are rows by their index, or by what the other column's text looks like, or is not", () => {
    expect(["1.1.4", "1.4.1"].map((row) => passing(sensor("{ index: '\\.1$' }"), row))).toEqual([false, true]);
    const named = sensor(`{ oid: "${oid}.2.3.{n}", matches: "^Temp" }`);
    expect(["Temperature", "Humidity"].map((said) => passing(named, said))).toEqual([true, false]);
    const not = sensor(`{ oid: "${oid}.2.3.{n}", not: [0] }`);
    expect(["0", "1"].map((said) => passing(not, said))).toEqual([false, true]);
  });

  it("stand in several tables where they have several conditions, and in one where they share them", () => {
    const of = (name: string, column: number, kind: number) => `  "${name}":
    unit: ${name.includes("temp") ? "Cel" : '"%"'}
    scan: fast
    repeat: { n: walk }
    snmp: { oid: "${oid}.2.${column}.{n}", where: { oid: "${oid}.2.9.{n}", in: [${kind}] } }\n`;
    const { tables } = bound(
      of("sensor[n].temperature", 1, 1) + of("sensor[n].humidity", 1, 2) + of("sensor[n].load", 3, 2),
    );
    expect(tables?.map(({ points }) => points.map(({ name }) => name))).toEqual([
      ["sensor[n].temperature"],
      ["sensor[n].humidity", "sensor[n].load"],
    ]);
  });

  it("stand in tables of their own where their instances go by other letters", () => {
    const { tables } =
      bound(`  "bank[b].current": { unit: A, scan: fast, repeat: { b: walk }, snmp: { oid: "${oid}.2.1.{b}" } }
  "line[l].current": { unit: A, scan: fast, repeat: { l: walk }, snmp: { oid: "${oid}.2.2.{l}" } }\n`);
    expect(tables?.map(({ letter, column }) => [letter, column])).toEqual([
      ["b", `${oid}.2.1`],
      ["l", `${oid}.2.2`],
    ]);
  });

  it("have the factor that other objects say: digits, exponents, ratios and codes", () => {
    const scales = (written: string) =>
      bound(`  supply.voltage: { unit: V, scan: fast, snmp: { oid: ${oid}.4.0, scaleBy: ${written} } }\n`).tables![0]!
        .scales;
    const factor = (written: string, said: number): number => factorOf(scales(written)[0]!, said);
    expect(factor(`{ oid: ${oid}.5.0, as: digits }`, 1)).toBe(0.1);
    expect(factor(`{ oid: ${oid}.5.0, as: exponent }`, -3)).toBe(0.001);
    expect(factor(`{ oid: ${oid}.5.0, as: ratio }`, -100)).toBe(0.01);
    expect(factor(`{ oid: ${oid}.5.0, as: ratio }`, 10)).toBe(10);
    expect(factor(`{ oid: ${oid}.5.0, map: { 8: 0.001, 9: 1 } }`, 8)).toBe(0.001);
    expect(factor(`{ oid: ${oid}.5.0, map: { 8: 0.001, 9: 1 } }`, 3)).toBeNaN();
  });

  it("are bad where the factor is none: a number that may be a thousandfold is no reading", () => {
    const { tables } = bound(
      `  supply.voltage: { unit: V, scan: fast, snmp: { oid: ${oid}.4.0, scaleBy: { oid: ${oid}.5.0, as: digits } } }\n`,
    );
    const [known] = tableRows(tables![0]!, [{ row: "0", factor: 0.1 }]);
    const [unknown] = tableRows(tables![0]!, [{ row: "0", factor: Number.NaN }]);
    expect(decodeSnmp(known!, { type: 2, value: 2301 })).toMatchObject({ value: 230.1 });
    expect(decodeSnmp(unknown!, { type: 2, value: 2301 })).toEqual({ point: unknown, fault: "configuration" });
  });

  it("are the first of several objects that the device has", () => {
    const { points, tables } = bound(
      `  supply.voltage: { unit: V, scan: fast, snmp: [{ oid: ${oid}.4.0, scale: 0.1 }, { oid: ${oid}.5.0 }] }\n`,
    );
    expect(points.map(({ name, lookedUp }) => [name, lookedUp])).toEqual([
      ["power.active", undefined],
      ["supply.voltage", true],
    ]);
    expect(tables).toMatchObject([
      { letter: "", column: `${oid}.4`, row: "0", rank: 0, points: [{ name: "supply.voltage", scale: 0.1 }] },
      { letter: "", column: `${oid}.5`, row: "0", rank: 1, points: [{ name: "supply.voltage", scale: 1 }] },
    ]);
  });
});

describe("what an object says", () => {
  it("is a state in words, in whatever letters, and a failure in words that nobody knows", () => {
    const point = pointOf("fan.status", "otherwise: bad", `{ oid: ${oid}.6.0, texts: { OK: normal, Fail: alarm } }`);
    const said = (text: string) => decodeSnmp(point, { type: 4, value: Buffer.from(text) });
    expect(said("ok\0")).toEqual({ point, value: point.states?.indexOf("normal") });
    expect(said("FAIL")).toEqual({ point, value: point.states?.indexOf("alarm") });
    expect(said("maybe")).toEqual({ point, fault: "deviceFailure" });
    expect(decodeSnmp(point, encodeSnmp(point, point.states!.indexOf("alarm")))).toMatchObject({ value: 3 });
  });

  it("is one bit of a number or of octets, or one character of a text", () => {
    const states = "map: { 0: normal, 1: alarm }";
    const bit = pointOf("fan.alarm", states, `{ oid: ${oid}.6.0, bit: 4 }`);
    expect([16, 15].map((value) => decodeSnmp(bit, { type: 2, value }))).toMatchObject([{ value: 1 }, { value: 0 }]);
    const octets = pointOf("fan.alarm", states, `{ oid: ${oid}.6.0, type: string, bit: 9 }`);
    expect(decodeSnmp(octets, { type: 4, value: Buffer.from([0, 0x40]) })).toMatchObject({ value: 1 });
    const char = pointOf("fan.alarm", states, `{ oid: ${oid}.6.0, type: string, char: 3 }`);
    expect(decodeSnmp(char, { type: 4, value: Buffer.from("001") })).toMatchObject({ value: 1 });
    expect(decodeSnmp(char, { type: 4, value: Buffer.from("00") })).toMatchObject({ fault: "sensorFailure" });
    for (const point of [bit, octets, char])
      expect(decodeSnmp(point, encodeSnmp(point, 1, encodeSnmp(point, 0)))).toMatchObject({ value: 1 });
  });

  it.each([
    ["23.4 C", 23.4],
    ["-5,5", -5.5],
    ["230V", 230],
    ["1e3", 1000],
    [" 7 %", 7],
  ])("is the number in the text %j", (text, value) => {
    const point = pointOf("room.temperature", "unit: Cel", `{ oid: ${oid}.7.0, type: string }`);
    expect(decodeSnmp(point, { type: 4, value: Buffer.from(text) })).toMatchObject({ value });
  });

  it.each(["", "n/a", "12 34", "1.2.3", "C 23", "0x10"])("is no number in the text %j", (text) => {
    const point = pointOf("room.temperature", "unit: Cel", `{ oid: ${oid}.7.0, type: string }`);
    expect(decodeSnmp(point, { type: 4, value: Buffer.from(text) })).toMatchObject({ fault: "sensorFailure" });
  });
});

describe("a file that says it wrongly", () => {
  const of = (snmp: string) =>
    problemsIn(pduText({ points: `${power}  supply.voltage: { unit: V, scan: fast, snmp: ${snmp} }\n` }));

  it.each([
    [`{ oid: ${oid}.4.0, where: { index: "(" } }`, "not a regular expression"],
    [
      `{ oid: ${oid}.4.0, where: { oid: ${oid}.5.0 } }`,
      "is { index: pattern }, or an oid with one of in, not and matches",
    ],
    [`{ oid: ${oid}.4.0, scaleBy: { oid: ${oid}.5.0 } }`, "says either as or map"],
    [`{ oid: ${oid}.4.0, where: { oid: "${oid}.5.{n}", in: [1] } }`, "{n} stands for nothing here"],
    [`{ oid: ${oid}.4.0, bit: 1, char: 2 }`, "one of bit, char and texts says what counts of an object"],
    [`[{ oid: ${oid}.4.0 }, { oid: "${oid}.5.{n}" }]`, "snmp.1.oid: {n} stands for nothing here"],
    [`{ oid: ${oid}.4.0, texts: { OK: normal } }`, "a number has no map"],
  ])("is told where: %s", (snmp, message) => {
    const problems = of(snmp);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join("\n")).toContain(message);
    expect(problems[0]).toMatch(/^devices\/pdu\/test\.yaml:9:\d+ /);
  });
});

import { describe, expect, it } from "vitest";
import { pduText, problemsIn } from "./fixtures.ts";

const leak = (modbus: string): string =>
  pduText({ points: `  leak.state: { scan: fast, modbus: { table: holding, addr: 1, ${modbus} } }\n` });

const command = (modbus: string): string =>
  pduText({
    rest: `commands:
  "outlet[n].off":
    hazard: load
    write: { modbus: ${modbus} }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
`,
  });

describe("bits of which the highest counts", () => {
  it("may run over words, and over inputs", () => {
    expect(problemsIn(leak("type: bits, count: 2, highest: { none: normal, 3: alarm, 12-31: alarm }"))).toEqual([]);
    expect(
      problemsIn(leak("type: bits, count: 3, highest: { 0-2: alarm }").replace("table: holding", "table: discrete")),
    ).toEqual([]);
  });

  it.each([
    ["are bits of their words", "type: bits, highest: { 3: alarm, 12-16: alarm }", "a bit is 0 to 15"],
    ["run upwards", "type: bits, highest: { 5-3: alarm }", "a run of bits goes upwards"],
    ["are named once", "type: bits, highest: { 3: alarm, 1-4: alarm }", "names a bit twice"],
    ["are states that there are", "type: bits, highest: { 3: wet }", '"wet" is none of its states'],
    ["are some", "type: bits, highest: { none: normal }", "names no bit"],
    [
      "have a state for none that there is",
      "type: bits, highest: { none: dry, 1: alarm }",
      '"dry" is none of its states',
    ],
    ["alone take several words", "type: bits, count: 2, mask: 3, map: { 0: normal }", "say how many words they take"],
  ])("%s", (_, modbus, expected) => expect(problemsIn(leak(modbus)).join("\n")).toContain(expected));

  it("are counted from the first input in a table of inputs", () =>
    expect(
      problemsIn(leak("type: bits, count: 3, highest: { 3: alarm }").replace("holding", "discrete")).join("\n"),
    ).toContain("a bit is 0 to 2"));
});

describe("what a command writes", () => {
  it.each([
    ["{ table: holding, addr: 1, stride: 0, type: u32, raw: [1, 2, 3, 4, 5, 6, 7, 0xFFFFFFFF] }"],
    ["{ table: holding, model: 803, offset: 57, stride: 32, raw: 2 }"],
  ])("may be %s", (modbus) => expect(problemsIn(command(modbus))).toEqual([]));

  it.each([
    ["fits its word", "{ table: holding, addr: 1, stride: 1, raw: 65536 }", "must be 0 to 65535"],
    ["is one value for each instance", "{ table: holding, addr: 1, stride: 0, raw: [1, 2] }", "for each instance"],
    ["goes to one place", "{ table: holding, addr: 1, model: 803, stride: 1, raw: 1 }", "needs either addr or"],
    ["is no word for a coil", "{ table: coil, addr: 1, stride: 1, type: u32, raw: 1 }", "a coil has no type"],
  ])("%s", (_, modbus, expected) => expect(problemsIn(command(modbus)).join("\n")).toContain(expected));
});

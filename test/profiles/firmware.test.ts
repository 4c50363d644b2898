import { describe, expect, test } from "vitest";
import { firmwareAt, firmwareSaid, firmwareTest, firmwareWords, hasVersion } from "../../src/profiles/firmware.ts";
import type { ModbusAddress } from "../../src/profiles/model.ts";

describe("a test of a firmware", () => {
  test.each([
    ["<6.74", "6.73", true],
    ["<6.74", "6.74", false],
    ["<6.74", "NMC3 v6.8.2", true],
    ["<6.74", "6.740", false],
    ["<=6.74", "6.74.0", true],
    [">6.9", "6.10", true],
    [">=5 <6.74", "4.9", false],
    [">=5 <6.74", "5", true],
    [">=5 <6.74", "7.0", false],
    ["6.74", "V6.74.2", true],
    ["6.74", "6.7", false],
    ["1.3.3", "PDU 2, release 1.3_3", true],
    ["<2", "board 17", false],
    ["<2", "unknown", false],
    [">=0", "", false],
  ] as const)('"%s" of "%s" is %s', (test, said, holds) => expect(firmwareTest(test)?.(said)).toBe(holds));

  test.each(["", "<", "=6", "6.74-6.80", "< 6.74", "<6.74 or 7", "new"])('"%s" is none', (written) =>
    expect(firmwareTest(written)).toBeNull(),
  );

  test("knows whether a device says a version at all", () =>
    expect(["v6.74", "12", "unknown", ""].map(hasVersion)).toEqual([true, true, false, false]));
});

describe("a firmware on the wire", () => {
  const registers = (modbus: object) => firmwareAt({ modbus: modbus as never }, "modbus") as ModbusAddress;

  test.each([
    [{ table: "holding", addr: 516, type: "string", count: 4 }, "6.74 b"],
    [{ table: "input", addr: 8, type: "u16" }, "674"],
    [{ table: "holding", addr: 8, type: "u32" }, "200674"],
  ])("%o carries %s there and back", (modbus, said) => {
    const at = registers(modbus);
    const words = firmwareWords(at, said);
    expect(words).toHaveLength(at.count);
    expect(firmwareSaid(at, words)).toBe(said);
  });

  test("is a text or a number of an SNMP object, and null where nothing stands", () => {
    const at = firmwareAt({ snmp: { oid: "1.3.6.1.4.1.1.0" } }, "snmp")!;
    expect([" v6.74 ", 674, 674n, "", null].map((raw) => firmwareSaid(at, raw))).toEqual([
      "v6.74",
      "674",
      "674",
      null,
      null,
    ]);
    const text = registers({ table: "holding", addr: 0, type: "string", count: 2 });
    expect([firmwareSaid(text, [0, 0]), firmwareSaid(text, null)]).toEqual([null, null]);
  });

  test("is not told over a protocol of which the profile does not say where", () => {
    expect(firmwareAt({ snmp: { oid: "1.3.6.1.4.1.1.0" } }, "modbus")).toBeNull();
    expect(firmwareAt({}, "snmp")).toBeNull();
    expect(firmwareAt({}, "mqtt")).toBeNull();
  });
});

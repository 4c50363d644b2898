import { describe, expect, test } from "vitest";
import { Malformed, Reader } from "../../../src/collect/snmp/ber.ts";
import { readValue } from "../../../src/collect/snmp/value.ts";

function read(hex: string): ReturnType<typeof readValue> {
  const reader = new Reader(Buffer.from(hex, "hex"));
  const value = readValue(reader, hex.length / 2);
  expect(reader.at).toBe(hex.length / 2);
  return value;
}

describe("a value in an SNMP answer", () => {
  test.each<[string, string, number, unknown]>([
    ["an integer", "020200ff", 2, 255],
    ["a negative integer", "0202ff38", 2, -200],
    ["text", "04034f4c42", 4, Buffer.from("OLB")],
    ["null", "0500", 5, null],
    ["an object identifier", "06062b0601040105", 6, "1.3.6.1.4.1.5"],
    ["an address", "40047f000001", 64, "127.0.0.1"],
    ["a counter", "41020100", 65, 256],
    ["a counter of 32 bits with its nought", "410500ffffffff", 65, 0xffff_ffff],
    ["a gauge of 32 bits without its nought, as many agents send it", "4204fffffffe", 66, 0xffff_fffe],
    ["ticks", "43021770", 67, 6000],
    ["an opaque", "44079f780441bb3333", 68, Buffer.from("9f780441bb3333", "hex")],
    ["an integer with its sign written twice", "0205ff80000000", 2, -(2 ** 31)],
    ["an integer with noughts before it", "02050000000001", 2, 1],
    ["a counter of 64 bits", "4606010000000000", 70, 2 ** 40],
    ["the largest counter of 64 bits", "460900ffffffffffffffff", 70, 2n ** 64n - 1n],
    ["the same without its nought", "4608ffffffffffffffff", 70, 2n ** 64n - 1n],
    ["the largest whole number", "46071fffffffffffff", 70, Number.MAX_SAFE_INTEGER],
    ["the one after it", "460720000000000000", 70, 2n ** 53n],
    ["no such object", "8000", 128, null],
    ["no such instance", "8100", 129, null],
    ["the end of the view", "8200", 130, null],
  ])("may be %s", (_, hex, type, value) => {
    expect(read(hex)).toEqual({ type, value });
  });

  test.each([
    ["an integer that needs five bytes", "02050100000000"],
    ["an integer whose sign is not the one before it", "0205ff00000001"],
    ["an integer of nine bytes", "0209000000000000000001"],
    ["an integer of nothing", "0200"],
    ["a counter of five bytes that is not 32 bits", "41050100000000"],
    ["a counter of 65 bits", "4609010000000000000000"],
    ["a counter of ten bytes", "460a00000000000000000001"],
    ["an address of three bytes", "40037f0000"],
    ["a null with something in it", "050100"],
    ["an absence with something in it", "800100"],
    ["a sequence", "3000"],
    ["a type that there is not", "4f0100"],
    ["more than there is", "0405aa"],
  ])("may not be %s", (_, hex) => {
    expect(() => read(hex)).toThrow(Malformed);
  });
});

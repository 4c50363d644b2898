import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INTEGER, Malformed, OCTETS, Reader, SEQUENCE, Writer } from "../../../src/collect/snmp/ber.ts";

const read = (hex: string): Reader => new Reader(Buffer.from(hex, "hex"));
const ends = (hex: string): number => read(hex).enter(OCTETS, hex.length / 2);

describe("a BER reader", () => {
  test.each([
    ["in its short form", `0403${"aa".repeat(3)}`, 5],
    ["in its long form, however short", `048103${"aa".repeat(3)}`, 6],
    ["in more bytes than it needs", `04820003${"aa".repeat(3)}`, 7],
    ["of nothing", "0400", 2],
  ])("takes a length %s", (_, hex, end) => {
    expect(ends(hex)).toBe(end);
  });

  test.each([
    ["without end", "0480aaaa0000"],
    ["of more bytes than there are", "0403aaaa"],
    ["that is itself cut off", "0482ff"],
    ["of five bytes", "048500000000010a"],
    ["of four gigabytes", "0484ffffffff"],
    ["that is missing", "04"],
  ])("refuses a length %s", (_, hex) => {
    expect(() => ends(hex)).toThrow(Malformed);
  });

  test("holds what an element says against the element around it, and not only against the datagram", () => {
    const reader = read("3004040401020304");
    const end = reader.enter(SEQUENCE, 8);
    expect(() => reader.enter(OCTETS, end)).toThrow(Malformed);
  });

  test.each([
    ["02012a", 42],
    ["0201ff", -1],
    ["02020080", 128],
    ["020480000000", -0x8000_0000],
    ["02047fffffff", 0x7fff_ffff],
    ["020400000005", 5],
  ])("reads the number in %s", (hex, value) => {
    expect(read(hex).integer(hex.length / 2)).toBe(value);
  });

  test.each(["0200", "02050000000001", "0401aa"])("refuses %s as a number", (hex) => {
    expect(() => read(hex).integer(hex.length / 2)).toThrow(Malformed);
  });

  test("notices what is left over in an element", () => {
    const reader = read("020101");
    reader.integer(3);
    expect(() => reader.done(3)).not.toThrow();
    expect(() => reader.done(4)).toThrow(Malformed);
  });
});

describe("a BER writer", () => {
  test("writes numbers that are read as what they were", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (value) => {
        const writer = new Writer();
        writer.begin(8);
        writer.integer(value);
        const bytes = Buffer.from(writer.written);
        expect(new Reader(bytes).integer(bytes.length)).toBe(value);
        // As short as it can be: not with nine noughts before it.
        expect(bytes[2] === 0 && bytes.length > 3 && bytes[3]! < 0x80).toBe(false);
      }),
    );
  });

  test.each([0, 1, 127, 128, 255, 256, 65_000])("wraps %i bytes so that they are found again", (length) => {
    const writer = new Writer();
    writer.begin(length + 16);
    writer.octets(Buffer.alloc(length, 7));
    writer.integer(1);
    writer.close(SEQUENCE, writer.end);
    const bytes = writer.written;
    const reader = new Reader(bytes);
    const end = reader.enter(SEQUENCE, bytes.length);
    expect(end).toBe(bytes.length);
    expect(reader.integer(end)).toBe(1);
    expect(reader.enter(OCTETS, end) - reader.at).toBe(length);
  });

  test("uses its memory again, and takes more where a message needs it", () => {
    const writer = new Writer();
    for (const size of [4, 100, 2]) {
      writer.begin(size + 4);
      writer.octets(Buffer.alloc(size, size));
      expect(writer.written).toEqual(Buffer.concat([Buffer.of(OCTETS, size), Buffer.alloc(size, size)]));
    }
    writer.begin(3);
    writer.integer(5);
    expect(writer.written).toEqual(Buffer.of(INTEGER, 1, 5));
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineFault } from "../../../src/collect/line.ts";
import { Malformed } from "../../../src/collect/snmp/ber.ts";
import { oidBytes, oidText } from "../../../src/collect/snmp/oid.ts";

const textOf = (hex: string): string => oidText(Buffer.from(hex, "hex"), 0, hex.length / 2);

describe("an object identifier", () => {
  test.each([
    ["1.3.6.1.2.1.1.3.0", "2b06010201010300"],
    ["1.3.6.1.4.1.55555.1", "2b0601040183b20301"],
    ["2.999.3", "883703"],
    ["0.0", "00"],
    ["1.3.4294967295", "2b8fffffff7f"],
  ])("%s is %s on the wire, and comes back", (text, hex) => {
    expect(Buffer.from(oidBytes(text)).toString("hex")).toBe(hex);
    expect(textOf(hex)).toBe(text);
  });

  test("comes back as what it was, whatever its numbers", () => {
    const arcs = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 100 });
    const roots = fc.oneof(
      fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 39 })),
      fc.tuple(fc.constant(2), fc.nat({ max: 5000 })),
    );
    fc.assert(
      fc.property(roots, arcs, (first, rest) => {
        const text = [...first, ...rest].join(".");
        const bytes = oidBytes(text);
        expect(oidText(bytes, 0, bytes.length)).toBe(text);
      }),
    );
  });

  test.each(["", "1", "1.40", "3.1", "1.3.", "1.3.-1", "1.3.4294967296", "1.3.x", Array(200).fill("1").join(".")])(
    "is not what %j is: that is a fault of configuration",
    (text) => {
      expect(() => oidBytes(text)).toThrow(LineFault);
      expect(() => oidBytes(text)).toThrow(/no object identifier/);
    },
  );

  test.each([
    ["nothing", ""],
    ["a number that is cut off", "2b86"],
    ["a number that begins with nought", "2b8001"],
    ["a number beyond 32 bits", "2bffffffffff7f"],
    ["too many numbers", "2b".repeat(200)],
  ])("is not read out of %s", (_, hex) => {
    expect(() => textOf(hex)).toThrow(Malformed);
  });
});

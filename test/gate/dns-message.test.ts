import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classes, dataBytes, decode, encode, nameBytes, readName, types } from "../../src/gate/dns-message.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const record = fc.record({
  name,
  type: fc.constantFrom(types.A, types.AAAA, types.CNAME),
  class: fc.constant(classes.IN),
  ttl: fc.nat(),
  data: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

describe("a message of DNS", () => {
  it("is read as it was written", () => {
    const records = fc.array(record, { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.nat(0xffff),
        name,
        fc.tuple(records, records, records),
        (id, flags, asked, sections) => {
          const answer = decode(encode({ id, flags, asks: [{ name: asked, type: types.A }], sections }));
          expect(answer).toMatchObject({ id, flags });
          expect(answer.sections).toMatchObject(sections);
          expect(answer.sections.map(({ length }) => length)).toEqual(sections.map(({ length }) => length));
        },
      ),
    );
  });

  it("that is damaged is an error at once, and never a loop", () => {
    const whole = encode({ id: 1, flags: 0, asks: [{ name: "a.b", type: 1 }], sections: [[], [], []] });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length), (bytes, cut) => {
        for (const message of [Buffer.from(bytes), Buffer.concat([whole.subarray(0, cut), bytes])]) {
          try {
            decode(message);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("refers back in names, and never forward or to itself", () => {
    const message = Buffer.concat([
      Buffer.alloc(12),
      nameBytes("example.test"),
      Buffer.from([3, 119, 119, 119, 0xc0, 12]),
    ]);
    expect(readName(message, 26)).toEqual({ name: "www.example.test", next: 32 });
    expect(() => readName(Buffer.from([0xc0, 0]), 0)).toThrow("refers forward");
    expect(() => readName(Buffer.from([1, 97, 0xc0, 0]), 0)).toThrow("refers forward");
  });
});

describe("an address", () => {
  it.each([
    ["A", "192.0.2.1", "c0000201"],
    ["AAAA", "2001:db8::1", "20010db8000000000000000000000001"],
    ["AAAA", "::", "0".repeat(32)],
    ["AAAA", "::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
    ["AAAA", "1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["CNAME", "A.b", "0161016200"],
  ] as const)("of %s %s is %s", (type, text, bytes) => {
    expect(dataBytes(type, text).toString("hex")).toBe(bytes);
  });

  it("that is none is refused", () => {
    expect(() => dataBytes("A", "2001:db8::1")).toThrow("no address");
    expect(() => dataBytes("AAAA", "192.0.2.1")).toThrow("no address");
  });
});

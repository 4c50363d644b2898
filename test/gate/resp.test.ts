import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReply, respCommand } from "../../src/gate/resp.ts";

describe("a reply of Redis", () => {
  it.each([
    ["+OK\r\n", "OK"],
    ["-NOGOODSLAVE no\r\n", { error: "NOGOODSLAVE no" }],
    [":7\r\n", 7],
    ["$2\r\na\r\r\n", "a\r"],
    ["$-1\r\n", null],
    ["*-1\r\n", null],
    ["*2\r\n$1\r\na\r\n*1\r\n:1\r\n", ["a", [1]]],
  ])("%j is read", (text, reply) => {
    const bytes = Buffer.from(`${text}rest`);
    const found = readReply(bytes, 0);
    expect(found).toEqual({ reply, next: Buffer.byteLength(text) });
    for (let cut = 0; cut < Buffer.byteLength(text) - 2; cut += 1)
      expect(readReply(bytes.subarray(0, cut), 0)).toBeNull();
  });

  it("gives back a command as it was sent, in whatever letters", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 }), (words) => {
        expect(readReply(Buffer.from(respCommand(words)), 0)?.reply).toEqual(words);
      }),
    );
  });

  it("that is damaged is an error at once, or waits for more; it is never a loop", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.string().map((text) => Buffer.from(`*9\r\n${text}\r\n`)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        try {
          readReply(Buffer.from(some), 0);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["*1\r\n".repeat(9), "*99999\r\n", "$999999999\r\n", "!x\r\n", "$x\r\n"])("%j is refused", (text) => {
    expect(() => readReply(Buffer.from(text), 0)).toThrow("a ");
  });
});

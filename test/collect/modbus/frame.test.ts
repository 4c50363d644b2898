import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeRead,
  exceptionIn,
  FrameCutter,
  isTransactionOf,
  mostOf,
  REQUEST_BYTES,
  type ReadRequest,
  wordsIn,
  wrongness,
} from "../../../src/collect/modbus/frame.ts";
import { exception, reply } from "../fixture.ts";

const READ: ReadRequest = { unit: 17, table: "holding", addr: 0x1234, count: 2 };

/** A request with transaction number abcd. */
function request(over: Partial<ReadRequest> = {}): Buffer {
  const bytes = Buffer.alloc(REQUEST_BYTES);
  bytes.writeUInt16BE(0xabcc);
  encodeRead(bytes, { ...READ, ...over });
  return bytes;
}

/** Cuts a stream that comes in these pieces; the frames as they were shown, and what it could not go on from. */
function cut(pieces: readonly Uint8Array[]): { frames: readonly string[]; flaw: string | null; partial: boolean } {
  const cutter = new FrameCutter();
  const frames: string[] = [];
  let flaw: string | null = null;
  for (const piece of pieces) {
    flaw ??= cutter.cut(piece, piece.length, (frame) => {
      frames.push(Buffer.from(frame.subarray(0, 6 + ((frame[4]! << 8) | frame[5]!))).toString("hex"));
    });
  }
  return { frames, flaw, partial: cutter.partial };
}

const hex = (frame: Buffer): string => frame.toString("hex");

describe("a Modbus request", () => {
  test.each<[ReadRequest["table"], number]>([
    ["coil", 1],
    ["discrete", 2],
    ["holding", 3],
    ["input", 4],
  ])("for %s registers is the twelve bytes that the specification gives", (table, code) => {
    const expected = Buffer.from([0xab, 0xcd, 0, 0, 0, 6, 17, code, 0x12, 0x34, 0, 2]);
    expect(request({ table })).toEqual(expected);
  });

  test("is written over the last one without leaving anything of it", () => {
    const bytes = request({ unit: 255, table: "input", addr: 0xffff, count: 125 });
    encodeRead(bytes, { unit: 0, table: "coil", addr: 0, count: 1 });
    expect(bytes).toEqual(Buffer.from([0xab, 0xce, 0, 0, 0, 6, 0, 1, 0, 0, 0, 1]));
  });

  test("does not use a transaction number again for 65,536 requests", () => {
    const bytes = Buffer.alloc(REQUEST_BYTES);
    const seen: number[] = [];
    for (let n = 0; n <= 0x1_0000; n += 1) {
      encodeRead(bytes, READ);
      seen.push(bytes.readUInt16BE());
    }
    expect(new Set(seen).size).toBe(0x1_0000);
    expect(seen.at(-1)).toBe(seen[0]);
  });

  test("may ask for what one answer can hold", () => {
    expect((["coil", "discrete", "holding", "input"] as const).map(mostOf)).toEqual([2000, 2000, 125, 125]);
  });
});

describe("a Modbus stream", () => {
  const frame = reply(request(), [1, 0xffff]);
  const longest = reply(request({ count: 125 }), Array.from<number>({ length: 125 }).fill(0xa5a5));

  test("is cut into the same frame wherever it is split in two", () => {
    for (const whole of [frame, longest, exception(request(), 2)]) {
      for (let at = 0; at <= whole.length; at += 1) {
        const pieces = [whole.subarray(0, at), whole.subarray(at)];
        expect(cut(pieces), `at ${at}`).toEqual({ frames: [hex(whole)], flaw: null, partial: false });
      }
    }
  });

  test("is cut into the same frames however it is split and joined", () => {
    const frames = fc.array(fc.constantFrom(frame, longest, exception(request(), 11)), { minLength: 1, maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 520 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(frames, sizes, (sent, lengths) => {
        const stream = Buffer.concat(sent);
        const pieces: Buffer[] = [];
        for (let at = 0, n = 0; at < stream.length; n += 1) {
          pieces.push(stream.subarray(at, at + lengths[n % lengths.length]!));
          at += lengths[n % lengths.length]!;
        }
        expect(cut(pieces)).toEqual({ frames: sent.map(hex), flaw: null, partial: false });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("is partial from the first byte of a frame to its last", () => {
    expect(cut([frame, frame.subarray(0, 1)]).partial).toBe(true);
    expect(cut([frame.subarray(0, -1)])).toEqual({ frames: [], flaw: null, partial: true });
    expect(cut([frame]).partial).toBe(false);
  });

  test("is read no further than the bytes that came, whatever else the memory holds", () => {
    const shown: number[] = [];
    const cutter = new FrameCutter();
    expect(cutter.cut(Buffer.concat([frame, frame]), frame.length + 3, () => shown.push(1))).toBeNull();
    expect(shown).toEqual([1]);
    expect(cutter.partial).toBe(true);
  });

  test.each<[string, readonly number[], string]>([
    ["another protocol", [0, 1, 0x12, 0x34, 0, 3], "a frame that is not Modbus"],
    ["a length of nought", [0, 1, 0, 0, 0, 0], "a frame of 0 bytes"],
    ["no room for a function's data", [0, 1, 0, 0, 0, 2], "a frame of 2 bytes"],
    ["one byte more than Modbus has", [0, 1, 0, 0, 0, 255], "a frame of 255 bytes"],
    ["a length of two bytes", [0, 1, 0, 0, 0xff, 0xff], "a frame of 65535 bytes"],
  ])("is refused by its header when that has %s, before its body is here", (_, header, flaw) => {
    expect(cut([Uint8Array.from(header)])).toMatchObject({ frames: [], flaw });
  });
});

describe("a Modbus reply", () => {
  const asked = request();

  test("answers the request of its transaction", () => {
    expect(isTransactionOf(reply(asked, [1, 2]), asked)).toBe(true);
    for (const transaction of [0xabcc, 0xaacd, 0xcdab, 0]) {
      expect(isTransactionOf(reply(asked, [1, 2], { transaction }), asked)).toBe(false);
    }
  });

  test.each<[string, Buffer, string]>([
    ["another unit", reply(asked, [1, 2], { unit: 18 }), "an answer of unit 18"],
    ["another function", reply(asked, [1, 2], { code: 4 }), "an answer to function 4"],
    ["another function's exception", reply(asked, [1, 2], { code: 0x84 }), "an answer to function 132"],
    ["a long exception", reply(asked, [1], { code: 0x83 }), "an exception of 5 bytes"],
    ["fewer words", reply(asked, [1]), "more or less data than was asked for"],
    ["more words", reply(asked, [1, 2, 3]), "more or less data than was asked for"],
    ["a byte count that is too short", reply(asked, [1, 2], { bytes: 2 }), "more or less data than was asked for"],
    ["the byte count of what is not there", reply(asked, [1], { bytes: 4 }), "more or less data than was asked for"],
  ])("with %s is no answer", (_, frame, wrong) => {
    expect(wrongness(frame, asked)).toBe(wrong);
  });

  test("gives its words, or the code of an exception", () => {
    const words = reply(asked, [0x0102, 0xfffe]);
    expect([wrongness(words, asked), exceptionIn(words), wordsIn(words, asked)]).toEqual([
      null,
      null,
      [0x0102, 0xfffe],
    ]);
    const refused = exception(asked, 6);
    expect([wrongness(refused, asked), exceptionIn(refused)]).toEqual([null, 6]);
  });

  test("gives bits from the lowest of the first byte on, and none of those that fill up the last byte", () => {
    const bits = request({ table: "discrete", count: 10 });
    const frame = Buffer.from([...bits.subarray(0, 4), 0, 5, 17, 2, 2, 0b1010_0101, 0b1111_1110]);
    expect(wrongness(frame, bits)).toBeNull();
    expect(wordsIn(frame, bits)).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 0, 1]);
  });
});

import { afterEach, describe, expect, test, vi } from "vitest";
import type { ReadRequest } from "../../../src/collect/modbus/frame.ts";
import { crc16, RtuFraming } from "../../../src/collect/modbus/rtu.ts";
import { rtuException, rtuReply, sealed } from "../fixture.ts";

const SILENCE_MS = 4;
const READ: ReadRequest = { unit: 17, table: "holding", addr: 0x6b, count: 3 };

afterEach(() => vi.useRealTimers());

/** A framing and what it told. */
function framing() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const told: string[] = [];
  const line = new RtuFraming(
    {
      words: (words) => told.push(words.join(" ")),
      exception: (code) => told.push(`exception ${code}`),
      wrong: (what) => told.push(what),
      again: () => told.push("again"),
    },
    SILENCE_MS,
  );
  const hear = (...pieces: readonly Uint8Array[]): void => {
    for (const piece of pieces) expect(line.take(piece, piece.length)).toBeNull();
  };
  const rest = (): void => void vi.advanceTimersByTime(SILENCE_MS + 1);
  const ask = (over: Partial<ReadRequest> = {}): Buffer => Buffer.from(line.ask({ ...READ, ...over }));
  return { line, told, hear, rest, ask };
}

describe("a request on a serial line", () => {
  test("has the bytes and the checksum that the specification's example has", () => {
    expect(framing().ask()).toEqual(Buffer.from([0x11, 0x03, 0x00, 0x6b, 0x00, 0x03, 0x76, 0x87]));
  });

  test.each<[readonly number[], number]>([
    [[], 0xffff],
    [[0x02, 0x07], 0x1241],
    [[0x01, 0x04, 0x02, 0xff, 0xff], 0x80b8],
  ])("with the bytes %j has the checksum %i", (bytes, crc) => {
    expect(crc16(Uint8Array.from(bytes), bytes.length)).toBe(crc);
  });
});

describe("an answer on a serial line", () => {
  test("is believed once the line has been silent after it, wherever it was split", () => {
    const { told, hear, rest, ask } = framing();
    for (let at = 1; at < 11; at += 1) {
      const reply = rtuReply(ask(), [at, 2, 3]);
      hear(reply.subarray(0, at), reply.subarray(at));
      expect(told).toHaveLength(at - 1);
      rest();
      expect(told.at(-1)).toBe(`${at} 2 3`);
    }
  });

  test("gives bits, and exceptions by their code", () => {
    const { told, hear, rest, ask } = framing();
    ask({ table: "coil", count: 10 });
    hear(sealed(17, 1, 2, 0b1010_0101, 0b1111_1110));
    rest();
    hear(rtuException(ask(), 6));
    rest();
    expect(told).toEqual(["1 0 1 0 0 1 0 1 0 1", "exception 6"]);
  });

  test.each<[string, (request: Buffer) => Buffer, string]>([
    ["a wrong checksum", (r) => Buffer.concat([rtuReply(r, [1, 2, 3]).subarray(0, -1), Buffer.of(0)]), "checksum"],
    ["another unit", () => sealed(18, 3, 6, 0, 1, 0, 2, 0, 3), "an answer of unit 18 to function 3"],
    ["another function", () => sealed(17, 4, 6, 0, 1, 0, 2, 0, 3), "an answer of unit 17 to function 4"],
    ["more words", (r) => rtuReply(r, [1, 2, 3, 4]), "an answer of unit 17"],
    ["fewer words", (r) => rtuReply(r, [1, 2]), "an answer of unit 17"],
    ["a second one behind it", (r) => Buffer.concat([rtuReply(r, [1, 2, 3]), rtuReply(r, [9, 9, 9])]), "more data"],
    ["one byte behind it", (r) => Buffer.concat([rtuReply(r, [1, 2, 3]), Buffer.of(0)]), "more data"],
    ["a function that nobody asks", () => sealed(17, 6, 0, 1, 0, 3), "checksum"],
  ])("with %s is none", (_, answer, what) => {
    const { told, hear, rest, ask, line } = framing();
    hear(answer(ask()));
    rest();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(what);
    expect(line.strays).toBeGreaterThan(0);
  });

  test("that is longer than a frame can be is none", () => {
    const { told, hear, ask } = framing();
    ask();
    hear(Buffer.alloc(300, 0x11).fill(3, 1, 2).fill(255, 2, 3));
    expect(told).toEqual(["a frame with a wrong checksum"]);
  });
});

describe("a serial line on which a request was given up", () => {
  test("is not free before it has been silent", () => {
    const { line, hear, ask } = framing();
    ask();
    line.giveUp();
    const freeMs = line.freeMs;
    expect(freeMs).toBeGreaterThan(performance.now());
    vi.advanceTimersByTime(SILENCE_MS);
    hear(Buffer.of(1, 2, 3));
    expect(line.freeMs).toBeGreaterThan(freeMs);
  });

  test("is asked something else first, to which the late reply is no answer", () => {
    const { line, told, hear, rest, ask } = framing();
    const first = ask();
    line.giveUp();
    rest();
    const second = ask();
    expect(second.readUInt16BE(4)).not.toBe(READ.count);
    hear(rtuReply(first, [7, 7, 7]));
    rest();
    expect(told).toEqual([]);
    expect(line.strays).toBe(1);
    hear(rtuReply(second, [1]));
    rest();
    expect(told).toEqual(["again"]);
    const third = ask();
    expect(third).toEqual(first);
    hear(rtuReply(third, [1, 2, 3]));
    rest();
    expect(told).toEqual(["again", "1 2 3"]);
  });

  test("is asked again at once when the late reply has come", () => {
    const { line, hear, rest, ask } = framing();
    const first = ask();
    line.giveUp();
    hear(rtuReply(first, [7, 7, 7]));
    rest();
    expect(ask()).toEqual(first);
  });

  test("does not take a late exception for that of another request", () => {
    const { line, told, hear, rest, ask } = framing();
    const first = ask();
    line.giveUp();
    rest();
    ask();
    hear(rtuException(first, 2));
    rest();
    expect(told).toEqual(["an exception that an earlier request may have had"]);
    const third = ask();
    expect(third[1]).not.toBe(first[1]);
    hear(rtuException(third, 1));
    rest();
    expect(told.at(-1)).toBe("again");
    expect(ask()).toEqual(first);
  });

  test("asks other units as if nothing had been", () => {
    const { line, told, hear, rest, ask } = framing();
    const first = ask();
    line.giveUp();
    rest();
    const other = ask({ unit: 5 });
    hear(rtuReply(first, [7, 7, 7]));
    hear(rtuReply(other, [4, 5, 6]));
    rest();
    expect(told).toEqual(["4 5 6"]);
  });

  test("no longer waits for a reply after a minute", () => {
    const { line, ask } = framing();
    const first = ask();
    line.giveUp();
    vi.advanceTimersByTime(61_000);
    expect(ask()).toEqual(first);
  });
});

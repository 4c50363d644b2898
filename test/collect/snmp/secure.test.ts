import { describe, expect, test } from "vitest";
import { Malformed, Reader, Writer } from "../../../src/collect/snmp/ber.ts";
import { readScoped, readSecured, type Secured, writeScoped, writeSecured } from "../../../src/collect/snmp/secure.ts";

const engine = Buffer.from("80001f8880a1b2c3", "hex");
const pdu = Buffer.from("a00e0204012345670201000201003000", "hex");
const secured: Secured = {
  number: 0x0123_4567,
  flags: 5,
  authority: engine,
  time: { boots: 300, seconds: 70_000 },
  user: Buffer.from("haechi"),
  digest: Buffer.alloc(12, 0xdd),
  salt: Buffer.alloc(0),
};

function written(over: Partial<Secured> = {}, unit?: Buffer): { bytes: Buffer; digestAt: number } {
  const writer = new Writer();
  writer.begin(1000);
  if (unit) writer.octets(unit);
  else writeScoped(writer, engine, pdu);
  const digestAt = writeSecured(writer, { ...secured, ...over });
  return { bytes: Buffer.from(writer.written), digestAt };
}

describe("a message of version 3", () => {
  test("is read as it was written", () => {
    const { bytes, digestAt } = written();
    const message = readSecured(bytes);
    expect(message).toMatchObject({ ...secured });
    expect(bytes.subarray(digestAt, digestAt + 12)).toEqual(secured.digest);
    const scoped = readScoped(new Reader(bytes, message.from), message.end, 0);
    expect([scoped.authority, scoped.context.length]).toEqual([engine, 0]);
    expect(bytes.subarray(scoped.reader.at, scoped.end)).toEqual(pdu);
  });

  test("that is encrypted has its salt, and what it holds is found", () => {
    const { bytes } = written({ flags: 7, salt: Buffer.alloc(8, 1) }, Buffer.from("sealed"));
    const { from, end, salt } = readSecured(bytes);
    expect(bytes.subarray(from, end).toString()).toBe("sealed");
    expect(salt).toEqual(Buffer.alloc(8, 1));
    const saltless = written({ flags: 7 }, Buffer.from("sealed"));
    expect(() => readSecured(saltless.bytes)).toThrow(Malformed);
  });

  test("is refused where it claims privacy without authentication", () => {
    expect(() => readSecured(written({ flags: 2, salt: Buffer.alloc(8) }, Buffer.from("x")).bytes)).toThrow(Malformed);
  });

  test("is refused with an engine that is longer than one may be", () => {
    expect(() => readSecured(written({ authority: Buffer.alloc(33) }).bytes)).toThrow(Malformed);
  });

  test("is refused wherever it is cut off, or has anything behind it", () => {
    const { bytes } = written();
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => readSecured(bytes.subarray(0, length))).toThrow(Malformed);
    }
    expect(() => readSecured(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(Malformed);
  });

  test("may have as much behind its scoped unit as its cipher pads, and no more", () => {
    const writer = new Writer();
    writer.begin(100);
    writeScoped(writer, engine, pdu);
    const padded = Buffer.concat([writer.written, Buffer.alloc(7)]);
    expect(readScoped(new Reader(padded), padded.length, 7).authority).toEqual(engine);
    expect(() => readScoped(new Reader(padded), padded.length, 6)).toThrow(Malformed);
  });
});

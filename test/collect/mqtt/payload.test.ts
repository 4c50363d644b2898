import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePayload, valueOf } from "../../../src/collect/mqtt/payload.ts";
import {
  BOOLEAN,
  bytes,
  DOUBLE,
  double,
  FLOAT,
  float,
  INT8,
  INT16,
  INT32,
  INT64,
  metric,
  payload,
  STRING,
  text,
  UINT8,
  UINT32,
  UINT64,
  uint,
  type Written,
} from "./encode.ts";

const seed = Number(process.env["HAECHI_SEED"] ?? 20_261_123);

/** The value of a payload's only metric, by the type it gives or by one that a birth gave. */
function valueIn(written: Written, type: number | null = null) {
  const [only] = decodePayload(payload([written]))?.metrics ?? [];
  return only && valueOf(only, only.type ?? type);
}

describe("a payload of Sparkplug B", () => {
  test("has its time, its number, and metrics by name, by alias or by both", () => {
    const decoded = decodePayload(
      payload(
        [
          { name: "Temperature/Supply", alias: 7, at: 1_700_000_000_001, type: FLOAT, value: float(12, 21.5) },
          { alias: 8 },
        ],
        255,
        1_700_000_000_000,
      ),
    );
    expect(decoded).toMatchObject({ timestampMs: 1_700_000_000_000, seq: 255 });
    expect(decoded?.metrics).toMatchObject([
      { name: "Temperature/Supply", alias: 7n, timestampMs: 1_700_000_000_001, type: FLOAT, isHistorical: false },
      { name: null, alias: 8n, timestampMs: null, type: null },
    ]);
  });

  test.each([
    ["Int8", { type: INT8, value: uint(10, 0xffff_fffe) }, -2],
    ["Int8 of one byte", { type: INT8, value: uint(10, 0xfe) }, -2],
    ["Int16", { type: INT16, value: uint(10, 0xffff_8000) }, -32_768],
    ["Int32", { type: INT32, value: uint(10, 0xffff_ffff) }, -1],
    ["Int32 of ten bytes", { type: INT32, value: uint(10, -5n) }, -5],
    ["Int64", { type: INT64, value: uint(11, -1234n) }, -1234],
    ["UInt8", { type: UINT8, value: uint(10, 200) }, 200],
    ["UInt32", { type: UINT32, value: uint(10, 0xffff_ffff) }, 4_294_967_295],
    ["UInt64", { type: UINT64, value: uint(11, 2n ** 40n) }, 2 ** 40],
    ["Float", { type: FLOAT, value: float(12, 230.1) }, 230.1],
    ["Double", { type: DOUBLE, value: double(13, 0.1) }, 0.1],
    ["Boolean", { type: BOOLEAN, value: uint(14, 1) }, true],
    ["String", { type: STRING, value: text(15, "켜짐") }, "켜짐"],
    ["null", { type: FLOAT, nothing: true }, null],
    ["nothing at all", { type: FLOAT }, undefined],
    ["bytes", { type: 17, value: bytes(16, Buffer.from([1, 2])) }, undefined],
    ["a template", { type: 19, value: bytes(18, Buffer.from([0xff, 0xff])) }, undefined],
  ] as const)("holds a value of type %s", (_, written, value) => {
    expect(valueIn(written)).toBe(value);
  });

  test("may leave its types to the birth; without one a number that may be below zero is none", () => {
    expect(valueIn({ value: uint(10, 0xffff_fffe) }, INT32)).toBe(-2);
    expect(valueIn({ value: uint(10, 0xffff_fffe) })).toBeUndefined();
    expect(valueIn({ value: uint(10, 41) })).toBe(41);
  });

  test("says how good a value is, and whether it is of another time", () => {
    const [bad, old] = decodePayload(
      payload([
        { name: "a", quality: 0 },
        { name: "b", historical: true },
      ]),
    )!.metrics;
    expect([bad?.quality, old?.quality, bad?.isHistorical, old?.isHistorical]).toEqual([0, null, false, true]);
  });

  test("is passed over where it holds what nobody knows, and counts where it does not", () => {
    const unknown = Buffer.concat([uint(99, 5), bytes(98, Buffer.from("x")), float(12, 1), double(13, 1)]);
    expect(decodePayload(Buffer.concat([unknown, uint(3, 9), unknown]))).toMatchObject({ seq: 9, metrics: [] });
    expect(decodePayload(Buffer.alloc(0))).toEqual({ timestampMs: null, seq: null, metrics: [] });
  });

  test.each([
    ["is cut off in a key", Buffer.from([0x80])],
    ["is cut off in a value", Buffer.from([0x08, 0x80])],
    ["is shorter than it says", Buffer.from([0x12, 0x05, 0x01])],
    ["has a number of eleven bytes", Buffer.from([0x18, ...Array<number>(10).fill(0x80), 1])],
    ["has a group", Buffer.from([0x13])],
    ["has a field without a number", Buffer.from([0x02, 0x00])],
    ["has a text for a number", text(3, "9")],
    ["has a number for a metric", uint(2, 1)],
    ["has a float of two bytes", bytes(2, bytes(12, Buffer.from([1, 2])))],
    ["has a name that is no text", bytes(2, bytes(1, Buffer.from([0xff, 0xfe])))],
    ["has a name that is too long", bytes(2, text(1, "a".repeat(1025)))],
    ["has too many metrics", Buffer.concat(Array.from({ length: 10_001 }, () => bytes(2, Buffer.alloc(0))))],
    ["has too many properties", bytes(2, bytes(9, Buffer.concat(Array.from({ length: 65 }, () => text(1, "k")))))],
  ])("that %s is none", (_, written) => {
    expect(decodePayload(written)).toBeNull();
  });

  test("or any other bytes: it is one or none, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (random) => {
        const decoded = decodePayload(Buffer.from(random));
        for (const one of decoded?.metrics ?? []) valueOf(one, one.type);
      }),
      { seed, numRuns: 20_000 },
    );
  });

  test("with bytes changed, left out or put in is one or none", () => {
    const whole = payload(
      [
        { name: "a", alias: 1, type: FLOAT, value: float(12, 1), quality: 192 },
        { alias: 2, value: uint(10, 3) },
      ],
      4,
    );
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(3), fc.uint8Array({ maxLength: 4 }), (at, out, put) => {
        const broken = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + out)]);
        for (const one of decodePayload(broken)?.metrics ?? []) valueOf(one, one.type);
      }),
      { seed, numRuns: 20_000 },
    );
  });

  test("is read back as it was written", () => {
    const number = fc.double({ noNaN: true });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        number,
        (name, alias, value) => {
          const written = Buffer.concat([text(1, name), uint(2, alias), uint(4, DOUBLE), double(13, value)]);
          const [read] = decodePayload(bytes(2, written))!.metrics;
          expect([read!.name, read!.alias, valueOf(read!, read!.type)]).toEqual([name, alias, value]);
        },
      ),
      { seed },
    );
  });
});

test("a metric is as long as it says", () =>
  expect(metric({ name: "ab" })).toEqual(Buffer.from([0x12, 4, 0x0a, 2, 97, 98])));

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFrames, encodeFrame, frameOf } from "../../src/store/frame.ts";

const payloads = ["first", "", "third ÿHÁþ", "x".repeat(300)];
const file = (): Buffer => Buffer.concat(payloads.map((p) => encodeFrame(p)));
const texts = (bytes: Buffer): string[] => decodeFrames(bytes).frames.map(({ payload }) => payload.toString());

describe("a file of records", () => {
  test("gives back what was written", () => {
    expect(texts(file())).toEqual(payloads);
    expect(decodeFrames(file())).toMatchObject({ damaged: 0, end: file().length });
  });

  test("is the same whether a record came whole or in parts", () => {
    const inParts = payloads.map((text) => frameOf([text.slice(0, 2), text.slice(2)].map((part) => Buffer.from(part))));
    expect(Buffer.concat(inParts.flat())).toEqual(file());
  });

  test("that was cut at any byte gives back every whole record before the cut and nothing else", () => {
    const bytes = file();
    const ends = decodeFrames(bytes).frames.map(({ end }) => end);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { frames, damaged, end } = decodeFrames(bytes.subarray(0, cut));
      const whole = ends.filter((e) => e <= cut);
      expect(frames.map(({ payload }) => payload.toString())).toEqual(payloads.slice(0, whole.length));
      expect({ damaged, end }).toEqual({ damaged: 0, end: whole.at(-1) ?? 0 });
    }
  });

  test("loses the one record in which a bit was flipped, whichever bit it was", () => {
    const bytes = file();
    const ends = decodeFrames(bytes).frames.map(({ end }) => end);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const hit = ends.findIndex((end) => bit >> 3 < end);
      expect(texts(flipped)).toEqual(payloads.filter((_, i) => i !== hit));
      expect(decodeFrames(flipped).damaged).toBe(hit === payloads.length - 1 ? 0 : 1);
    }
  });

  test("never yields a record that was not written, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(decodeFrames(Buffer.from(noise)).frames).toEqual([]);
        expect(texts(Buffer.concat([noise, file()]))).toEqual(payloads);
      }),
    );
  });

  test("with a tail of zeros, as a power cut leaves, ends before them", () => {
    const bytes = file();
    expect(decodeFrames(Buffer.concat([bytes, Buffer.alloc(100)])).end).toBe(bytes.length);
  });
});

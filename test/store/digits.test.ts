import fc from "fast-check";
import { expect, test } from "vitest";
import { numberBytesMax, writeNumber } from "../../src/store/digits.ts";

function written(value: number): string {
  const bytes = Buffer.alloc(2 + numberBytesMax, "-");
  const end = writeNumber(bytes, 2, value);
  return bytes.subarray(2, end).toString();
}

test.each([
  0,
  -0,
  1,
  -1,
  9,
  10,
  12.3,
  -12.3,
  0.1,
  0.001,
  0.0001,
  0.105,
  1.005,
  100,
  1e3,
  999.999,
  1e11,
  999_999_999_999.5,
  1e12,
  2 ** 53,
  1e21,
  1e-7,
  5e-324,
  -1.7976931348623157e308,
  0.1 + 0.2,
  1 / 3,
])("%f is written as the platform writes it", (value) => {
  expect(written(value)).toBe(String(value));
});

test("every finite number is written as the platform writes it", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(written(value)).toBe(String(value));
    }),
  );
});

test("every number with a few decimals is written as the platform writes it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.constantFrom(1, 10, 100, 1000, 10_000), (n, part) => {
      expect(written(n / part)).toBe(String(n / part));
    }),
  );
});

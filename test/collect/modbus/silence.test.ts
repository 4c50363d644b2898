import { expect, test } from "vitest";
import { silenceMs } from "../../../src/collect/modbus/silence.ts";

const line = (baud: number, parity: "none" | "even", stopBits: 1 | 2) =>
  silenceMs({ kind: "serial", baud, parity, dataBits: 8, stopBits });

test("a serial line is silent for three and a half characters between two frames, and never for less than 1.75 ms", () => {
  expect(line(9600, "even", 1)).toBeCloseTo(4.01, 2);
  expect(line(9600, "none", 1)).toBeCloseTo(3.65, 2);
  expect(line(1200, "even", 1)).toBeCloseTo(32.08, 2);
  expect(line(19_200, "even", 1)).toBeCloseTo(2.01, 2);
  expect(line(115_200, "even", 1)).toBe(1.75);
});

test("a line behind a gateway is taken for a usual one", () => {
  expect(silenceMs({ kind: "rtu" })).toBeCloseTo(4.01, 2);
});

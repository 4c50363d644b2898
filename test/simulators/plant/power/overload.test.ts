import { describe, expect, test } from "vitest";
import {
  bypassCurve,
  curveOf,
  overloadCurves,
  strained,
  toleratedS,
} from "../../../../simulators/plant/power/overload.ts";

const { riello, huawei, galaxy, staco } = overloadCurves;
const always = Number.POSITIVE_INFINITY;

describe("a UPS bears what its manual says", () => {
  test.each([
    [
      "Riello Dialog Plus",
      riello,
      [
        [100, always],
        [108, 1800],
        [125, 30],
        [145, 10],
        [200, 0.5],
      ],
    ],
    [
      "Huawei UPS2000-G",
      huawei,
      [
        [104, always],
        [108, 600],
        [125, 60],
        [140, 3],
        [160, 0.5],
      ],
    ],
    [
      "MGE Galaxy PW",
      galaxy,
      [
        [100, always],
        [125, 600],
        [150, 60],
        [165, 1],
      ],
    ],
    [
      "Staco FirstLine",
      staco,
      [
        [110, 120],
        [125, 30],
      ],
    ],
  ] as const)("%s", (_, curve, rows) => {
    for (const [percent, seconds] of rows) expect(toleratedS(curve, percent, 25)).toBe(seconds);
  });

  test("and half of it in a hot room", () => {
    expect(toleratedS(huawei, 125, 38)).toBe(30);
  });

  test("and its bypass more than its inverter", () => {
    expect([125, 150, 1000].map((percent) => toleratedS(bypassCurve, percent, 25))).toEqual([600, 60, 1]);
  });
});

test("one of four that carry each other's load leaves the rest with three seconds to a minute, by their make", () => {
  const left = (400 / 3).toFixed(1);
  expect(left).toBe("133.3");
  expect([huawei, riello, galaxy].map((curve) => toleratedS(curve, 400 / 3, 25))).toEqual([3, 10, 60]);
});

test("overload is counted as a whole: half at one load and half at another", () => {
  let strain = 0;
  for (let i = 0; i < 150; i++) strain = strained(strain, toleratedS(riello, 125, 25), 0.1);
  for (let i = 0; i < 50; i++) strain = strained(strain, toleratedS(riello, 145, 25), 0.1);
  expect(strain).toBeCloseTo(1, 6);
  for (let i = 0; i < 3000; i++) strain = strained(strain, always, 0.1);
  expect(strain).toBeCloseTo(0.5, 6);
});

test("a device's curve is that of its maker", () => {
  expect(curveOf("ups/huawei-ups2000")).toBe(huawei);
  expect(curveOf("ups/mge-galaxy")).toBe(galaxy);
  expect(curveOf("ups/ietf-ups-mib")).toBe(riello);
});

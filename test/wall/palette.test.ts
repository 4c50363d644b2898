import { describe, expect, test } from "vitest";
import { palette, priorityColor, priorityDigit, priorityOrder } from "../../src/wall/palette.ts";

type Rgb = readonly [number, number, number];

const rgb = (hex: string): Rgb =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as unknown as Rgb;
const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const light = (hex: string): Rgb => rgb(hex).map(linear) as unknown as Rgb;
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(light(a)), luminance(light(b))].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** How linear RGB looks to eyes that lack a cone: the matrices of Machado, Oliveira and Fernandes (2009), severity 1. */
const blindness: Readonly<Record<string, readonly (readonly number[])[]>> = {
  "full colour sight": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

/** CIE L*a*b* under D65. */
function lab([r, g, b]: Rgb): Rgb {
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

function seenAs(hex: string, matrix: readonly (readonly number[])[]): Rgb {
  const color = light(hex);
  const seen = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, m, i) => sum + m * color[i]!, 0),
      ),
    ),
  );
  return lab(seen as unknown as Rgb);
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(...a.map((v, i) => v - b[i]!));

describe("the wall's colours", () => {
  test.each(["ground", "panel", "box"] as const)("text can be read on %s", (surface) => {
    expect(contrast(palette.text, palette[surface])).toBeGreaterThanOrEqual(7);
    expect(contrast(palette.dim, palette[surface])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(priorityOrder)("the symbol of %s stands out, and its digit can be read", (priority) => {
    for (const surface of [palette.ground, palette.panel, palette.box])
      expect(contrast(priorityColor[priority], surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette.ink, priorityColor[priority])).toBeGreaterThanOrEqual(4.5);
  });

  test("a line with power stands out against one without", () => {
    expect(contrast(palette.live, palette.panel)).toBeGreaterThanOrEqual(7);
    expect(contrast(palette.dead, palette.panel)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette.live, palette.dead)).toBeGreaterThanOrEqual(2);
  });

  test.each(Object.entries(blindness))("no two priorities look alike to eyes with %s", (_, matrix) => {
    const seen = priorityOrder.map((priority) => seenAs(priorityColor[priority], matrix));
    for (let i = 0; i < seen.length; i += 1) {
      for (let j = 0; j < i; j += 1)
        expect(distance(seen[i]!, seen[j]!), `${priorityOrder[i]} and ${priorityOrder[j]}`).toBeGreaterThan(20);
    }
  });

  test("nothing that is normal has a hue", () => {
    for (const [name, hex] of Object.entries(palette)) {
      const color = rgb(hex);
      expect(Math.max(...color) - Math.min(...color), name).toBeLessThan(0.075);
    }
  });

  test("each priority has a digit of its own", () => {
    expect(priorityOrder.map((priority) => priorityDigit[priority])).toEqual(["1", "2", "3", "4"]);
  });
});

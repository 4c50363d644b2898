import { describe, expect, it } from "vitest";
import type { Registers } from "../../src/profiles/index.ts";
import { findSunSpecModels, layOutSunSpec, registerImage } from "../../src/profiles/index.ts";
import { modbusPoint } from "./fixtures.ts";

/** A device that answers for what it holds and refuses the rest, as devices do. */
const deviceOf = (registers: Registers) => {
  const asked: number[] = [];
  const read = (addr: number, count: number): Promise<number[]> => {
    asked.push(addr);
    const words = Array.from({ length: count }, (_, i) => registers.get("holding", addr + i));
    const known = words.filter((word): word is number => word !== undefined);
    return known.length === count ? Promise.resolve(known) : Promise.reject(new Error("illegal data address"));
  };
  return { asked, read };
};

function chain(base: number, models: readonly [number, number][]): Registers {
  const registers = registerImage();
  const words = [0x5375, 0x6e53, ...models.flatMap(([model, length]) => [model, length, ...Array(length).fill(0)])];
  words.forEach((word, i) => registers.set("holding", base + i, word));
  return registers;
}

describe("a SunSpec device", () => {
  it.each([40_000, 50_000, 0])("is recognised at %i", async (base) => {
    const { read } = deviceOf(
      chain(base, [
        [1, 66],
        [802, 62],
        [803, 90],
        [0xffff, 0],
      ]),
    );
    expect(await findSunSpecModels(read)).toEqual(
      new Map([
        [1, base + 2],
        [802, base + 70],
        [803, base + 134],
      ]),
    );
  });

  it("keeps the first of two models of one number", async () => {
    const { read } = deviceOf(
      chain(40_000, [
        [803, 4],
        [803, 4],
        [0xffff, 0],
      ]),
    );
    expect(await findSunSpecModels(read)).toEqual(new Map([[803, 40_002]]));
  });

  it("that never ends its chain is not followed for ever", async () => {
    const { read, asked } = deviceOf(
      chain(
        0,
        Array.from({ length: 400 }, () => [7, 0]),
      ),
    );
    expect((await findSunSpecModels(read)).size).toBe(1);
    expect(asked.length).toBeLessThan(110);
  });

  it("without the mark has no models", async () => {
    const registers = registerImage();
    for (const addr of [40_000, 40_001, 50_000, 50_001, 0, 1]) registers.set("holding", addr, 1);
    expect(await findSunSpecModels(deviceOf(registers).read)).toEqual(new Map());
  });

  it("that answers nothing at all is an error, and not a device without models", async () => {
    await expect(findSunSpecModels(deviceOf(registerImage()).read)).rejects.toThrow("illegal data address");
  });

  it("that is simulated is found again where it was laid out", async () => {
    const points = [
      modbusPoint({ model: 803, addr: 4, scaleAt: 23 }),
      modbusPoint({ model: 802, addr: 47, scaleAt: 63 }),
      modbusPoint({ addr: 5 }),
    ];
    const registers = registerImage();
    const bases = layOutSunSpec(points, registers);
    expect(bases).toEqual(
      new Map([
        [802, 40_002],
        [803, 40_066],
      ]),
    );
    expect(await findSunSpecModels(deviceOf(registers).read)).toEqual(bases);
    expect(registers.get("holding", 40_002 + 63)).toBe(0x8000);
    expect(registers.get("holding", 40_002 + 2)).toBe(0xffff);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModbusAddress, PointModel, Registers } from "../../src/profiles/index.ts";
import { decodeModbus, encodeModbus, encodeModbusInvalid, registerImage } from "../../src/profiles/index.ts";
import { modbusPoint } from "./fixtures.ts";

const none = new Map<number, number>();

function holding(words: readonly number[], addr = 10): Registers {
  const registers = registerImage();
  words.forEach((word, i) => registers.set("holding", addr + i, word));
  return registers;
}

const read = (at: Partial<ModbusAddress>, words: readonly number[], point: Partial<PointModel> = {}): unknown => {
  const { point: _, ...sample } = decodeModbus(modbusPoint(at, point), holding(words), none);
  return sample;
};

const stated = { states: ["normal", "warning", "shutdown"], unit: null };

describe("words of a device", () => {
  it.each([
    ["u16", [0xfffe], 65_534],
    ["i16", [0xfffe], -2],
    ["u32", [0x0001, 0x0002], 65_538],
    ["i32", [0xffff, 0xfffe], -2],
    ["u64", [0, 0x0001, 0, 5], 4_294_967_301],
    ["i64", [0xffff, 0xffff, 0xffff, 0xff00], -256],
    ["f32", [0x4366, 0x199a], 230.1],
    ["f64", [0x412e, 0x8480, 0, 0], 1_000_000],
  ] as const)("are read as %s", (type, words, value) =>
    expect(read({ type, count: words.length }, words)).toEqual({ value }),
  );

  it.each([1, 0.1, 0.01, 0.001, 0.5, 0.3])("scaled by %d are what their digits say (property)", (scale) => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (raw) => {
        const words = [(raw >>> 16) & 0xffff, raw & 0xffff];
        const value = Number((raw * scale + 0).toPrecision(15));
        expect(read({ type: "i32", count: 2 }, words, { scale, range: [-1e12, 1e12] })).toEqual({ value });
      }),
    );
  });

  it("may stand the other way round", () => {
    expect(read({ type: "u32", count: 2, words: "lsw" }, [0x0002, 0x0001])).toEqual({ value: 65_538 });
    expect(read({ type: "f32", count: 2, words: "lsw" }, [0x199a, 0x4366])).toEqual({ value: 230.1 });
  });

  it("may spell a number out", () => {
    expect(read({ type: "string", count: 3 }, [0x2d31, 0x322e, 0x3500])).toEqual({ value: -12.5 });
    expect(read({ type: "string", count: 2 }, [0x6e2f, 0x6100])).toEqual({ fault: "sensorFailure" });
    expect(read({ type: "string", count: 1 }, [0])).toEqual({ fault: "sensorFailure" });
  });

  it("are scaled without binary noise", () => {
    expect(read({ type: "u16" }, [523], { scale: 0.1 })).toEqual({ value: 52.3 });
    expect(read({ type: "i16" }, [0xffff], { scale: 0.1, offset: -40 })).toEqual({ value: -40.1 });
  });

  it("may hold one bit among others", () => {
    const map = new Map([
      [0, 0],
      [1, 1],
    ]);
    expect(read({ type: "bit", bit: 3 }, [0b1000], { ...stated, map })).toEqual({ value: 1 });
    expect(read({ type: "bit", bit: 3 }, [0b0111], { ...stated, map })).toEqual({ value: 0 });
    expect(read({ type: "bits", mask: 0b1100 }, [0b1011])).toEqual({ value: 2 });
  });

  it("may hold four fields each, of which the gravest counts", () => {
    const map = new Map([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    const nibbles = (words: number[]): unknown => read({ type: "nibbles", count: 2 }, words, { ...stated, map });
    expect(nibbles([0x1121, 0x1131])).toEqual({ value: 2 });
    expect(nibbles([0x1121, 0xffff])).toEqual({ value: 1 });
    expect(nibbles([0x1111, 0x8af0])).toEqual({ value: 0 });
    expect(nibbles([0xffff, 0xffff])).toEqual({ fault: "sensorFailure" });
  });

  it("may hold flags over several words, of which the gravest counts", () => {
    const flags = [1, 20, 31];
    const map = new Map([
      [0, 0],
      [2, 2],
      [21, 1],
      [32, 1],
    ]);
    const flagged = (words: number[], order: "msw" | "lsw" = "msw"): unknown =>
      read({ type: "flags", count: 2, flags, words: order }, words, { ...stated, map });
    expect(flagged([0, 0])).toEqual({ value: 0 });
    expect(flagged([0, 0b01])).toEqual({ value: 0 });
    expect(flagged([0, 0b10])).toEqual({ value: 2 });
    expect(flagged([0b1_0000, 0])).toEqual({ value: 1 });
    expect(flagged([0x8000, 0b10])).toEqual({ value: 2 });
    expect(flagged([0b10, 0b1_0000], "lsw")).toEqual({ value: 2 });
    expect(flagged([0, 0b1_0000], "lsw")).toEqual({ value: 1 });
    expect(flagged([0])).toEqual({ fault: "noCommunication" });
  });

  it("may be flags side by side in a table of inputs", () => {
    const registers = registerImage();
    [0, 1, 0, 1].forEach((bit, i) => registers.set("discrete", 10 + i, bit));
    const flag = (flags: number[]): unknown =>
      decodeModbus(
        modbusPoint(
          { table: "discrete", type: "flags", count: 4, flags },
          { ...stated, map: new Map([[0, 0], ...flags.map((one) => [one + 1, 1] as const)]) },
        ),
        registers,
        none,
      );
    expect(flag([0, 2])).toMatchObject({ value: 0 });
    expect(flag([0, 3])).toMatchObject({ value: 1 });
  });

  it("of coils and inputs are on or off, however the device writes on", () => {
    const registers = registerImage();
    registers.set("coil", 10, 1);
    const point = modbusPoint(
      { table: "coil", type: "bit" },
      {
        ...stated,
        map: new Map([
          [0, 0],
          [1, 1],
        ]),
      },
    );
    expect(decodeModbus(point, registers, none)).toMatchObject({ value: 1 });
  });
});

describe("a value that is none", () => {
  it("is silence where a word was not read, and never zero", () => {
    expect(read({}, [])).toEqual({ fault: "noCommunication" });
    expect(read({ type: "u32", count: 2 }, [1])).toEqual({ fault: "noCommunication" });
    expect(decodeModbus(modbusPoint({ table: "input" }), holding([1]), none)).toMatchObject({
      fault: "noCommunication",
    });
  });

  it("is a failed sensor at the device's own word for it", () => {
    expect(read({ type: "i16" }, [0x8000], { invalid: [-32_768] })).toEqual({ fault: "sensorFailure" });
    expect(read({ type: "f32", count: 2 }, [0x7fc0, 0])).toEqual({ fault: "sensorFailure" });
    expect(read({ type: "f32", count: 2 }, [0x7f80, 0])).toEqual({ fault: "sensorFailure" });
  });

  it("is believed with doubt outside its range", () =>
    expect(read({}, [101], { range: [0, 100] })).toEqual({ value: 101, doubt: "outOfRange" }));

  it("is a failed device, or the state to assume, where no state is known for it", () => {
    const map = new Map([[3, 1]]);
    expect(read({}, [9], { ...stated, map })).toEqual({ fault: "deviceFailure" });
    expect(read({}, [9], { ...stated, map, otherwise: 2 })).toEqual({ value: 2, doubt: "unknownState" });
    expect(read({}, [9], { ...stated, map, otherwise: 2, invalid: [9] })).toEqual({ fault: "sensorFailure" });
  });
});

describe("a SunSpec value", () => {
  const point = modbusPoint({ addr: 4, model: 803, scaleAt: 23, type: "i16" });
  const bases = new Map([[803, 100]]);

  it("takes its power of ten from another register", () => {
    const registers = holding([0xff9c], 104);
    registers.set("holding", 123, 0xffff);
    expect(decodeModbus(point, registers, bases)).toMatchObject({ value: -10 });
    registers.set("holding", 123, 2);
    expect(decodeModbus(point, registers, bases)).toMatchObject({ value: -10_000 });
  });

  it("is none without its power of ten", () => {
    const registers = holding([1], 104);
    expect(decodeModbus(point, registers, bases)).toMatchObject({ fault: "noCommunication" });
    registers.set("holding", 123, 0x8000);
    expect(decodeModbus(point, registers, bases)).toMatchObject({ fault: "sensorFailure" });
    registers.set("holding", 123, 11);
    expect(decodeModbus(point, registers, bases)).toMatchObject({ fault: "sensorFailure" });
  });

  it("is not fitted where the device lacks its model", () =>
    expect(decodeModbus(point, holding([1], 4), none)).toMatchObject({ fault: "notFitted" }));

  it("is written by the power of ten that the device has", () => {
    const registers = holding([0xfffe], 123);
    encodeModbus(point, 12.34, registers, bases);
    expect(registers.get("holding", 104)).toBe(1234);
  });

  it("is written by the finest that fits its range, where the device has none yet", () => {
    const registers = registerImage();
    encodeModbus({ ...point, range: [-40, 1500] }, 25.34, registers, bases);
    expect([registers.get("holding", 123), registers.get("holding", 104)]).toEqual([0xffff, 253]);
  });
});

describe("writing a value", () => {
  it("leaves the other bits of its word alone", () => {
    const registers = holding([0b1010_0101]);
    const map = new Map([
      [0, 0],
      [1, 1],
    ]);
    encodeModbus(modbusPoint({ type: "bit", bit: 1 }, { ...stated, map }), 1, registers, none);
    expect(registers.get("holding", 10)).toBe(0b1010_0111);
    encodeModbus(modbusPoint({ type: "bits", mask: 0b1110_0000 }), 2, registers, none);
    expect(registers.get("holding", 10)).toBe(0b0100_0111);
  });

  it("sets one flag of a point, clears its others, and leaves the bits of other points alone", () => {
    const registers = holding([0b1001, 0b0110]);
    const map = new Map([
      [0, 0],
      [2, 1],
      [20, 2],
    ]);
    const point = modbusPoint({ type: "flags", count: 2, flags: [1, 19] }, { ...stated, map });
    const words = (): unknown => [registers.get("holding", 10), registers.get("holding", 11)];
    encodeModbus(point, 1, registers, none);
    expect(words()).toEqual([0b0001, 0b0110]);
    encodeModbus(point, 2, registers, none);
    expect(words()).toEqual([0b1001, 0b0100]);
    encodeModbus(point, 0, registers, none);
    expect(words()).toEqual([0b0001, 0b0100]);
  });

  it.each([
    ["u16", 70_000, [0xffff]],
    ["u16", -1, [0]],
    ["i16", 40_000, [0x7fff]],
    ["i16", -40_000, [0x8000]],
    ["u32", 2 ** 40, [0xffff, 0xffff]],
    ["i64", 2 ** 70, [0x7fff, 0xffff, 0xffff, 0xffff]],
    ["i64", -(2 ** 70), [0x8000, 0, 0, 0]],
    ["u64", 2 ** 70, [0xffff, 0xffff, 0xffff, 0xffff]],
  ] as const)("holds %s within what it can carry: %d", (type, value, words) => {
    const registers = registerImage();
    encodeModbus(modbusPoint({ type, count: words.length }), value, registers, none);
    expect(words.map((_, i) => registers.get("holding", 10 + i))).toEqual(words);
  });

  it("is a bug for a state that the device cannot be in", () =>
    expect(() =>
      encodeModbus(modbusPoint({}, { ...stated, map: new Map([[3, 1]]) }), 0, registerImage(), none),
    ).toThrow("has no raw value for state 0"));

  it("writes the device's word for no reading, where it has one", () => {
    const registers = registerImage();
    expect(encodeModbusInvalid(modbusPoint({ type: "i16" }, { invalid: [-32_768] }), registers, none)).toBe(true);
    expect(registers.get("holding", 10)).toBe(0x8000);
    expect(encodeModbusInvalid(modbusPoint({}), registers, none)).toBe(false);
    const float = modbusPoint({ type: "f32", count: 2 });
    expect(encodeModbusInvalid(float, registers, none)).toBe(true);
    expect(decodeModbus(float, registers, none)).toMatchObject({ fault: "sensorFailure" });
  });

  it("is what reading reads, for every whole number that its type carries", () => {
    const limits = { u16: [0, 0xffff], i16: [-0x8000, 0x7fff], u32: [0, 0xffffffff], i32: [-0x80000000, 0x7fffffff] };
    const value = fc
      .constantFrom("u16", "i16", "u32", "i32")
      .chain((type) =>
        fc.tuple(
          fc.constant(type),
          fc.integer({ min: limits[type][0]!, max: limits[type][1]! }),
          fc.constantFrom("msw", "lsw"),
        ),
      );
    fc.assert(
      fc.property(value, ([type, raw, words]) => {
        const registers = registerImage();
        const point = modbusPoint({ type, words, count: type.endsWith("32") ? 2 : 1 });
        encodeModbus(point, raw, registers, none);
        expect(decodeModbus(point, registers, none)).toEqual({ point, value: raw });
      }),
      { seed: 1 },
    );
  });

  it("is what reading reads, for every float", () =>
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const registers = registerImage();
        const point = modbusPoint({ type: "f32", count: 2 }, { range: [-1e39, 1e39] });
        encodeModbus(point, value, registers, none);
        const sample = decodeModbus(point, registers, none);
        expect("value" in sample && Math.fround(sample.value) + 0).toBe(value + 0);
      }),
      { seed: 1 },
    ));
});

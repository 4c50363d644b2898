import { describe, expect, it } from "vitest";
import type { PointModel, SnmpAddress } from "../../src/profiles/index.ts";
import { decodeSnmp, encodeSnmp, rawSnmp } from "../../src/profiles/index.ts";
import { modbusPoint } from "./fixtures.ts";

const at = (type: SnmpAddress["type"]): SnmpAddress => ({ protocol: "snmp", oid: "1.3.6.1", type });
const pointOf = (type: SnmpAddress["type"], point: Partial<PointModel> = {}): PointModel => ({
  ...modbusPoint({}, point),
  at: at(type),
});

function read(varbind: { type: number; value: unknown } | undefined, point: Partial<PointModel> = {}): unknown {
  const { point: _, ...sample } = decodeSnmp(pointOf("integer", point), varbind);
  return sample;
}

describe("an agent's answer", () => {
  it("is scaled without binary noise", () =>
    expect(read({ type: 2, value: 117 }, { scale: 0.01 })).toEqual({ value: 1.17 }));

  it("is silence where there is none, and never zero", () =>
    expect(read(undefined)).toEqual({ fault: "noCommunication" }));

  it.each([
    ["null", 5],
    ["noSuchObject", 128],
    ["noSuchInstance", 129],
    ["endOfMibView", 130],
  ])("of %s means that the device has no such thing", (_, type) =>
    expect(read({ type, value: null })).toEqual({ fault: "notFitted" }),
  );

  it("may spell a number out", () => {
    expect(read({ type: 4, value: Buffer.from(" 23.5\0") })).toEqual({ value: 23.5 });
    expect(read({ type: 4, value: "-7" })).toEqual({ value: -7 });
    expect(read({ type: 4, value: Buffer.from("N/A") })).toEqual({ fault: "sensorFailure" });
    expect(read({ type: 4, value: Buffer.alloc(0) })).toEqual({ fault: "sensorFailure" });
  });

  it("may be a wide counter of any length", () => {
    expect(read({ type: 70, value: Buffer.from([1, 0, 0, 0, 0]) })).toEqual({ value: 4_294_967_296 });
    expect(read({ type: 70, value: Buffer.alloc(0) })).toEqual({ value: 0 });
  });

  it("may be a wide counter that has been counted already, as a number or beyond what a number holds exactly", () => {
    const wide = { range: [0, 2 ** 64] } as const;
    expect(read({ type: 70, value: 2 ** 40 }, wide)).toEqual({ value: 2 ** 40 });
    expect(read({ type: 70, value: 2n ** 63n }, wide)).toEqual({ value: 2 ** 63 });
  });

  it("may wrap a float or a double in an opaque, and is no number where it wraps anything else", () => {
    expect(read({ type: 68, value: Buffer.from("9f780441bc0000", "hex") })).toEqual({ value: 23.5 });
    expect(read({ type: 68, value: Buffer.from("9f79084037666666666666", "hex") })).toEqual({ value: 23.4 });
    for (const other of ["9f780441bc00", "9f780841bc0000", "9f7a0441bc0000", "9f78", ""]) {
      expect(read({ type: 68, value: Buffer.from(other, "hex") })).toEqual({ fault: "sensorFailure" });
    }
  });

  it("of something else is a failed sensor", () => {
    expect(read({ type: 6, value: "1.3.6.1.4" })).toEqual({ fault: "sensorFailure" });
    expect(read({ type: 2, value: Number.NaN })).toEqual({ fault: "sensorFailure" });
    expect(read({ type: 2, value: -1 }, { invalid: [-1] })).toEqual({ fault: "sensorFailure" });
  });

  it("names a state, or none that is known", () => {
    const states = {
      states: ["off", "on"],
      unit: null,
      map: new Map([
        [1, 0],
        [2, 1],
      ]),
    };
    expect(read({ type: 2, value: 2 }, states)).toEqual({ value: 1 });
    expect(read({ type: 2, value: 3 }, states)).toEqual({ fault: "deviceFailure" });
    expect(read({ type: 2, value: 3 }, { ...states, otherwise: 0 })).toEqual({ value: 0, doubt: "unknownState" });
  });
});

describe("a value on its way to a wire", () => {
  it.each([
    ["integer", 2],
    ["counter", 65],
    ["gauge", 66],
    ["timeticks", 67],
  ] as const)("goes as %s", (type, tag) =>
    expect(encodeSnmp(pointOf(type, { scale: 0.1 }), 52.3)).toEqual({ type: tag, value: 523 }),
  );

  it("goes as text, or as a wide counter, that reads back the same", () => {
    for (const type of ["string", "counter64"] as const) {
      const point = pointOf(type);
      expect(decodeSnmp(point, encodeSnmp(point, 12_345_678_901))).toEqual({ point, value: 12_345_678_901 });
    }
  });

  it("goes raw where a command says so", () => expect(rawSnmp(at("integer"), 2)).toEqual({ type: 2, value: 2 }));

  it("never goes to a point of another protocol", () =>
    expect(() => encodeSnmp(modbusPoint({}), 1)).toThrow("is not read over SNMP"));
});

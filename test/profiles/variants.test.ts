import { describe, expect, test } from "vitest";
import { bindDevice } from "../../src/profiles/bind.ts";
import { ofFirmware } from "../../src/profiles/variants.ts";
import { pduText, profileOf } from "./fixtures.ts";

const head = `firmware:
  snmp: { oid: 1.3.6.1.4.1.9.0 }
  modbus: { table: holding, addr: 500, type: string, count: 4 }
`;
const variants = `variants:
  - when: { firmware: <6.74 }
    points:
      power.active: { modbus: { table: input, addr: 7, type: u32, scale: 0.001 }, range: [0, 50] }
      "outlet[n].state": { snmp: { oid: "1.3.6.1.4.1.3.{n}", map: { 0: "off", 1: "on" } } }
  - when: { firmware: <7 }
    points:
      power.active: { modbus: { table: input, addr: 9, type: u16 } }
`;
const profile = profileOf(pduText({ head, rest: variants }));

describe("a profile with variants", () => {
  test("has the points of the first variant that a firmware fits, and its own where none does", () => {
    const addressIn = (said: string) => {
      const model = bindDevice(ofFirmware(profile, said), { protocol: "modbus" });
      expect(model.firmware?.variants).toEqual([]);
      return model.points.find(({ name }) => name === "power.active")?.at;
    };
    expect(addressIn("v6.73")).toMatchObject({ table: "input", addr: 7, type: "u32" });
    expect(addressIn("v6.80")).toMatchObject({ table: "input", addr: 9 });
    expect(addressIn("7.0.1")).toMatchObject({ table: "holding", addr: 5 });
    expect(addressIn("no version")).toMatchObject({ table: "holding", addr: 5 });
  });

  test("is bound with all of them, the same points in each, and with the place that tells which", () => {
    const { points, firmware } = bindDevice(profile, { protocol: "modbus", fitted: { n: 2 } });
    expect(firmware?.at).toMatchObject({ protocol: "modbus", addr: 500, count: 4 });
    expect(firmware?.variants.map(({ when }) => when)).toEqual(["<6.74", "<7"]);
    const names = points.map(({ name }) => name);
    for (const variant of firmware!.variants) expect(variant.points.map(({ name }) => name)).toEqual(names);
    // A key that a variant writes goes before the profile's own, whole; what it does not write stays.
    expect(firmware!.variants[0]!.points[0]).toMatchObject({ scale: 0.001, range: [0, 50], scan: "fast" });
    expect(points[0]).toMatchObject({ scale: 1 });
    expect(points[0]!.range).not.toEqual([0, 50]);
  });

  test("moves objects over SNMP, with what they mean", () => {
    const { firmware } = bindDevice(profile, { protocol: "snmp", fitted: { n: 2 } });
    const outlet = firmware?.variants[0]?.points.find(({ name }) => name === "outlet[2].state");
    expect(outlet?.at).toMatchObject({ oid: "1.3.6.1.4.1.3.2" });
    expect(outlet?.map).toEqual(
      new Map([
        [0, 0],
        [1, 1],
      ]),
    );
  });

  test("asks for no firmware over a protocol over which it is not told, and has no variants there", () => {
    const only = profileOf(
      pduText({
        head: "firmware: { snmp: { oid: 1.3.6.1.4.1.9.0 } }\n",
        rest: "variants:\n  - when: { firmware: <6.74 }\n    points: { power.active: { snmp: { oid: 1.3.6.1.4.1.4.0 } } }\n",
      }),
    );
    expect(bindDevice(only, { protocol: "modbus" }).firmware).toBeUndefined();
    expect(bindDevice(only, { protocol: "snmp" }).firmware?.variants).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { identify, identityModel, loadLibrary, type Profile } from "../../src/profiles/index.ts";

const SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0";
const maker = "1.3.6.1.4.1.318";

const known = (id: string, rules: Profile["identify"]): Pick<Profile, "id" | "identify"> => ({ id, identify: rules });
const profiles = [
  known("ups/standard", { snmp: [{ oid: "1.3.6.1.2.1.33.1.1.1.0" }] }),
  known("ups/own-objects", { snmp: [{ oid: `${maker}.7.1.0` }] }),
  known("ups/maker", { snmp: [{ oid: SYS_OBJECT_ID, prefix: maker }] }),
  known("pdu/model", { snmp: [{ oid: SYS_OBJECT_ID, prefix: `${maker}.1.3.4.6` }] }),
  known("battery/sunspec", { modbus: { model: 802 } }),
  known("meter/word", { modbus: { table: "input", addr: 7, equals: 83 } }),
  known("pdu/unknown", {}),
];

const fits = (protocol: "snmp" | "modbus", found: Record<string, string | number[]>): string[] =>
  identify(profiles, protocol, (place) => found[place] ?? null).map(({ profile }) => profile);

describe("a device that nobody has named", () => {
  it("is asked once for every place that a profile is known by", () => {
    expect(identityModel(profiles, "snmp").points.map(({ name }) => name)).toEqual([
      "1.3.6.1.2.1.33.1.1.1.0",
      `${maker}.7.1.0`,
      SYS_OBJECT_ID,
    ]);
    expect(identityModel(profiles, "modbus").points.map(({ at }) => at)).toMatchObject([
      { table: "holding", addr: 0, model: 802, count: 1 },
      { table: "input", addr: 7, model: null, count: 1 },
    ]);
  });

  it("is the model before it is the maker's, and that before it is the standard's", () => {
    const found = { [SYS_OBJECT_ID]: `${maker}.1.3.4.6.9`, [`${maker}.7.1.0`]: "x", "1.3.6.1.2.1.33.1.1.1.0": "APC" };
    expect(fits("snmp", found)).toEqual(["pdu/model", "ups/maker", "ups/own-objects", "ups/standard"]);
  });

  it("is not of a maker whose number only begins alike", () => {
    expect(fits("snmp", { [SYS_OBJECT_ID]: `${maker}0.1` })).toEqual([]);
    expect(fits("snmp", { [SYS_OBJECT_ID]: maker })).toEqual(["ups/maker"]);
  });

  it("is known over Modbus by a model that it has, or by a register's value", () => {
    expect(fits("modbus", { "holding model 802 + 0, 1": [802] })).toEqual(["battery/sunspec"]);
    expect(fits("modbus", { "input 7, 1": [83] })).toEqual(["meter/word"]);
    expect(fits("modbus", { "input 7, 1": [84] })).toEqual([]);
  });

  it("is known by a text, by anything under an identifier, or by one of several rules", () => {
    const rules = [
      known("ups/text", {
        snmp: [
          { oid: SYS_OBJECT_ID, prefix: maker },
          { oid: "1.3.6.1.2.1.1.1.0", matches: "^NetMan" },
        ],
      }),
      known("ups/subtree", { snmp: [{ under: "1.3.6.1.4.1.13400.2" }] }),
      known("ups/both", { snmp: [{ oid: "1.3.6.1.2.1.1.1.0", matches: "Man", under: "1.3.6.1.4.1.13400.2" }] }),
    ];
    const of = (found: Record<string, string>): string[] =>
      identify(rules, "snmp", (place) => found[place] ?? null).map(({ profile }) => profile);
    expect(of({ "1.3.6.1.2.1.1.1.0": "NetMan 204" })).toEqual(["ups/text"]);
    expect(of({ "under 1.3.6.1.4.1.13400.2": "1" })).toEqual(["ups/subtree"]);
    expect(of({ "1.3.6.1.2.1.1.1.0": "a NetMan 204", "under 1.3.6.1.4.1.13400.2": "1" })).toEqual([
      "ups/both",
      "ups/subtree",
    ]);
    expect(identityModel(rules, "snmp").tables).toMatchObject([{ column: "1.3.6.1.4.1.13400.2", most: 1 }]);
  });

  it("fits nothing when nothing answers, in the whole library", () => {
    const all = [...loadLibrary().profiles.values()];
    for (const protocol of ["snmp", "modbus"] as const) expect(identify(all, protocol, () => null)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { ruleOf, senseOf } from "../../../src/core/alarm/vote-rule.ts";
import { alarm, point } from "../fixture.ts";

describe("the terms of a vote", () => {
  test("are those of a plain vote where a site says no more", () => {
    expect(ruleOf(alarm("fire", { on: ["a", "b", "c"], need: 2 }))).toEqual({
      need: 2,
      ifBad: "hold",
      degradeTo: 2,
      senses: null,
    });
  });

  test("are what a site says", () => {
    const on = ["a/smoke.level", "c/temperature.ambient"];
    const said = { need: 2, ifBad: "exclude", degradeTo: 1, diverse: true } as const;
    expect(ruleOf(alarm("fire", { on, ...said }))).toEqual({
      need: 2,
      ifBad: "exclude",
      degradeTo: 1,
      senses: ["smoke", "Cel"],
    });
  });
});

// Two sensors of one sense can be wrong for one reason; of two senses hardly.
test.each([
  ["asd/smoke.level", "smoke"],
  ["asd/smoke.obscuration", "smoke"],
  ["room/temperature.ambient", "Cel"],
  ["bat-a/string[2].module.temperature.max", "Cel"],
  ["bat-a/rack[12].unheard_of.temperature", "Cel"],
  ["coil/air.temperature_difference", "K"],
  ["ups-a/input.voltage[1]", "V"],
  ["ups-a/battery.voltage", "V"],
  ["pdu-a/outlet[3].current", "A"],
  ["pdu-a/outlet[13].power", "kW"],
  ["meter/frequency", "Hz"],
  ["gen/engine.oil_pressure", "kPa"],
  ["floor/room.pressure_difference", "Pa"],
  ["pdu-a/outlet[3].state", "outlet"],
  ["pdu-a/outlet[13].state", "outlet"],
  ["room/air.dewpoint", "Cel"],
  ["ups-a/battery.charge", "battery"],
  ["bare.level", "bare"],
])("%s senses %s", (name, sense) => {
  expect(senseOf(point(name))).toBe(sense);
});

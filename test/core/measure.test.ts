import { describe, expect, test } from "vitest";
import { measureOf, measures, parts } from "../../src/core/measure.ts";

test.each(Object.entries(measures))("%s is a number with a unit or a state with a list of words", (_, measure) => {
  const [low, high] = measure.range;
  expect(low).toBeLessThan(high);
  if (!measure.states) return expect(measure.unit).toMatch(/\S/);
  expect(measure.unit).toBeNull();
  expect(measure.range).toEqual([0, measure.states.length - 1]);
  expect(new Set(measure.states).size).toBe(measure.states.length);
  for (const word of measure.states) expect(word).toMatch(/^[a-z]+$/);
});

test("what may be less than nothing may be: warmth, a share, a pressure over that of the air", () => {
  for (const name of ["temperature", "dewpoint", "percent", "pressure"] as const)
    expect(measures[name]!.range[0], name).toBeLessThan(0);
});

test("what the 0 of each state means is known", () => {
  const first = Object.entries(measures).flatMap(([name, { states }]) => (states ? [`${name} ${states[0]}`] : []));
  expect(first).toEqual([
    "status unknown",
    "state off",
    "alarm normal",
    "contact open",
    "presence absent",
    "connection disconnected",
    "enabled no",
    "role none",
    "control off",
    "feed none",
    "charging none",
    "test none",
  ]);
});

test("a part of a plant is one small word", () => {
  expect(parts.size).toBeGreaterThan(100);
  for (const part of parts) expect(part).toMatch(/^[a-z]+$/);
});

describe("a name that is put together", () => {
  test.each([
    ["bank[2].current", "A"],
    ["bank[n].current", "A"],
    ["bank.breaker[12].current", "A"],
    ["fan[a.10].speed", "r/min"],
    ["room.temperature", "Cel"],
    ["supply.air.pressure_difference", "Pa"],
  ])("of parts and a measure has the measure's unit: %s in %s", (name, unit) => {
    expect(measureOf(name)?.unit).toBe(unit);
  });

  test.each([
    ["a measure alone", "current"],
    ["a part that is none", "gizmo.current"],
    ["one part of two that is none", "bank.gizmo.current"],
    ["a measure that is none", "bank.worth"],
    ["what every object has", "bank.constructor"],
    ["two instances", "bank[1].breaker[2].current"],
    ["nothing", ""],
    ["no measure", "bank."],
    ["an instance that is not at the end of a word", "ba[2]nk.current"],
  ])("of %s is none", (_, name) => {
    expect(measureOf(name)).toBeUndefined();
  });
});

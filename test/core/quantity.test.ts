import { expect, test } from "vitest";
import { quantities, quantityOf } from "../../src/core/quantity.ts";

test("a point's quantity is found by its name, with its instance filled in, left open, or named by a letter", () => {
  for (const name of ["outlet[3].state", "outlet[n].state", "outlet[12].state"])
    expect(quantityOf(name)).toBe(quantities["outlet[n].state"]);
  expect(quantityOf("battery.temperature")?.unit).toBe("Cel");
  expect(quantityOf("no.such.thing")).toBeUndefined();
});

test("a plant may be colder than water that freezes", () => {
  const warmths = Object.entries(quantities).filter(([, { unit }]) => unit === "Cel");
  for (const [name, { range }] of warmths) expect(range[0], name).toBeLessThan(0);
});

test("a generator may be driven, and a pump may suck", () => {
  for (const name of ["generator.power", "coolant.pressure.supply", "coolant.pressure.return"])
    expect(quantities[name]!.range[0], name).toBeLessThan(0);
});

test.each(Object.entries(quantities))("%s is a number with a unit or a state with a list of states", (_, quantity) => {
  const [low, high] = quantity.range;
  expect(low).toBeLessThan(high);
  expect(quantity.unit === null).toBe(quantity.states !== undefined);
  if (!quantity.states) return expect(quantity.unit).toMatch(/\S/);
  expect(quantity.range).toEqual([0, quantity.states.length - 1]);
  expect(new Set(quantity.states).size).toBe(quantity.states.length);
  for (const word of quantity.states) expect(word).toMatch(/\S/);
});

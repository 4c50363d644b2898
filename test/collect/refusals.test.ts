import { expect, test } from "vitest";
import { POLLS_UNTIL_ASKED_AGAIN, Refusals } from "../../src/collect/refusals.ts";
import { modbusPoint } from "./fixture.ts";

const points = [modbusPoint("a", 0), modbusPoint("b", 1)];

test("nothing is set aside while nothing was refused", () => {
  expect(new Refusals().sift(points)).toEqual({ ask: points, refused: [] });
});

test("a refused point is left alone for a while and then asked for again", () => {
  const refusals = new Refusals();
  refusals.add(points[0]!, "notFitted");
  for (let poll = 1; poll < POLLS_UNTIL_ASKED_AGAIN; poll++) {
    expect(refusals.sift(points)).toEqual({ ask: [points[1]], refused: [{ point: points[0], fault: "notFitted" }] });
  }
  expect(refusals.sift(points).ask).toBe(points);
});

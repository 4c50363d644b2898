import { expect, test } from "vitest";
import { Suspects } from "../../src/collect/suspects.ts";
import { modbusPoint } from "./fixture.ts";

test("requests with a suspect go last, the others keep their order, until they are cleared", () => {
  const [a, b, c] = ["a", "b", "c"].map((name, addr) => ({ points: [modbusPoint(name, addr)] }));
  const requests = [a!, b!, c!];
  const suspects = new Suspects();
  expect(suspects.last(requests)).toEqual([a, b, c]);
  suspects.blame(a!.points);
  expect(suspects.last(requests)).toEqual([b, c, a]);
  suspects.clear(a!.points);
  expect(suspects.last(requests)).toEqual([a, b, c]);
});

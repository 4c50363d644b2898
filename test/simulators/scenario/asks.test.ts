import { expect, test } from "vitest";
import { askedOf, later } from "../../../simulators/scenario/asks.ts";
import type { Request } from "../../../src/core/plant.ts";
import { hours, instant } from "../../../src/core/time.ts";

const requestOf = (ask: Parameters<typeof askedOf>[0]): Request => {
  const asked = askedOf(ask, instant(1000));
  if (!("request" in asked)) throw new Error("a request is asked");
  return asked.request;
};

test("a shelf of a run that is later than its scenario ends as much later, and nothing else is otherwise", () => {
  const said = { by: "operator", why: "filter change" };
  const shelve = requestOf({ shelve: "hall-1-hot.H", for: hours(1), ...said });
  expect(later(shelve, 500)).toEqual({
    to: "alarm",
    alarm: "hall-1-hot.H",
    event: { kind: "shelve", until: 1000 + hours(1) + 500, ...said },
  });
  const acknowledge = requestOf({ acknowledge: "hall-1-hot.H", ...said });
  expect(later(acknowledge, 500)).toEqual(acknowledge);
});

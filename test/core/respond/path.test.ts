import { expect, test } from "vitest";
import { lengthOf } from "../../../src/core/respond/path.ts";
import type { FailoverStep } from "../../../src/core/respond/response.ts";
import { seconds } from "../../../src/core/time.ts";
import { point } from "../fixture.ts";

/** The gate's last word may come this much later than a step's own time. */
const grace = 3000;

const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep => ({
  id,
  title: { en: id },
  point: point(`${id}/at`),
  value: 1,
  needs: [],
  within: seconds(60),
  retries: 0,
  ifFailed: "carryOn",
  usual: seconds(20),
  ...sketch,
});

test("a failover takes as long as its longest chain of steps that need each other", () => {
  const { usual } = lengthOf([step("a"), step("b", { needs: ["a"] }), step("c", { usual: seconds(30) })]);
  expect(usual).toEqual({ lasts: 40_000, steps: ["a", "b"], assumed: [] });
});

test("at worst every attempt is given up, and the gate's last word is waited for", () => {
  const { worst } = lengthOf([step("a", { retries: 2 }), step("b", { needs: ["a"] })]);
  expect(worst).toMatchObject({ lasts: 3 * (60_000 + grace) + 60_000 + grace, steps: ["a", "b"] });
});

test("what is taken in a step's place counts at worst, and not as a rule", () => {
  const steps = [step("a", { fallback: "spare" }), step("spare"), step("b", { needs: ["a"] })];
  const { usual, worst } = lengthOf(steps);
  expect(usual.steps).toEqual(["a", "b"]);
  expect(worst).toMatchObject({ lasts: 3 * (60_000 + grace), steps: ["a", "spare", "b"] });
});

test("a step of which nobody has said how long it takes counts with all its time, and is named", () => {
  const { id, title, point: at, value, needs, within, retries, ifFailed } = step("a");
  expect(lengthOf([{ id, title, point: at, value, needs, within, retries, ifFailed }]).usual).toEqual({
    lasts: 60_000,
    steps: ["a"],
    assumed: ["a"],
  });
});

test("what is taken in a step's place takes no time as a rule, however long it would", () => {
  const steps = [step("a", { fallback: "spare" }), step("spare", { usual: seconds(90) }), step("b", { needs: ["a"] })];
  expect(lengthOf(steps).usual).toMatchObject({ lasts: 40_000, steps: ["a", "b"] });
});

test("at worst a step waits for what is taken in place of those that it needs, and of no others; nothing is assumed", () => {
  const steps = [step("x", { fallback: "spare" }), step("spare"), step("a"), step("b", { needs: ["a"] })];
  expect(lengthOf([...steps.slice(2), ...steps.slice(0, 2)]).worst).toEqual({
    lasts: 2 * (60_000 + grace),
    steps: ["a", "b"],
    assumed: [],
  });
  expect(lengthOf(steps).worst.steps).toEqual(["x", "spare"]);
});

test("of two chains that take as long, the one that the plan names first is told", () => {
  const steps = [step("a"), step("b", { needs: ["a"] }), step("c"), step("d", { needs: ["c"] })];
  expect(lengthOf(steps).usual.steps).toEqual(["a", "b"]);
  expect(lengthOf(steps.toReversed()).usual.steps).toEqual(["c", "d"]);
});

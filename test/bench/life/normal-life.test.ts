import { describe, expect, test } from "vitest";
import { live } from "../../../bench/life/normal-life.ts";
import type { Transition } from "../../../src/core/plant.ts";

// Hours of a life in which nothing is wrong; the month is `npm run bench -- life`. Days of the month are counted from 0.

/** Plays an hour in about a second. */
const longMs = 240_000;
const hourDays = 1 / 24;

const told = (list: readonly Transition[]): readonly string[] =>
  list.map(({ alarm, because }) => `${alarm}: ${because}`);

describe("normal life on the demo's site", () => {
  test(
    "raises nothing and begins nothing in an hour of work, with a set-point moved by two degrees",
    async () => {
      const { run, falseAlarms } = await live({ days: hourDays, seed: 2 });
      expect(told(falseAlarms)).toEqual([]);
      expect(run.record.commands).toEqual([]);
      expect(run.record.transitions.filter(({ from, to }) => from !== to)).toEqual([]);
    },
    longMs,
  );

  test(
    "on the generator raises what is true of two halls without cooling, and sheds nothing",
    async () => {
      const { run, falseAlarms } = await live({ days: 3 * hourDays, seed: 2, from: 2 });
      expect(told(falseAlarms)).toEqual([]);
      expect(run.record.commands).toEqual([]);
      const raised = run.record.transitions.filter(({ to }) => to === "unacknowledged").map(({ alarm }) => alarm);
      expect(new Set(raised)).toEqual(
        new Set(["1", "2"].flatMap((n) => [`hall-${n}-heating`, `hall-${n}-cooling-lost`, `hall-${n}-hot.HH`])),
      );
    },
    longMs,
  );

  test(
    "in which both strings are discharged to be measured calls neither of them sick",
    async () => {
      const { run, falseAlarms } = await live({ days: 5 * hourDays, seed: 2, from: 4 });
      expect(told(falseAlarms)).toEqual([]);
      expect(run.record.commands).toEqual([]);
      const shelved = run.record.transitions.filter(({ to }) => to === "shelved").map(({ alarm }) => alarm);
      expect(shelved).toEqual(["ups-a-on-battery", "ups-b-on-battery"]);
    },
    longMs,
  );

  test("counts a silence of one poll in two thousand as no blindness", async () => {
    const { run } = await live({ days: hourDays, seed: 3 });
    expect(run.record.transitions.filter(({ blind }) => blind === true)).toEqual([]);
  });
});

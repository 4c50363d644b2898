/** Tests of a value as files write them: "> 40", "< 3.1", "== battery", "in [fire1, fire2]". */
import { assert } from "../core/assert.ts";
import { quantityOf } from "../core/quantity.ts";
import type { PointTest } from "./model.ts";

export type Condition =
  | { readonly is: ">" | "<"; readonly limit: number }
  | { readonly is: "in"; readonly states: readonly string[] };

/** A written test; null where the text is none. Whether its states exist is for the caller to say. */
export function parseCondition(text: string): Condition | null {
  const trimmed = text.trim();
  const [, sign, limit] = /^([<>])\s*(-?\d+(?:\.\d+)?)$/.exec(trimmed) ?? [];
  if (sign !== undefined) return { is: sign === ">" ? ">" : "<", limit: Number(limit) };
  const [, state] = /^==\s*'?([a-z]\w*)'?$/i.exec(trimmed) ?? [];
  if (state !== undefined) return { is: "in", states: [state] };
  const [, list] = /^in\s*\[([^\]]+)\]$/.exec(trimmed) ?? [];
  return list === undefined ? null : { is: "in", states: list.split(",").map((name) => name.trim()) };
}

/** A point and a test of it: "ups.mode == battery". Null where the text is no such thing. */
export function parsePointCondition(text: string): { readonly point: string; readonly test: Condition } | null {
  const [, point, rest] = /^\s*([a-z][\w.[\]]*)\s+(.+)$/.exec(text) ?? [];
  const test = rest === undefined ? null : parseCondition(rest);
  return point === undefined || test === null ? null : { point, test };
}

/** A written point and test, ready to be held against values. It has been checked; `called` is what a point is called here. */
export function pointTestOf(text: string, called: (written: string) => string): PointTest {
  const parsed = parsePointCondition(text);
  assert(parsed !== null, `"${text}" has been checked`);
  return { point: called(parsed.point), test: testOf(parsed.point, parsed.test) };
}

/** A written test of a point, its states by their places. */
export function testOf(point: string, test: Condition): PointTest["test"] {
  if (test.is !== "in") return test;
  const states = quantityOf(point)?.states ?? [];
  return { is: "in", states: test.states.map((name) => states.indexOf(name)) };
}

/** Whether a test holds for a value. */
export function holds({ test }: PointTest, value: number): boolean {
  if (test.is === "in") return test.states.includes(value);
  return test.is === ">" ? value > test.limit : value < test.limit;
}

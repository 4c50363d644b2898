/** Repeated points and commands: which instances there are, and how each is called. */

import { doubtsOfRow } from "./doubts.ts";
import type { PointModel, TableModel } from "./model.ts";
import { letterOf, withInstance } from "./names.ts";
import type { PointSource, RepeatSource } from "./schema.ts";

/** Rows that are taken of one table: all variables of the largest monitoring units known, with room to spare. */
export const MAX_ROWS = 2000;

/** Which instances a device has, by their letter: so many from the first, or these. */
export type Fitted = Readonly<Record<string, number | readonly (number | string)[]>>;

/** One instance of a point, or of a command. */
export interface Instance<T> {
  readonly name: string;
  readonly letter: string;
  /** Counted from the repeat's first, as the device numbers it, and as it is shown in names. */
  readonly index: number;
  readonly number: number | string;
  readonly shown: number | string;
  readonly source: T;
}

/** The instances of what stands under a name; of a walked table only those that are said to be fitted. */
export function repeated<T>(
  name: string,
  source: T,
  repeat: PointSource["repeat"],
  fitted: Fitted,
): readonly Instance<T>[] {
  const letter = letterOf(name);
  const run = letter === null ? undefined : repeat?.[letter];
  if (letter === null || !run) return [{ name, letter: "", index: 0, number: 0, shown: 0, source }];
  const numbers = numbersOf(run, fitted[letter]);
  const names = "from" in run ? numbers : rowNames(numbers.map(String), run.index);
  return numbers.map((number, i) => {
    const shown = names[i] ?? number;
    const index = "from" in run ? Number(number) - run.from : 0;
    return { name: withInstance(name, letter, shown), letter, index, number, shown, source };
  });
}

function numbersOf(run: RepeatSource, fitted: Fitted[string] | undefined): readonly (number | string)[] {
  const [from, most] = "from" in run ? [run.from, run.to - run.from + 1] : [1, fitted === undefined ? 0 : MAX_ROWS];
  if (typeof fitted !== "object") return Array.from({ length: Math.min(fitted ?? most, most) }, (_, i) => from + i);
  return "from" in run ? fitted.filter((number) => isIn(run, number)) : fitted;
}

const isIn = ({ from, to }: { from: number; to: number }, number: number | string): boolean =>
  typeof number === "number" && Number.isInteger(number) && number >= from && number <= to;

/** What rows are called, in their order. Where two would get one name, they keep their whole index. */
export function rowNames(rows: readonly string[], index: TableModel["index"]): readonly string[] {
  if (index === "whole") return rows;
  const partOf = (row: string): string => row.split(".").at(index === "last" ? -1 : index - 1) ?? row;
  const times = new Map<string, number>();
  for (const row of rows) times.set(partOf(row), (times.get(partOf(row)) ?? 0) + 1);
  return rows.map((row) => (times.get(partOf(row)) === 1 ? partOf(row) : row));
}

/** A row that a table has, and what its factors come to. */
export interface FoundRow {
  readonly row: string;
  readonly factor: number;
}

/** The points of a table that has these rows, a row after the other. */
export function tableRows({ letter, index, points }: TableModel, found: readonly FoundRow[]): readonly PointModel[] {
  const names = rowNames(
    found.map(({ row }) => row),
    index,
  );
  return found.flatMap(({ row, factor }, i) => {
    const called = (written: string): string => withInstance(written, letter, names[i] ?? row);
    const fill = (point: PointModel): PointModel => {
      const scale = point.scale * factor;
      if (letter === "" || point.at.protocol !== "snmp") return { ...point, scale };
      const at = { ...point.at, oid: withInstance(point.at.oid, letter, row) };
      return { ...point, name: called(point.name), at, scale, ...doubtsOfRow(point.doubts, fill, called) };
    };
    return points.map(fill);
  });
}

/** What is said to be fitted and cannot be, in words. */
export function fittedProblems(points: readonly Pick<PointSource, "repeat">[], fitted: Fitted): readonly string[] {
  return Object.entries(fitted).flatMap(([letter, said]) => {
    const runs = points.flatMap(({ repeat }) => repeat?.[letter] ?? []);
    if (runs.length === 0) return [`nothing in it is repeated over "${letter}"`];
    return typeof said === "number" ? countProblems(letter, said, runs) : listProblems(letter, said, runs);
  });
}

function countProblems(letter: string, count: number, runs: readonly RepeatSource[]): readonly string[] {
  const most = Math.max(...runs.map((run) => ("from" in run ? run.to - run.from + 1 : MAX_ROWS)));
  if (Number.isInteger(count) && count >= 1 && count <= most) return [];
  return [`fitted ${letter}: ${count} is not 1 to ${most}`];
}

function listProblems(
  letter: string,
  list: readonly (number | string)[],
  runs: readonly RepeatSource[],
): readonly string[] {
  const twice = list.find((number, i) => list.findIndex((other) => String(other) === String(number)) !== i);
  if (twice !== undefined) return [`fitted ${letter}: ${twice} stands there twice`];
  if (list.length > MAX_ROWS) return [`fitted ${letter}: at most ${MAX_ROWS}`];
  return list
    .filter((number) => !runs.some((run) => ("from" in run ? isIn(run, number) : /^\d+(\.\d+)*$/.test(String(number)))))
    .map((number) => `fitted ${letter}: it has no ${letter} ${number}`);
}

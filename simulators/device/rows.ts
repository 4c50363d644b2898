/**
 * What a simulated agent's tables hold: each gets rows that its profile takes for its own, with the objects beside them
 * that say so.
 */
import type { DeviceModel, PointModel, Profile, Protocol, SnmpValue, TableModel } from "../../src/profiles/index.ts";
import { bindDevice, tableRows } from "../../src/profiles/index.ts";
import type { FoundRow } from "../../src/profiles/repeat.ts";
import { passes } from "../../src/profiles/tables.ts";
import { Beside } from "./beside.ts";
import { samplesOf } from "./pattern.ts";

/** A device whose rows are among its points, and what stands beside them. */
export interface Filled {
  readonly model: DeviceModel;
  readonly objects: ReadonlyMap<string, SnmpValue>;
  /** Points of tables that no row could be made for. */
  readonly without: readonly string[];
}

/** Rows are looked for among so many. */
const MOST_TRIED = 256;

/** Gives every table of a device so many rows. */
export function withRows(profile: Profile, { tables = [], ...model }: DeviceModel, count: number): Filled {
  // What has to be looked up stands in the tables once more, each form of it as a row of its own.
  const desk = new Desk(model.points.filter(({ lookedUp }) => !lookedUp));
  const inOrder = takingTurns(tables.toSorted((a, b) => a.rank - b.rank));
  for (const table of inOrder) desk.fill(table, count);
  for (const table of inOrder) desk.complete(table);
  const rows = desk.rowsByLetter();
  const commands = rows.size === 0 ? model.commands : commandsFor(profile, model.protocol, rows);
  return { model: { ...model, points: desk.settled(), commands }, objects: desk.objects, without: desk.without() };
}

/** Of single rows that can be of one kind or another, the first is of the first kind, the second of the second. */
function takingTurns(tables: readonly TableModel[]): readonly TableModel[] {
  const kinds = new Map<string, TableModel[]>();
  for (const table of tables) {
    const [test] = table.row === undefined ? [] : table.tests;
    // A table of its own kind only.
    const key = JSON.stringify([table.rank, test?.oid ?? kinds.size]);
    kinds.set(key, [...(kinds.get(key) ?? []), table]);
  }
  return [...kinds.values()].flatMap((those, turn) => {
    const first = turn % those.length;
    return [...those.slice(first), ...those.slice(0, first)];
  });
}

/** A command of a row stands where the row does. */
function commandsFor(profile: Profile, protocol: Protocol, rows: ReadonlyMap<string, ReadonlySet<string>>) {
  const fitted = Object.fromEntries([...rows].map(([letter, those]) => [letter, [...those]]));
  return bindDevice(profile, { protocol, fitted }).commands;
}

class Desk {
  readonly #beside: Beside;
  readonly #single: readonly PointModel[];
  readonly #rows = new Map<TableModel, FoundRow[]>();
  /** Names that a table has rows for, with their letters. */
  readonly #names = new Set<string>();

  constructor(points: readonly PointModel[]) {
    this.#single = points;
    this.#beside = new Beside(points);
  }

  get objects(): ReadonlyMap<string, SnmpValue> {
    return this.#beside.objects;
  }

  /** A form behind one that has been served already is of no use: the first that a device has is taken. */
  fill(table: TableModel, count: number): void {
    const points = table.points.filter(({ name }) => !this.#names.has(name));
    if (points.length === 0) return;
    const found: FoundRow[] = [];
    this.#rows.set(table, found);
    for (const row of this.#candidates(table)) {
      if (found.length === (table.row === undefined ? count : 1)) break;
      this.#beside.know(tableRows(table, [{ row, factor: 1 }]));
      const factor = this.#beside.take(table, row);
      if (factor !== null) found.push({ row, factor });
    }
    for (const { name } of found.length === 0 ? [] : points) this.#names.add(name);
  }

  /** Takes in the rows of other tables in the same column that are of this one as well. */
  complete(table: TableModel): void {
    const found = this.#rows.get(table);
    if (!found || table.row !== undefined) return;
    const known = new Set(found.map(({ row }) => row));
    for (const row of this.#standingIn(table.column)) {
      const factor = known.has(row) || !isOfIndex(table, row) ? null : this.#beside.holds(table, row);
      if (factor !== null) found.push({ row, factor });
    }
  }

  /** All that is served, with what stands beside it cleared of what is not needed. */
  settled(): readonly PointModel[] {
    const points = this.#points();
    this.#beside.leaveTo(points);
    return points;
  }

  /** Of two forms of one point the first counts. */
  #points(): readonly PointModel[] {
    const byName = new Map(this.#single.map((point) => [point.name, point]));
    for (const [table, found] of this.#rows)
      for (const point of tableRows(table, found)) if (!byName.has(point.name)) byName.set(point.name, point);
    return [...byName.values()];
  }

  /** Of points that are repeated only those of which there is none at all. */
  without(): readonly string[] {
    const has = new Set([...this.#names].map(familyOf));
    const names = [...this.#rows.keys()].flatMap(({ points }) => points.map(({ name }) => familyOf(name)));
    return [...new Set(names)].filter((name) => !has.has(name));
  }

  rowsByLetter(): ReadonlyMap<string, ReadonlySet<string>> {
    const byLetter = new Map<string, Set<string>>();
    for (const [{ letter }, found] of this.#rows) {
      if (letter === "" || found.length === 0) continue;
      byLetter.set(letter, new Set([...(byLetter.get(letter) ?? []), ...found.map(({ row }) => row)]));
    }
    return byLetter;
  }

  *#candidates(table: TableModel): Iterable<string> {
    if (table.row !== undefined) return yield table.row;
    const before = typeof table.index === "number" ? "1.".repeat(table.index - 1) : "";
    const patterns = table.tests.flatMap(({ oid, pattern }) => (oid === undefined ? (pattern ?? []) : []));
    const given = new Set<string>();
    for (let number = 1; number <= MOST_TRIED; number++)
      for (const row of [before + number, ...patterns.flatMap((pattern) => indicesFor(pattern, number))]) {
        if (given.has(row) || !isOfIndex(table, row)) continue;
        given.add(row);
        yield row;
      }
  }

  #standingIn(column: string): ReadonlySet<string> {
    const points = this.#points().flatMap(({ at }) => (at.protocol === "snmp" ? [at.oid] : []));
    const oids = [...points, ...this.objects.keys()].filter((oid) => oid.startsWith(`${column}.`));
    return new Set(oids.map((oid) => oid.slice(column.length + 1)));
  }
}

const familyOf = (name: string): string => name.replace(/\[[^\]]+\]/, "[n]");

const isOfIndex = ({ tests }: TableModel, row: string): boolean =>
  tests.every((test) => test.oid !== undefined || passes(test, row));

/** Indices that fit an expression; one that says only how they begin or end is filled up. */
const indicesFor = (pattern: string, number: number): readonly string[] =>
  samplesOf(pattern, number)
    .map((text) => `${text.startsWith(".") ? number : ""}${text}${text.endsWith(".") ? number : ""}`)
    .filter((text) => /^\d+(\.\d+)*$/.test(text));

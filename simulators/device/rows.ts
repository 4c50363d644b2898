/**
 * What a simulated agent's tables hold: each gets rows that its profile takes for its own, with the objects beside them
 * that say of what kind they are and by what their numbers are multiplied.
 */
import type { DeviceModel, PointModel, Profile, Protocol, SnmpValue, TableModel } from "../../src/profiles/index.ts";
import { bindDevice, tableRows } from "../../src/profiles/index.ts";
import { withInstance } from "../../src/profiles/names.ts";
import type { FoundRow } from "../../src/profiles/repeat.ts";
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
const octets = 4;
const integer = 2;

/** Gives every table of a device so many rows. */
export function withRows(profile: Profile, { tables = [], ...model }: DeviceModel, count: number): Filled {
  const desk = new Desk(profile, model.points);
  for (const table of tables.toSorted((a, b) => a.rank - b.rank)) desk.fill(table, count);
  const without = [...new Set(desk.without)].filter((name) => !desk.names.has(name));
  const commands = desk.rows.size === 0 ? model.commands : commandsFor(profile, model.protocol, desk.rows);
  return { model: { ...model, points: desk.points, commands }, objects: desk.objects, without };
}

/** A command of a row stands where the row does. */
function commandsFor(profile: Profile, protocol: Protocol, rows: ReadonlyMap<string, ReadonlySet<string>>) {
  const fitted = Object.fromEntries([...rows].map(([letter, those]) => [letter, [...those]]));
  return bindDevice(profile, { protocol, fitted }).commands;
}

class Desk {
  readonly points: PointModel[];
  readonly objects = new Map<string, SnmpValue>();
  readonly without: string[] = [];
  /** Rows that have been given out, by the letter of their tables. */
  readonly rows = new Map<string, Set<string>>();
  /** Of what has been served, with the letters of tables. */
  readonly names: Set<string>;
  readonly #words: readonly string[];
  readonly #factors: readonly number[];
  readonly #patterns: readonly string[];

  constructor(profile: Profile, points: readonly PointModel[]) {
    this.points = [...points];
    this.names = new Set(points.map(({ name }) => name));
    const forms = Object.values(profile.points).flatMap(({ snmp }) => (snmp ? [snmp, ...snmp.or] : []));
    const tests = forms.flatMap(({ where = [] }) => where);
    this.#patterns = tests.flatMap(({ index }) => index ?? []);
    this.#words = [
      ...tests.flatMap((test) => (test.in ?? []).map(String)),
      ...tests.flatMap(({ matches }) => (matches === undefined ? [] : samplesOf(matches))),
      ...Array.from({ length: 20 }, (_, i) => String(i + 1)),
      "other",
    ];
    const mapped = forms.flatMap(({ scaleBy = [] }) => scaleBy.flatMap(({ map = {} }) => Object.keys(map).map(Number)));
    this.#factors = [0, 1, ...mapped];
  }

  /** A form behind one that has been served already is of no use: the first that a device has is taken. */
  fill(table: TableModel, count: number): void {
    const points = table.points.filter(({ name }) => !this.names.has(name));
    if (points.length === 0) return;
    const found = this.#rowsFor(table, table.row === undefined ? count : 1);
    if (found.length === 0) this.without.push(...points.map(({ name }) => name));
    for (const { name } of found.length === 0 ? [] : points) this.names.add(name);
    this.points.push(...tableRows({ ...table, points }, found));
    if (table.letter === "") return;
    const given = this.rows.get(table.letter) ?? new Set();
    this.rows.set(table.letter, given);
    for (const { row } of found) given.add(row);
  }

  #rowsFor(table: TableModel, count: number): readonly FoundRow[] {
    const found: FoundRow[] = [];
    for (const row of this.#candidates(table)) {
      if (found.length === count) break;
      const factor = this.#take(table, row);
      if (factor !== null) found.push({ row, factor });
    }
    return found;
  }

  *#candidates({ row, index, tests }: TableModel): Iterable<string> {
    if (row !== undefined) return yield row;
    const before = typeof index === "number" ? "1.".repeat(index - 1) : "";
    const isRight = (one: string): boolean => tests.every(({ oid, accepts }) => oid !== undefined || accepts(one));
    const given = new Set<string>();
    for (let number = 1; number <= MOST_TRIED; number++)
      for (const one of [before + number, ...this.#patterns.flatMap((pattern) => samplesOf(pattern, number))]) {
        if (!/^\d+(\.\d+)*$/.test(one) || given.has(one) || !isRight(one)) continue;
        given.add(one);
        yield one;
      }
  }

  /** Writes down what makes a row one of this table, and returns its factor; null, and nothing written, where it is of another. */
  #take(table: TableModel, row: string): number | null {
    const fill = (oid: string): string => (table.letter === "" ? oid : withInstance(oid, table.letter, row));
    const written = new Map<string, SnmpValue>();
    const look = (oid: string): SnmpValue | undefined => written.get(oid) ?? this.objects.get(oid);
    for (const { oid, accepts } of table.tests) {
      if (oid === undefined) continue;
      const before = look(fill(oid));
      const word = before ? String(before.value) : this.#words.find(accepts);
      if (word === undefined || !accepts(word)) return null;
      written.set(fill(oid), said(word));
    }
    let factor = 1;
    for (const { oid, factorOf } of table.scales) {
      const before = look(fill(oid));
      const isFactor = (one: number): boolean => Number.isFinite(factorOf(one)) && factorOf(one) !== 0;
      const raw = before ? Number(before.value) : this.#factors.find(isFactor);
      if (raw === undefined || !isFactor(raw)) return null;
      written.set(fill(oid), { type: integer, value: raw });
      factor *= factorOf(raw);
    }
    for (const [oid, value] of written) this.objects.set(oid, value);
    return factor;
  }
}

const said = (word: string): SnmpValue =>
  /^-?\d{1,9}$/.test(word) ? { type: integer, value: Number(word) } : { type: octets, value: word };

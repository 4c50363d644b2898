/**
 * The rows of an agent's tables. Rows found outlast the session: a table that could not be walked
 * to its end keeps those that it had, because an answer that is missing is not a row that is gone.
 */
import type { PointModel, RowTest, TableModel } from "../../profiles/model.ts";
import { withInstance } from "../../profiles/names.ts";
import { type FoundRow, tableRows } from "../../profiles/repeat.ts";
import { numberSaid, textSaid } from "../../profiles/snmp.ts";
import { factorOf, passes } from "../../profiles/tables.ts";
import { type Between, LineFault, type Walked } from "../line.ts";
import { type SnmpClient, SnmpRefusal } from "./client.ts";
import { type Column, lookUp, type NextObject, walkColumn } from "./walk.ts";

/** RFC 3416, section 3: a version 1 agent's way to say that nothing stands behind an object. */
const NO_SUCH_NAME = 2;

/** One request for one object, which every agent knows. */
const ONE = 1;

interface Known {
  /** Rows and factors; the same as before means the same points. */
  readonly found: string;
  readonly points: readonly PointModel[];
}

export class Tables {
  readonly #known = new Map<TableModel, Known>();
  /** Rows in one answer: fewer after one that was too big, one (GETNEXT) for an agent that takes GETBULK badly. */
  #rows: number;

  readonly #rowsAtFirst: number;

  constructor(rows: number) {
    this.#rows = rows;
    this.#rowsAtFirst = rows;
  }

  /** What walks have taught, in sentences. */
  learned(): readonly string[] {
    if (this.#rows === this.#rowsAtFirst) return [];
    if (this.#rows === ONE) return ["its tables are walked row by row: it does not take GETBULK"];
    return [`its tables are walked ${this.#rows} rows at a time: more would be too big`];
  }

  /** Walks tables one after the other. The same rows as before are the same points. */
  async walk(client: SnmpClient, tables: readonly TableModel[], between: Between): Promise<Walked> {
    const look = new Look((oid, rows) => this.#behind(client, oid, rows), between);
    try {
      for (const [i, table] of tables.entries()) {
        if (i > 0) await between();
        await this.#learn(table, look);
      }
      return { points: this.#pointsOf(tables), fault: null };
    } catch (error) {
      if (error instanceof LineFault) return { points: this.#pointsOf(tables), fault: error };
      throw error;
    }
  }

  async #learn(table: TableModel, look: Look): Promise<void> {
    const before = this.#rows;
    try {
      const rows = await look.rowsOf(table);
      const found = JSON.stringify(rows);
      if (this.#known.get(table)?.found !== found) this.#known.set(table, { found, points: tableRows(table, rows) });
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
      // Refused to GETNEXT as well: that says nothing of how many rows another table gives at once.
      this.#rows = before;
    }
  }

  /** Of points of one name, which are several forms of one, the first is taken. */
  #pointsOf(tables: readonly TableModel[]): readonly PointModel[] {
    const byName = new Map<string, PointModel>();
    for (const table of tables.toSorted((a, b) => a.rank - b.rank))
      for (const point of this.#known.get(table)?.points ?? [])
        if (!byName.has(point.name)) byName.set(point.name, point);
    return [...byName.values()];
  }

  async #behind(client: SnmpClient, oid: string, most: number): Promise<readonly NextObject[]> {
    const asked = Math.min(this.#rows, most);
    try {
      const objects = await client.behind(oid, asked);
      if (objects.length > 0 || asked === ONE) return objects;
      this.#rows = ONE;
    } catch (error) {
      if (error instanceof SnmpRefusal && error.status === NO_SUCH_NAME) return [];
      if (asked === ONE) throw error;
      if (error instanceof SnmpRefusal) this.#rows = Math.ceil(asked / 2);
      else return this.#insist(client, oid, error);
    }
    return this.#behind(client, oid, most);
  }

  /** Some agents answer GETBULK by silence, or by nonsense. One that is silent to GETNEXT as well is away. */
  async #insist(client: SnmpClient, oid: string, fault: unknown): Promise<readonly NextObject[]> {
    if (!client.usable) throw fault;
    const objects = await client.behind(oid, ONE);
    this.#rows = ONE;
    return objects;
  }
}

/** One look at an agent's tables: what several of them ask of it is asked once. */
class Look {
  readonly #ask: (oid: string, most: number) => Promise<readonly NextObject[]>;
  readonly #between: Between;
  readonly #columns = new Map<string, Promise<Column>>();
  readonly #objects = new Map<string, Promise<NextObject | undefined>>();

  constructor(ask: (oid: string, most: number) => Promise<readonly NextObject[]>, between: Between) {
    this.#ask = ask;
    this.#between = between;
  }

  /** The rows that a table has and that are of the right kind. */
  async rowsOf(table: TableModel): Promise<readonly FoundRow[]> {
    let rows = await this.#allOf(table);
    for (const test of table.tests) rows = await this.#passing(rows, test, table);
    return Promise.all(rows.map(async (row) => ({ row, factor: await this.#factorOf(row, table) })));
  }

  async #allOf({ column, row, most }: TableModel): Promise<readonly string[]> {
    if (row !== undefined) return (await this.#object(`${column}.${row}`)) ? [row] : [];
    if (most === undefined) return [...(await this.#column(column)).keys()];
    return [...(await walkColumn(column, (oid) => this.#ask(oid, most), this.#between, most)).keys()];
  }

  async #passing(rows: readonly string[], test: RowTest, table: TableModel): Promise<readonly string[]> {
    const { oid } = test;
    if (oid === undefined) return rows.filter((row) => passes(test, row));
    const kept: string[] = [];
    for (const row of rows) {
      const object = await this.#said(oid, row, table);
      if (object && passes(test, textSaid(object))) kept.push(row);
    }
    return kept;
  }

  async #factorOf(row: string, table: TableModel): Promise<number> {
    let factor = 1;
    for (const scale of table.scales) {
      const object = await this.#said(scale.oid, row, table);
      factor *= object ? factorOf(scale, numberSaid(object)) : Number.NaN;
    }
    return factor;
  }

  /** What an object says of a row: one of its row, or one for all of them. */
  async #said(oid: string, row: string, { letter }: TableModel): Promise<NextObject | undefined> {
    const instance = `.{${letter}}`;
    if (!oid.endsWith(instance)) return this.#object(withInstance(oid, letter, row));
    return (await this.#column(oid.slice(0, -instance.length))).get(row);
  }

  #column(column: string): Promise<Column> {
    return once(this.#columns, column, () =>
      walkColumn(column, (oid) => this.#ask(oid, Number.POSITIVE_INFINITY), this.#between),
    );
  }

  #object(oid: string): Promise<NextObject | undefined> {
    return once(this.#objects, oid, () => lookUp(oid, (before) => this.#ask(before, ONE)));
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? ask();
  known.set(key, found);
  return found;
}

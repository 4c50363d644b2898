/**
 * The rows of an agent's tables. Rows found outlast the session: a table that could not be walked
 * to its end keeps those that it had, because an answer that is missing is not a row that is gone.
 */
import type { PointModel, TableModel } from "../../profiles/model.ts";
import { tableRows } from "../../profiles/repeat.ts";
import { type Between, LineFault, type Walked } from "../line.ts";
import { type SnmpClient, SnmpRefusal } from "./client.ts";
import { type NextObject, walkColumn } from "./walk.ts";

/** RFC 3416, section 3: a version 1 agent's way to say that nothing stands behind an object. */
const NO_SUCH_NAME = 2;

/** One request for one object, which every agent knows. */
const ONE = 1;

interface Known {
  readonly indices: string;
  readonly points: readonly PointModel[];
}

export class Tables {
  readonly #known = new Map<TableModel, Known>();
  /** Rows in one answer: fewer after one that was too big, one (GETNEXT) for an agent that takes GETBULK badly. */
  #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
  }

  /** Walks tables one after the other. The same rows as before are the same points. */
  async walk(client: SnmpClient, tables: readonly TableModel[], between: Between): Promise<Walked> {
    try {
      for (const [i, table] of tables.entries()) {
        if (i > 0) await between();
        await this.#learn(client, table, between);
      }
      return { points: this.#pointsOf(tables), fault: null };
    } catch (error) {
      if (error instanceof LineFault) return { points: this.#pointsOf(tables), fault: error };
      throw error;
    }
  }

  async #learn(client: SnmpClient, table: TableModel, between: Between): Promise<void> {
    const before = this.#rows;
    try {
      const rows = await walkColumn(table.column, (oid) => this.#behind(client, oid), between);
      const indices = rows.join(" ");
      if (this.#known.get(table)?.indices !== indices)
        this.#known.set(table, { indices, points: tableRows(table, rows) });
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
      // Refused to GETNEXT as well: that says nothing of how many rows another table gives at once.
      this.#rows = before;
    }
  }

  readonly #pointsOf = (tables: readonly TableModel[]): readonly PointModel[] =>
    tables.flatMap((table) => this.#known.get(table)?.points ?? []);

  async #behind(client: SnmpClient, oid: string): Promise<readonly NextObject[]> {
    const asked = this.#rows;
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
    return this.#behind(client, oid);
  }

  /** Some agents answer GETBULK by silence, or by nonsense. One that is silent to GETNEXT as well is away. */
  async #insist(client: SnmpClient, oid: string, fault: unknown): Promise<readonly NextObject[]> {
    if (!client.usable) throw fault;
    const objects = await client.behind(oid, ONE);
    this.#rows = ONE;
    return objects;
  }
}

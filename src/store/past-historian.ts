/** The embedded history, read back from its file while no service holds it. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import type { PointId, Reading } from "../core/reading.ts";
import type { Past } from "./past.ts";
import { pastReading } from "./past-reading.ts";

const settings = { access_mode: "READ_ONLY", threads: "2", memory_limit: "512MB" };

const slice = 'SELECT point, "at", value, quality FROM readings WHERE "at" >= $1 AND "at" < $2 ORDER BY "at", rowid';

/** Opens the history of a file. Rejects where it is none, or a running service holds it. */
export async function openPastHistory(path: string): Promise<Past> {
  const instance = await DuckDBInstance.create(path, settings);
  const connection = await instance.connect();
  const names = await namesIn(connection);
  return {
    async span() {
      const [row] = (await connection.runAndReadAll('SELECT min("at"), max("at") FROM readings')).getRows();
      return row?.[0] == null ? null : { oldest: Number(row[0]), newest: Number(row[1]) };
    },
    readings: (from, to) => readSlice(connection, names, BigInt(Math.floor(from)), BigInt(Math.floor(to))),
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function namesIn(connection: DuckDBConnection): Promise<ReadonlyMap<number, PointId>> {
  const rows = (await connection.runAndReadAll("SELECT id, name FROM points")).getRows();
  return new Map(rows.map(([id, name]) => [Number(id), String(name) as PointId]));
}

async function readSlice(
  connection: DuckDBConnection,
  names: ReadonlyMap<number, PointId>,
  from: bigint,
  to: bigint,
): Promise<readonly Reading[]> {
  const [points = [], ats = [], values = [], qualities = []] = (
    await connection.runAndReadAll(slice, [from, to])
  ).getColumns();
  return ats.map((at, i) => {
    const value = values[i];
    const point = names.get(Number(points[i])) ?? ("unknown" as PointId);
    return pastReading(point, Number(at), typeof value === "number" ? value : null, Number(qualities[i]));
  });
}

/** A copy in InfluxDB 1.x, read back as readings. */
import { Pool } from "influx/lib/src/pool.js";
import type { PointId, Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Influx1Target } from "./influx1.ts";
import { measurementOf } from "./line.ts";
import type { Past } from "./past.ts";
import { pastReading } from "./past-reading.ts";

const timeoutMs = 120_000;
const msNs = 1_000_000;

interface Series {
  readonly tags?: { readonly device?: string; readonly point?: string };
  readonly values: readonly (readonly [at: number, value: number | null, quality: number | null])[];
}
interface Answer {
  readonly results?: readonly { readonly error?: string; readonly series?: readonly Series[] }[];
}

/** Opens a site's readings in a database; `quantities` are those that its points have. */
export function openPastInflux1(target: Influx1Target, site: string, quantities: Iterable<string>): Past {
  const pool = new Pool({ maxRetries: 0, requestTimeout: timeoutMs });
  pool.addHost(target.url);
  const auth = target.username === undefined ? {} : { auth: `${target.username}:${target.password ?? ""}` };
  const from = [...new Set([...quantities].map(measurementOf))].map(quoted).join(", ");
  const ask = async (q: string): Promise<readonly Series[]> => {
    const query = { db: target.database, epoch: "ms", q };
    const { results = [] } = (await pool.json({ method: "GET", path: "/query", query, ...auth })) as Answer;
    const failed = results.find(({ error }) => error !== undefined);
    if (failed) throw new Error(failed.error);
    return results.flatMap(({ series = [] }) => series);
  };
  const where = `"site" = '${site}'`;
  const edge = async (order: "ASC" | "DESC"): Promise<number | null> => {
    const series = await ask(`SELECT quality FROM ${from} WHERE ${where} ORDER BY time ${order} LIMIT 1`);
    const ats = series.flatMap(({ values }) => values.map(([at]) => at));
    return ats.length === 0 ? null : order === "ASC" ? Math.min(...ats) : Math.max(...ats);
  };
  return {
    async span() {
      const [oldest, newest] = [await edge("ASC"), await edge("DESC")];
      return oldest === null || newest === null ? null : { oldest, newest };
    },
    async readings(start, end) {
      const time = `time >= ${Math.floor(start) * msNs} AND time < ${Math.floor(end) * msNs}`;
      const series = await ask(`SELECT value, quality FROM ${from} WHERE ${where} AND ${time} GROUP BY device, point`);
      return series.flatMap(readingsIn).toSorted((a, b) => a.at - b.at);
    },
    close: async () => undefined,
  };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '\\"')}"`;

function readingsIn({ tags, values }: Series): readonly Reading[] {
  const point: PointId = pointId(tags?.device ?? "", tags?.point ?? "");
  return values.map(([at, value, quality]) => pastReading(point, at, value, quality ?? 0));
}

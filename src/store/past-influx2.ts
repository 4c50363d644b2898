/** A copy in InfluxDB 2.x, read back as readings. */
import { InfluxDB } from "@influxdata/influxdb-client";
import type { Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { Influx2Target } from "./influx2.ts";
import type { Past } from "./past.ts";
import { pastReading } from "./past-reading.ts";

const timeout = 120_000;
/** Nothing of ours is older. */
const beginning = 0;

interface Row {
  readonly _time: string;
  readonly device?: string;
  readonly point?: string;
  readonly value?: number | null;
  readonly quality?: number | null;
}

/** Opens a site's readings in a bucket. */
export function openPastInflux2({ url, org, bucket, token }: Influx2Target, site: string): Past {
  const query = new InfluxDB({ url, token, timeout }).getQueryApi(org);
  const fluxOf = (from: number, to: number): string =>
    [
      `from(bucket: ${JSON.stringify(bucket)})`,
      `range(start: ${timeOf(from)}, stop: ${timeOf(to)})`,
      `filter(fn: (r) => r.site == ${JSON.stringify(site)} and exists r.point and exists r.device)`,
      'filter(fn: (r) => r._field == "value" or r._field == "quality")',
    ].join("\n  |> ");
  const edge = async (pick: "first" | "last"): Promise<number | null> => {
    const flux = `${fluxOf(beginning, Date.now())}\n  |> filter(fn: (r) => r._field == "quality")\n  |> ${pick}()\n  |> keep(columns: ["_time"])`;
    const ats = (await query.collectRows<Row>(flux)).map(({ _time }) => Date.parse(_time));
    return ats.length === 0 ? null : pick === "first" ? Math.min(...ats) : Math.max(...ats);
  };
  return {
    async span() {
      const [oldest, newest] = [await edge("first"), await edge("last")];
      return oldest === null || newest === null ? null : { oldest, newest };
    },
    async readings(from, to) {
      const pivot = 'pivot(rowKey: ["_time", "device", "point"], columnKey: ["_field"], valueColumn: "_value")';
      // One table: a pivot keeps those of different columns apart, and the client takes them all.
      const rows = await query.collectRows<Row>(`${fluxOf(from, to)}\n  |> group()\n  |> ${pivot}`);
      return rows.map(readingOf).toSorted((a, b) => a.at - b.at);
    },
    close: async () => undefined,
  };
}

const timeOf = (ms: number): string => new Date(Math.floor(ms)).toISOString();

const readingOf = ({ _time, device = "", point = "", value = null, quality }: Row): Reading =>
  pastReading(pointId(device, point), Date.parse(_time), value, quality ?? 0);

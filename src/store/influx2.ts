/** Sends lines to InfluxDB 2.x, or to anything that takes its /api/v2/write. */
import { HttpError, InfluxDB } from "@influxdata/influxdb-client";
import type { Send } from "./deliver.ts";
import { refusal } from "./refusal.ts";

/** Where to. Organisation and bucket must exist. */
export interface Influx2Target {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
}

/** A write that takes longer has failed: the same lines are sent again. ms */
const timeout = 30_000;
/** Above every batch of ours: what the package sends of its own accord it neither waits for nor reports. */
const batchSize = 100_000;

/** Sends to one bucket. Keeping and repeating is left to the spool: the package does so in memory only. */
export function influx2({ url, org, bucket, token }: Influx2Target): Send {
  const writer = new InfluxDB({ url, token, timeout }).getWriteApi(org, bucket, "ms", {
    batchSize,
    flushInterval: 0,
    maxRetries: 0,
    // Answered with a promise, the package leaves the error to us and does not print it.
    writeFailed: (error) => Promise.reject(error),
  });
  return async ({ bytes }) => {
    // Lines that are joined already are as good as one: the package would only join them.
    writer.writeRecord(bytes.toString("utf8"));
    try {
      await writer.flush();
      return { kind: "sent" };
    } catch (error) {
      if (!(error instanceof HttpError)) return { kind: "retry", reason: (error as Error).message };
      return refusal(error.statusCode, error.message, error.headers?.["retry-after"]);
    }
  };
}

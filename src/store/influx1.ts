/** Sends lines to InfluxDB 1.x, or to anything that takes its /write. */
import { Pool, RequestError } from "influx/lib/src/pool.js";
import type { Send, Sent } from "./deliver.ts";
import { refusal } from "./refusal.ts";

/** Where to. The database must exist. */
export interface Influx1Target {
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** A write that takes longer has failed: the same lines are sent again. ms */
const timeoutMs = 30_000;
/** The package takes a host that failed out of use for a time; waiting is the spool's business, so it is the least. ms */
const benchedMs = 1;
const noPatience = { getDelay: () => benchedMs, next: () => noPatience, reset: () => noPatience };

/**
 * Sends to one database. It uses the request pool under the `influx` package: the lines are ready,
 * and its point writer would take them apart and make them anew.
 */
export function influx1(target: Influx1Target): Send {
  const { url, database, username, password } = target;
  const pool = new Pool({ maxRetries: 0, requestTimeout: timeoutMs, backoff: noPatience });
  pool.addHost(url);
  const auth = username === undefined ? {} : { auth: `${username}:${password ?? ""}` };
  return async ({ bytes }) => {
    const query = { db: database, precision: "ms" };
    // The package calls it a text and hands it to the request as it is, which takes bytes as well and need not encode them.
    const body = bytes as unknown as string;
    try {
      await withTimeout(pool.discard({ method: "POST", path: "/write", query, body, ...auth }));
      return { kind: "sent" };
    } catch (error) {
      return sentOf(error);
    }
  };
}

function sentOf(error: unknown): Sent {
  if (!(error instanceof RequestError)) return { kind: "retry", reason: (error as Error).message };
  const { statusCode = 0, headers } = error.res;
  return refusal(statusCode, error.message, headers["retry-after"]);
}

/** The pool never settles when a server breaks off in the middle of its answer. */
async function withTimeout(sending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the database did not answer in time")), timeoutMs);
  });
  try {
    await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}

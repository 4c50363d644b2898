/** Where readings and events go, and where people look at them. */
import { z } from "zod";
import { hours } from "../core/time.ts";
import { secret } from "./secret.ts";
import { brokerUrl, host, text, url, wait } from "./words.ts";

/** Ten years: history that is kept longer belongs in an archive. */
const RETENTION_MAX = hours(24 * 3660);
/** One disk, in megabytes. */
const DISK_MB_MAX = 1_000_000;
/** Receivers that every alarm is sent to. */
const WEBHOOKS_MAX = 16;

const megabytes = (usual: number) => z.int().min(1).max(DISK_MB_MAX).default(usual);

/** The wall and the API. Port 0 lets the system choose. Without an operator's token nobody can ask for anything. */
export const serveSchema = z.strictObject({
  host: host.default("127.0.0.1"),
  port: z.int().min(0).max(65_535).default(8080),
  operatorToken: secret.optional(),
});

/** The embedded history, and the databases that get a copy. */
export const storeSchema = z.strictObject({
  retention: wait(RETENTION_MAX).prefault("400d"),
  journalMb: megabytes(512),
  spoolMb: megabytes(1024),
  spoolAge: wait(RETENTION_MAX).prefault("30d"),
  influx1: z.strictObject({ url, database: text, username: text.optional(), password: secret.optional() }).optional(),
  influx2: z.strictObject({ url, org: text, bucket: text, token: secret }).optional(),
});

/** Who is told. */
export const notifySchema = z.strictObject({
  mqtt: z
    .strictObject({
      url: brokerUrl,
      username: text.optional(),
      password: secret.optional(),
      /** First part of every topic. */
      prefix: z
        .string()
        .regex(/^[^+#\s]+$/, "a topic has no spaces and no wildcards")
        .default("haechi"),
      /** 5, or 4 for brokers that know 3.1.1 only. */
      version: z.literal([4, 5]).default(5),
    })
    .optional(),
  webhooks: z.array(z.strictObject({ url, secret })).max(WEBHOOKS_MAX).default([]),
});

export type ServeRules = z.output<typeof serveSchema>;
export type StoreRules = z.output<typeof storeSchema>;
export type NotifyRules = z.output<typeof notifySchema>;

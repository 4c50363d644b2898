/** What a site file says of water in its zones, as it is written. */
import { z } from "zod";
import { test } from "./responses.ts";
import { id, text } from "./words.ts";

/** Readings that one opening may be shown by: more than any switchboard has contacts for. */
const PROOFS_MAX = 16;
/** Failovers that one request starts, which a person still follows on one wall. */
const EVACUATE_MAX = 32;

export const waterSchema = z.strictObject({
  use: z.enum(["spray", "flood", "none"]),
  note: text.optional(),
  /** By what is opened, as the isolation plan names it: "ups-b > row-b1", "battery ups-a", "source gen", "outlets row-a1". */
  proof: z.record(text, z.array(test).min(1).max(PROOFS_MAX)).default({}),
  evacuate: z.array(id).max(EVACUATE_MAX).default([]),
});

export type WaterSource = z.output<typeof waterSchema>;

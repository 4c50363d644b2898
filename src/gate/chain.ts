/**
 * The form of the ledger's lines. Each carries the SHA-256 of itself together with that of the line
 * before, so that none can be changed, taken out or put in without every later one being written anew.
 * Whoever has noted the last one elsewhere sees even that. Lines of older ledgers have a checksum only;
 * the chain runs over them too, from the first line that follows.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Step } from "./book.ts";

/** What the first line of all follows. */
export const genesis = "0".repeat(64);

/** A line that is whole. */
export interface Line {
  readonly steps: readonly Step[];
  /** The seal of the line before, as this one has it; null in lines of the form without a chain. */
  readonly before: string | null;
  readonly seal: string;
}

const sealOf = (before: string, text: string): string => createHash("sha256").update(`${before} ${text}`).digest("hex");

/** The line that holds these steps behind the line of that seal, its end with it, and its own seal. */
export function lineOf(steps: readonly Step[], before: string): { readonly bytes: Buffer; readonly seal: string } {
  const json = JSON.stringify(steps);
  const seal = sealOf(before, json);
  return { bytes: Buffer.from(`${seal} ${before} ${json}\n`), seal };
}

const chained = /^([0-9a-f]{64}) ([0-9a-f]{64}) /;
const unchained = /^([0-9a-f]{8}) /;

/** A line without its end; null where it is not what it was when it was written. `head` is the seal before it. */
export function parseLine(bytes: Buffer, head: string): Line | null {
  const text = bytes.toString();
  const [start, seal, before] = chained.exec(text) ?? [];
  if (start !== undefined && seal !== undefined && before !== undefined) {
    const json = text.slice(start.length);
    return sealOf(before, json) === seal ? { steps: JSON.parse(json) as readonly Step[], before, seal } : null;
  }
  const [old, sum] = unchained.exec(text) ?? [];
  if (old === undefined || sum === undefined) return null;
  const json = text.slice(old.length);
  if (crc32(json).toString(16).padStart(8, "0") !== sum) return null;
  return { steps: JSON.parse(json) as readonly Step[], before: null, seal: sealOf(head, text) };
}

/** The seal that a line claims, whether it is whole or not: what the next line has to name. Null where it claims none. */
export const claimOf = (bytes: Buffer): string | null => chained.exec(bytes.toString("latin1"))?.[1] ?? null;

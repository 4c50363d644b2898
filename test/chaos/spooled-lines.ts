/**
 * Lines on their way through the product's spool to a database that is away, slow or choosy, while
 * the process is killed in between: what was said to be on disk arrives, and none before one that
 * was put earlier has arrived.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lines } from "../../src/store/lines.ts";
import { linesOf, textsOf } from "../../src/store/lines.ts";
import type * as SpoolModule from "../../src/store/spool.ts";
import { chance } from "./chance.ts";

const bytesMax = 4 * 1024 * 1024;
/** Nothing here takes this long when all is well. ms */
const longestMs = 5000;

/** What went wrong with a seed's lines; null where nothing did. */
export async function spooledLines(spools: typeof SpoolModule, seed: number): Promise<string | null> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-spooled-"));
  try {
    return await spooled(spools, dir, seed);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function spooled({ openSpool }: typeof SpoolModule, dir: string, seed: number): Promise<string | null> {
  const luck = chance(seed);
  const came: number[] = [];
  let put = 0;
  const lives = luck.whole(2, 4);
  for (let life = 1; life <= lives; life += 1) {
    const isLast = life === lives;
    const spool = openSpool(dir, {
      bytesMax,
      ageMaxMs: 1e12,
      groupMs: 0,
      gapLine: () => "gap",
      patience: { firstMs: 1, longestMs: 1 },
      now: Date.now,
    });
    const stop = new AbortController();
    // In its last life the database takes everything; before, it may be away when the process is stopped.
    let left = isLast ? Number.POSITIVE_INFINITY : luck.whole(0, 4);
    const send = async (lines: Lines): Promise<{ kind: "sent" } | { kind: "retry"; reason: string }> => {
      if (left <= 0) return { kind: "retry", reason: "away" };
      left -= 1;
      came.push(...textsOf(lines).map(Number));
      if (isLast && new Set(came).size >= put) setImmediate(() => stop.abort());
      return { kind: "sent" };
    };
    for (let n = luck.whole(1, 4); n > 0; n -= 1) {
      const lines = Array.from({ length: luck.whole(1, 5) }, () => String(put++));
      await spool.put(linesOf(lines));
    }
    const timer = setTimeout(() => stop.abort(), isLast ? longestMs : luck.whole(1, 10));
    await spool.drain(send, stop.signal);
    clearTimeout(timer);
    await spool.close();
    const flaw = isLast ? null : outOfOrder(came);
    if (flaw !== null) return flaw;
  }
  const missing = Array.from({ length: put }, (_, n) => n).filter((n) => !came.includes(n));
  return missing.length > 0 ? `line ${missing[0]} was on disk and never came` : outOfOrder(came);
}

/** A line may come again; none may come before one that was put earlier has. */
function outOfOrder(came: readonly number[]): string | null {
  let next = 0;
  for (const line of came) {
    if (line > next) return `line ${next} was passed over: line ${line} came before it`;
    if (line === next) next += 1;
  }
  return null;
}

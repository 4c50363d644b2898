import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { instant } from "../../src/core/time.ts";
import { openJournal } from "../../src/store/journal.ts";
import { linesOf, textsOf } from "../../src/store/lines.ts";
import { openSpool, spoolDefaults } from "../../src/store/spool.ts";

const mount = (dir: string): boolean => spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", dir]).status === 0;
const unmount = (dir: string): void => void spawnSync("umount", [dir]);

/** Whether this machine lets us mount a small disk. */
function mayMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), "haechi-disk-"));
  const is = mount(dir);
  if (is) unmount(dir);
  rmSync(dir, { recursive: true });
  if (!is) console.log("not run, for want of the right to mount a small disk: a disk that is full");
  return is;
}

describe.runIf(mayMount())("a disk that is full", () => {
  let disk = "";
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), "haechi-disk-"));
    mount(disk);
  });
  afterEach(() => {
    unmount(disk);
    rmSync(disk, { recursive: true });
  });
  const block = (n: number): string => `${n} ${randomBytes(6000).toString("base64")}`;

  test("costs the spool its oldest lines, counted, and none of the newest", async () => {
    const gapLine = ({ lines }: { lines: number }): string => `gap ${lines}`;
    const sizes = { bytesMax: 2 * 1024 * 1024, ageMaxMs: 1e9, groupMs: 0, gapLine };
    const spool = openSpool(join(disk, "spool"), { ...spoolDefaults, ...sizes });
    for (let n = 0; n < 400; n++) await spool.put(linesOf([block(n)]));
    const { lost } = spool.health();
    expect(lost).toBeGreaterThan(100);
    expect(lost).toBeLessThan(380);
    const came: string[] = [];
    const stop = new AbortController();
    await spool.drain(async (lines) => {
      came.push(...textsOf(lines).map((line) => line.slice(0, line.startsWith("gap") ? undefined : line.indexOf(" "))));
      if (came.includes("399")) stop.abort();
      return { kind: "sent" };
    }, stop.signal);
    const kept = came.filter((line) => !line.startsWith("gap")).map(Number);
    expect(kept).toEqual(Array.from({ length: 400 - lost }, (_, i) => lost + i));
    const noted = came.filter((line) => line.startsWith("gap")).map((line) => Number(line.slice(4)));
    expect(noted.reduce((a, b) => a + b)).toBe(lost);
    await spool.close();
  });

  test("costs the journal its oldest segments, and what it recovers is whole", async () => {
    const dir = join(disk, "journal");
    const limits = { segmentBytes: 100_000, totalBytes: 1e7, pinnedSegments: 2 };
    const journal = openJournal(dir, limits);
    for (let n = 0; n < 400; n++) {
      if (n === 0 || journal.full) journal.checkpoint(instant(n), n);
      journal.append({ kind: "scan", at: instant(n), input: block(n) });
      expect(await journal.sync()).toBe(true);
    }
    expect(journal.health()).toMatchObject({ refused: 0, trouble: expect.stringContaining("ENOSPC") });
    await journal.close();
    expect(readdirSync(dir).length).toBeLessThan(15);
    const { checkpoint, inputs } = openJournal(dir, limits).recover();
    const numbers = [...inputs].map((input) => Number(String(input).split(" ")[0]));
    const from = checkpoint?.state as number;
    expect(numbers).toEqual(Array.from({ length: 400 - from }, (_, i) => from + i));
  });
});

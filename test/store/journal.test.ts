import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { instant } from "../../src/core/time.ts";
import type { Journal } from "../../src/store/journal.ts";
import { journalLimits, openJournal, readJournal } from "../../src/store/journal.ts";
import { testFolder } from "./folder.ts";

const limits = { segmentBytes: 2000, totalBytes: 10_000, pinnedSegments: 4 };
const segmentsIn = (dir: string): string[] => readdirSync(dir).filter((name) => name.endsWith(".seg"));
const newestIn = (dir: string): string => join(dir, segmentsIn(dir).sort().at(-1)!);

function scans(journal: Journal, from: number, to: number): void {
  for (let at = from; at < to; at++) journal.append({ kind: "scan", at: instant(at), input: { at, readings: [] } });
}

const inputsOf = (dir: string): unknown[] => {
  const { checkpoint, inputs } = openJournal(dir, limits).recover();
  return [checkpoint?.state ?? null, ...[...inputs].map((input) => (input as { at: number }).at)];
};

/** Runs the journal through a time, with a checkpoint whenever one is due. */
function run(journal: Journal, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (at === from || journal.full) journal.checkpoint(instant(at), `state at ${at}`);
    scans(journal, at, at + 1);
  }
}

describe("the journal", () => {
  test("of a new site has nothing to go on from", () => {
    const { checkpoint, inputs } = openJournal(testFolder(), limits).recover();
    expect([checkpoint, [...inputs]]).toEqual([null, []]);
  });

  test("gives back its newest checkpoint and every input after it", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 4);
    journal.checkpoint(instant(4), "two");
    scans(journal, 4, 6);
    expect(await journal.sync()).toBe(true);
    await journal.close();
    expect(inputsOf(dir)).toEqual(["two", 4, 5]);
  });

  test("goes on after a restart without a checkpoint", async () => {
    const dir = testFolder();
    const first = openJournal(dir, limits);
    first.checkpoint(instant(1), "one");
    scans(first, 1, 3);
    await first.close();
    const second = openJournal(dir, limits);
    scans(second, 3, 5);
    await second.close();
    expect(inputsOf(dir)).toEqual(["one", 1, 2, 3, 4]);
  });

  test("can be read when it is not closed, as after kill -9", () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 3);
    expect(inputsOf(dir)).toEqual(["one", 1, 2]);
  });

  test("torn at any byte gives back every whole record and cuts off the rest", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 3);
    journal.checkpoint(instant(3), "two");
    const edges = [statSync(newestIn(dir)).size];
    for (const at of [3, 4]) {
      scans(journal, at, at + 1);
      edges.push(statSync(newestIn(dir)).size);
    }
    await journal.close();
    const path = newestIn(dir);
    const whole = readFileSync(path);
    for (let cut = whole.length; cut >= 0; cut--) {
      writeFileSync(path, whole.subarray(0, cut));
      const kept = edges.filter((edge) => edge <= cut);
      expect(inputsOf(dir)).toEqual(kept.length === 0 ? ["one", 1, 2] : ["two", ...[3, 4].slice(0, kept.length - 1)]);
      expect(statSync(path).size).toBe(kept.at(-1) ?? 0);
    }
  });

  test("with a flipped bit passes over that record, counts it, and goes on", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 2);
    const inside = statSync(newestIn(dir)).size + 20;
    scans(journal, 2, 4);
    await journal.close();
    const bytes = readFileSync(newestIn(dir));
    bytes[inside]! ^= 4;
    writeFileSync(newestIn(dir), bytes);
    const again = openJournal(dir, limits);
    const { inputs } = again.recover();
    expect([...inputs].map((input) => (input as { at: number }).at)).toEqual([1, 3]);
    expect(again.health().damaged).toBe(1);
  });

  test("with a damaged checkpoint goes back to the one before it and replays through", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 3);
    journal.checkpoint(instant(3), "two");
    scans(journal, 3, 5);
    await journal.close();
    const bytes = readFileSync(newestIn(dir));
    bytes[15]! ^= 1;
    writeFileSync(newestIn(dir), bytes);
    expect(inputsOf(dir)).toEqual(["one", 1, 2, 3, 4]);
  });

  test("does not replay across a segment that is missing", async () => {
    const dir = testFolder();
    for (const at of [1, 2, 3]) {
      const journal = openJournal(dir, limits);
      if (at === 1) journal.checkpoint(instant(at), "one");
      else scans(journal, at, at + 1);
      await journal.close();
    }
    rmSync(join(dir, segmentsIn(dir).sort()[1]!));
    expect(inputsOf(dir)).toEqual(["one"]);
  });

  test("is a ring: it stays within its size and still recovers", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    run(journal, 1, 1000);
    await journal.close();
    const bytes = segmentsIn(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(limits.totalBytes);
    expect(bytes).toBeGreaterThan(limits.totalBytes / 2);
    expect(inputsOf(dir).at(-1)).toBe(999);
  });

  test("stays within its size even when nobody makes a checkpoint", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    scans(journal, 1, 2000);
    await journal.close();
    const bytes = segmentsIn(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(limits.totalBytes + 2 * limits.segmentBytes);
  });

  test("keeps what is pinned, with the checkpoint that it is replayed from, while the ring rolls on, restarts included", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    run(journal, 1, 100);
    journal.pin(instant(40), instant(45));
    run(journal, 100, 300);
    await journal.close();
    const again = openJournal(dir, limits);
    run(again, 300, 2000);
    await again.close();
    const records = [...readJournal(dir)];
    const pinned = records.filter((r) => r.at <= 45);
    expect(pinned[0]!.kind).toBe("checkpoint");
    expect(pinned.map((r) => r.at)).toEqual(expect.arrayContaining([40, 41, 42, 43, 44, 45]));
    expect(records.some((r) => r.at > 60 && r.at < 1000)).toBe(false);
  });

  test("pins what is yet to be written", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    run(journal, 1, 10);
    journal.pin(instant(5), instant(60));
    run(journal, 10, 2000);
    await journal.close();
    const kept = new Set([...readJournal(dir)].map((r) => r.at as number));
    expect([5, 20, 40, 60].every((at) => kept.has(at))).toBe(true);
  });

  test("holds at most so many pinned segments: the oldest give way", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    run(journal, 1, 10);
    journal.pin(instant(1), instant(10_000));
    run(journal, 10, 3000);
    expect(journal.health().pinned).toBe(limits.pinnedSegments);
    await journal.close();
    const bytes = segmentsIn(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(limits.totalBytes + (limits.pinnedSegments + 1) * limits.segmentBytes);
  });

  test("counts what the disk refuses and never throws for it", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), "one");
    rmSync(dir, { recursive: true });
    journal.checkpoint(instant(2), "two");
    scans(journal, 2, 4);
    expect(journal.health()).toMatchObject({ refused: 3, trouble: expect.stringContaining("ENOENT") });
    mkdirSync(dir);
    journal.checkpoint(instant(5), "five");
    expect(await journal.sync()).toBe(true);
    await journal.close();
    expect(inputsOf(dir)).toEqual(["five"]);
  });

  test("does not hide a damaged list of pins", () => {
    const dir = testFolder();
    writeFileSync(join(dir, "pins.json"), "[{");
    expect(openJournal(dir, limits).health().trouble).toContain("pins.json");
  });

  test("can be read file by file", async () => {
    const dir = testFolder();
    const journal = openJournal(dir, limits);
    journal.checkpoint(instant(1), { a: 1 });
    scans(journal, 1, 2);
    await journal.close();
    expect([...readJournal(newestIn(dir))]).toEqual([
      { kind: "checkpoint", at: 1, state: { a: 1 } },
      { kind: "scan", at: 1, input: { at: 1, readings: [] } },
    ]);
  });

  test("keeps to a budget in megabytes, pins included", () => {
    const { totalBytes, segmentBytes, pinnedSegments } = journalLimits(96);
    expect(totalBytes + segmentBytes * pinnedSegments).toBeLessThanOrEqual(96 * 1024 * 1024);
  });
});

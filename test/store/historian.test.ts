import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { Historian, HistorianOptions } from "../../src/store/historian.ts";
import { openHistorian } from "../../src/store/historian.ts";
import type { StoreEvent } from "../../src/store/line.ts";
import { testFolder } from "./folder.ts";
import { bad, good } from "./readings.ts";

const hour = 3_600_000;
const options: HistorianOptions = { retentionMs: 1000 * hour, bytesMax: 1e9, now: () => 10 * hour };
const point = "ups-a/output.load" as PointId;

/** A historian that is closed when the test is. */
function opened(path = join(testFolder(), "history.duckdb"), more: Partial<HistorianOptions> = {}): Historian {
  const historian = openHistorian(path, { ...options, ...more });
  onTestFinished(() => historian.close());
  return historian;
}

const raised = (alarm: string, at: number): StoreEvent => ({
  kind: "transition",
  transition: {
    alarm: alarm as AlarmId,
    at: instant(at),
    priority: "high",
    from: "normal",
    to: "unacknowledged",
    because: "it is hot",
  },
});

describe("the history", () => {
  test("gives a span back in buckets: the extremes, when they were, and the last", async () => {
    const historian = opened();
    historian.record([1, 5, 3, 2].map((value, i) => good(point, 1000 + i, value)));
    historian.record([good(point, 1010, 7), good("ups-a/other", 1001, 99)]);
    const buckets = await historian.history({ point, from: 1000, to: 1020, bucketMs: 10 });
    expect(buckets).toEqual([
      { at: 1000, min: { at: 1000, value: 1 }, max: { at: 1001, value: 5 }, last: 2, count: 4, quality: "good" },
      { at: 1010, min: { at: 1010, value: 7 }, max: { at: 1010, value: 7 }, last: 7, count: 1, quality: "good" },
    ]);
  });

  test("keeps silence as silence: a bucket of bad readings has no value, one without readings is not there", async () => {
    const historian = opened();
    const uncertain: Reading = { ...good(point, 31, 4), quality: "uncertain", reason: "outOfRange" } as Reading;
    historian.record([good(point, 1, 0), bad(point, 11), uncertain, bad(point, 32), good(point, 40, Number.NaN)]);
    const buckets = await historian.history({ point, from: 0, to: 50, bucketMs: 10 });
    expect(buckets.map(({ at, last, quality }) => [at, last, quality])).toEqual([
      [0, 0, "good"],
      [10, null, "bad"],
      [30, 4, "uncertain"],
      [40, null, "bad"],
    ]);
  });

  test("of a point that never spoke is empty", async () => {
    expect(await opened().history({ point, from: 0, to: 10, bucketMs: 1 })).toEqual([]);
  });

  test("is there after a restart, and goes on", async () => {
    const path = join(testFolder(), "history.duckdb");
    const first = openHistorian(path, options);
    first.record([good(point, 1, 1), good("ups-a/other", 1, 9)]);
    first.event(raised("hot", 1));
    await first.close();
    const second = opened(path);
    second.record([good("ups-b/new", 2, 5), good(point, 2, 2)]);
    const [bucket] = await second.history({ point, from: 0, to: 10, bucketMs: 10 });
    expect(bucket).toMatchObject({ min: { value: 1 }, max: { value: 2 }, count: 2 });
    expect(await second.events(0, 10, 10)).toHaveLength(1);
  });

  test("gives events back newest first, no more than asked for, with all that they said", async () => {
    const historian = opened();
    for (const [i, alarm] of ["a", "b", "c"].entries()) historian.event(raised(alarm, 100 + i));
    const events = await historian.events(101, 1000, 1);
    expect(events.map(({ at, kind, id }) => [at, kind, id])).toEqual([[102, "transition", "c"]]);
    expect(JSON.parse(events[0]!.body)).toMatchObject({ to: "unacknowledged", because: "it is hot" });
    expect(await historian.events(0, 102, 10)).toHaveLength(2);
  });

  test("stores every one of many readings", async () => {
    const historian = opened();
    const rows = Array.from({ length: 120_000 }, (_, i) => good(`d/p${i % 40}`, 1000 + Math.floor(i / 40), i));
    historian.record(rows);
    const [bucket] = await historian.history({ point: "d/p7" as PointId, from: 0, to: 1e6, bucketMs: 1e6 });
    expect(bucket).toMatchObject({ count: 3000, min: { at: 1000, value: 7 }, max: { at: 3999, value: 119_967 } });
    expect(historian.health()).toMatchObject({ queued: 0, stored: 120_000, lost: 0, trouble: null });
  });

  test("forgets what is older than it is kept for, when it is opened", async () => {
    const path = join(testFolder(), "history.duckdb");
    const first = openHistorian(path, options);
    first.record([good(point, hour, 1), good(point, 9 * hour, 2)]);
    first.event(raised("old", hour));
    await first.close();
    const second = opened(path, { retentionMs: 2 * hour });
    const [bucket] = await second.history({ point, from: 0, to: 10 * hour, bucketMs: 10 * hour });
    expect(bucket).toMatchObject({ count: 1, last: 2 });
    expect(await second.events(0, 10 * hour, 10)).toEqual([]);
  });

  test("that takes too much of the disk forgets the oldest before its time", async () => {
    const path = join(testFolder(), "history.duckdb");
    const first = openHistorian(path, options);
    first.record(Array.from({ length: 200_000 }, (_, i) => good(point, i * 10, Math.sin(i) * 1e6)));
    await first.close();
    const second = opened(path, { bytesMax: 1024 * 1024 });
    const [bucket] = await second.history({ point, from: 0, to: 1e8, bucketMs: 1e8 });
    expect(bucket!.count).toBeGreaterThan(0);
    expect(bucket!.count).toBeLessThan(200_000);
    expect(bucket!.last).toBe(Math.sin(199_999) * 1e6);
  });

  test("puts a file that is no database aside and begins anew", async () => {
    const path = join(testFolder(), "history.duckdb");
    writeFileSync(path, "this is no database".repeat(5000));
    const historian = opened(path);
    historian.record([good(point, 1, 1)]);
    expect(await historian.history({ point, from: 0, to: 10, bucketMs: 10 })).toHaveLength(1);
    expect(existsSync(`${path}.broken`)).toBe(true);
  });

  test("costs nobody anything when it cannot be opened: it says so and keeps what it can in memory", async () => {
    const dir = testFolder();
    const path = join(dir, "history.duckdb");
    mkdirSync(path);
    const historian = opened(path);
    historian.record([good(point, 1, 1)]);
    await expect(historian.history({ point, from: 0, to: 10, bucketMs: 10 })).rejects.toThrow();
    expect(historian.health()).toMatchObject({ queued: 1, stored: 0, trouble: expect.any(String) });
    rmSync(path, { recursive: true });
  });

  test("is opened again by itself when what was in its way is gone, and has what was recorded meanwhile", async () => {
    const path = join(testFolder(), "history.duckdb");
    mkdirSync(path);
    const historian = opened(path, { reopenMs: 10 });
    historian.record([good(point, 1, 1)]);
    await expect.poll(() => historian.health().trouble).not.toBeNull();
    rmSync(path, { recursive: true });
    await expect
      .poll(() => historian.health(), { timeout: 10_000 })
      .toMatchObject({ stored: 1, queued: 0, trouble: null });
    expect(await historian.history({ point, from: 0, to: 10, bucketMs: 10 })).toHaveLength(1);
  });

  test("counts what it gives up when nothing can be stored", async () => {
    const path = join(testFolder(), "history.duckdb");
    mkdirSync(path);
    const historian = opened(path);
    const scan = Array.from({ length: 50_000 }, (_, i) => good(point, i, i));
    for (let i = 0; i < 11; i++) historian.record(scan);
    expect(historian.health()).toMatchObject({ queued: 500_000, lost: 50_000 });
  });

  test("answers many questions at once, and refuses more than it can", async () => {
    const historian = opened();
    historian.record([good(point, 1, 1)]);
    const asked = Array.from({ length: 40 }, () => historian.history({ point, from: 0, to: 10, bucketMs: 10 }));
    const answers = await Promise.allSettled(asked);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(32);
  });

  test("does not answer after it was closed", async () => {
    const historian = opened();
    await historian.close();
    await expect(historian.events(0, 1, 1)).rejects.toThrow("closed");
  });
});

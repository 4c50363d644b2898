import { describe, expect, onTestFinished, test } from "vitest";
import { instant } from "../../src/core/time.ts";
import type { Known, Synced } from "../../src/self/points.ts";
import { selfWatch, syncWatch, withSelf } from "../../src/self/points.ts";
import { demoSite } from "../simulators/demo-site.ts";
import { testFolder } from "../store/folder.ts";

const health = [
  "scan.time",
  "scan.overruns",
  "loop.lag",
  "journal.size",
  "journal.lag",
  "chain.p50",
  "chain.p99",
  "chain.silence",
  "cause.faults",
  "spool.size",
  "spool.lag",
  "queue.readings",
  "queue.requests",
  "queue.gate",
  "queue.notify",
  "queue.store",
  "memory.resident",
  "memory.used",
  "clock.drift",
  "disk.free",
];

test("the service has its own health among the points of its site, and the counts of traps where it listens for them", () => {
  const demo = demoSite();
  const own = (traps: typeof demo.traps): readonly string[] =>
    [...withSelf({ ...demo, traps }).points.keys()].filter((point) => point.startsWith("haechi/"));
  const traps = ["traps.received", "traps.dropped", "traps.refused", "traps.unknown"];
  expect(own(null)).toEqual(health.map((name) => `haechi/${name}`));
  expect(own({ port: 162, bind: "0.0.0.0", users: [] })).toEqual([...health, ...traps].map((name) => `haechi/${name}`));
});

const known = Object.fromEntries(health.map((name) => [name, 0])) as Known;

describe("what the service measures of itself", () => {
  test("is its memory against what it may have, its clock against the monotonic one, and its disk", async () => {
    const watch = selfWatch(testFolder());
    onTestFinished(() => watch.stop());
    const read = (name: string) => watch.read(instant(0), known).find(({ point }) => point === `haechi/${name}`);
    // The disk is asked in the background; until it has answered nothing is said of it.
    expect(read("disk.free")).toBeUndefined();
    await expect.poll(() => read("disk.free")).toMatchObject({ quality: "good", value: expect.any(Number) });
    expect(read("memory.used")).toMatchObject({ quality: "good", value: expect.any(Number) });
    const wall = Date.now;
    onTestFinished(() => {
      Date.now = wall;
    });
    expect(read("clock.drift")).toMatchObject({ value: expect.closeTo(0, -2) });
    Date.now = () => wall() - 3_600_000;
    expect(read("clock.drift")).toMatchObject({ value: expect.closeTo(-3_600_000, -3) });
  });

  test("a disk that is not there is not known, and not full", async () => {
    const watch = selfWatch("/nowhere/at/all");
    onTestFinished(() => watch.stop());
    watch.read(instant(0), known);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(watch.read(instant(0), known).find(({ point }) => point === "haechi/disk.free")).toMatchObject({
      quality: "bad",
    });
  });
});

describe("a journal's lag", () => {
  /** A journal whose disk does as it is told. */
  function journal(): Synced & { disk: "good" | "refuses" | "hangs"; syncs: number } {
    const it = {
      disk: "good" as "good" | "refuses" | "hangs",
      syncs: 0,
      refused: 0,
      sync: () => {
        it.syncs += 1;
        return it.disk === "hangs" ? new Promise<boolean>(() => undefined) : Promise.resolve(it.disk === "good");
      },
      health: () => ({ refused: it.refused }),
    };
    return it;
  }
  const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("ends with every sync, and grows while the disk refuses", async () => {
    const it = journal();
    const watch = syncWatch(it);
    await rest(30);
    watch.turn();
    await rest(1);
    expect(watch.lagMs()).toBeLessThan(25);
    it.disk = "refuses";
    await rest(30);
    watch.turn();
    await rest(1);
    expect(watch.lagMs()).toBeGreaterThan(25);
  });

  test("grows while the disk hangs, which is asked once and not again and again", async () => {
    const it = journal();
    it.disk = "hangs";
    const watch = syncWatch(it);
    for (let i = 0; i < 5; i += 1) watch.turn();
    await rest(20);
    expect(it.syncs).toBe(1);
    expect(watch.lagMs()).toBeGreaterThan(15);
  });

  test("grows while records are refused, though what was taken is on disk", async () => {
    let refused = 0;
    const watch = syncWatch({ sync: () => Promise.resolve(true), health: () => ({ refused }) });
    await rest(20);
    refused = 3;
    watch.turn();
    await rest(1);
    expect(watch.lagMs()).toBeGreaterThan(15);
  });
});

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Gap } from "../../src/store/batch.ts";
import type { Send } from "../../src/store/deliver.ts";
import { linesOf, textsOf } from "../../src/store/lines.ts";
import type { Spool, SpoolOptions } from "../../src/store/spool.ts";
import { openSpool } from "../../src/store/spool.ts";
import { testFolder } from "./folder.ts";

const options: SpoolOptions = {
  bytesMax: 1024 * 1024,
  ageMaxMs: 3_600_000,
  groupMs: 1,
  gapLine: ({ lines, damaged }: Gap) => `gap lines=${lines} damaged=${damaged}`,
  patience: { firstMs: 1, longestMs: 5 },
  now: () => 1_000_000,
};
const some = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
const segmentsIn = (dir: string): string[] => readdirSync(dir).filter((name) => name.endsWith(".seg"));

/** Drains until so many lines have come, and gives back all that came. */
async function drained(spool: Spool, count: number, then?: Send): Promise<string[]> {
  const came: string[] = [];
  const stop = new AbortController();
  const send: Send = async (lines) => {
    const sent = (await then?.(lines)) ?? { kind: "sent" };
    if (sent.kind === "sent") came.push(...textsOf(lines));
    if (came.length >= count) setImmediate(() => stop.abort());
    return sent;
  };
  await spool.drain(send, stop.signal);
  return came;
}

/** Lines of which none packs well: text of every letter, repeatable. */
function noise(seed: number): string {
  let state = seed + 1;
  const next = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  };
  return Array.from({ length: 2000 }, next).join("");
}

describe("the spool", () => {
  test("delivers in order what was put, and what is put while it delivers", async () => {
    const spool = openSpool(testFolder(), options);
    await spool.put(linesOf(some(0, 10)));
    const draining = drained(spool, 30);
    await spool.put(linesOf(some(10, 20)));
    await spool.put(linesOf(some(20, 30)));
    expect(await draining).toEqual(some(0, 30));
    await spool.close();
  });

  test("delivers after a restart what was not delivered before it, and deletes what was", async () => {
    const dir = testFolder();
    const first = openSpool(dir, options);
    await first.put(linesOf(some(0, 10)));
    expect(await drained(first, 10)).toEqual(some(0, 10));
    await first.put(linesOf(some(10, 20)));
    await first.close();
    const second = openSpool(dir, options);
    expect(second.health().bytes).toBeGreaterThan(0);
    await second.put(linesOf(some(20, 30)));
    expect(await drained(second, 20)).toEqual(some(10, 30));
    expect(second.health()).toMatchObject({ bytes: 0, lagMs: 0, delivered: 20, lost: 0 });
    await second.close();
    expect(segmentsIn(dir)).toHaveLength(1);
  });

  test("delivers once and in order what piled up in front of a database that was slow", async () => {
    const spool = openSpool(testFolder(), options);
    let isSlow = true;
    const draining = drained(spool, 60, async () => {
      while (isSlow) await new Promise((resolve) => setImmediate(resolve));
      return { kind: "sent" };
    });
    for (let n = 0; n < 60; n += 3) await spool.put(linesOf(some(n, n + 3)));
    isSlow = false;
    expect(await draining).toEqual(some(0, 60));
    expect(spool.health()).toMatchObject({ bytes: 0, delivered: 60 });
    await spool.close();
  });

  test("that is killed delivers again what it delivered in its last second, and nothing older", async () => {
    const dir = testFolder();
    const killed = openSpool(dir, options);
    await killed.put(linesOf(some(0, 10)));
    await drained(killed, 10);
    await killed.put(linesOf(some(10, 20)));
    await drained(killed, 10);
    const spool = openSpool(dir, options);
    await spool.put(linesOf(["last"]));
    const came: string[] = [];
    const stop = new AbortController();
    await spool.drain(async (lines) => {
      came.push(...textsOf(lines));
      if (textsOf(lines).includes("last")) stop.abort();
      return { kind: "sent" };
    }, stop.signal);
    // What of it is told again depends on how long the second was.
    expect([[...some(10, 20), "last"], ["last"]]).toContainEqual(came);
    await spool.close();
    await killed.close();
  });

  test("takes a put of any length, in records of a size that a database takes", async () => {
    const spool = openSpool(testFolder(), { ...options, bytesMax: 64 * 1024 * 1024 });
    const sizes: number[] = [];
    const send: Send = async (lines) => {
      sizes.push(lines.count);
      return { kind: "sent" };
    };
    await spool.put(linesOf(some(0, 23_000)));
    expect(await drained(spool, 23_000, send)).toEqual(some(0, 23_000));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
    await spool.close();
  });

  test("writes what comes last while the disk is busy, though nothing comes after it", async () => {
    const spool = openSpool(testFolder(), { ...options, bytesMax: 64 * 1024 * 1024 });
    const puts = [some(0, 10_000), some(10_000, 20_000), ["last"]].map((texts) => spool.put(linesOf(texts)));
    await Promise.all(puts);
    expect(await drained(spool, 20_001)).toEqual([...some(0, 20_000), "last"]);
    await spool.close();
  });

  test("packs what has to wait for a database, and reads it all again", async () => {
    const dir = testFolder();
    const spool = openSpool(dir, { ...options, bytesMax: 64 * 1024 * 1024 });
    const alike = Array.from({ length: 1000 }, (_, n) => `temperature,site=a,point=b value=${n},quality=0i 1700000000`);
    for (let n = 0; n < 20; n += 1) await spool.put(linesOf(alike));
    const textBytes = alike.join("\n").length;
    // The first few are handed out as they are; the others are a fifth of that at most.
    expect(spool.health().bytes).toBeLessThan(4 * textBytes + (16 * textBytes) / 5);
    expect(await drained(spool, 20_000)).toEqual(Array.from({ length: 20 }, () => alike).flat());
    await spool.close();
  });

  test("cut at any byte gives back whole records only, and takes new ones", async () => {
    const dir = testFolder();
    const writer = openSpool(dir, options);
    for (const [from, to] of [
      [0, 3],
      [3, 6],
    ] as const)
      await writer.put(linesOf(some(from, to)));
    await writer.close();
    const path = join(dir, segmentsIn(dir)[0]!);
    const whole = readFileSync(path);
    for (let cut = 0; cut < whole.length; cut += 3) {
      for (const name of readdirSync(dir)) rmSync(join(dir, name));
      writeFileSync(path, whole.subarray(0, cut));
      const spool = openSpool(dir, options);
      await spool.put(linesOf(["after"]));
      const kept = statSync(path).size === 0 ? [] : some(0, 3);
      expect(await drained(spool, kept.length + 1)).toEqual([...kept, "after"]);
      await spool.close();
    }
  });

  test("sends everything again when its cursor cannot be read", async () => {
    const dir = testFolder();
    const first = openSpool(dir, options);
    await first.put(linesOf(some(0, 5)));
    await drained(first, 5);
    await first.close();
    writeFileSync(join(dir, "cursor.json"), "{");
    const second = openSpool(dir, options);
    expect(await drained(second, 5)).toEqual(some(0, 5));
    await second.close();
  });

  test("that is full gives up the oldest and says to the database how much", async () => {
    const dir = testFolder();
    const spool = openSpool(dir, { ...options, bytesMax: 64 * 1024 });
    for (let i = 0; i < 100; i++) await spool.put(linesOf([noise(i)]));
    const bytes = segmentsIn(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(80 * 1024);
    const { lost } = spool.health();
    expect(lost).toBeGreaterThan(20);
    await spool.put(linesOf(["last"]));
    const came: string[] = [];
    const stop = new AbortController();
    await spool.drain(async (lines) => {
      came.push(...textsOf(lines));
      if (textsOf(lines).includes("last")) stop.abort();
      return { kind: "sent" };
    }, stop.signal);
    const noted = came.flatMap((line) => /^gap lines=(\d+)/.exec(line)?.[1] ?? []).map(Number);
    const kept = came.filter((line) => line.length === 2000);
    expect(noted.reduce((a, b) => a + b)).toBe(lost);
    expect(kept).toEqual(Array.from({ length: 100 - lost }, (_, i) => noise(lost + i)));
    await spool.close();
  });

  test("gives up what has grown too old", async () => {
    let now = 0;
    const spool = openSpool(testFolder(), { ...options, bytesMax: 80 * 1024, ageMaxMs: 100, now: () => now });
    for (let i = 0; i < 12; i++) await spool.put(linesOf([noise(i)]));
    now = 1000;
    for (let i = 0; i < 12; i++) await spool.put(linesOf([noise(i)]));
    now = 1050;
    await spool.put(linesOf(["young"]));
    expect(spool.health().lost).toBeGreaterThan(0);
    expect(spool.health().lost).toBeLessThanOrEqual(12);
    await spool.close();
  });

  test("keeps apart the one line that a database refuses, with the reason, and delivers the others", async () => {
    const dir = testFolder();
    const spool = openSpool(dir, options);
    await spool.put(linesOf(some(0, 100)));
    const send: Send = async (lines) =>
      textsOf(lines).includes("line 37") ? { kind: "reject", reason: "type conflict" } : { kind: "sent" };
    const came = await drained(spool, 99, send);
    expect(came.sort()).toEqual(
      some(0, 100)
        .filter((line) => line !== "line 37")
        .sort(),
    );
    const kept = readFileSync(join(dir, "quarantine.jsonl"), "utf8").trim();
    expect(JSON.parse(kept)).toEqual({ at: 1_000_000, reason: "type conflict", line: "line 37" });
    expect(spool.health()).toMatchObject({ quarantined: 1, trouble: "type conflict" });
    await spool.close();
  });

  test("waits for a database that is away, says why, and loses nothing", async () => {
    const spool = openSpool(testFolder(), options);
    await spool.put(linesOf(some(0, 5)));
    const reasons: (string | null)[] = [];
    let refusals = 3;
    const send: Send = async () => {
      reasons.push(spool.health().waiting);
      if (refusals-- > 0) throw new Error("connection refused");
      return { kind: "sent" };
    };
    expect(await drained(spool, 5, send)).toEqual(some(0, 5));
    expect(reasons).toEqual([null, ...Array(3).fill("Error: connection refused")]);
    expect(spool.health().waiting).toBeNull();
    await spool.close();
  });

  test("stops at once though a database does not answer, and delivers later what it held", async () => {
    const spool = openSpool(testFolder(), options);
    await spool.put(linesOf(some(0, 5)));
    const stop = new AbortController();
    await spool.drain(() => {
      setImmediate(() => stop.abort());
      return new Promise(() => undefined);
    }, stop.signal);
    expect(await drained(spool, 5)).toEqual(some(0, 5));
    await spool.close();
  });

  test("passes over a damaged record, counts it, and tells the database", async () => {
    const dir = testFolder();
    const writer = openSpool(dir, options);
    const path = (): string => join(dir, segmentsIn(dir)[0]!);
    await writer.put(linesOf(some(0, 3)));
    const inside = statSync(path()).size - 2;
    await writer.put(linesOf(some(3, 6)));
    await writer.close();
    const bytes = readFileSync(path());
    bytes[inside]! ^= 16;
    writeFileSync(path(), bytes);
    const spool = openSpool(dir, options);
    expect(await drained(spool, 3)).toEqual(some(3, 6));
    expect(spool.health().damaged).toBe(1);
    await spool.put(linesOf(["next"]));
    expect(await drained(spool, 2)).toEqual(["gap lines=0 damaged=1", "next"]);
    await spool.close();
  });

  test("says so when the disk refuses, counts what was lost, and goes on when it is back", async () => {
    const dir = testFolder();
    const spool = openSpool(dir, options);
    rmSync(dir, { recursive: true });
    await expect(spool.put(linesOf(some(0, 5)))).rejects.toThrow("ENOENT");
    expect(spool.health()).toMatchObject({ lost: 5, trouble: expect.stringContaining("ENOENT") });
    mkdirSync(dir);
    await spool.put(linesOf(["back"]));
    expect(await drained(spool, 2)).toEqual(["gap lines=5 damaged=0", "back"]);
    await spool.close();
  });

  test("does not let memory grow without end before a slow disk", async () => {
    const spool = openSpool(testFolder(), { ...options, bytesMax: 256 * 1024 * 1024, groupMs: 1000 });
    const megabyte = ["x".repeat(1024 * 1024)];
    const puts = Array.from({ length: 40 }, () => spool.put(linesOf(megabyte)));
    const refused = (await Promise.allSettled(puts)).filter(({ status }) => status === "rejected").length;
    expect(refused).toBeGreaterThanOrEqual(7);
    expect(spool.health().lost).toBe(refused);
    await spool.close();
  });
});

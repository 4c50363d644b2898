/** What keeping costs: the journal, the spool and the history against a plain append to a file, in one run. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PointId, Reading } from "../src/core/reading.ts";
import { pointId } from "../src/core/reading.ts";
import { instant } from "../src/core/time.ts";
import { openHistorian } from "../src/store/historian.ts";
import { journalLimits, openJournal } from "../src/store/journal.ts";
import { gapLine } from "../src/store/line.ts";
import { lineEncoder } from "../src/store/line-encoder.ts";
import type { Lines } from "../src/store/lines.ts";
import { openSpool, spoolDefaults } from "../src/store/spool.ts";

/** Enough that fixed costs are lost in it, and done in seconds. */
const pointCount = 1000;
const rounds = 200;
const total = pointCount * rounds;
/** A round is what a thousand points say at one instant. */
const roundMs = 1000;
const epoch = 1_700_000_000_000;

const names: readonly PointId[] = Array.from({ length: pointCount }, (_, i) =>
  pointId(`d${i >> 5}`, `battery.voltage${i & 31}`),
);

/** A walk in steps of a tenth, as sensors give it. */
const round = (n: number): Reading[] =>
  names.map((point, i) => {
    const value = Math.round(200 + 20 * Math.sin((n + i) / 30)) / 10;
    return { point, at: instant(epoch + n * roundMs), quality: "good", value };
  });

/** Rates are readings per second of the wall; `Share` is a rate over that of the plain, synced append of the same run. */
export async function figures(): Promise<Record<string, number>> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-bench-"));
  try {
    const encode = lineEncoder("bench", () => ({
      quantity: "battery.voltage",
      device: "d",
      class: "ups",
      space: "hall",
    }));
    const data = Array.from({ length: rounds }, (_, n) => round(n));
    const began = performance.now();
    for (const readings of data) encode(readings, () => undefined);
    const encodeRate = rateSince(began);
    const lines: Lines[] = [];
    for (const readings of data) encode(readings, (some) => lines.push(kept(some)));
    const appendRate = appendPlainly(dir, lines);
    const spoolRate = await spoolAll(dir, lines);
    const journalRate = await journalAll(dir, data);
    return {
      encodeRate,
      appendRate,
      spoolRate,
      spoolShare: spoolRate / appendRate,
      journalRate,
      journalShare: journalRate / appendRate,
      ...(await history(dir, data)),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const kept = ({ bytes, count }: Lines): Lines => ({ bytes: Buffer.from(bytes), count });

const rateSince = (began: number): number => (total / (performance.now() - began)) * 1000;

function appendPlainly(dir: string, lines: readonly Lines[]): number {
  const fd = openSync(join(dir, "plain"), "a");
  const began = performance.now();
  for (const batch of lines) {
    writeSync(fd, batch.bytes);
    fdatasyncSync(fd);
  }
  const rate = rateSince(began);
  closeSync(fd);
  return rate;
}

async function spoolAll(dir: string, lines: readonly Lines[]): Promise<number> {
  const own = { groupMs: 0, bytesMax: 1024 ** 3, ageMaxMs: 3_600_000, gapLine: gapLine.bind(null, "bench") };
  const spool = openSpool(join(dir, "spool"), { ...spoolDefaults, ...own });
  const began = performance.now();
  for (const batch of lines) await spool.put(batch);
  const rate = rateSince(began);
  await spool.close();
  return rate;
}

async function journalAll(dir: string, data: readonly (readonly Reading[])[]): Promise<number> {
  const journal = openJournal(join(dir, "journal"), journalLimits(512));
  const began = performance.now();
  for (const readings of data) {
    const at = readings[0]!.at;
    journal.append({ kind: "scan", at, input: { at, readings, requests: [], outcomes: [], leads: true } });
    await journal.sync();
  }
  const rate = rateSince(began);
  await journal.close();
  return rate;
}

async function history(dir: string, data: readonly (readonly Reading[])[]): Promise<Record<string, number>> {
  const path = join(dir, "history.duckdb");
  const historian = openHistorian(path, {
    retentionMs: Number.MAX_SAFE_INTEGER,
    bytesMax: 1024 ** 3,
    now: () => epoch,
  });
  const span = { point: names[17]!, from: epoch, to: epoch + rounds * roundMs, bucketMs: roundMs };
  await historian.history(span);
  const began = performance.now();
  const cpu = process.cpuUsage();
  for (const readings of data) historian.record(readings);
  await historian.events(0, 1, 1);
  const historianRate = rateSince(began);
  const { user, system } = process.cpuUsage(cpu);
  const asked = performance.now();
  await historian.history(span);
  const historyQueryMs = performance.now() - asked;
  await historian.close();
  const cpuUsPerRow = (user + system) / total;
  return {
    historianRate,
    historianCpuUsPerRow: cpuUsPerRow,
    historyQueryMs,
    historianBytesPerRow: statSync(path).size / total,
  };
}

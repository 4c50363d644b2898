import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { startInfluxd } from "../setup/services.ts";
import { testFolder } from "./folder.ts";
import { influxQuery } from "./influxd.ts";

const program = fileURLToPath(new URL("../../dist/test/store/spool-writer.js", import.meta.url));
const total = 60_000;

/** A writer and what it said. */
interface Writer {
  readonly child: ChildProcess;
  /** Up to which number points are safe. */
  safe: number;
  isEmpty: boolean;
}

function startWriter(dir: string, url: string, from: number): Writer {
  const child = spawn(process.execPath, [program, dir, url, String(from), String(total)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const writer: Writer = { child, safe: from, isEmpty: false };
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "empty") writer.isEmpty = true;
    else writer.safe = Number(line);
  });
  return writer;
}

async function killed({ child }: Writer): Promise<void> {
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
}

const reaches = (writer: Writer, number: number) =>
  expect.poll(() => writer.safe, { timeout: 25_000, interval: 5 }).toBeGreaterThanOrEqual(number);

describeWith("influxd", "a service that is killed while its database is away", () => {
  let influxd: Running;
  beforeAll(async () => {
    influxd = await startInfluxd();
    await influxQuery(influxd.url, "CREATE DATABASE haechi");
  });
  afterAll(() => influxd.stop());

  test("has every point that it accepted in the database in the end, exactly once", { timeout: 90_000 }, async () => {
    const dir = testFolder();
    const first = startWriter(dir, influxd.url, 0);
    await reaches(first, 5000);
    await influxd.kill();
    await reaches(first, 15_000);
    await killed(first);
    const second = startWriter(dir, influxd.url, first.safe);
    await reaches(second, first.safe + 10_000);
    await influxd.again();
    await reaches(second, second.safe + 1000);
    await killed(second);
    expect(second.safe, "the second kill must come under load").toBeLessThan(total);
    const third = startWriter(dir, influxd.url, second.safe);
    await expect.poll(() => third.isEmpty, { timeout: 40_000 }).toBe(true);
    const rows = await influxQuery(influxd.url, "SELECT count(value), sum(value) FROM count", "haechi");
    expect(rows).toEqual([[0, total, (total * (total - 1)) / 2]]);
  });
});

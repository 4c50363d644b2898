import { appendFile, link, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import type { CommandId } from "../../src/core/command.ts";
import { instant } from "../../src/core/time.ts";
import type { Step } from "../../src/gate/book.ts";
import { emptyBook, enter } from "../../src/gate/book.ts";
import { lineOf } from "../../src/gate/chain.ts";
import { memoryLedger, openLedger, recover } from "../../src/gate/ledger.ts";
import { ledgerFile, pastMax } from "../../src/gate/past.ts";
import { command, start } from "./fixture.ts";

let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "haechi-ledger-"));
  path = join(dir, ledgerFile);
});

const stepsFor = (n: number): readonly Step[] => {
  const of = command({ id: `c${n}` });
  return [
    { step: "admitted", at: start, token: n, command: of },
    { step: "sent", at: start, id: of.id, readBefore: 1 },
    {
      step: "ended",
      at: start,
      expires: of.expires,
      outcome: { command: of.id, at: start, result: "done", detail: "Ω seen" },
    },
  ];
};

async function written(count: number): Promise<Buffer> {
  const ledger = await openLedger(dir);
  for (let n = 0; n < count; n += 1) for (const step of stepsFor(n)) await ledger.append([step]);
  await ledger.close();
  return readFile(path);
}

describe("the gate's ledger", () => {
  it("opens the book where it was closed", async () => {
    await written(3);
    const ledger = await openLedger(dir);
    expect(ledger.book.highWater).toBe(2);
    expect([...ledger.book.ended.keys()]).toEqual(["c0", "c1", "c2"]);
    await ledger.close();
  });

  it("is read by nobody but its own user", async () => {
    await written(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("cut at any byte, holds exactly the steps that were whole, and can be written on", async () => {
    const whole = await written(4);
    const all = recover(whole).steps;
    expect(all).toHaveLength(12);
    let kept = 0;
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const bytes = whole.subarray(0, cut);
      const { steps, good, head } = recover(bytes);
      expect(steps).toEqual(all.slice(0, steps.length));
      expect(steps.length).toBeGreaterThanOrEqual(kept);
      kept = steps.length;
      // What is appended behind the good part stands there whole.
      const line = lineOf([all[0]!], head).bytes;
      expect(recover(Buffer.concat([bytes.subarray(0, good), line])).steps).toHaveLength(steps.length + 1);
    }
    expect(kept).toBe(12);
  });

  it("cuts a torn tail off the file before it writes on", async () => {
    const whole = await written(2);
    await writeFile(path, whole.subarray(0, whole.length - 7));
    const ledger = await openLedger(dir);
    expect([...ledger.book.open.keys()]).toEqual(["c1"]);
    await ledger.append([stepsFor(1)[2]!]);
    await ledger.close();
    const again = await openLedger(dir);
    expect([...again.book.ended.keys()]).toEqual(["c0", "c1"]);
    await again.close();
  });

  it("cuts a last line whose pages came back as zeros", async () => {
    const whole = await written(1);
    await appendFile(path, Buffer.concat([Buffer.alloc(100), Buffer.from("\n")]));
    expect(recover(await readFile(path)).good).toBe(whole.length);
  });

  it("refuses a file that is damaged before its last line, and leaves it as it is", async () => {
    const whole = await written(2);
    whole[20] = whole[20]! ^ 1;
    await writeFile(path, whole);
    await expect(openLedger(dir)).rejects.toThrow(/damaged at byte 0/);
    expect(await readFile(path)).toEqual(whole);
  });

  it("writes what comes together as one line, and resolves when it is there", async () => {
    const ledger = await openLedger(dir);
    const [first, ...others] = [0, 1, 2, 3, 4].flatMap(stepsFor).map((step) => ledger.append([step]));
    await first;
    await Promise.all(others);
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(recover(await readFile(path)).steps).toHaveLength(15);
    await ledger.close();
  });

  it("stays small: it is rewritten as what its steps add up to, and forgets no token, outlet or outcome", async () => {
    const ledger = await openLedger(dir, { compactAtBytes: 4000 });
    const memory = emptyBook();
    for (let n = 0; n < 60; n += 1) {
      for (const step of stepsFor(n)) {
        enter(memory, step);
        await ledger.append([step]);
      }
    }
    const open: Step = { step: "admitted", at: start, token: 60, command: command({ id: "last" }) };
    enter(memory, open);
    await ledger.append([open]);
    expect(ledger.book).toEqual(memory);
    await ledger.close();
    const again = await openLedger(dir);
    expect(again.book).toEqual(memory);
    expect(again.book.switched.get(command().point)).toBe(0);
    await again.close();
    const { size } = await stat(path);
    expect(size).toBeLessThan(60 * 700);
  });

  it("can be written on after it was rewritten", async () => {
    const ledger = await openLedger(dir, { compactAtBytes: 1 });
    for (let n = 0; n < 5; n += 1) await ledger.append(stepsFor(n));
    await ledger.close();
    const again = await openLedger(dir);
    expect(again.book.ended.size).toBe(5);
    await again.close();
  });

  it("takes a ledger of the form without a chain, and begins one behind it", async () => {
    const old = stepsFor(0).map((step) => {
      const json = JSON.stringify([step]);
      return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
    });
    await writeFile(path, old.join(""));
    const ledger = await openLedger(dir);
    expect([...ledger.book.ended.keys()]).toEqual(["c0"]);
    await ledger.append(stepsFor(1));
    await ledger.close();
    const again = await openLedger(dir);
    expect([...again.book.ended.keys()]).toEqual(["c0", "c1"]);
    await again.close();
  });

  it("refuses a file in which a line was taken out, though every line is whole", async () => {
    const lines = (await written(2)).toString().split("\n");
    await writeFile(path, lines.filter((_, i) => i !== 2).join("\n"));
    await expect(openLedger(dir)).rejects.toThrow(/was edited at byte/);
  });

  it("keeps a bounded number of full files beside it", async () => {
    const ledger = await openLedger(dir, { compactAtBytes: 1 });
    for (let n = 0; n < 15; n += 1) await ledger.append(stepsFor(n));
    await ledger.close();
    expect(await readdir(dir)).toHaveLength(pastMax + 1);
  });

  it("killed between giving a full file its number and taking its name, goes on with that file", async () => {
    await written(2);
    await link(path, join(dir, "gate-ledger.1.ndjson"));
    const ledger = await openLedger(dir);
    await ledger.append(stepsFor(2));
    await ledger.close();
    expect(await readdir(dir)).toEqual([ledgerFile]);
  });

  it("says that it is broken once it could not be written, and takes nothing more", async () => {
    const ledger = await openLedger(dir);
    await ledger.close();
    await expect(ledger.append(stepsFor(0))).rejects.toThrow();
    expect(ledger.broken()).toMatch(/cannot be written/);
    await expect(ledger.append(stepsFor(1))).rejects.toThrow(/cannot be written/);
    expect(ledger.book.ended.has("c1" as CommandId)).toBe(false);
  });

  it("in memory keeps the same book without a file", async () => {
    const ledger = memoryLedger();
    const appended = ledger.append(stepsFor(1));
    expect(ledger.book.ended.get("c1" as CommandId)?.expires).toBe(instant(start + 10_000));
    await appended;
    expect(ledger.broken()).toBeNull();
  });
});

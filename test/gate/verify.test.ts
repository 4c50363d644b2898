import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import type { ResponseId } from "../../src/core/command.ts";
import type { Step } from "../../src/gate/book.ts";
import { genesis, lineOf, parseLine } from "../../src/gate/chain.ts";
import { openLedger } from "../../src/gate/ledger.ts";
import { ledgerFile, pastMax, pastName } from "../../src/gate/past.ts";
import { verifyLedger } from "../../src/gate/verify.ts";
import { start } from "./fixture.ts";

let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "haechi-verify-"));
  path = join(dir, ledgerFile);
});

const said = (n: number): Step => ({
  step: "disarmed",
  response: `r${n}` as ResponseId,
  by: "shift lead",
  why: "work",
  at: start,
});

async function written(count: number, compactAtBytes?: number): Promise<void> {
  const ledger = await openLedger(dir, compactAtBytes === undefined ? {} : { compactAtBytes });
  for (let n = 0; n < count; n += 1) await ledger.append([said(n)]);
  await ledger.close();
}

const linesOf = async (): Promise<string[]> => (await readFile(path, "utf8")).trimEnd().split("\n");
const write = (lines: readonly string[]): Promise<void> => writeFile(path, `${lines.join("\n")}\n`);

/** What is said of the ledger now, each breach in a line. */
async function breaches(): Promise<readonly string[]> {
  const report = await verifyLedger(dir);
  return report.breaches.map(({ file, line, what }) => `${file} ${line} ${what}`);
}

describe("a ledger that is held to its chain", () => {
  it("is whole as the gate wrote it, and says its last seal", async () => {
    await written(5);
    const report = await verifyLedger(dir);
    expect(report).toMatchObject({ files: [{ file: ledgerFile, lines: 5 }], breaches: [], notes: [], held: null });
    expect((await linesOf()).at(-1)).toContain(report.head);
  });

  it("is whole over the files that were full, from the first", async () => {
    await written(5, 1);
    const report = await verifyLedger(dir);
    expect(report.files.map(({ file }) => file)).toEqual([1, 2, 3, 4].map(pastName).concat(ledgerFile));
    expect(report.breaches).toEqual([]);
  });

  it("says what is no longer kept, and where a full file is missing", async () => {
    await written(pastMax + 4, 1);
    expect(await verifyLedger(dir)).toMatchObject({
      breaches: [],
      notes: [`what was written before ${pastName(4)} is no longer kept`],
    });
    await rm(join(dir, pastName(6)));
    expect(await breaches()).toEqual(
      expect.arrayContaining([
        `${pastName(6)} null is missing`,
        `${pastName(7)} 1 does not follow the last line of the file before: that was edited, or lines between them are missing`,
      ]),
    );
  });

  it("whose first files are gone says that they are missing", async () => {
    await written(3, 1);
    await rm(join(dir, pastName(1)));
    await rm(join(dir, pastName(2)));
    expect(await breaches()).toEqual([`${ledgerFile} 1 follows lines that are not there`]);
  });

  it("shows any byte of any line that was changed, and only that line", async () => {
    await written(3);
    const whole = await readFile(path);
    let line = 1;
    for (let at = 0; at < whole.length - 1; at += 1) {
      if (whole[at] === 0x0a) line += 1;
      else {
        const bytes = Buffer.from(whole);
        bytes[at] = bytes[at]! ^ 1;
        await writeFile(path, bytes);
        const [first] = (await verifyLedger(dir)).breaches;
        expect(first?.line).toBe(line);
      }
    }
  });

  it("shows an edited line whose own seal was made anew", async () => {
    await written(4);
    const lines = await linesOf();
    const { before } = parseLine(Buffer.from(lines[1]!), genesis)!;
    lines[1] = lineOf([{ ...said(1), step: "armed" } as Step], before!)
      .bytes.toString()
      .trimEnd();
    await write(lines);
    expect(await breaches()).toEqual([
      `${ledgerFile} 3 does not follow line 2: that was edited, or lines between them are missing`,
    ]);
  });

  it("shows a line that was taken out, and one that was put in without a seal", async () => {
    await written(4);
    const lines = await linesOf();
    await write(lines.filter((_, i) => i !== 1));
    expect(await breaches()).toHaveLength(1);
    const json = JSON.stringify([said(9)]);
    const old = `${crc32(json).toString(16).padStart(8, "0")} ${json}`;
    await write([...lines.slice(0, 2), old, ...lines.slice(2)]);
    expect(await breaches()).toEqual([
      `${ledgerFile} 3 has no seal, and the lines before it have: it was put in`,
      `${ledgerFile} 4 does not follow line 3: that was edited, or lines between them are missing`,
    ]);
  });

  it("takes a torn last line for no breach, with or without its end", async () => {
    await written(3);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 9));
    expect(await verifyLedger(dir)).toMatchObject({ breaches: [], notes: [expect.stringContaining("line 3 is torn")] });
    await writeFile(path, whole);
    await appendFile(path, Buffer.concat([Buffer.alloc(100), Buffer.from("\n")]));
    expect(await verifyLedger(dir)).toMatchObject({ breaches: [], notes: [expect.stringContaining("line 4 is torn")] });
  });

  it("whose end was cut off is whole by itself, and not to who has noted a seal", async () => {
    await written(3);
    const { head } = await verifyLedger(dir);
    await copyFile(path, `${path}.kept`);
    await write((await linesOf()).slice(0, 2));
    expect(await verifyLedger(dir, head)).toMatchObject({ breaches: [], held: false });
    await copyFile(`${path}.kept`, path);
    await written(1);
    expect(await verifyLedger(dir, head)).toMatchObject({ breaches: [], held: true });
  });

  it("chains the lines of the older form too, once a sealed line follows them", async () => {
    const olds = [0, 1].map((n) => {
      const json = JSON.stringify([said(n)]);
      return `${crc32(json).toString(16).padStart(8, "0")} ${json}`;
    });
    await write(olds);
    await written(2);
    expect(await verifyLedger(dir)).toMatchObject({
      breaches: [],
      notes: ["2 lines are older than the chain and have checksums only"],
    });
    await write([...olds.slice(1), ...(await linesOf()).slice(2)]);
    expect(await breaches()).toHaveLength(1);
  });
});

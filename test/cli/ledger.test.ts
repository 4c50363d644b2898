import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResponseId } from "../../src/core/command.ts";
import { openLedger } from "../../src/gate/ledger.ts";
import { start } from "../gate/fixture.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

async function stateFolder(): Promise<string> {
  const folder = folderWith({});
  const ledger = await openLedger(folder);
  for (const by of ["shift lead", "electrician"])
    await ledger.append([{ step: "disarmed", response: "shed" as ResponseId, by, why: "work", at: start }]);
  await ledger.close();
  return folder;
}

describe("haechi ledger verify", () => {
  it("says that a ledger is whole, and holds it to a seal that was noted", async () => {
    const folder = await stateFolder();
    const { code, stdout } = await haechi(["ledger", "verify", folder]);
    expect(code).toBe(0);
    const seal = /its last seal is ([0-9a-f]{64})/.exec(stdout)![1]!;
    expect(await haechi(["ledger", "verify", folder, "--holds", seal])).toMatchObject({ code: 0 });
    expect(await haechi(["ledger", "verify", folder, "--holds", "f".repeat(64)])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("was cut off"),
    });
  });

  it("says which line was edited, and ends with 1", async () => {
    const folder = await stateFolder();
    const path = join(folder, "gate-ledger.ndjson");
    writeFileSync(path, readFileSync(path, "utf8").replace("shift lead", "shift lady"));
    expect(await haechi(["ledger", "verify", folder])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/gate-ledger.ndjson: line 1 does not hold what its seal says/),
    });
    expect(JSON.parse((await haechi(["ledger", "verify", folder, "--json"])).stdout)).toMatchObject({
      whole: false,
      breaches: [{ line: 1 }],
    });
  });

  it("refuses a folder without a ledger, and a seal that is none", async () => {
    expect(await haechi(["ledger", "verify", folderWith({})])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no .*gate-ledger/),
    });
    expect(await haechi(["ledger", "verify", ".", "--holds", "abc"])).toMatchObject({ code: 2 });
  });
});

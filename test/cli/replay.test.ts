import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

describe("haechi replay", () => {
  test("ends with 2 for a journal that is not there, and with 1 for one that holds no scans", async () => {
    const folder = folderWith({ "notes.seg": "this is no journal" });
    const [missing, empty, foreign] = await Promise.all([
      haechi(["replay", "/nowhere/journal"]),
      haechi(["replay", folder]),
      haechi(["replay", join(folder, "notes.seg")]),
    ]);
    expect(missing).toMatchObject({ code: 2, stderr: "/nowhere/journal: there is no such journal\n" });
    expect([empty.code, foreign.code]).toEqual([1, 1]);
    expect(empty.stderr).toContain("there are no scans in it");
    expect(foreign.stderr).toContain("there are no scans in it");
  });
});

import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const plan = (...words: readonly string[]) => haechi(["plan", "shed", demoSiteFile(), ...words]);

describe("haechi plan shed", { timeout: longMs }, () => {
  test("says which loads move and which go dark, least harm first, and how good that is", async () => {
    const { code, stdout } = await plan("ups-a", "12", "--load", "60");
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("ups-a carries 22.5 kW, every load at 60 % of its rating; 12.0 kW are to be freed");
    expect(lines[2]).toMatch(/^load +importance +does +kW +opens$/);
    expect(lines.find((line) => line.startsWith("r107"))).toMatch(/batch +moves +1\.5 +pdu-a1\/outlet\[7\]\.state$/);
    expect(stdout).toMatch(/\n1[23]\.\d kW by \d+ outlets; no other way does less harm\n/);
  });

  test("falls short where nothing else may be opened, never by a protected load, and ends with 1", async () => {
    const { code, stdout } = await plan("ups-a", "37.5", "--json");
    expect(code).toBe(1);
    const sheet = JSON.parse(stdout) as { shortKw: number; deeds: { importance: string }[] };
    expect(sheet.shortKw).toBeGreaterThan(0);
    expect(sheet.deeds.length).toBeGreaterThan(5);
    expect(sheet.deeds.map(({ importance }) => importance)).not.toContain("protected");
  });

  test("refuses a node that is not there, more than it carries, and a time that is none", async () => {
    expect(await plan("ups-z", "1")).toMatchObject({ code: 2, stderr: expect.stringContaining('no node "ups-z"') });
    expect(await plan("ups-a", "999")).toMatchObject({ code: 2, stderr: expect.stringContaining("no more can be") });
    expect(await plan("ups-a", "1", "--within", "soon")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("a time such as 90s"),
    });
  });

  test("says it when no service answers by whose readings it could plan", async () => {
    const { code, stderr } = await plan("ups-a", "1", "--url", "http://127.0.0.1:1");
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain("nothing answers at http://127.0.0.1:1");
  });
});

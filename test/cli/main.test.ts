import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { demoKeys } from "../simulators/demo-site.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

const withoutKeys = { HAECHI_DEMO_AUTH: undefined, HAECHI_DEMO_PRIV: undefined, HAECHI_DEMO_SECRET: undefined };

describe("haechi", () => {
  test("ends with 2 and its help for words that it does not know, and with 0 when it is asked for help", async () => {
    const [unknown, bare, help, version] = await Promise.all([
      haechi(["wacht"]),
      haechi([]),
      haechi(["--help"]),
      haechi(["--version"]),
    ]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("unknown command 'wacht'");
    expect(bare.code).toBe(2);
    expect(help.code).toBe(0);
    for (const command of ["demo", "run", "check", "scenario", "replay", "read", "tail"])
      expect(help.stdout).toContain(`${command} `);
    expect(version).toMatchObject({ code: 0, stdout: "0.1.0\n" });
  });

  test("ends with 2 for options that make no sense, and says which", async () => {
    const [speed, port, registers] = await Promise.all([
      haechi(["demo", "--speed", "0"]),
      haechi(["demo", "--port", "70000"]),
      haechi(["read", "modbus://127.0.0.1:1"]),
    ]);
    expect([speed.code, port.code, registers.code]).toEqual([2, 2, 2]);
    expect(speed.stderr).toContain("a number above 0 is meant");
    expect(port.stderr).toContain("a port is 0 to 65535");
    expect(registers.stderr).toContain("say which registers");
  });
});

describe("haechi run", () => {
  test("names every secret that is missing at once, and opens nothing", async () => {
    const state = join(folderWith(), "state");
    const ended = await haechi(["run", demoSiteFile(), "--state", state, "--port", "0"], { env: withoutKeys });
    expect(ended).toMatchObject({ code: 78, stdout: "" });
    for (const device of ["pdu-a1", "pdu-b1"])
      for (const name of ["HAECHI_DEMO_AUTH", "HAECHI_DEMO_PRIV"])
        expect(ended.stderr).toContain(`device ${device}: the environment variable ${name} is not set`);
    for (const service of ["login", "message", "pay", "mail", "map", "all"])
      expect(ended.stderr).toContain(`service ${service}: the environment variable HAECHI_DEMO_SECRET is not set`);
    expect(ended.stderr).toMatch(/\nnothing was opened\n$/);
    expect(existsSync(state)).toBe(false);
  });

  test("says no secret when it misses one", async () => {
    const ended = await haechi(["run", demoSiteFile(), "--state", join(folderWith(), "state")], {
      env: { ...withoutKeys, HAECHI_DEMO_AUTH: demoKeys.HAECHI_DEMO_AUTH },
    });
    expect(ended.code).toBe(78);
    expect(ended.stdout + ended.stderr).not.toContain(demoKeys.HAECHI_DEMO_AUTH);
  });

  test("says of a file that is not there that there is none", async () => {
    const ended = await haechi(["run", "/nowhere/site.yaml"]);
    expect(ended).toMatchObject({ code: 78, stdout: "", stderr: "/nowhere/site.yaml: there is no such file\n" });
  });
});

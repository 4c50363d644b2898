import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** As it is built before the tests. */
const main = fileURLToPath(new URL("../../dist/bench/main.js", import.meta.url));

const bench = (...args: readonly string[]) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });

describe("the benchmarks", () => {
  it.each([["nonsense"], ["toString"], ["core", "store"]])("refuse %s %s and name the areas there are", (...args) => {
    const { status, stdout, stderr } = bench(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /there is no area ".+"; there are: simulate, core, store, collect, transport, fuzz, traps, snmp, dissect, life, respond\n/,
    );
  });

  it.each([
    ["a path that is none", ["--telegraf", "/no/telegraf"], /^--telegraf \/no\/telegraf: ENOENT/],
    ["a folder", ["collect", "--telegraf", "/"], /^--telegraf \/: it is no file\n$/],
    ["a file that is no program", ["--telegraf", "package.json"], /^--telegraf package.json: it may not be run\n$/],
    [
      "an area that compares with none",
      ["core", "--telegraf", process.execPath],
      /^--telegraf is for the area collect\n$/,
    ],
    ["an option that there is not", ["--collectd"], /^Unknown option '--collectd'/],
  ])("are not given a telegraf by %s", (_, args, refusal) => {
    const { status, stdout, stderr } = bench(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(refusal);
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** As it is built before the tests. */
const main = fileURLToPath(new URL("../../dist/bench/main.js", import.meta.url));

const bench = (...args: readonly string[]) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });

describe("the benchmarks", () => {
  it.each([["nonsense"], ["toString"], ["scan", "store"]])("refuse %s %s and name the areas there are", (...args) => {
    const { status, stdout, stderr } = bench(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /there is no area ".+"; there are: simulate, scan, store, collect, transport, fuzz, traps, snmp\n/,
    );
  });
});

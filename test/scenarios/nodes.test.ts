import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { fetchNode, nodeVersions } from "../setup/nodes.ts";
import { program } from "../simulators/wire/program.ts";
import type { Fingerprint } from "./child.ts";
import { scenarioFolders, scenariosDir } from "./rehearsed.ts";

// The fourth law across versions of Node: what V8 computes, sorts and prints must not depend on which one it is. The
// scenarios are played by the built product; HAECHI_ALL_SCENARIOS=1 plays every one and not only these.

const few = ["cooling-lost", "power-then-fire", "utility-lost"];
const played = process.env["HAECHI_ALL_SCENARIOS"] === "1" ? scenarioFolders : few;
const child = fileURLToPath(new URL("../../dist/test/scenarios/child.js", import.meta.url));
const timeoutMs = 600_000;

async function fingerprints(node: string): Promise<readonly Fingerprint[]> {
  const { code, text } = await program(node, [child, ...played], { timeoutMs });
  expect(code, text).toBe(0);
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Fingerprint);
}

describe("the same seed, on every version of Node", () => {
  let here: Promise<readonly Fingerprint[]>;
  beforeAll(() => {
    here = fingerprints(process.execPath);
  });

  test.each(nodeVersions)(
    "gives on %s the same inputs, outputs and words, to the byte",
    async (version) => {
      const node = fetchNode(version);
      if (node === null) return;
      expect((await program(node, ["--version"])).text.trim()).toBe(`v${version}`);
      const there = await fingerprints(node);
      expect(there).toEqual(await here);
      expect(there.map(({ scenario }) => scenario)).toEqual(played);
      for (const { scenario, scans, words } of there) {
        expect(scans, scenario).toBeGreaterThan(100);
        expect(words).toBe(readFileSync(join(scenariosDir, scenario, "expected.transcript.txt"), "utf8"));
      }
    },
    timeoutMs,
  );
});

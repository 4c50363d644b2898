import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadLibrary } from "../../src/profiles/index.ts";
import { loadDisputed } from "./disputed.ts";
import { figuresOf } from "./print.ts";
import { loadCases } from "./recordings.ts";
import { byOwn, probeAll } from "./run.ts";

// Walks of real devices are not part of the project; where they lie beside it, the library is held to them.
const folder = fileURLToPath(new URL("../../../shared/recordings/snmp/", import.meta.url));
const present = existsSync(folder);
if (!present) console.log("test/conformance/recordings: no recordings beside the repository, nothing compared");

const disputed = fileURLToPath(new URL("disputed.yaml", import.meta.url));
/** All of them are served and probed, one object after the other. ms */
const longMs = 240_000;

describe.runIf(present)("recordings of real devices", () => {
  it(
    "mean by our profiles what they are known to mean, and nothing wrong is called good",
    async () => {
      const cases = loadCases(folder);
      const agents = await byOwn(cases);
      try {
        const outcomes = await probeAll(cases, agents, loadLibrary(), loadDisputed(disputed));
        const wrong = outcomes.flatMap(({ name, verdicts }) =>
          verdicts
            .filter(({ finding }) => finding === "wrong")
            .map(({ expected, reason }) => [name, expected.oid, reason]),
        );
        expect(wrong).toEqual([]);
        const { right_percent: right, recordings, expected } = figuresOf(outcomes);
        expect(recordings).toBeGreaterThan(100);
        expect(expected).toBeGreaterThan(4000);
        expect(right).toBeGreaterThanOrEqual(95);
      } finally {
        await agents.stop();
      }
    },
    longMs,
  );
});

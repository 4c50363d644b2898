import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../simulators/scenario.ts";
import { transcriptOf } from "../../src/cli/report/played.ts";
import type { Rehearsed } from "../../src/simulation/rehearsal.ts";
import { histories, incidentOf, withOutcomes } from "../docs/incident.ts";
import { linesOf } from "../docs/incident-page.ts";
import { cast, castOf, play, scenarioFolders, scenariosDir } from "./rehearsed.ts";

// A transcript says what an operator would have seen. A change of behaviour shows in it as a change of text, for
// people to judge: UPDATE_TRANSCRIPTS=1 writes the new ones, and a reviewer reads the difference. The page of incidents
// tells of the same runs in another way, so each is played once and held against both.

const isUpdate = process.env["UPDATE_TRANSCRIPTS"] === "1";
const transcriptFile = (name: string): string => join(scenariosDir, name, "expected.transcript.txt");
const pageOfIncidents = new URL("../../docs/incidents.md", import.meta.url);
/** Nine hours of plant time take some seconds, and more on a busy machine. */
const longMs = 120_000;

/** Each scenario as its file has it, played when it is first asked for. */
const runs = new Map<string, Promise<{ readonly scenario: Scenario; readonly run: Rehearsed }>>();

function playedOnce(name: string): ReturnType<typeof playWhole> {
  const run = runs.get(name) ?? playWhole(name);
  runs.set(name, run);
  return run;
}

async function playWhole(name: string): Promise<{ readonly scenario: Scenario; readonly run: Rehearsed }> {
  const { scenario } = cast(name);
  return { scenario, run: await play(castOf(withOutcomes(scenario)), { isPlotted: true }) };
}

describe("a scenario", () => {
  test("has a transcript to be held to, whichever it is", () => {
    expect(scenarioFolders.length).toBeGreaterThan(5);
    const bare = scenarioFolders.filter((name) => !isUpdate && !existsSync(transcriptFile(name)));
    expect(bare).toEqual([]);
  });

  test.each(scenarioFolders)(
    "%s keeps its promises, and is told as it was told before",
    async (name) => {
      const { scenario, run } = await playedOnce(name);
      expect(run.broken).toEqual([]);
      expect(scenario.name, "is called like its folder").toBe(name);
      const transcript = transcriptOf({ scenario, run });
      if (isUpdate) writeFileSync(transcriptFile(name), transcript);
      expect(transcript).toBe(readFileSync(transcriptFile(name), "utf8"));
    },
    longMs,
  );

  test(
    "played twice gives the same inputs, the same outputs and the same words, to the byte",
    async () => {
      const once = await fingerprint("power-then-fire");
      expect(await fingerprint("power-then-fire")).toEqual(once);
      expect(once.scans).toBeGreaterThan(1000);
    },
    longMs,
  );
});

describe("the page of incidents", () => {
  test.each(histories)(
    "says of %s what it gave as its file has it",
    async (name) => {
      const { scenario, run } = await playedOnce(name);
      const lines = linesOf(incidentOf(scenario, run.record));
      expect(lines.length).toBeGreaterThan(10);
      const written = readFileSync(pageOfIncidents, "utf8");
      expect(lines.filter((line) => !written.includes(line))).toEqual([]);
    },
    longMs,
  );
});

/** Every scan of a run, and its transcript, as one hash each. */
async function fingerprint(name: string) {
  const actors = cast(name);
  const hash = createHash("sha256");
  let scans = 0;
  const rehearsed = await play(actors, {
    onScan: (input, output) => {
      hash.update(JSON.stringify(output ?? input));
      scans += output ? 1 : 0;
    },
  });
  return { scans, hash: hash.digest("hex"), words: transcriptOf({ scenario: actors.scenario, run: rehearsed }) };
}

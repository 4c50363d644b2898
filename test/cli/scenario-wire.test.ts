import { readdirSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { openScenario } from "../../src/cli/scenario-files.ts";
import { playOnWire } from "../../src/cli/scenario-wire.ts";
import { folderWith } from "./folder.ts";
import { scenarioFolder, soonDark } from "./scenario-folder.ts";

/** A whole site starts and stops, also on a busy machine. */
const longMs = 240_000;

const inTime = 'alarm utility-lost raised within 50 s of "dark"';
const tooSoon = "alarm utility-lost raised before 09:00:02";

describe("a scenario over the wire", () => {
  test(
    "is played to the whole service in the scenario's own time, judged by what that put out, and leaves nothing behind",
    async () => {
      const temp = folderWith();
      vi.stubEnv("TMPDIR", temp);
      const text = soonDark(inTime, tooSoon, "no commands")
        .replace("does: the utility fails", "label: dark, does: the utility fails")
        .replace("seed: 1", "seed: 1\nplots: [ups-a/ups.mode, meter-a2/power.active]")
        .replace("timeline:", "timeline:\n  - { at: 3s, fault: exception, by: 4, on: meter-a2, for: 40s }");
      const scenario = openScenario(scenarioFolder(text));
      const parts: number[] = [];
      const { record, broken, told } = await playOnWire(scenario, { speed: 3, onProgress: (part) => parts.push(part) });
      expect(broken).toEqual([{ text: tooSoon, why: expect.stringMatching(/^it was raised .* s too late$/) }]);
      const lost = record.transitions.find(({ alarm }) => alarm === "utility-lost");
      expect(lost!.at).toBeGreaterThan(scenario.starts + 2000);
      expect(lost!.at).toBeLessThan(scenario.ends);
      const lines = told.map(({ text: line }) => line);
      expect(lines).toContain("the utility fails");
      expect(lines).toContain("begins: exception 4 on meter-a2");
      expect(lines).toContain("ends: exception 4 on meter-a2");
      const read = record.samples.get(scenario.plots[1]!)!.values;
      expect(read).toContain(null);
      expect(read.at(-1)).not.toBeNull();
      expect(record.samples.get(scenario.plots[0]!)!.values.length).toBeGreaterThan(1);
      expect(parts.at(-1)).toBeGreaterThan(0.9);
      expect(readdirSync(temp).filter((name) => name.startsWith("haechi-scenario-"))).toEqual([]);
    },
    longMs,
  );
});

import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { RecordedScenario, Recording } from "../../simulators/recording/index.ts";
import { draftScenario, readRecording, writeRecording } from "../../simulators/recording/index.ts";
import { playRecording, recordingOf } from "../../src/record/recorded.ts";
import type { Site } from "../../src/site/index.ts";
import { readJournal } from "../../src/store/index.ts";
import { folderWith } from "../cli/folder.ts";
import { demoSite } from "../simulators/demo-site.ts";
import type { Journalled } from "../simulators/recording/journalled.ts";
import { atSecond, journalled } from "../simulators/recording/journalled.ts";

const bare: Pick<RecordedScenario, "promises"> = { promises: [] };
const all = { from: null, to: null };
const site = demoSite();

/** As it comes out of the file that it was written to. */
function kept(recording: Recording | null): Recording {
  const file = join(folderWith(), "readings.ndjson.gz");
  writeRecording(file, recording!);
  return readRecording(file);
}

const slower: Site = {
  ...site,
  model: {
    ...site.model,
    alarms: site.model.alarms.map((a) => (a.id === "utility-lost" ? { ...a, onDelay: 30_000 as typeof a.onDelay } : a)),
  },
};

let was: Journalled;
beforeAll(async () => {
  was = await journalled([90_000, 150_000]);
});

describe("a recording of a journal", () => {
  test("holds every scan's input, and played through the core of now gives the same transitions", () => {
    const recording = kept(recordingOf(readJournal(was.journal), all));
    expect(recording.lines.map(({ input }) => input)).toEqual(JSON.parse(JSON.stringify(was.inputs)));
    const { record, differences, scans } = playRecording(site, recording, bare);
    expect(record.transitions).toEqual(was.transitions);
    expect(differences).toEqual([]);
    expect(scans).toBe(was.inputs.length);
    expect(was.transitions.length).toBeGreaterThan(5);
  });

  test("of a stretch goes on from what the core remembered there, alarms that stood included", () => {
    const [from, to] = [atSecond(was, 95), atSecond(was, 260)];
    const recording = kept(recordingOf(readJournal(was.journal), { from, to }));
    expect([recording.starts, recording.ends]).toEqual([from, to]);
    expect(recording.lines.filter(({ state }) => state !== null)).toHaveLength(1);
    const { record, differences } = playRecording(site, recording, bare);
    expect(record.transitions).toEqual(was.transitions.filter(({ at }) => at >= from && at <= to));
    // An alarm that was raised before it, and one that is acknowledged in it.
    expect(was.transitions.find(({ alarm }) => alarm === "utility-lost")!.at).toBeLessThan(from);
    expect(record.transitions).toContainEqual(expect.objectContaining({ alarm: "utility-lost", to: "acknowledged" }));
    expect(differences).toEqual([]);
  });

  test("played on a site whose alarm has another delay tells what is otherwise than it was recorded", () => {
    const recording = kept(recordingOf(readJournal(was.journal), all));
    const { differences } = playRecording(slower, recording, bare);
    const raised = was.transitions.find(({ alarm, to }) => alarm === "utility-lost" && to === "unacknowledged")!;
    const event = "utility-lost normal → unacknowledged";
    expect(differences).toContain(`${new Date(raised.at).toISOString()} ${event} was recorded and does not happen now`);
    expect(differences.some((d) => d.includes(event) && d.endsWith("happens now and was not recorded"))).toBe(true);
  });

  test("without a scan in the stretch is none", () => {
    const stretch = { from: atSecond(was, 4000), to: null };
    expect(recordingOf(readJournal(was.journal), stretch)).toBeNull();
  });

  test("drafts as promises what happened, in the words and the time of the site", () => {
    const text = draftScenario("own", kept(recordingOf(readJournal(was.journal), all)));
    expect(text).toMatch(/^starts: 2026-03-02T09:00:0\d\+09:00$/m);
    expect(text).toMatch(/^ {2}- alarm utility-lost raised by 09:01:0\d$/m);
    expect(text).toMatch(/^ {2}- alarm utility-lost normal by 09:04:\d\d$/m);
    expect(text).toContain("  - no commands");
    expect(text).not.toContain("no alarms");
  });
});

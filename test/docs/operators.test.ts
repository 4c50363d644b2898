import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alarmAsks } from "../../src/cli/alarm.ts";
import { exit } from "../../src/cli/exit.ts";
import { loadSiteFile } from "../../src/sitefile.ts";
import { journalLimits } from "../../src/store/index.ts";
import { lostMs, oldMs } from "../../src/wall/freshness.ts";
import { priorityDigit } from "../../src/wall/palette.ts";

const text = readFileSync(new URL("../../docs/operators.md", import.meta.url), "utf8");
const demo = new URL("../../simulators/sites/demo.yaml", import.meta.url).pathname;

describe("the document for operators", () => {
  it("says what every exit code means, and no other", () => {
    const written = [...text.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
    expect(written).toEqual(Object.values(exit).toSorted((a, b) => a - b));
  });

  it("asks by ids that the demo site has", () => {
    const loaded = loadSiteFile(demo);
    if (!("site" in loaded)) throw new Error("the demo's site file is not good");
    const { alarms, responses } = loaded.site.model;
    const asked = [...text.matchAll(/^ask (alarms|responses)\/(\S+)\/\w+ /gm)];
    asked.push(...text.matchAll(/^haechi (alarm)s? (\S+) /gm));
    expect(asked.length).toBeGreaterThan(10);
    const ids = alarms.map(({ id }) => id as string);
    const known = { alarms: ids, alarm: ids, responses: responses.map(({ id }) => id as string) };
    for (const [, kind, id] of asked) expect(known[kind as keyof typeof known]).toContain(id);
  });

  it("shows every ask of an alarm in the words of the command line", () => {
    for (const ask of Object.keys(alarmAsks)) expect(text).toMatch(new RegExp(`^haechi alarm \\S+ ${ask} `, "m"));
  });

  it("names the priorities by their digits, and the wall's times of silence", () => {
    for (const [priority, digit] of Object.entries(priorityDigit)) expect(text).toContain(`, ${digit} | ${priority}`);
    expect(text).toContain(`no news from the service for ${oldMs / 1000} s`);
    expect(text).toContain(`for ${lostMs / 1000} s, or every device is silent`);
  });

  it("says for how many pinned segments there is room", () => {
    expect(text).toContain(`there is room for ${journalLimits(512).pinnedSegments}`);
  });
});

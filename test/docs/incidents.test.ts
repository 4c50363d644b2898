import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Incident } from "./incident.ts";
import { histories, wholeIncidentOf } from "./incident.ts";
import { pageOf } from "./incident-page.ts";

// UPDATE_DOCS=1 plays every run of every incident and writes the page anew; read the difference before committing it.
// INCIDENTS=all plays them as well and compares the whole page; what it says of each incident as its file has it is held
// against the same runs as the transcripts are (test/scenarios/transcripts.test.ts).

const file = new URL("../../docs/incidents.md", import.meta.url);
const isUpdating = process.env["UPDATE_DOCS"] === "1";
const isWhole = isUpdating || process.env["INCIDENTS"] === "all";
const page = (): string => readFileSync(file, "utf8");
/** Hours of plant time, several times over. */
const longMs = 900_000;

describe("the page of incidents", () => {
  it.each(isWhole ? ["every run"] : [])(
    "says what %s of every incident gave",
    async () => {
      const incidents: Incident[] = [];
      for (const name of histories) incidents.push(await wholeIncidentOf(name));
      if (isUpdating) writeFileSync(file, pageOf(incidents));
      expect(page()).toBe(pageOf(incidents));
    },
    longMs,
  );

  it("has a section for each scenario with a history, in the order of their days", () => {
    expect(histories.length).toBeGreaterThan(4);
    expect([...page().matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(histories);
  });
});

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Incident } from "./incident.ts";
import { histories, incidentOf } from "./incident.ts";
import { linesOf, pageOf } from "./incident-page.ts";

// UPDATE_DOCS=1 plays every run of every incident and writes the page anew; read the difference before committing it.
// INCIDENTS=all plays them as well and compares the whole page; without it each incident is played as its file has it.

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
      for (const name of histories) incidents.push(await incidentOf(name, true));
      if (isUpdating) writeFileSync(file, pageOf(incidents));
      expect(page()).toBe(pageOf(incidents));
    },
    longMs,
  );

  it("has a section for each scenario with a history, in the order of their days", () => {
    expect(histories.length).toBeGreaterThan(4);
    expect([...page().matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(histories);
  });

  it.each(isWhole ? [] : histories)(
    "says of %s what it gave as its file has it",
    async (name) => {
      const lines = linesOf(await incidentOf(name, false));
      expect(lines.length).toBeGreaterThan(10);
      const written = page();
      expect(lines.filter((line) => !written.includes(line))).toEqual([]);
    },
    longMs,
  );
});

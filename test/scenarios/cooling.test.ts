import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import type { Transition } from "../../src/core/plant.ts";
import { packagedLibrary } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { castOf, play, scenariosDir } from "./rehearsed.ts";

// What alarms on a loss of cooling, on a loop's balance of heat and on humidity would have made of incidents in which
// nobody did anything: each is added to the site of its scenario.

const library = packagedLibrary();
const longMs = 120_000;

const alarmOf = (id: string, judged: string): string => `  ${id}:
    title: { en: "${id}" }
    priority: critical
${judged}
    offDelay: 60s
    cause: c
    consequence: d
    response: e
`;

/** Two of a hall's inlets must agree, one of which the cooling's own control has no part in. */
const lossOf = (hall: number, units: readonly string[], restore: string): string => {
  const points = [`inlet-${hall}/temperature.ambient[1]`, ...units.map((unit) => `${unit}/temperature.inlet`)];
  const channels = points.map(
    (point) => `      - { point: "${point}", coolingLoss: { limit: 32, restore: ${restore} } }\n`,
  );
  return alarmOf(`hall-${hall}-loss`, `    onDelay: 10s\n    need: 2\n    channels:\n${channels.join("").trimEnd()}`);
};

/** What a scenario tells of alarms that are added to its site, with nothing done about any. */
async function observed(name: string, alarms: string): Promise<readonly Transition[]> {
  const loaded = loadScenario(join(scenariosDir, name), { params: new Map([["mode", "observe"]]) });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const siteText = loaded.scenario.siteText.replace(/^alarms:\n/m, `alarms:\n${alarms}`);
  const parsed = parseSite(`${name}.yaml`, siteText, library);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  const { record } = await play(castOf({ ...loaded.scenario, site: parsed.site, siteText }));
  return record.transitions;
}

const raisedAt = (transitions: readonly Transition[], alarm: string): string | undefined => {
  const raised = transitions.find((t) => t.alarm === alarm && t.to === "unacknowledged");
  return raised && new Date(raised.at).toISOString();
};

describe("a loss of cooling as it was", () => {
  test(
    "in Hong Kong is seen within ten minutes of the first temperature alarm of 08:56, and told with its time",
    async () => {
      const told = await observed("alibaba-hong-kong-2022", lossOf(1, ["crah-1a", "crah-1b"], "8min"));
      const at = raisedAt(told, "hall-1-loss");
      expect(at).toBeDefined();
      expect(Date.parse(at!)).toBeLessThanOrEqual(Date.parse("2022-12-18T09:06:00+08:00"));
      const { because } = told.find(({ alarm }) => alarm === "hall-1-loss")!;
      expect(because).toMatch(/climbs by [\d.]+ K\/min, limit in at least \d+ s/);
    },
    longMs,
  );

  test.each([
    ["equinix-singapore-2023", ["crah-1a", "crah-1b"], "8min", "2023-10-14T14:50:30+08:00"],
    ["london-2022", ["unit-1a", "unit-1b"], "3min", "2022-07-19T14:35:00+01:00"],
  ] as const)(
    "in %s is seen before the hall is at its limit",
    async (name, units, restore, by) => {
      const told = await observed(name, lossOf(1, units, restore));
      const [seen, hot] = ["hall-1-loss", "hall-1-hot.HH"].map((alarm) => raisedAt(told, alarm));
      expect(Date.parse(seen!)).toBeLessThanOrEqual(Date.parse(by));
      expect(Date.parse(seen!)).toBeLessThan(Date.parse(hot!));
    },
    longMs,
  );
});

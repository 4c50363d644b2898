import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import type { PlantEvent } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, demoSiteFile } from "../../../simulators/plant/index.ts";
import { virtualSource } from "../../../simulators/wire/virtual.ts";
import { pointsOf } from "../../../src/core/alarm/definition.ts";
import { assert } from "../../../src/core/assert.ts";
import type { Transition } from "../../../src/core/plant.ts";
import { start } from "../../../src/core/plant.ts";
import { pointId } from "../../../src/core/reading.ts";
import { scan } from "../../../src/core/scan.ts";
import { instant, ms } from "../../../src/core/time.ts";
import { formatProblem } from "../../../src/profiles/index.ts";
import { parseSite } from "../../../src/site/index.ts";
import { library } from "../../site/fixture.ts";
import { input, t0 } from "../fixture.ts";

const seedOfAll = 7;
const told = { title: { en: "T" }, priority: "high", cause: "c", consequence: "d", response: "r" };

/** The demo's site with these alarms in the place of its own, and with other values at some paths. */
export function siteText(
  alarms: Readonly<Record<string, object>>,
  values: Readonly<Record<string, unknown>> = {},
): string {
  const document = parseDocument(readFileSync(demoSiteFile(), "utf8"));
  document.set(
    "alarms",
    Object.fromEntries(Object.entries(alarms).map(([id, judged]) => [id, { ...told, ...judged }])),
  );
  document.set("responses", {});
  document.delete("water");
  document.setIn(["gate", "armed"], []);
  for (const [path, value] of Object.entries(values)) document.setIn(path.split("."), value);
  return document.toString({ lineWidth: 0 });
}

/** A site, its plant and the core that watches it, in virtual time. Only these devices are read, and of them what is judged. */
export function watched(text: string, devices: readonly string[]) {
  const loaded = parseSite("site.yaml", text, library());
  assert("site" in loaded, "problems" in loaded ? loaded.problems.map(formatProblem).join("\n") : "");
  const { site } = loaded;
  const plant = demoPlant(seedOfAll, text);
  const judged = new Set(site.model.alarms.flatMap(({ channels }) => channels.flatMap(pointsOf)));
  const source = virtualSource(
    plant,
    site.devices
      .filter(({ id }) => devices.includes(id))
      .map(({ id, model }) => {
        const points = model.points.filter(({ name }) => judged.has(pointId(id, name)));
        return { id, model: { ...model, points } };
      }),
  );
  const core = start(site.model, instant(t0));
  const transitions: Transition[] = [];
  let after = 0;
  return {
    plant,
    /** All that has been told, and when, in seconds since the beginning. */
    raised: (alarm: string): readonly number[] =>
      transitions.filter((one) => one.alarm === alarm && one.to === "unacknowledged").map(({ at }) => (at - t0) / 1000),
    transitions,
    now: () => after / 1000,
    happen: (event: PlantEvent) => apply(plant, event),
    /** What an alarm weighs now. */
    weighed: (alarm: string) =>
      core.alarms[core.index.alarmAt.get(alarm as Transition["alarm"])!]!.detectors.flatMap(
        (one) => one.account?.() ?? [],
      ),
    run(forS: number, stepMs = 100): void {
      for (const end = after + forS * 1000; after < end; ) {
        advance(plant, ms(stepMs));
        after += stepMs;
        transitions.push(...scan(core, input(after, { readings: source.readings(instant(t0 + after)) })).transitions);
      }
    },
  };
}

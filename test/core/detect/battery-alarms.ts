import { readFileSync } from "node:fs";
import { demoSiteFile } from "../../../simulators/plant/index.ts";
import { formatProblem } from "../../../src/profiles/index.ts";
import type { Site } from "../../../src/site/index.ts";
import { parseSite } from "../../../src/site/index.ts";
import { library } from "../../site/fixture.ts";

const said = "    cause: c\n    consequence: d\n    response: e\n";

/** The three alarms of one bank of the demo site: a warning, a demand to stop charging, and a runaway. */
export const lithiumAlarms = (bank: "a" | "b", neighbour: "a" | "b"): string =>
  [
    ["warning", "medium", `onDelay: 10s\n    suppressedBy: [rack-${bank}-charge-stop]`],
    ["charge-stop", "high", `latch: true\n    suppressedBy: [rack-${bank}-critical]`],
    ["critical", "critical", "latch: true"],
  ]
    .map(
      ([level, priority, more]) => `  rack-${bank}-${level}:
    title: { en: "Battery ${bank}: ${level}" }
    space: battery-room
    priority: ${priority}
    point: bat-${bank}/module.temperature.max
    runaway:
      level: ${level}
      heat: { than: [bat-${bank}/module.temperature.mean] }
      cells: { lowest: bat-${bank}/cell.voltage.min, than: bat-${bank}/cell.voltage.mean }
      offGas: [{ point: io-battery/offgas.state, at: [alarm] }]
      smoke:
        - { point: asd-battery/smoke.level, at: [action, fire1, fire2] }
        - { point: io-battery/flame.state, at: [alarm] }
      neighbours: [bat-${neighbour}/battery.voltage]
    offDelay: 60s
    ${more}
${said}`,
    )
    .join("");

/** The demo's text with these alarms before its own, and with its responses begun by other alarms where a test says so. */
export const demoTextWith = (alarms: string, change: (text: string) => string = (text) => text): string =>
  change(readFileSync(demoSiteFile(), "utf8")).replace(/^alarms:\n/m, `alarms:\n${alarms}`);

/** The demo's text with these alarms alone, and no response to any. */
export const onlyAlarms = (alarms: string): string =>
  readFileSync(demoSiteFile(), "utf8").replace(/^alarms:\n[\s\S]*?^gate:\n[\s\S]*?\n\n/m, () => `alarms:\n${alarms}\n`);

/** A site of a text that has no mistakes. */
export function siteOf(text: string): Site {
  const loaded = parseSite("site.yaml", text, library());
  if ("site" in loaded) return loaded.site;
  throw new Error(loaded.problems.map(formatProblem).join("\n"));
}

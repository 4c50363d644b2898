import { readFileSync } from "node:fs";
import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, demoSiteFile, measure } from "../../../simulators/plant/index.ts";
import { ms, seconds } from "../../../src/core/time.ts";

/** Moves a plant on, second by second. */
export function run(plant: Plant, forS: number): void {
  for (let i = 0; i < forS; i++) advance(plant, seconds(1));
}

/** Tenths of a second until something holds; infinite where it does not within `withinS`. */
export function secondsUntil(plant: Plant, holds: () => boolean, withinS: number): number {
  for (let tenths = 1; tenths <= withinS * 10; tenths++) {
    advance(plant, ms(100));
    if (holds()) return tenths / 10;
  }
  return Number.POSITIVE_INFINITY;
}

/** The demo's plant after some events, with a look at its points. */
export function plantWith(...events: Parameters<typeof apply>[1][]) {
  const plant = demoPlant(7);
  for (const event of events) apply(plant, event);
  return { plant, shows: measure(plant) };
}

/** The demo's site with more devices, each "id: profile in space", and with its text changed. */
export function siteWith(devices: readonly string[], change: (text: string) => string = (text) => text): string {
  const lines = devices.map((device) => {
    const [, id, profile, space] = /^(\S+): (\S+) in (\S+)$/.exec(device)!;
    return `  ${id}: { profile: ${profile}, space: ${space} }\n`;
  });
  return change(readFileSync(demoSiteFile(), "utf8")).replace(/^devices:\n/m, `devices:\n${lines.join("")}`);
}

/** Such a site's plant, with a look at its points. */
export function plantOf(siteText: string) {
  const plant = demoPlant(7, siteText);
  return { plant, shows: measure(plant) };
}

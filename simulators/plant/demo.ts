/** The plant of the demo's site file. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Layout } from "./layout.ts";
import { layoutOf } from "./layout.ts";
import { makePlant } from "./make.ts";
import type { Plant } from "./plant.ts";

/** The file beside the sources; compiled code lies one folder deeper than they do. */
const places = ["../sites/demo.yaml", "../../../simulators/sites/demo.yaml"];

/** Where the demo's site file lies. */
export function demoSiteFile(): string {
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

/** A plant on an ordinary day, of the demo's site file or of another one's text. The same seed makes the same plant. */
export const demoPlant = (seed: number, siteText = readFileSync(demoSiteFile(), "utf8")): Plant =>
  makePlant(layoutRemembered(siteText), seed);

let latest: { readonly text: string; readonly layout: Layout } | null = null;

/** Whoever plays one seed after the other does so on one site: its text is read once. */
function layoutRemembered(text: string): Layout {
  if (latest?.text !== text) latest = { text, layout: layoutOf(text) };
  return latest.layout;
}

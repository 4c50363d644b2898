import { join } from "node:path";
import { deviceOf } from "../core/reading.ts";
import { practiceOf } from "../core/respond/practice.ts";
import type { Drilled, Measured, Measurements } from "../drill/durations.ts";
import { drillsFile, keyOf, measuredOf, readDrills } from "../drill/durations.ts";
import { measuredSite } from "../drill/measured-site.ts";
import type { Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";

/** Where drills are kept: a file, or a service's state folder that one is in. */
export interface DrillsWords {
  readonly drills?: string;
  readonly state?: string;
}

/** The file that is meant; null where none is. */
export const drillsIn = ({ drills, state }: DrillsWords): string | null =>
  drills ?? (state === undefined ? null : join(state, drillsFile));

/** What a file of drills holds; refuses one with a line that is none. */
export function drillsOf(file: string): readonly Drilled[] {
  const { drills, bad } = readDrills(file);
  if (bad.length === 0) return drills;
  throw new Refusal(bad.map(({ line, what }) => `${file}:${line}:1: ${what}`).join("\n"), exit.config);
}

/** A site as drills have shown it, and what they have shown; as its file has it where no drills are named. */
export function reckoned(
  site: Site,
  drills: readonly Drilled[] | null,
): { readonly site: Site; readonly measured: Measurements } {
  const measured = measuredOf(site.id, site.model, drills ?? []);
  return { site: measuredSite(site, measured), measured };
}

/** A site as the drills show it that are meant, and how that is said: as data, and in a line. */
export interface Reckoned {
  readonly site: Site;
  readonly measured: Measurements;
  readonly shown: Partial<MeasuredSheet>;
  readonly told: readonly string[];
}

/** What was measured, as data: of steps and sheds, and of writes to devices. */
export interface MeasuredSheet {
  readonly measured: Readonly<Record<string, Measured>>;
  readonly measuredWrites: Readonly<Record<string, Measured>>;
}

export const measuredSheet = ({ steps, writes }: Measurements): MeasuredSheet => ({
  measured: Object.fromEntries(steps),
  measuredWrites: Object.fromEntries(writes),
});

/** What every command does with drills that are named to it; where none are, the site is as its file has it and nothing is said. */
export function reckonedBy(site: Site, words: DrillsWords): Reckoned {
  const file = drillsIn(words);
  const known = reckoned(site, file === null ? null : drillsOf(file));
  return file === null
    ? { ...known, shown: {}, told: [] }
    : { ...known, shown: measuredSheet(known.measured), told: [toldOf(site, known.measured, file)] };
}

/** "2 steps, outlets of 1 shed and writes to 1 device take what they took in drills: FILE" */
function toldOf({ model }: Site, { steps, writes }: Measurements, file: string): string {
  if (steps.size === 0) return `no drill in ${file} has confirmed a step of this site`;
  const sheds = model.responses.filter(({ id }) => steps.has(id));
  const isOutlet = (key: string): boolean => sheds.some(({ id }) => key === id || key.startsWith(`${id}/`));
  const alone = [...steps.keys()].filter((key) => !isOutlet(key)).length;
  const what = [
    ...(alone === 0 ? [] : [counted(alone, "step")]),
    ...(sheds.length === 0 ? [] : [`outlets of ${counted(sheds.length, "shed")}`]),
    ...(writes.size === 0 ? [] : [`writes to ${counted(writes.size, "device")}`]),
  ];
  const verb = alone === 1 && what.length === 1 ? "takes what it" : "take what they";
  return `${what.join(what.length === 2 ? " and " : ", ")} ${verb} took in drills: ${file}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** "db: measured in 6 drills, …" for each step of a response that was; of a shed for all its outlets, and for writes to each device that it may write to. */
export function measuredLines(
  { model, timezone }: Site,
  response: string,
  { steps, writes }: Measurements,
): readonly string[] {
  const line = (name: string, found: Measured | undefined): readonly string[] =>
    found ? [`${name}: ${measuredWords(found, timezone)}`] : [];
  return model.responses
    .filter(({ id }) => id === response)
    .flatMap(({ action }) => {
      if (action.kind === "failover") return action.steps.flatMap(({ id }) => line(id, steps.get(keyOf(response, id))));
      const devices = new Set(practiceOf(action, model).steps.map(({ point }) => deviceOf(point)));
      return [
        ...line("an outlet", steps.get(response)),
        ...[...devices].flatMap((device) => line(`a write to ${device}`, writes.get(device))),
      ];
    });
}

/** How long a step is taken to take, why, and since when that is known. */
export function measuredWords({ drills, failed, last, p95, isFew, said }: Measured, timezone: string): string {
  const date = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(last);
  const times = drills === 1 ? `1 drill, on ${date}` : `${drills} drills, the last on ${date}`;
  const lost = failed === 0 ? "" : ` (${failed} more not confirmed)`;
  const file = said === null ? "the file says nothing" : `the file says ${said / 1000} s`;
  const rest = isFew ? "too few for a p95: " : "p95 ";
  const longest = isFew ? `, the longest of them and of what the file says` : "";
  return `measured in ${times}${lost}${isFew ? ", " : ": "}${rest}${p95 / 1000} s${longest}; ${file}`;
}

import type { Instant } from "../core/time.ts";
import { elapsed } from "../core/time.ts";
import type { AlarmDifference, Hindcast, ResponseDifference } from "../hindcast/hindcast.ts";
import { Hindcasting } from "../hindcast/hindcast.ts";
import type { Tally } from "../hindcast/pairing.ts";
import { exit } from "./exit.ts";
import type { Source, SourceWords } from "./hindcast-source.ts";
import { modelOf, openSource } from "./hindcast-source.ts";
import { openSiteFile } from "./open.ts";
import type { Progress } from "./scenario-progress.ts";
import { openProgress } from "./scenario-progress.ts";
import { printTable } from "./table.ts";

export interface HindcastWords extends SourceWords {
  readonly rules: string;
  readonly site?: string;
  readonly json?: boolean;
}

/** `haechi hindcast SOURCE --rules SITE`: what new rules would have said of what has been, and where the old ones said otherwise. */
export async function hindcast(path: string | undefined, words: HindcastWords): Promise<number> {
  const rules = openSiteFile(words.rules);
  const site = words.site === undefined ? null : openSiteFile(words.site);
  const source = await openSource(path, words, site);
  const began = performance.now();
  const casting = new Hindcasting(source.old, modelOf(rules), source.from);
  try {
    await playAll(source, casting, openProgress(process.stderr, !words.json));
  } finally {
    await source.close();
  }
  const cast = casting.end();
  const tookS = (performance.now() - began) / 1000;
  if (words.json) console.log(JSON.stringify({ ...cast, notes: source.notes, tookSeconds: tookS }, null, 2));
  else sayCast(cast, source);
  const rate = Math.round(cast.readings / Math.max(tookS, 0.001));
  console.error(`${cast.readings} readings in ${tookS.toFixed(1)} s, ${rate} a second`);
  return exit.done;
}

/** Progress is shown once in so many moments. */
const showEvery = 1000;

async function playAll(source: Source, casting: Hindcasting, progress: Progress): Promise<void> {
  let count = 0;
  for await (const moment of source.moments) {
    casting.take(moment);
    count += 1;
    if (count % showEvery > 0) continue;
    const part =
      source.to === null ? 0 : elapsed(source.from, casting.now) / Math.max(1, elapsed(source.from, source.to));
    progress.show(part, `${casting.readings} readings, ${new Date(casting.now).toISOString()}`);
  }
  progress.clear();
}

/** Gaps and silent points that are told one by one. */
const holesMost = 5;

function sayCast(cast: Hindcast, { timezone, notes }: Source): void {
  const when = (at: Instant): string =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" }).format(at);
  console.log(`${when(cast.from)} to ${when(cast.to)} (${timezone}), ${cast.readings} readings\n`);
  const changed = cast.alarms.filter(isOtherwise);
  if (changed.length === 0) console.log("Every alarm came as often, when and for as long under both.");
  else sayAlarms(changed, when);
  const same = cast.alarms.length - changed.length;
  if (changed.length > 0 && same > 0) console.log(`\n${same} more alarms came as they did.`);
  console.log("");
  sayResponses(cast.responses, when);
  printTable(
    ["figure", "old", "new", "at most"],
    cast.old.targets.map(({ name, value, unit, most }, i) => [
      name,
      `${rounded(value)}${unit}`,
      `${rounded(cast.new.targets[i]!.value)}${unit}`,
      `${most}${unit}`,
    ]),
  );
  console.log("");
  for (const line of [...holesIn(cast), ...notes]) console.log(line);
}

const isMoved = (one: Tally): boolean =>
  one.onlyOld + one.onlyNew + one.earlier + one.later + one.longer + one.shorter > 0 || one.oldCount !== one.newCount;

const isOtherwise = (one: AlarmDifference): boolean => isMoved(one) || one.old?.chattered !== one.new?.chattered;

const byDifference = (a: Tally, b: Tally): number => b.onlyOld + b.onlyNew - (a.onlyOld + a.onlyNew);

/** What is told of alarms and of responses alike. */
const tallied = (one: Tally): readonly string[] => [
  String(one.onlyOld),
  String(one.onlyNew),
  String(one.earlier),
  String(one.later),
  signedS(one.both === 0 ? 0 : one.shiftMs / one.both),
  signedS(one.both === 0 ? 0 : one.lengthMs / one.both),
];
const talliedHeads = ["missed", "added", "earlier", "later", "mean shift", "mean length"];

/** Nothing is said where no response would have begun under either. */
function sayResponses(responses: readonly ResponseDifference[], when: (at: Instant) => string): void {
  if (responses.length === 0) return;
  const moved = responses.filter(isMoved).toSorted((a, b) => byDifference(a, b) || (a.response < b.response ? -1 : 1));
  if (moved.length === 0) console.log("Every response would have begun as often and when under both.\n");
  if (moved.length === 0) return;
  printTable(
    ["response", "old", "new", ...talliedHeads],
    moved.map((one) => [one.response, timesUnder(one.old), timesUnder(one.new), ...tallied(one)]),
  );
  for (const { response, missed, added } of moved) sayExamples(`response ${response}`, { missed, added }, when);
  console.log("");
}

const timesUnder = (under: ResponseDifference["old"]): string => (under ? `${under.count} (${under.mode})` : "none");

function sayExamples(
  name: string,
  { missed, added }: Pick<Tally, "missed" | "added">,
  when: (at: Instant) => string,
): void {
  for (const { at, because } of missed) console.log(`missed  ${when(at)}  ${name}${because && ` (${because})`}`);
  for (const { at, because } of added) console.log(`added   ${when(at)}  ${name}${because && ` (${because})`}`);
}

function sayAlarms(changed: readonly AlarmDifference[], when: (at: Instant) => string): void {
  const rows = changed.toSorted((a, b) => byDifference(a, b) || (a.alarm < b.alarm ? -1 : 1));
  printTable(
    ["alarm", "old", "new", ...talliedHeads, "an hour", "chattered"],
    rows.map((one) => [
      one.alarm,
      one.old ? String(one.old.count) : "none",
      one.new ? String(one.new.count) : "none",
      ...tallied(one),
      `${rounded(one.old?.perHour ?? 0)} → ${rounded(one.new?.perHour ?? 0)}`,
      `${one.old?.chattered ?? 0} → ${one.new?.chattered ?? 0}`,
    ]),
  );
  for (const { alarm, missed, added } of rows) sayExamples(alarm, { missed, added }, when);
}

function holesIn({ unknown, gaps }: Hindcast): readonly string[] {
  const some = (names: readonly string[]): string =>
    `${names.slice(0, holesMost).join(", ")}${names.length > holesMost ? `, and ${names.length - holesMost} more` : ""}`;
  const worst = gaps.map(
    ({ point, count, longestMs }) => `${point} ${count} times, ${Math.round(longestMs / 1000)} s at the longest`,
  );
  return [
    ...(unknown.length > 0 ? [`Not in it, so that what needs them was blind: ${some(unknown)}.`] : []),
    ...(gaps.length > 0
      ? [`Silent for longer than their readings may be old, and blind meanwhile: ${some(worst)}.`]
      : []),
  ];
}

const rounded = (value: number): string => String(Number(value.toFixed(2)));
const signedS = (ms: number): string => `${ms > 0 ? "+" : ""}${rounded(ms / 1000)} s`;

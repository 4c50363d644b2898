import type { Cause, Effect, Matrix } from "../site/index.ts";
import { matrixOf } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { printTable } from "./table.ts";

export interface MatrixWords {
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `haechi matrix SITE`: which alarm starts which response, by what vote and when; opens nothing and needs no secrets. */
export function matrix(file: string, { json, csv }: MatrixWords): number {
  if (json && csv) throw new Refusal("--json and --csv are two forms: say one", exit.usage);
  const all = matrixOf(openSiteFile(file));
  if (json) console.log(JSON.stringify(all, null, 2));
  else if (csv) for (const row of sheetOf(all)) console.log(row.map(quoted).join(","));
  else print(all);
  return exit.done;
}

const inSeconds = (ms: number): string => `${ms / 1000} s`;

const voteOf = ({ need, of, diverse }: Cause): string => `${need} of ${of}${diverse ? ", diverse" : ""}`;

const kept = ({ latch }: Cause): string => (latch ? "latched" : "");

const hazards: Readonly<Record<Effect["hazard"], string>> = {
  dark: "loads may go dark",
  move: "services move",
  less: "machines are held back",
};

/** What stands in a cell: how the effect follows the cause. */
const cellOf = ({ mode, afterMs }: Effect): string => `${mode}, ${inSeconds(afterMs)}`;

function print({ causes, effects }: Matrix): void {
  printTable(
    ["cause", "priority", "vote", "on", "off", "", ...effects.map(({ response }) => response)],
    causes.map((cause) => [
      cause.alarm,
      cause.priority,
      voteOf(cause),
      inSeconds(cause.onDelayMs),
      inSeconds(cause.offDelayMs),
      kept(cause),
      ...effects.map((effect) => (cause.starts.includes(effect.response) ? cellOf(effect) : "")),
    ]),
  );
  console.log();
  printTable(
    ["effect", "does", "hazard", "mode", "armed", "after", "if blind", "of"],
    effects.map((effect) => [
      effect.response,
      effect.kind,
      hazards[effect.hazard],
      effect.mode,
      effect.armed ? "yes" : "no",
      inSeconds(effect.afterMs),
      effect.ifBlind,
      effect.to.join(" "),
    ]),
  );
  for (const { response, accept } of effects)
    if (accept !== null) console.log(`\n${response} accepts one sensor: ${accept}`);
}

/** One sheet: effects over their columns with what they are, causes down the side with what they are. */
function sheetOf({ causes, effects }: Matrix): readonly (readonly string[])[] {
  const blank = ["", "", "", "", "", ""];
  const head = (name: string, of: (effect: Effect) => string): readonly string[] => [
    ...blank,
    name,
    ...effects.map(of),
  ];
  return [
    head("effect", ({ response }) => response),
    head("does", ({ kind }) => kind),
    head("hazard", ({ hazard }) => hazards[hazard]),
    head("mode", ({ mode }) => mode),
    head("armed", ({ armed }) => (armed ? "yes" : "no")),
    head("after (s)", ({ afterMs }) => String(afterMs / 1000)),
    head("if blind", ({ ifBlind }) => ifBlind),
    head("of", ({ to }) => to.join(" ")),
    head("accepted because", ({ accept }) => accept ?? ""),
    ["cause", "title", "priority", "vote", "on-delay (s)", "off-delay (s)", "latch", ...effects.map(() => "")],
    ...causes.map((cause) => [
      cause.alarm,
      cause.title,
      cause.priority,
      voteOf(cause),
      String(cause.onDelayMs / 1000),
      String(cause.offDelayMs / 1000),
      kept(cause),
      ...effects.map(({ response }) => (cause.starts.includes(response) ? "x" : "")),
    ]),
  ];
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

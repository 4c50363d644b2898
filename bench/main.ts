/** Runs the benchmarks of one area, or of all: a table for people, and behind it one line of JSON for scripts. */
import { parseArgs } from "node:util";
import { exit } from "../src/cli/exit.ts";
import { unusable } from "./collect/telegraf.ts";

type Figures = Readonly<Record<string, number>>;

/** What an area may be told. */
interface Wanted {
  /** A telegraf to be compared with. */
  readonly telegraf: string | null;
}

/** Loaded one at a time, so that no area pays for what another one imports. */
const areas: Readonly<Record<string, () => Promise<{ readonly figures: (wanted: Wanted) => Promise<Figures> }>>> = {
  simulate: () => import("./simulate.ts"),
  core: () => import("./core.ts"),
  store: () => import("./store.ts"),
  collect: () => import("./collect.ts"),
  transport: () => import("./transport.ts"),
  fuzz: () => import("./fuzz.ts"),
  traps: () => import("./traps.ts"),
  snmp: () => import("./snmp.ts"),
  dissect: () => import("./simulate/dissect.ts"),
  life: () => import("./life.ts"),
  respond: () => import("./respond.ts"),
};

/** No figure here is good to more digits than these. */
const digits = 4;

async function measure(area: string, wanted: Wanted): Promise<void> {
  const { figures } = await areas[area]!();
  const measured = Object.entries(await figures(wanted)).map(([name, value]) => [
    name,
    Number(value.toPrecision(digits)),
  ]);
  const width = Math.max(...measured.map(([name]) => String(name).length));
  console.log(`\n${area}`);
  for (const [name, value] of measured) console.log(`  ${String(name).padEnd(width)}  ${value}`);
  console.log(JSON.stringify({ area, figures: Object.fromEntries(measured) }));
}

/** What stands on the command line; a string where that is not to be understood. */
function understood(args: string[]): { readonly asked: string | undefined; readonly wanted: Wanted } | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { telegraf: { type: "string" } },
    });
    const [asked, ...more] = positionals;
    if ((asked !== undefined && !Object.hasOwn(areas, asked)) || more.length > 0)
      return `there is no area "${positionals.join(" ")}"; there are: ${Object.keys(areas).join(", ")}`;
    const { telegraf = null } = values;
    if (telegraf !== null && (asked ?? "collect") !== "collect") return "--telegraf is for the area collect";
    const flaw = telegraf === null ? null : unusable(telegraf);
    return flaw === null ? { asked, wanted: { telegraf } } : `--telegraf ${telegraf}: ${flaw}`;
  } catch (error) {
    return (error as Error).message;
  }
}

const line = understood(process.argv.slice(2));
if (typeof line === "string") {
  console.error(line);
  process.exitCode = exit.usage;
} else {
  for (const area of line.asked === undefined ? Object.keys(areas) : [line.asked]) await measure(area, line.wanted);
}

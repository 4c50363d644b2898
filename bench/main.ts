/** Runs the benchmarks of one area, or of all: a table for people, and behind it one line of JSON for scripts. */
import { exit } from "../src/cli/exit.ts";

type Figures = Readonly<Record<string, number>>;

/** Loaded one at a time, so that no area pays for what another one imports. */
const areas: Readonly<Record<string, () => Promise<{ readonly figures: () => Promise<Figures> }>>> = {
  simulate: () => import("./simulate.ts"),
  scan: () => import("./scan.ts"),
  store: () => import("./store.ts"),
  collect: () => import("./collect.ts"),
  transport: () => import("./transport.ts"),
  fuzz: () => import("./fuzz.ts"),
  traps: () => import("./traps.ts"),
  snmp: () => import("./snmp.ts"),
};

/** No figure here is good to more digits than these. */
const digits = 4;

async function measure(area: string): Promise<void> {
  const { figures } = await areas[area]!();
  const measured = Object.entries(await figures()).map(([name, value]) => [name, Number(value.toPrecision(digits))]);
  const width = Math.max(...measured.map(([name]) => String(name).length));
  console.log(`\n${area}`);
  for (const [name, value] of measured) console.log(`  ${String(name).padEnd(width)}  ${value}`);
  console.log(JSON.stringify({ area, figures: Object.fromEntries(measured) }));
}

const [asked, ...more] = process.argv.slice(2);
if ((asked !== undefined && !Object.hasOwn(areas, asked)) || more.length > 0) {
  console.error(`there is no area "${[asked, ...more].join(" ")}"; there are: ${Object.keys(areas).join(", ")}`);
  process.exitCode = exit.usage;
} else {
  for (const area of asked === undefined ? Object.keys(areas) : [asked]) await measure(area);
}

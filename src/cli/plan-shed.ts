import { parseDuration } from "../core/duration.ts";
import type { Image } from "../core/image.ts";
import { imageAt } from "../core/image.ts";
import type { Reading } from "../core/reading.ts";
import type { ShedAction } from "../core/respond/response.ts";
import type { PlannedDeed, ShedPlan } from "../core/respond/shed.ts";
import { muteDevices, planShed, writesWithin } from "../core/respond/shed.ts";
import type { Duration, Instant } from "../core/time.ts";
import { ms } from "../core/time.ts";
import type { NodeId } from "../core/topology/power.ts";
import { carriedKw } from "../core/topology/power.ts";
import type { Measurements } from "../drill/durations.ts";
import type { Site } from "../site/index.ts";
import { assumedImage } from "../site/index.ts";
import type { DrillsWords } from "./drills-file.ts";
import { measuredWords, reckonedBy } from "./drills-file.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";
import { reach } from "./reach.ts";
import { printTable } from "./table.ts";

export interface PlanShedWords extends DrillsWords {
  readonly json?: boolean;
  /** A time, such as 90s. */
  readonly within?: string;
  /** What every load is taken to draw where nobody is asked, percent of its rating. */
  readonly load: number;
  readonly url?: string;
}

interface Wish {
  readonly node: string;
  readonly kw: number;
}

/** `haechi plan shed SITE NODE KW`: what would be switched off to free so much, by what a running service sees or by ratings; writes nothing. */
export async function planShedOf(file: string, wish: Wish, words: PlanShedWords): Promise<number> {
  const { site, measured, shown, told } = reckonedBy(openSiteFile(file), words);
  const tree = site.model.power;
  const node = wish.node as NodeId;
  if (!tree.nodes.has(node))
    throw new Refusal(`there is no node "${wish.node}"; there are: ${[...tree.nodes.keys()].join(", ")}`, exit.usage);
  const image = words.url === undefined ? assumedImage(site.model, words.load / 100) : await liveImage(site, words.url);
  const carries = carriedKw(tree, node, image);
  if (wish.kw > carries) throw new Refusal(`${node} carries ${rounded(carries)} kW: no more can be freed`, exit.usage);
  const within = words.within === undefined ? undefined : spanOf(words.within);
  const plan = planShed(
    {
      tree,
      image,
      taken: new Set(),
      mute: muteDevices({ tree, image }),
      writesOf: within === undefined ? null : (device) => writesWithin(tree, device, within),
    },
    actionOf(node, carries - wish.kw),
  );
  if (words.json) console.log(JSON.stringify({ ...sheetOf(plan, { ...wish, carries }), ...shown }, null, 2));
  else {
    print(plan, { ...wish, carries }, words);
    for (const line of [...paceLines(site, measured), ...told]) console.log(line);
  }
  return plan.shortKw.some((kw) => kw > 0) ? exit.failed : exit.done;
}

function spanOf(text: string): Duration {
  const span = parseDuration(text);
  if (span === null || span === 0)
    throw new Refusal(`--within ${text}: a time such as 90s or 2min is meant`, exit.usage);
  return span;
}

const actionOf = (node: NodeId, toKw: number): ShedAction => ({
  kind: "shed",
  relieve: [{ node, toKw }],
  within: ms(0),
  settle: ms(0),
});

async function liveImage({ model }: Site, url: string): Promise<Image> {
  const answer = await reach(url, "/api/v1/readings?since=0");
  const { now, readings } = (await answer.json()) as { now: Instant; readings: readonly Reading[] };
  return imageAt(new Map(readings.map((reading) => [reading.point, reading])), model.points, now);
}

/** What drills have shown of how fast devices write. */
const paceLines = ({ timezone }: Site, { writes }: Measurements): readonly string[] =>
  [...writes].map(([device, found]) => `a write to ${device}: ${measuredWords(found, timezone)}`);

interface Asked extends Wish {
  readonly carries: number;
}

const rounded = (kw: number): string => kw.toFixed(1);

const outletsOf = ({ opens }: PlannedDeed): readonly string[] => opens.map(({ outlet }) => outlet!);

/** How much less harm the best plan might do, percent; null where that is not known. */
function gapOf({ harm, least }: ShedPlan): number | null {
  const proved = least();
  return harm === proved ? 0 : proved > 0 ? (harm / proved - 1) * 100 : null;
}

const sheetOf = (plan: ShedPlan, { node, kw, carries }: Asked): object => ({
  node,
  carriesKw: carries,
  wantedKw: kw,
  freedKw: plan.deeds.reduce((sum, { freedKw }) => sum + freedKw, 0),
  shortKw: plan.shortKw[0] ?? 0,
  exact: plan.isExact,
  gapPercent: gapOf(plan),
  unseen: plan.isLastResort,
  deeds: plan.deeds.map((deed) => ({
    load: deed.load.id,
    importance: deed.load.importance,
    does: deed.manner,
    freedKw: deed.freedKw,
    opens: outletsOf(deed),
  })),
});

function print(plan: ShedPlan, { node, kw, carries }: Asked, { url, load }: PlanShedWords): void {
  const by = url === undefined ? `every load at ${load} % of its rating` : `as ${url} sees it`;
  console.log(`${node} carries ${rounded(carries)} kW, ${by}; ${rounded(kw)} kW are to be freed\n`);
  printTable(
    ["load", "importance", "does", "kW", "opens"],
    plan.deeds.map((deed) => [
      deed.load.id,
      deed.load.importance,
      deed.manner === "move" ? "moves" : "goes dark",
      rounded(deed.freedKw),
      outletsOf(deed).join(" "),
    ]),
  );
  const freed = plan.deeds.reduce((sum, { freedKw }) => sum + freedKw, 0);
  console.log(`\n${rounded(freed)} kW by ${plan.deeds.flatMap(outletsOf).length} outlets; ${goodness(plan)}`);
  if (plan.isLastResort) console.log("nothing of it is seen to help: meters are silent, or devices do not answer");
  const short = plan.shortKw[0] ?? 0;
  if (short > 0) console.log(`${rounded(short)} kW short: nothing else may be opened`);
}

function goodness(plan: ShedPlan): string {
  if (plan.isExact) return "no other way does less harm";
  const gap = gapOf(plan);
  return gap === null
    ? "how good it is could not be told"
    : `no other way does less than ${(100 / (1 + gap / 100)).toFixed(0)} % of its harm`;
}

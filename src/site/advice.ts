/**
 * Advice: what holds in a site file, and does not do what was most likely meant by it. A delay that
 * is shorter than two polls sees a value once and calls it lasting; an effect cannot be confirmed
 * before its point has been asked again. Nothing is refused for it: polls may be boosted, and the
 * one who wrote it may know better.
 */
import type { DetectorSpec } from "../core/detect/index.ts";
import type { SiteModel } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Duration } from "../core/time.ts";
import { minutes } from "../core/time.ts";
import type { NodeId, PowerTree } from "../core/topology/power.ts";
import { under } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import type { AlarmSource } from "./alarms.ts";
import { limitNames, limitOf } from "./alarms.ts";
import { adviseOnSensors } from "./own-sensors.ts";
import { adviseOnSteps } from "./step-advice.ts";
import type { Survey } from "./survey.ts";

/** What is seen in so many polls is seen to last. */
const POLLS_MIN = 2;

/** ASHRAE TC 9.9's limits on how an inlet's temperature may change, K within a time. */
const ASHRAE = [
  { by: 5, within: minutes(15) },
  { by: 20, within: minutes(60) },
];
/** Parts of names of temperatures that are not those of servers' inlets. */
const notInlet = /\b(return|supply|exhaust|outlet|outdoor|hot|coolant|water|module|battery|cell)\b/;

/** Says of a site in which everything holds what its author may want to know. */
export function adviseOn(survey: Survey, model: SiteModel): void {
  const written = survey.source.alarms;
  for (const { id, channels } of model.alarms)
    if (Object.hasOwn(written, id))
      for (const { point, detect } of channels) adviseOnInlet(survey, ["alarms", id], point, detect);
  for (const [id, alarm] of Object.entries(written)) adviseOnDelays(survey, ["alarms", id], alarm);
  adviseOnSheds(survey, model.power);
  adviseOnSensors(survey, model);
  adviseOnSteps(survey);
}

function adviseOnDelays(survey: Survey, path: Path, alarm: AlarmSource): void {
  const slowest = slowestOf(survey, judgedBy(alarm));
  if (!slowest) return;
  for (const [at, onDelay] of delaysOf(alarm))
    if (onDelay > 0 && onDelay < POLLS_MIN * slowest.period)
      survey.findings.advise(
        [...path, ...at],
        `${inSeconds(onDelay)} is shorter than ${twoPolls(slowest)}: a reading or two raise it`,
      );
}

/** The points whose readings a delay waits for. Silence is not read, and is not of them. */
const judgedBy = ({ point, stale, channels = [] }: AlarmSource): readonly string[] =>
  [{ point, stale }, ...channels].flatMap((channel) =>
    channel.point === undefined || channel.stale ? [] : [channel.point],
  );

/** Every on-delay that is written, and where; that of the whole alarm only where some limit goes by it. */
function delaysOf({ onDelay, limits }: AlarmSource): readonly (readonly [Path, Duration])[] {
  if (!limits) return [[["onDelay"], onDelay]];
  const own = limitNames.flatMap((name) => {
    const written = limits[name];
    return written === undefined ? [] : [[["limits", name, "onDelay"], limitOf(written).onDelay] as const];
  });
  const set = own.flatMap(([at, delay]) => (delay === undefined ? [] : [[at, delay] as const]));
  return set.length < own.length ? [[["onDelay"], onDelay], ...set] : set;
}

function adviseOnInlet({ points, findings }: Survey, path: Path, point: PointId, detect: DetectorSpec): void {
  if (detect.kind !== "change") return;
  const { quantity = "", unit = null } = points.get(point)?.info ?? {};
  if (unit !== "Cel" || !notInlet.test(quantity)) return;
  if (!ASHRAE.some(({ by, within }) => detect.by === by && detect.within === within)) return;
  findings.advise(
    path,
    `${detect.by} K within ${detect.within / 60_000} min is ASHRAE's for the inlets of servers, which ${point} is not`,
  );
}

function adviseOnSheds(survey: Survey, tree: PowerTree): void {
  for (const [id, { shed }] of Object.entries(survey.source.responses)) {
    if (!shed) continue;
    const nodes = shed.relieve.map(({ node }) => node as NodeId);
    const shown = slowestOf(survey, confirming(tree, nodes));
    const metered = slowestOf(
      survey,
      nodes.flatMap((node) => tree.nodes.get(node)?.power ?? []),
    );
    const path = ["responses", id, "shed"];
    if (shown && shed.within < POLLS_MIN * shown.period)
      survey.findings.advise(
        [...path, "within"],
        `${inSeconds(shed.within)} is shorter than ${twoPolls(shown)}, which confirms it`,
      );
    if (metered && shed.settle < POLLS_MIN * metered.period)
      survey.findings.advise(
        [...path, "settle"],
        `${inSeconds(shed.settle)} is shorter than ${twoPolls(metered)}, by which the next stage is planned`,
      );
  }
}

/** What shows that an outlet below these nodes has been opened. */
const confirming = (tree: PowerTree, nodes: readonly NodeId[]): readonly PointId[] => {
  const below = new Set(nodes.flatMap((node) => [...under(tree, node)]));
  return tree.loads
    .filter(({ importance }) => importance !== "protected")
    .flatMap(({ feeds }) => feeds.filter(({ node }) => below.has(node)))
    .flatMap(({ outlet, power, closed }) => (outlet ? [power ?? closed ?? outlet] : []));
};

interface Asked {
  readonly id: string;
  readonly period: Duration;
}

/** The point that is asked most seldom; null where none is asked at all. */
const slowestOf = ({ points }: Survey, ids: readonly string[]): Asked | null =>
  ids.reduce<Asked | null>((slowest, id) => {
    const period = points.get(id as PointId)?.period ?? null;
    return period === null || (slowest && slowest.period >= period) ? slowest : { id, period };
  }, null);

const twoPolls = ({ id, period }: Asked): string => `two polls of ${id} (${POLLS_MIN} x ${inSeconds(period)})`;

const inSeconds = (duration: Duration): string => `${duration / 1000} s`;

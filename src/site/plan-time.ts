/** In what time a failover must be done, by the site file alone: as it is written, or for as long as a battery lasts by its design. */
import { runtimeByDesign } from "../core/detect/runtime.ts";
import type { Chain, Length } from "../core/respond/path.ts";
import type { FailoverAction, RuntimeLimit } from "../core/respond/response.ts";
import type { Duration } from "../core/time.ts";
import { ms } from "../core/time.ts";
import type { NodeId } from "../core/topology/power.ts";
import { under } from "../core/topology/power.ts";
import { listed } from "../core/topology/subject.ts";
import type { PlanFault } from "./plan-finding.ts";
import type { Site } from "./site.ts";

export interface PlannedTime {
  readonly lasts: Duration;
  /** What it is the time of: "its deadline is 480 s". */
  readonly words: string;
}

/** What is found of a plan that takes longer than it may, as a rule or at worst; `todo` says what helps. */
export function overtime(
  response: string,
  { usual, worst, waitMs }: Length & { readonly waitMs: number },
  { lasts: deadline, words }: PlannedTime,
  todo: { readonly late: string; readonly tight: string },
): readonly PlanFault[] {
  const [usualMs, worstMs] = [waitMs + usual.lasts, waitMs + worst.lasts];
  const said = (timeMs: number, how: string, { steps }: Chain): string =>
    `takes ${inSeconds(timeMs)} ${how} by ${listed(steps)}; ${words}`;
  if (usualMs > deadline) return [{ kind: "late", response, what: said(usualMs, "as a rule", usual), todo: todo.late }];
  if (worstMs <= deadline) return [];
  return [{ kind: "tight", response, what: said(worstMs, "at worst", worst), todo: todo.tight }];
}

export const inSeconds = (timeMs: number): string => `${timeMs / 1000} s`;

/** Why the time cannot be worked out. */
interface Unknown {
  readonly unknown: string;
}

/** Null where nothing presses. Of a deadline and a battery, the sooner. */
export function timeOf(site: Site, { deadline, runtime }: FailoverAction): PlannedTime | Unknown | null {
  if (runtime) return byBattery(site, runtime);
  return deadline === undefined ? null : { lasts: deadline, words: `its deadline is ${inSeconds(deadline)}` };
}

function byBattery(site: Site, { node, alarm, channel }: RuntimeLimit): PlannedTime | Unknown {
  const judged = site.model.alarms.find(({ id }) => id === alarm)?.channels[channel];
  if (judged?.detect.kind !== "runtime") return { unknown: `no alarm judges how long ${node} lasts` };
  const unit = site.pointInfo.get(judged.point)?.unit ?? null;
  const load = loadOn(site, node, unit);
  if (load === null)
    return { unknown: `how long ${node} lasts: its load is told in ${unit ?? "no unit"}, and racks are rated in kW` };
  const lastsMs = Math.floor(1000 * runtimeByDesign(judged.detect, load).leastS);
  return {
    lasts: ms(lastsMs),
    words: `${node} lasts ${Math.floor(lastsMs / 1000)} s at least, by its design, at ${Math.round(load)} ${unit}`,
  };
}

/** All that may hang on a node, as far as it can carry it, in the unit of its load; null where that cannot be told. */
function loadOn({ model: { power } }: Site, node: NodeId, unit: string | null): number | null {
  const { ratedKw = 0 } = power.nodes.get(node) ?? {};
  const below = under(power, node);
  const hung = power.loads.filter(({ feeds }) => feeds.some((feed) => below.has(feed.node)));
  const racksKw = hung.reduce((sum, load) => sum + load.ratedKw, 0);
  const kw = racksKw === 0 ? ratedKw : Math.min(ratedKw, racksKw);
  if (unit === "kW") return kw;
  return unit === "%" && ratedKw > 0 ? (100 * kw) / ratedKw : null;
}

/**
 * What the cause-and-effect matrix must hold: what cannot be taken back, or costs much, is not done on
 * the word of one sensor. It needs a vote that no single quantity can carry, or a person, or a
 * written reason why it is accepted. Moving a service is cheap, and one sensor is enough for it.
 */
import type { AlarmDefinition, Channel } from "../core/alarm/definition.ts";
import type { DetectorSpec } from "../core/detect/index.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Action } from "../core/respond/response.ts";
import type { Hazard, TargetKindName } from "../core/target.ts";
import { targetKind } from "../core/target.ts";
import type { PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import type { PointInfo } from "./points.ts";
import type { ResponseSource } from "./responses.ts";
import { shareAtStake } from "./scope.ts";
import { wishOf } from "./shed.ts";
import { silenceThatRaises } from "./silence.ts";
import type { Sourced, Survey } from "./survey.ts";

/** What an action can cost: the worst of what its steps can. `kindOf` gives the kind of a target by its id. */
export function hazardOf(action: Action, kindOf: (target: string) => TargetKindName | undefined): Hazard {
  if (action.kind === "shed") return "dark";
  const hazards = action.steps.map(({ point }) => {
    const kind = kindOf(deviceOf(point));
    return kind === undefined ? "move" : targetKind(kind).hazard;
  });
  return worstFirst.find((hazard) => hazards.includes(hazard)) ?? "move";
}

const worstFirst: readonly Hazard[] = ["dark", "move", "less"];

const darkens = (kind: TargetKindName): boolean => targetKind(kind).hazard === "dark";

/** Whether no single quantity can raise the alarm: it demands diverse sensors, or every set of channels that is enough for it holds two. */
export function isDiverse(
  { channels, need, diverse }: Pick<AlarmDefinition, "channels" | "need" | "diverse">,
  infoOf: (point: PointId) => Pick<PointInfo, "quantity"> | undefined,
): boolean {
  if (diverse) return need >= 2;
  const counts = new Map<string, number>();
  for (const { point } of channels) {
    const quantity = infoOf(point)?.quantity ?? point;
    counts.set(quantity, (counts.get(quantity) ?? 0) + 1);
  }
  return need >= 2 && Math.max(...counts.values()) < need;
}

/** Whether enough channels can be abnormal at once: two that look at one point may exclude each other. */
export function canBeActive({ channels, need }: Pick<AlarmDefinition, "channels" | "need">): boolean {
  const byPoint = new Map<PointId, DetectorSpec[]>();
  for (const { point, detect } of channels) byPoint.set(point, [...(byPoint.get(point) ?? []), detect]);
  return [...byPoint.values()].reduce((sum, specs) => sum + mostAtOnce(specs), 0) >= need;
}

/** How many judgements of one point can hold of one value. Those of which a value alone does not decide are taken to. */
function mostAtOnce(specs: readonly DetectorSpec[]): number {
  const decided = specs.filter(({ kind }) => kind === "state" || kind === "limit");
  const counts = valuesOf(decided).map((value) => decided.filter((spec) => holdsOf(spec, value)).length);
  return specs.length - decided.length + Math.max(0, ...counts);
}

/** Values of which every combination that can hold holds of one: the states named, and what lies just beside each limit. */
const valuesOf = (specs: readonly DetectorSpec[]): readonly number[] =>
  specs.flatMap((spec) => {
    if (spec.kind === "state") return spec.among;
    if (spec.kind !== "limit") return [];
    const beside = Math.max(1, Math.abs(spec.limit)) * 1e-9;
    return [spec.limit - beside, spec.limit + beside];
  });

function holdsOf(spec: DetectorSpec, value: number): boolean {
  if (spec.kind === "state") return spec.among.includes(value);
  if (spec.kind !== "limit") return true;
  return spec.side === "above" ? value > spec.limit : value < spec.limit;
}

/** What responses are held against here. */
interface Matrix {
  readonly survey: Survey;
  readonly alarms: ReadonlyMap<string, Sourced>;
  readonly tree: PowerTree;
}

/** Lints one effect of the matrix and its causes. */
export function checkEffect(matrix: Matrix, path: Path, source: ResponseSource): void {
  const { findings } = matrix.survey;
  const causes = source.when.flatMap((id, i) => {
    const definition = matrix.alarms.get(id)?.definition;
    // An alarm that silence raises is refused for that already.
    return definition && silenceThatRaises(definition) === null ? [{ id, i, definition }] : [];
  });
  const possible = causes.filter(({ definition }) => canBeActive(definition));
  for (const { id, i, definition } of causes)
    if (!canBeActive(definition))
      findings.say([...path, "when", i], `${id} can never be active: ${whyNever(definition)}`);
  if (possible.length === 0 && causes.length === source.when.length)
    findings.say([...path, "when"], "no cause reaches this: none of its alarms can ever be active");
  checkDiversity(matrix, path, source, possible);
}

const whyNever = ({ need, channels }: AlarmDefinition): string =>
  `channels of one point exclude each other, so that it never has ${need} of its ${channels.length}`;

function checkDiversity(
  matrix: Matrix,
  path: Path,
  source: ResponseSource,
  causes: readonly { readonly id: string; readonly i: number; readonly definition: AlarmDefinition }[],
): void {
  const { findings, points } = matrix.survey;
  const { when, mode, accept, shed } = source;
  const isDark = takesLoad(matrix.survey, source);
  const infoOf = (point: PointId): PointInfo | undefined => points.get(point)?.info;
  const single = isDark ? causes.filter(({ definition }) => !isDiverse(definition, infoOf)) : [];
  // A failover's reason is for its scope, which hangs on what other responses do: it is never one too many.
  const hasScope = !isDark || typeof accept === "object" || isWide(matrix, shed);
  // Of an alarm that is not there nobody knows what it would have been raised by.
  if (accept !== undefined && single.length === 0 && !hasScope && causes.length === when.length)
    return findings.say(
      [...path, "accept"],
      "there is nothing to accept: each of its alarms is a vote of diverse sensors",
    );
  if (mode !== "act" || accept !== undefined) return;
  for (const { id, i, definition } of single)
    findings.say(
      [...path, "when", i],
      `${id} ${oneWord(definition.channels, infoOf)}, and ${shed ? "loads" : "machines"} would go dark for it: let channels of two quantities agree, let it advise, or say why in accept`,
    );
}

/** Whether loads or machines go dark by it. What hangs on a contact that a step commands nobody has said. */
export const takesLoad = ({ targets }: Survey, { shed, failover }: ResponseSource): boolean =>
  shed !== undefined ||
  (failover?.steps ?? []).some(
    ({ point, target }) => point !== undefined || targets.some(({ id, kind }) => id === target && darkens(kind)),
  );

/** Whether a shed is too much for a machine alone. */
const isWide = ({ tree }: Matrix, shed: ResponseSource["shed"]): boolean =>
  shed !== undefined && shareAtStake([wishOf(shed)], tree) !== null;

function oneWord(channels: readonly Channel[], infoOf: (point: PointId) => PointInfo | undefined): string {
  const quantities = [...new Set(channels.map(({ point }) => infoOf(point)?.quantity ?? point))];
  return `can be raised by ${quantities.length === 1 ? quantities[0] : `one of ${quantities.join(", ")}`} alone`;
}

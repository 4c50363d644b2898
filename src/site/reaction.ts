/** Responses out of the file's, each held against what the site has: its alarms, its power tree, its services and its gate. */
import type { AlarmId } from "../core/alarm/definition.ts";
import type { ResponseId } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Action, Response, RuntimeLimit } from "../core/respond/response.ts";
import type { NodeId, PowerNode, PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import { checkTogether, reasonOf } from "./acceptance.ts";
import { checkEffect, takesLoad } from "./effects.ts";
import { referAlarm } from "./rationale.ts";
import type { ResponseSource } from "./responses.ts";
import { shedOf } from "./shed.ts";
import { allDevices, silenceThatRaises, witnessesOf } from "./silence.ts";
import { stepsOf, termsOf } from "./steps.ts";
import type { Sourced, Survey } from "./survey.ts";
import { said } from "./words.ts";

/** What responses are held against. */
export interface Setting {
  readonly survey: Survey;
  readonly alarms: ReadonlyMap<string, Sourced>;
  readonly tree: PowerTree;
}

export const responsesOf = (setting: Setting): readonly Response[] =>
  Object.entries(setting.survey.source.responses).map(([id, source]) => responseOf(setting, id, source));

function responseOf(setting: Setting, id: string, source: ResponseSource): Response {
  const path = ["responses", id];
  const { source: site, findings } = setting.survey;
  for (const [i, alarm] of source.when.entries()) checkCause(setting, [...path, "when", i], alarm);
  const isArmed = [...site.gate.armed, ...site.gate.armable].includes(id);
  if (source.mode === "act" && !isArmed && !findings.isBrokenSection("gate"))
    findings.say([...path, "mode"], `"act" must be armed: name ${id} in gate.armed, or let it advise`);
  const { title, when, ifBlind, mode, after, accept } = source;
  const action = actionOf(setting, path, source);
  checkEffect(setting, path, source);
  checkTogether(setting, id, source);
  const witness = witnessesOf(setting.survey, {
    path,
    source,
    alarms: setting.alarms,
    isDark: takesLoad(setting.survey, source),
  });
  const own = said({ ...reasonOf(accept), witness });
  return { id: id as ResponseId, title, when: when as AlarmId[], ifBlind, mode, after, action, ...own };
}

/** Law 1: what tells of an instrument tells nothing of the plant, and nothing is done to the plant for it. */
function checkCause({ survey, alarms }: Setting, path: Path, id: string): void {
  if (!referAlarm(survey, alarms, path, id)) return;
  const silence = silenceThatRaises(alarms.get(id)!.definition);
  if (silence !== null)
    survey.findings.say(
      path,
      `${id} can be raised by silence alone${silence === allDevices ? "" : ` (of ${silence})`}: nothing is done to the plant because an instrument fails`,
    );
}

function actionOf(setting: Setting, path: Path, { shed, failover, mode }: ResponseSource): Action {
  if (shed) return shedOf(setting, [...path, "shed"], shed, mode === "act");
  const at = [...path, "failover"];
  const { steps: written = [], deadline, ifLate, restore } = failover ?? {};
  const steps = stepsOf(setting.survey, [...at, "steps"], written, mode === "act");
  if (restore && written.every(({ inverse }) => inverse === undefined))
    setting.survey.findings.sayOfKey([...at, "restore"], "restores nothing: no step has an inverse");
  const terms = restore && termsOf(setting.survey, [...at, "restore"], restore);
  const late = ifLate === "skip" ? { ifLate } : {};
  if (typeof deadline !== "object") return { kind: "failover", steps, ...late, ...said({ deadline, restore: terms }) };
  const runtime = runtimeOf(setting, [...at, "deadline", "runtimeOf"], deadline.runtimeOf as NodeId) ?? undefined;
  return { kind: "failover", steps, ...late, ...said({ runtime, restore: terms }) };
}

/** The alarm that judges how long the battery of a UPS lasts; where there is none, nobody could tell. */
function runtimeOf({ survey, alarms, tree }: Setting, path: Path, id: NodeId): RuntimeLimit | null {
  const { findings } = survey;
  if (!findings.refer(path, "power", id)) return null;
  const node = tree.nodes.get(id);
  for (const { definition } of alarms.values())
    for (const [channel, { point, detect }] of definition.channels.entries())
      if (node && detect.kind === "runtime" && speaksFor(node, point))
        return { node: id, alarm: definition.id, channel };
  if (!findings.hasBroken("alarms"))
    findings.say(path, `no alarm judges how long ${id} lasts: write one of its load with runtime`);
  return null;
}

const speaksFor = ({ power, device }: PowerNode, point: PointId): boolean =>
  point === power || (device !== null && deviceOf(point) === device);

/**
 * What silence may do by a site file. Loss of sight is not loss of power: no response starts by an alarm
 * that silence alone can raise, of one device or of all, and what takes load goes by an alarm that is
 * blind only beside a witness. A witness is a point of another device, which must itself be seen.
 */
import type { AlarmDefinition, Channel } from "../core/alarm/definition.ts";
import { pointsOf } from "../core/alarm/definition.ts";
import { ruleOf } from "../core/alarm/vote-rule.ts";
import type { Test } from "../core/command.ts";
import { speaksOfInstrument } from "../core/detect/index.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Ballot } from "../core/vote.ts";
import { vote } from "../core/vote.ts";
import type { Path } from "../profiles/index.ts";
import type { ResponseSource } from "./responses.ts";
import { testOf } from "./steps.ts";
import type { Sourced, Survey } from "./survey.ts";

/** Stands for all devices at once; no device is called so. */
export const allDevices = "*";

/** Whose silence alone raises an alarm: one device's, or that of all that it looks at; null where none does. */
export function silenceThatRaises(definition: AlarmDefinition): string | null {
  const devices = [...new Set(definition.channels.map(({ point }) => deviceOf(point)))];
  const one = devices.find((device) => isRaised(definition, (point) => deviceOf(point) === device));
  if (one !== undefined) return one;
  return isRaised(definition, () => true) ? allDevices : null;
}

/** Whether it is raised while some are silent and all the others say that all is well. */
function isRaised(definition: AlarmDefinition, isSilent: (point: PointId) => boolean): boolean {
  const ballots = definition.channels.map((channel): Ballot => {
    if (!isSilent(channel.point)) return "normal";
    return isOfInstrument(channel) ? "abnormal" : "unknown";
  });
  return vote(ruleOf(definition), ballots) === "abnormal";
}

const isOfInstrument = ({ point, detect }: Channel): boolean => speaksOfInstrument(detect) || isOfLink(point);

/** Whether a point tells how its device answers, and nothing of the plant. */
const isOfLink = (point: PointId): boolean => point.startsWith(`${deviceOf(point)}/link.`);

/** The signs beside a device's own silence that only the device itself has told: its last word is no second witness. */
export const ownSigns = ({ channels }: Pick<AlarmDefinition, "channels">): readonly PointId[] =>
  channels.flatMap(({ point, detect }) =>
    detect.kind === "lostWith"
      ? detect.anomalies
          .map((sign) => sign.point)
          .filter((sign) => isOfLink(sign) || deviceOf(sign) === deviceOf(point))
      : [],
  );

/** A response and where it stands. */
interface Written {
  readonly path: Path;
  readonly source: ResponseSource;
  readonly alarms: ReadonlyMap<string, Sourced>;
  /** Loads or machines go dark by it. */
  readonly isDark: boolean;
}

/** The witnesses of a response, each held against the alarms beside which it is to stand. */
export function witnessesOf(survey: Survey, written: Written): readonly Test[] | undefined {
  const { path, source } = written;
  const { findings } = survey;
  if (written.isDark) checkSigns(survey, written);
  if (source.witness === undefined) {
    if (source.ifBlind === "act" && written.isDark)
      findings.say(
        [...path, "ifBlind"],
        "would go dark because nobody sees: name in witness what another device must show, or hold",
      );
    return undefined;
  }
  if (source.ifBlind === "hold")
    findings.say(
      [...path, "witness"],
      "nothing is done for an alarm that is blind (ifBlind: hold), and none is needed",
    );
  const tests = source.witness.flatMap((test, i) => witnessOf(survey, [...path, "witness", i], test) ?? []);
  if (tests.length === source.witness.length) checkReach(survey, written, tests);
  return tests;
}

function witnessOf(survey: Survey, path: Path, source: NonNullable<ResponseSource["witness"]>[number]): Test | null {
  const test = testOf(survey, path, source);
  if (test === null || !isOfLink(test.point)) return test;
  survey.findings.say([...path, "point"], `${test.point} tells whether a device answers; silence is no witness`);
  return null;
}

function checkSigns({ findings }: Survey, { path, source, alarms }: Written): void {
  for (const [i, id] of source.when.entries()) {
    const signs = alarms.get(id) ? ownSigns(alarms.get(id)!.definition) : [];
    if (signs.length === 0) continue;
    findings.say(
      [...path, "when", i],
      `${id} hangs on one device's silence beside its own last word (${signs.join(", ")}): a second device must show it before load is taken`,
    );
  }
}

/** Every alarm needs a witness beside it, and every witness an alarm. */
function checkReach(survey: Survey, { path, source, alarms }: Written, tests: readonly Test[]): void {
  const { findings } = survey;
  const causes = source.when.flatMap((id, i) => {
    const definition = alarms.get(id)?.definition;
    return definition ? [{ id, i, boxes: boxesOf(survey, definition) }] : [];
  });
  const isBeside = ({ point }: Test, boxes: ReadonlySet<string>): boolean => !boxes.has(boxOf(survey, point));
  for (const { id, i, boxes } of causes)
    if (!tests.some((test) => isBeside(test, boxes)))
      findings.say(
        [...path, "when", i],
        `${id} looks at ${[...boxes].join(", ")} itself, and no witness is of another device`,
      );
  for (const [i, test] of tests.entries())
    if (causes.length === source.when.length && !causes.some(({ boxes }) => isBeside(test, boxes)))
      findings.say(
        [...path, "witness", i, "point"],
        `${test.point} is of a device that falls silent with each of its alarms; a witness is of another`,
      );
}

const boxesOf = (survey: Survey, { channels }: AlarmDefinition): ReadonlySet<string> =>
  new Set(channels.flatMap(pointsOf).map((point) => boxOf(survey, point)));

/** One agent may be several devices: what is asked at one address falls silent at once. */
function boxOf({ source }: Survey, point: PointId): string {
  const device = deviceOf(point);
  const { snmp } = source.devices[device] ?? {};
  const twin = snmp && Object.entries(source.devices).find(([, other]) => other.snmp?.host === snmp.host);
  return twin?.[0] ?? device;
}

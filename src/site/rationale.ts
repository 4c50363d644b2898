/** Alarm definitions out of the file's alarms and the profiles' own, with every reference between them checked. */
import type { AlarmDefinition, AlarmId, Channel } from "../core/alarm/definition.ts";
import { senseOf } from "../core/alarm/vote-rule.ts";
import { pointId } from "../core/reading.ts";
import { ms, seconds } from "../core/time.ts";
import type { Library, Path, ProfileAlarm } from "../profiles/index.ts";
import { bindAlarms } from "../profiles/index.ts";
import type { AlarmSource, LimitName } from "./alarms.ts";
import { limitNames, limitOf } from "./alarms.ts";
import { circlesIn } from "./circles.ts";
import type { Device } from "./devices.ts";
import { channelOf, isolationOf, limitWithin } from "./judging.ts";
import { most } from "./schema.ts";
import type { Sourced, Survey } from "./survey.ts";
import { findPoint } from "./survey.ts";
import { said } from "./words.ts";

/** Every alarm of the site by its id: the file's own first, in its order. */
export function alarmsOf(survey: Survey, library: Library): ReadonlyMap<string, Sourced> {
  const { source, findings } = survey;
  const own = Object.entries(source.alarms).flatMap(([id, alarm]) => ownAlarms(survey, id, alarm));
  const brought =
    source.profileAlarms === "all" ? [...survey.devices.values()].flatMap((d) => broughtBy(d, library)) : [];
  const all = [...own, ...brought];
  if (all.length > most.alarms)
    findings.say(["alarms"], `${all.length} alarms with those of the profiles; at most ${most.alarms}`);
  const alarms = new Map<string, Sourced>(all.map((sourced) => [sourced.definition.id, sourced]));
  checkSuppression(survey, alarms);
  return alarms;
}

/** Whether there is such an alarm. Where there is none that the file could have meant, it is said. */
export function referAlarm(survey: Survey, alarms: ReadonlyMap<string, Sourced>, path: Path, id: string): boolean {
  if (alarms.has(id)) return true;
  if (!isUnsound(survey, alarms, id.split(".")[0] ?? ""))
    survey.findings.say(
      path,
      `there is no alarm "${id}"`,
      survey.findings.meant(id, [...alarms.keys(), ...Object.keys(survey.source.alarms)]),
    );
  return false;
}

/** Whether an alarm of this name, or the device that would bring it, has been found wrong already. */
function isUnsound(
  { findings, source, devices }: Survey,
  alarms: ReadonlyMap<string, Sourced>,
  owner: string,
): boolean {
  if (findings.isBroken("alarms", owner) || findings.isBroken("devices", owner)) return true;
  if (Object.hasOwn(source.devices, owner) && !devices.has(owner)) return true;
  return Object.hasOwn(source.alarms, owner) && ![...alarms.values()].some(({ path }) => path[1] === owner);
}

function ownAlarms(survey: Survey, id: string, source: AlarmSource): readonly Sourced[] {
  const { findings } = survey;
  const path = ["alarms", id];
  if (source.space !== undefined) findings.refer([...path, "space"], "spaces", source.space);
  if (source.limits) return limitAlarms(survey, id, source);
  const written = source.channels?.map((channel, i) => channelOf(survey, [...path, "channels", i], channel)) ?? [
    channelOf(survey, path, { ...source, point: source.point ?? "" }),
  ];
  const channels = written.filter((channel) => channel !== null);
  if (channels.length < written.length) return [];
  if (source.diverse && new Set(channels.map(({ point }) => senseOf(point))).size < 2)
    findings.say([...path, "diverse"], `all its channels sense the same: ${listOf(channels)}`);
  return [{ path, definition: definitionOf(source, { id, channels, need: source.need ?? 1 }) }];
}

const listOf = (channels: readonly Channel[]): string => channels.map(({ point }) => point).join(", ");

/** What is the same in every alarm that one entry of the file stands for. */
function definitionOf(
  source: AlarmSource,
  own: { readonly id: string; readonly channels: readonly Channel[]; readonly need: number },
): AlarmDefinition {
  const { title, space, group, priority, onDelay, offDelay, latch, suppressedBy, cause, consequence, response } =
    source;
  const { ifBad, degradeTo, diverse, safety, reAlarm, flap } = source;
  const need = degradeTo === undefined ? undefined : Number.parseInt(degradeTo, 10);
  return {
    ...own,
    id: own.id as AlarmId,
    title,
    ...said({ space, group }),
    priority,
    onDelay,
    offDelay,
    latch,
    ...said({ ifBad, degradeTo: need, diverse, safety, reAlarm, flap }),
    suppressedBy: suppressedBy as AlarmId[],
    cause,
    consequence,
    response: response["en"] ?? "",
  };
}

/** The next limit outwards of those that are written, whose alarm stands for the inner one's as well. */
const outwards = (name: LimitName, limits: NonNullable<AlarmSource["limits"]>): LimitName | undefined =>
  [1, 2].map((more) => name.padEnd(name.length + more, name) as LimitName).find((outer) => limits[outer] !== undefined);

function limitAlarms(survey: Survey, id: string, source: AlarmSource): readonly Sourced[] {
  const { limits = {}, point = "", deadband = 0 } = source;
  const path = ["alarms", id];
  const found = findPoint(survey, [...path, "point"], point);
  if (!found) return [];
  if (found.info.states) {
    survey.findings.say([...path, "limits"], `${point} is a state and has no limits; judge it with at`);
    return [];
  }
  checkOrder(survey, path, limits);
  checkDeadbands(survey, path, limits, deadband);
  const isolation = isolationOf(survey, path, source, found);
  return limitNames.flatMap((name) => {
    const written = limits[name];
    if (written === undefined) return [];
    const { limit, ...own } = limitOf(written);
    const side = name.startsWith("H") ? ("above" as const) : ("below" as const);
    const spec = { side, limit, deadband: own.deadband ?? deadband };
    const detect = limitWithin(survey, [...path, "limits", name], spec, found);
    if (!detect) return [];
    const channel = { point: found.id, detect, ...isolation };
    const definition = definitionOf(source, { id: `${id}.${name}`, channels: [channel], need: 1 });
    const above = outwards(name, limits);
    const roots = [...(above === undefined ? [] : [`${id}.${above}`]), ...suppressorsOf(written)] as AlarmId[];
    const title = mapTexts(source.title, (text) => `${text} (${name})`);
    return [
      {
        path,
        definition: {
          ...definition,
          title,
          priority: own.priority ?? source.priority,
          onDelay: own.onDelay ?? source.onDelay,
          offDelay: own.offDelay ?? source.offDelay,
          suppressedBy: [...roots, ...definition.suppressedBy],
        },
      },
    ];
  });
}

function checkOrder({ findings }: Survey, path: Path, limits: NonNullable<AlarmSource["limits"]>): void {
  const written = limitNames.flatMap((name) => {
    const value = limits[name];
    return value === undefined ? [] : [{ name, limit: limitOf(value).limit }];
  });
  for (const [i, below] of written.entries()) {
    const above = written[i - 1];
    if (above && below.limit >= above.limit)
      findings.say(
        [...path, "limits", below.name],
        `${below.name} (${below.limit}) must be less than ${above.name} (${above.limit})`,
      );
  }
}

/** A limit whose deadband reaches the next one would still stand where that one has cleared. */
function checkDeadbands(
  { findings }: Survey,
  path: Path,
  limits: NonNullable<AlarmSource["limits"]>,
  otherwise: number,
): void {
  const written = limitNames.flatMap((name) => {
    const value = limits[name];
    return value === undefined ? [] : [{ name, ...limitOf(value) }];
  });
  for (const [i, { name, limit, deadband = otherwise }] of written.entries()) {
    const isHigh = name.startsWith("H");
    const next = written[isHigh ? i + 1 : i - 1];
    if (!next) continue;
    const room = isHigh ? limit - next.limit : next.limit - limit;
    if (room <= 0 || deadband < room) continue;
    const clears = isHigh ? limit - deadband : limit + deadband;
    const rule = `${name} (${limit}) would clear only at ${clears}, and ${next.name} is ${next.limit}`;
    findings.say([...path, "limits", name], `a deadband of ${deadband} swallows ${next.name}: ${rule}`);
  }
}

function broughtBy(device: Device, library: Library): readonly Sourced[] {
  const profile = library.profiles.get(device.model.profile);
  const alarms = profile ? bindAlarms(profile, device.model) : [];
  const definitions = [...alarms.map((alarm) => broughtAlarm(device, alarm)), linkAlarm(device)];
  return definitions.map((definition) => ({ path: ["devices", device.id], definition }));
}

/** Polls in a row without an answer that are no accident. At a poll a second that is known within five seconds. */
const MISSED_POLLS = 3;

/** The trouble that every device may give: that nothing is known of it any more. */
const linkAlarm = ({ id, space }: Device): AlarmDefinition => ({
  id: `${id}.link` as AlarmId,
  title: { en: `${id}: does not answer`, ko: `${id}: 응답 없음` },
  space,
  channels: [
    {
      point: pointId(id, "link.missed"),
      detect: { kind: "limit", side: "above", limit: MISSED_POLLS - 0.5, deadband: MISSED_POLLS - 1 },
    },
  ],
  need: 1,
  priority: "medium",
  onDelay: ms(0),
  offDelay: seconds(10),
  latch: false,
  suppressedBy: [],
  cause:
    "Polls of the device were not answered: it is off, its card or its network has failed, or another device is in its place.",
  consequence: "What happens to the equipment is not seen, and alarms on its points are blind.",
  response:
    "Look at the equipment itself; then see whether its card answers, and whether others on its switch or bus do.",
});

function broughtAlarm(device: Device, alarm: ProfileAlarm): AlarmDefinition {
  const { id, title, point, detect, ...rest } = alarm;
  return {
    ...rest,
    id: `${device.id}.${id}` as AlarmId,
    title: mapTexts(title, (text) => `${device.id}: ${text}`),
    space: device.space,
    channels: [{ point: pointId(device.id, point), detect }],
    need: 1,
    suppressedBy: [],
  };
}

const mapTexts = (texts: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([language, text]) => [language, change(text)]));

const suppressorsOf = (written: Parameters<typeof limitOf>[0] | undefined): readonly string[] =>
  (written === undefined ? undefined : limitOf(written).suppressedBy) ?? [];

function checkSuppression(survey: Survey, alarms: ReadonlyMap<string, Sourced>): void {
  const { findings, source } = survey;
  for (const [id, { suppressedBy, limits = {} }] of Object.entries(source.alarms)) {
    for (const [i, root] of suppressedBy.entries()) referAlarm(survey, alarms, ["alarms", id, "suppressedBy", i], root);
    for (const name of limitNames)
      for (const [i, root] of suppressorsOf(limits[name]).entries())
        referAlarm(survey, alarms, ["alarms", id, "limits", name, "suppressedBy", i], root);
  }
  const definitions = [...alarms.values()].map(({ definition }) => definition);
  for (const id of circlesIn(definitions, (definition) => definition.suppressedBy)) {
    const path = alarms.get(id)?.path ?? [];
    findings.say([...path, "suppressedBy"], `suppression goes round in a circle: ${id} would suppress itself`);
  }
}

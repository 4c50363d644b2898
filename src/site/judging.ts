/** From what a file writes of a point's judgement to what a detector is told, held against the point itself. */
import type { Channel } from "../core/alarm/definition.ts";
import type { Condition } from "../core/detect/condition.ts";
import { inputOf } from "../core/detect/condition.ts";
import type { DetectorSpec } from "../core/detect/index.ts";
import { detectorKinds } from "../core/detect/index.ts";
import type { DetectorKind, Input, Stretch } from "../core/detect/kind.ts";
import { quantities } from "../core/quantity.ts";
import type { Path } from "../profiles/index.ts";
import type { Judgement } from "./judgement.ts";
import { judgementsIn, namedKinds } from "./judgement.ts";
import type { SitePoint } from "./points.ts";
import type { Survey } from "./survey.ts";
import { findPoint } from "./survey.ts";

/** A slope is drawn through no fewer readings: a shorter window would never judge anything. */
const READINGS_MIN = 3;

/** One channel of a vote; null where it cannot be one, which has then been said. */
export function channelOf(survey: Survey, path: Path, source: ChannelText): Channel | null {
  const found = findPoint(survey, [...path, "point"], source.point);
  const detect = found && detectorOf(survey, path, source, found);
  return detect && { point: found.id, detect, ...isolationOf(survey, path, source, found) };
}

type Isolable = Pick<Judgement, "at"> & { readonly unless?: Condition | undefined };
type ChannelText = Judgement & Isolable & { readonly point: string };

/** What isolates a channel of this point; nothing where nothing does, or where it cannot, which has then been said. */
export function isolationOf(
  survey: Survey,
  path: Path,
  { unless, at = [] }: Isolable,
  own: SitePoint,
): Pick<Channel, "unless"> {
  if (unless === undefined) return {};
  const { path: place, point, is } = inputOf([...path, "unless"], unless);
  const found = findPoint(survey, place, point);
  if (!found || !isFit(survey, place, found, is)) return {};
  const both = point === own.id && "at" in unless ? unless.at.filter((name) => at.includes(name)) : [];
  if (both.length > 0)
    survey.findings.say(
      [...path, "unless"],
      `is isolated by what it tells of (${both.join(", ")}): it could never speak`,
    );
  return { unless };
}

function detectorOf(survey: Survey, path: Path, source: Judgement, found: SitePoint): DetectorSpec | null {
  const { at, above, below, rising, falling, window, deadband = 0 } = source;
  if (source.stale) return { kind: "stale" };
  const named = namedKinds.find((name) => source[name] !== undefined);
  if (named) return namedOf(survey, [...path, named], { kind: named, settings: source[named]! }, found);
  if (at) return stateOf(survey, [...path, "at"], at, found);
  const [kind = ""] = judgementsIn(source);
  if (found.info.states) {
    const advice = `it is one of ${found.info.states.join(", ")}: judge it with at`;
    survey.findings.say([...path, kind], `${found.id} is a state and has no "${kind}"; ${advice}`);
    return null;
  }
  const slope = rising ?? falling;
  if (slope !== undefined && window !== undefined) {
    const side = rising === undefined ? "falling" : "rising";
    return (
      windowOf(survey, [...path, "window"], { lasts: window }, found) && {
        kind: "rate",
        side,
        perMinute: slope,
        window,
      }
    );
  }
  const side = above === undefined ? "below" : "above";
  return limitWithin(survey, [...path, side], { side, limit: above ?? below ?? Number.NaN, deadband }, found);
}

/** A kind that is written under its own name, with every point that it looks at found. */
function namedOf(
  survey: Survey,
  path: Path,
  written: { readonly kind: keyof typeof detectorKinds; readonly settings: object },
  found: SitePoint,
): DetectorSpec | null {
  const { kind } = written;
  const form = detectorKinds[kind] as unknown as DetectorKind<object>;
  const model = survey.devices.get(found.info.device)?.model;
  const settings =
    form.usual?.(written.settings, model?.overload ? { overload: model.overload } : {}) ?? written.settings;
  const wrong = form.wrong?.(settings) ?? null;
  if (wrong) survey.findings.say([...path, ...wrong.path], wrong.message);
  const inputs = form.inputs?.(settings) ?? [];
  const sound = inputs.map((input) => isInput(survey, [...path, ...input.path], input, found));
  const window = form.window?.(settings) ?? null;
  const isOwn = isFit(survey, path, found, typeof form.own === "function" ? form.own(settings) : form.own);
  const isSeen = window === null || windowOf(survey, [...path, ...window.path], window, found) === true;
  if (wrong || !isOwn || !isSeen || sound.includes(false)) return null;
  return { kind, ...settings } as DetectorSpec;
}

function isInput(survey: Survey, path: Path, { point, is }: Input, own: SitePoint): boolean {
  if (point === own.id) {
    survey.findings.say(path, `${point} is the point itself that is judged`);
    return false;
  }
  const found = findPoint(survey, path, point);
  return found !== null && isFit(survey, path, found, is);
}

/** Whether a point is what a detector takes it for. */
function isFit({ findings }: Survey, path: Path, { id, info }: SitePoint, is: Input["is"]): boolean {
  if (is === "any") return true;
  if (is === "number") {
    if (!info.states) return true;
    findings.say(path, `${id} is one of ${info.states.join(", ")}; this needs a number`);
    return false;
  }
  const unknown = info.states ? is.filter((name) => !info.states!.includes(name)) : is;
  if (info.states && unknown.length === 0) return true;
  const has = info.states ? `is one of ${info.states.join(", ")}` : "is a number";
  findings.say(path, `${id} ${has}; this needs one that knows ${unknown.join(", ")}`);
  return false;
}

function stateOf(
  { findings }: Survey,
  path: Path,
  names: readonly string[],
  { id, info }: SitePoint,
): DetectorSpec | null {
  const { states } = info;
  if (!states) {
    findings.say(path, `${id} is a number and has no states; judge it with above or below`);
    return null;
  }
  const unknown = names.filter((name) => !states.includes(name));
  for (const name of unknown)
    findings.say(
      [...path, names.indexOf(name)],
      `"${name}" is no state of ${id}: ${states.join(", ")}`,
      findings.meant(name, states),
    );
  return unknown.length > 0 ? null : { kind: "state", among: names.map((name) => states.indexOf(name)) };
}

function windowOf(
  { findings }: Survey,
  path: Path,
  { lasts, readings = READINGS_MIN }: Pick<Stretch, "lasts" | "readings">,
  { id, period }: SitePoint,
): true | null {
  if (period === null || lasts >= readings * period) return true;
  const rule = `it must hold ${readings} readings, and ${id} is asked every ${period / 1000} s`;
  findings.say(path, `a window of ${lasts / 1000} s judges nothing: ${rule}`);
  return null;
}

/** A limit spec, if the point can pass the limit at all. */
export function limitWithin(
  { findings }: Survey,
  path: Path,
  spec: { readonly side: "above" | "below"; readonly limit: number; readonly deadband: number },
  { id, info }: SitePoint,
): DetectorSpec | null {
  const [low, high] = quantities[info.quantity]?.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const { side, limit } = spec;
  if (side === "above" ? limit < high : limit > low) return { kind: "limit", ...spec };
  findings.say(path, `${id} is never ${side} ${limit}: it lies within ${low} and ${high} ${info.unit ?? ""}`.trimEnd());
  return null;
}

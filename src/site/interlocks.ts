/** What keeps the gate from writing though it is armed: interlocks, and the yes of two people. */
import type { PointId } from "../core/reading.ts";
import { deviceOf, pointNameOf } from "../core/reading.ts";
import type { Path } from "../profiles/index.ts";
import type { Interlock, InterlockSource } from "./gate.ts";
import type { SitePoint } from "./points.ts";
import type { Survey } from "./survey.ts";
import { findPoint } from "./survey.ts";

/** The interlocks of a site file whose points and names are known; what is wrong with the others is said. */
export const interlocksOf = (survey: Survey): readonly Interlock[] =>
  survey.source.gate.interlocks.flatMap((source, i) => interlockOf(survey, ["gate", "interlocks", i], source) ?? []);

function interlockOf(survey: Survey, path: Path, source: InterlockSource): Interlock | null {
  const { is, forbids, why } = source;
  const { findings } = survey;
  const { allow } = survey.source.gate;
  for (const [i, name] of forbids.entries())
    if (!allow.includes(name))
      findings.say(
        [...path, "forbids", i],
        `gate.allow does not name ${name}: nothing is written to it`,
        findings.meant(name, allow),
      );
  const found = findPoint(survey, [...path, "point"], source.point);
  if (!found || !isReadable(survey, [...path, "point"], found.id)) return null;
  const value = valueOf(survey, path, source, found);
  return value === null ? null : { point: found.id, is, value, forbids, why };
}

/** Whether the gate can ask for a point itself: it trusts nobody else's word for it. */
function isReadable({ devices, findings }: Survey, path: Path, asked: PointId): boolean {
  const [id, point] = [deviceOf(asked), pointNameOf(asked)];
  const { model, address } = devices.get(id) ?? {};
  const why =
    model === undefined
      ? `${id} is no device: an interlock is a device's point`
      : model.protocol === "mqtt"
        ? `${id} publishes and cannot be asked: an interlock is read in the moment of the write`
        : address?.transport?.kind === "serial"
          ? `${id} is on a serial line, which one process can hold: the gate cannot read it`
          : model.points.some(({ name }) => name === point)
            ? null
            : `${point} is known to the service alone: the gate cannot read it`;
  if (why !== null) findings.say(path, why);
  return why === null;
}

function valueOf(
  { findings }: Survey,
  path: Path,
  { is, value }: InterlockSource,
  { id, info }: SitePoint,
): number | null {
  const { states } = info;
  const say = (key: string, what: string, meant?: string): null => {
    findings.say([...path, key], what, meant);
    return null;
  };
  if (!states) return typeof value === "number" ? value : say("value", `a number is meant: ${id} has no states`);
  if (is !== "=") return say("is", `${id} has states, of which none is more than another: "=" is meant`);
  const place = states.indexOf(String(value));
  return place < 0 ? say("value", `${id} has no state "${value}"`, findings.meant(String(value), states)) : place;
}

/** Marks a response, or something that may be written to. */
export function checkTwoPeople({ source, findings }: Survey, path: Path, name: string): void {
  const known = [...Object.keys(source.responses), ...source.gate.allow];
  if (!known.includes(name))
    findings.say(path, `there is no response "${name}", and gate.allow does not name it`, findings.meant(name, known));
}

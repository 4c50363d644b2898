/** What the sections of a site file know of each other while they are made into a site. */
import type { AlarmDefinition } from "../core/alarm/definition.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf, pointNameOf } from "../core/reading.ts";
import type { Path } from "../profiles/index.ts";
import type { Device } from "./devices.ts";
import type { Findings, Section } from "./findings.ts";
import type { SitePoint } from "./points.ts";
import type { SiteSource } from "./schema.ts";
import type { Service } from "./services.ts";
import type { Target } from "./targets.ts";

export interface Survey {
  readonly source: SiteSource;
  readonly findings: Findings;
  /** Those that could be bound. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly services: readonly Service[];
  readonly targets: readonly Target[];
  readonly points: ReadonlyMap<PointId, SitePoint>;
  /** The names of the points of each device and service. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** This site and those elsewhere, in the order of a service's places. */
  readonly sites: readonly string[];
}

/** An alarm and where in the file it comes from. */
export interface Sourced {
  readonly definition: AlarmDefinition;
  readonly path: Path;
}

/** The point of a written reference; null where there is none, which has then been said. */
export function findPoint(
  { points, names, devices, source, findings }: Survey,
  path: Path,
  text: string,
): SitePoint | null {
  const found = points.get(text as PointId);
  if (found) return found;
  const at = text.indexOf("/");
  const [owner, name] = [text.slice(0, at), text.slice(at + 1)];
  const device = devices.get(owner);
  const known = names.get(owner);
  if (known) {
    const what = device ? ` (${device.model.profile})` : "";
    findings.say(path, `${owner}${what} has no point "${name}"`, findings.meant(name, known));
  } else if (!isUnbound(findings, source, owner)) {
    const meant = findings.meant(owner, [...Object.keys(source.devices), ...Object.keys(source.services)]);
    findings.say(path, `there is no device "${owner}"`, meant && `${meant}/${name}`);
  }
  return null;
}

/** Whether the file has a device, service or target of this name that something is wrong with already. */
const isUnbound = (findings: Findings, source: SiteSource, owner: string): boolean =>
  Object.hasOwn(source.devices, owner) ||
  findings.isBroken("devices", owner) ||
  ["services", "targets"].some((section) => findings.isBroken(section as Section, owner));

/** A point of this unit, or null; either way what is wrong has been said. */
export function findMeasure(survey: Survey, path: Path, text: string, unit: string): PointId | null {
  const found = findPoint(survey, path, text);
  if (!found) return null;
  if (found.info.unit === unit) return found.id;
  survey.findings.say(
    path,
    `${text} is ${found.info.unit === null ? "a state" : `in ${found.info.unit}`}; this needs ${unit}`,
  );
  return null;
}

/** Whether the profile of a point's device knows a command that makes the point this. */
export function isCommanded({ devices }: Survey, point: PointId, value: number): boolean {
  const [owner, name] = [deviceOf(point), pointNameOf(point)];
  return devices.get(owner)?.model.commands.some((c) => c.point === name && c.value === value) ?? false;
}

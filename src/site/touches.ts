/** What targets take away from this site beside services' own moves, each name held against the services that can be moved. */
import { pointId } from "../core/reading.ts";
import type { Touching } from "../core/respond/response.ts";
import type { Path } from "../profiles/index.ts";
import { servicePoint } from "./points.ts";
import type { Service } from "./services.ts";
import type { Survey } from "./survey.ts";

export const touchingOf = (survey: Survey): readonly Touching[] =>
  survey.targets.flatMap(({ id, point, states }) => {
    const written = survey.source.targets[id]?.touches;
    if (!written) return [];
    const path = ["targets", id, "touches"];
    const { home = states[0]! } = written;
    if (!states.includes(home))
      survey.findings.say([...path, "home"], `${id} has no state "${home}"`, survey.findings.meant(home, [...states]));
    const named = new Set(
      written.services.flatMap((service, i) => movableAt(survey, [...path, "services", i], service)),
    );
    const groups = new Set(written.groups.flatMap((group, i) => groupAt(survey, [...path, "groups", i], group)));
    const isTouched = ({ id: service, group }: Service): boolean =>
      written.site === true || named.has(service) || (group !== null && groups.has(group));
    const services = survey.services.filter(isTouched).map((service) => pointId(service.id, servicePoint));
    return [{ point: pointId(id, point), home: Math.max(0, states.indexOf(home)), services }];
  });

/** A service that a target may touch; of one that is never moved nobody could say where it is. */
function movableAt({ findings, source }: Survey, path: Path, name: string): readonly string[] {
  if (!findings.refer(path, "services", name)) return [];
  if (source.services[name]?.move !== undefined) return [name];
  findings.say(path, `${name} cannot be moved: it has no "move", and nobody could say where it is`);
  return [];
}

function groupAt({ findings, services }: Survey, path: Path, name: string): readonly string[] {
  const groups = [...new Set(services.flatMap(({ group }) => group ?? []))];
  if (groups.includes(name)) return [name];
  if (!findings.isBrokenSection("services"))
    findings.say(path, `no service that can be moved is of a group "${name}"`, findings.meant(name, groups));
  return [];
}

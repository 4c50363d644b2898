/** Plans that take away what carries them out: this service, or a mover, in the racks that are shed or in the zone that burns. */
import { deviceOf } from "../core/reading.ts";
import type { Response } from "../core/respond/response.ts";
import type { Premises, Tenant } from "../core/topology/premises.ts";
import { listed, zoneOf } from "../core/topology/subject.ts";
import { darkened } from "./darkened.ts";
import type { PlanFault } from "./plan-finding.ts";
import type { Site } from "./site.ts";

export const fateFindings = (site: Site, response: Response): readonly PlanFault[] =>
  response.action.kind === "shed" ? inShed(site, response) : inZone(site, response);

interface Stand {
  readonly name: string;
  readonly loads: readonly string[];
}

/** What must live for plans to be carried out, as far as its racks are known. */
function standsOf({ own, services }: Premises, movers: readonly Tenant[]): readonly Stand[] {
  const needed = services.filter(({ id }) => own?.needs.includes(id) ?? false);
  const haechi = own ? [{ name: "Haechi", loads: own.loads }] : [];
  const all = [
    ...haechi,
    ...needed.map(({ id, loads }) => ({ name: `${id}, which Haechi needs,`, loads })),
    ...movers.map(({ id, loads }) => ({ name: `${id}, which moves services,`, loads })),
  ];
  return all.filter(({ loads }) => loads.length > 0);
}

function inShed({ premises, model }: Site, { id, action }: Response): readonly PlanFault[] {
  if (action.kind !== "shed") return [];
  const dark = new Set(darkened(model.power, action));
  const movers = premises.services.filter((service) => premises.services.some(({ by }) => by === service.id));
  const lost = standsOf(premises, movers).filter(({ loads }) => loads.every((load) => dark.has(load)));
  return lost.map(({ name, loads }) => ({
    kind: "own-fate",
    response: id,
    what: `${name} stands in ${listed(loads)}, which this may shed`,
    todo: "mark those racks protected, or let it run elsewhere as well",
  }));
}

/** The zone of the alarms that start a failover. */
function inZone({ premises, model }: Site, { id, when, action }: Response): readonly PlanFault[] {
  if (action.kind !== "failover") return [];
  const alarms = model.alarms.filter((alarm) => when.includes(alarm.id));
  const zone = new Set(alarms.flatMap(({ space }) => (space === undefined ? [] : zoneOf(premises, space))));
  const spaces = new Map(premises.power.loads.map((load) => [load.id, load.space]));
  const moved = new Set(action.steps.map(({ point }) => deviceOf(point)));
  const by = new Set(premises.services.flatMap((service) => (moved.has(service.id) ? (service.by ?? []) : [])));
  const movers = premises.services.filter((service) => by.has(service.id));
  const lost = standsOf(premises, movers).filter(({ loads }) => loads.every((load) => zone.has(spaces.get(load)!)));
  const racks = lost.map(({ name, loads }): PlanFault => {
    const what = `${name} stands in ${listed(loads)}, in the zone (${listed([...zone])}) whose alarm starts this`;
    return { kind: "own-fate", response: id, what, todo: "let it run in another zone, or elsewhere, as well" };
  });
  const rooms = (premises.own?.spaces ?? []).filter((space) => zone.has(space));
  return [
    ...racks,
    ...rooms.map(
      (space): PlanFault => ({
        kind: "own-fate",
        response: id,
        what: `Haechi depends on room ${space}, in the zone whose alarm starts this`,
        todo: "give it a second way, through another zone",
      }),
    ),
  ];
}

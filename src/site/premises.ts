/** The site as answers see it, out of the file's sections: everything that they name is there. */
import { hintAt } from "../core/closest.ts";
import type { PointId } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import type { NodeId, PowerTree } from "../core/topology/power.ts";
import type { CoolingLoop, MoveTarget, Premises, Tenant } from "../core/topology/premises.ts";
import type { Path } from "../profiles/index.ts";
import { circlesIn } from "./circles.ts";
import { servicePoint } from "./points.ts";
import type { LoadSource, NodeSource } from "./power.ts";
import type { SiteSource } from "./schema.ts";
import type { Survey } from "./survey.ts";
import { findMeasure } from "./survey.ts";

export function premisesOf(survey: Survey, power: PowerTree): Premises {
  const { source } = survey;
  for (const [id, { through }] of Object.entries(source.routes))
    referAll(survey, ["routes", id, "through"], "spaces", through);
  return {
    rooms: new Map(
      Object.entries(source.spaces).map(([id, { compartment = null, plenum = null }]) => [id, { compartment, plenum }]),
    ),
    routes: new Map(Object.entries(source.routes)),
    power,
    batteryRooms: batteryRooms(survey, power),
    supplyRoutes: new Map(
      Object.entries(source.power).map(([id, node]) => [id as NodeId, supplyRoutes(survey, id, node)]),
    ),
    feedRoutes: new Map(Object.entries(source.loads).map(([id, load]) => [id, feedRoutes(survey, id, load)])),
    loops: loopsOf(survey),
    services: Object.entries(source.services).map(([id, service]) => tenantOf(survey, id, service)),
    spareKw: spareOf(survey),
    own: ownOf(survey),
  };
}

type Referred = "spaces" | "routes" | "power" | "loads" | "services" | "cooling";

function referAll({ findings }: Survey, path: Path, section: Referred, ids: readonly string[]): void {
  for (const [i, id] of ids.entries()) findings.refer([...path, i], section, id);
}

function batteryRooms({ devices }: Survey, { nodes }: PowerTree): ReadonlyMap<string, string> {
  const batteries = new Set([...nodes.values()].flatMap(({ battery }) => battery ?? []));
  return new Map([...batteries].flatMap((id) => (devices.has(id) ? [[id, devices.get(id)!.space] as const] : [])));
}

/** Cables take cable routes. */
function checkCables(survey: Survey, path: Path, routes: readonly string[]): void {
  referAll(survey, path, "routes", routes);
  for (const [i, route] of routes.entries())
    if (survey.source.routes[route]?.kind === "water")
      survey.findings.say([...path, i], `${route} carries water, no cables`);
}

function supplyRoutes(
  survey: Survey,
  id: string,
  { from, routes }: NodeSource,
): ReadonlyMap<NodeId, readonly string[]> {
  const path = ["power", id, "routes"];
  if (isList(routes)) {
    checkCables(survey, path, routes);
    return new Map(routes.length > 0 ? from.map((above) => [above as NodeId, routes]) : []);
  }
  for (const [above, taken] of Object.entries(routes)) {
    checkCables(survey, [...path, above], taken);
    if (!from.includes(above)) survey.findings.sayOfKey([...path, above], `${id} is not supplied from ${above}`);
  }
  return new Map(Object.entries(routes).map(([above, taken]) => [above as NodeId, taken]));
}

const isList = (routes: NodeSource["routes"]): routes is string[] => Array.isArray(routes);

function feedRoutes(survey: Survey, id: string, { feeds }: LoadSource): readonly (readonly string[])[] {
  for (const [i, { routes }] of feeds.entries()) checkCables(survey, ["loads", id, "feeds", i, "routes"], routes);
  return feeds.map(({ routes }) => routes);
}

function loopsOf(survey: Survey): ReadonlyMap<string, CoolingLoop> {
  const loops = Object.entries(survey.source.cooling).map(([id, loop]) => loopOf(survey, id, loop));
  for (const id of circlesIn(loops, ({ from }) => from))
    survey.findings.say(["cooling", id, "from"], `cold goes round in a circle: ${id} cools itself`);
  return new Map(loops.map((loop) => [loop.id, loop]));
}

function loopOf(survey: Survey, id: string, source: SiteSource["cooling"][string]): CoolingLoop {
  const path = ["cooling", id];
  const { findings, devices } = survey;
  const { machines, from, serves, routes } = source;
  referAll(survey, [...path, "from"], "cooling", from);
  referAll(survey, [...path, "serves"], "spaces", serves);
  referAll(survey, [...path, "routes"], "routes", routes);
  for (const [device, machine] of Object.entries(machines)) {
    findings.refer([...path, "machines", device], "devices", device);
    referAll(survey, [...path, "machines", device, "from"], "power", machine.from);
  }
  if (from.length === 0 && Object.keys(machines).length === 0)
    findings.sayOfKey(path, `cools nothing: ${id} has no machines and hangs on no other loop`);
  const known = Object.entries(machines).map(([device, machine]) => ({
    device,
    space: devices.get(device)?.space ?? "",
    from: machine.from as NodeId[],
    ratedKw: machine.ratedKw ?? null,
  }));
  return { id, machines: known, from, serves, routes };
}

function tenantOf(survey: Survey, id: string, source: SiteSource["services"][string]): Tenant {
  const path = ["services", id];
  const { findings } = survey;
  const { tier, importance = null, loads, needs, move, moves, elsewhere } = source;
  referAll(survey, [...path, "needs"], "services", needs);
  if (needs.includes(id)) findings.say([...path, "needs", needs.indexOf(id)], `${id} needs itself`);
  if (moves.by !== undefined) findings.refer([...path, "moves", "by"], "services", moves.by);
  if (move === undefined && Object.keys(elsewhere).length > 0)
    findings.sayOfKey([...path, "elsewhere"], `${id} cannot be moved: it has no "move"`);
  return {
    id,
    tier,
    importance,
    loads,
    needs,
    move:
      move === undefined
        ? null
        : { point: pointId(id, servicePoint), host: "target" in move ? move.target : new URL(move.url).host },
    by: moves.by ?? null,
    p95: moves.p95 ?? null,
    targets: Object.entries(elsewhere).map(([site, target]) => targetOf(survey, [...path, "elsewhere", site], target)),
  };
}

type TargetSource = SiteSource["services"][string]["elsewhere"][string];

function targetOf(survey: Survey, path: Path, { sharePct, lag }: TargetSource): MoveTarget {
  const site = String(path.at(-1));
  checkElsewhere(survey, path, site);
  const point = lag && findMeasure(survey, [...path, "lag", "point"], lag.point, "s");
  return { site, sharePct: sharePct ?? null, lag: lag && point ? { point, max: lag.max } : null };
}

function checkElsewhere({ source, findings }: Survey, path: Path, site: string): void {
  const { elsewhere } = source.site;
  if (elsewhere.includes(site) || findings.isBrokenSection("site")) return;
  findings.sayOfKey(path, `there is no site "${site}" elsewhere${hintAt(findings.meant(site, elsewhere))}`);
}

function spareOf(survey: Survey): ReadonlyMap<string, number | PointId> {
  return new Map(
    Object.entries(survey.source.site.spareKw).flatMap(([site, spare]) => {
      const path = ["site", "spareKw", site];
      checkElsewhere(survey, path, site);
      const known = typeof spare === "number" ? spare : findMeasure(survey, path, spare, "kW");
      return known === null ? [] : [[site, known] as const];
    }),
  );
}

function ownOf(survey: Survey): Premises["own"] {
  const { haechi } = survey.source;
  if (haechi === undefined) return null;
  for (const section of ["loads", "spaces"] as const) referAll(survey, ["haechi", section], section, haechi[section]);
  referAll(survey, ["haechi", "needs"], "services", haechi.needs);
  return haechi;
}

/** The power tree out of the file's nodes and loads: everything it names is there, and power flows one way. */
import type { PointId } from "../core/reading.ts";
import type { Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import { circlesIn } from "./circles.ts";
import type { LoadSource, NodeSource } from "./power.ts";
import type { Survey } from "./survey.ts";
import { findMeasure, findPoint, isCommanded } from "./survey.ts";
import { said } from "./words.ts";

export function powerTree(survey: Survey): PowerTree {
  const { source } = survey;
  const nodes = Object.entries(source.power).map(([id, node]) => nodeOf(survey, id, node));
  for (const id of circlesIn(nodes, (node) => node.from))
    survey.findings.say(["power", id, "from"], `power goes round in a circle: ${id} supplies itself`);
  const loads = Object.entries(source.loads).map(([id, load]) => loadOf(survey, id, load));
  checkOutletsTwice(survey, loads);
  const writeTimes = new Map(
    Object.entries(source.devices).flatMap(([id, { writeTime }]) => (writeTime ? [[id, writeTime] as const] : [])),
  );
  const tree = { nodes: new Map(nodes.map((node) => [node.id, node])), loads };
  return writeTimes.size === 0 ? tree : { ...tree, writeTimes };
}

function nodeOf(survey: Survey, id: string, source: NodeSource): PowerNode {
  const { findings, devices } = survey;
  const path = ["power", id];
  const { kind, feed = null, space = null, from, ratedKw, power, battery = null, device = null } = source;
  if (space !== null) findings.refer([...path, "space"], "spaces", space);
  if (device !== null) findings.refer([...path, "device"], "devices", device);
  if (battery !== null && findings.refer([...path, "battery"], "devices", battery)) {
    const model = devices.get(battery)?.model;
    if (model && model.class !== "battery")
      findings.say([...path, "battery"], `${battery} is a ${model.class}, no battery`);
  }
  for (const [i, above] of from.entries()) findings.refer([...path, "from", i], "power", above);
  checkSupplied(survey, path, source);
  const measured = power === undefined ? null : findMeasure(survey, [...path, "power"], power, "kW");
  return {
    id: id as NodeId,
    kind,
    feed,
    space,
    from: from as NodeId[],
    ratedKw,
    power: measured,
    battery,
    device,
  };
}

function checkSupplied({ findings }: Survey, path: Path, { kind, from }: NodeSource): void {
  const isSource = kind === "utility" || kind === "generator";
  if (isSource && from.length > 0) findings.say([...path, "from"], `a ${kind} is where power comes from`);
  if (!isSource && from.length === 0) findings.say(path, `hangs in the air: say from what this ${kind} is supplied`);
}

function loadOf(survey: Survey, id: string, source: LoadSource): Load {
  const path = ["loads", id];
  survey.findings.refer([...path, "space"], "spaces", source.space);
  const feeds = source.feeds.map((feed, i) => feedOf(survey, [...path, "feeds", i], feed));
  const { space, ratedKw, importance, spread } = source;
  return { id, space, ratedKw, importance, feeds, ...said({ spread }) };
}

function feedOf(survey: Survey, path: Path, source: LoadSource["feeds"][number]): LoadFeed {
  survey.findings.refer([...path, "node"], "power", source.node);
  const { outlet, closed, power } = source;
  return {
    node: source.node as NodeId,
    outlet: outlet === undefined ? null : outletOf(survey, [...path, "outlet"], outlet),
    closed: closed === undefined ? null : closedOf(survey, [...path, "closed"], closed),
    power: power === undefined ? null : findMeasure(survey, [...path, "power"], power, "kW"),
  };
}

/** What opens an outlet is a write of 0, and what closes it one of 1. */
export const opened = 0;
export const closed = 1;

/** Outlets of racks that a command of their device closes. */
export const closableOf = (survey: Survey, { loads }: PowerTree): ReadonlySet<PointId> =>
  new Set(
    loads.flatMap(({ feeds }) =>
      feeds.flatMap(({ outlet }) => (outlet !== null && isCommanded(survey, outlet, closed) ? [outlet] : [])),
    ),
  );

function outletOf(survey: Survey, path: Path, text: string): PointId | null {
  const found = findPoint(survey, path, text);
  if (!found) return null;
  if (isCommanded(survey, found.id, opened)) return found.id;
  const profile = survey.devices.get(found.info.device)?.model.profile ?? "a service";
  survey.findings.say(path, `${text} cannot be opened: ${profile} has no command for it`);
  return null;
}

function closedOf(survey: Survey, path: Path, text: string): PointId | null {
  const found = findPoint(survey, path, text);
  if (!found) return null;
  if (found.info.states?.length === 2) return found.id;
  survey.findings.say(path, `${text} does not say whether something is open or closed: it has not got two states`);
  return null;
}

function checkOutletsTwice({ findings }: Survey, loads: readonly Load[]): void {
  const taken = new Map<PointId, string>();
  for (const load of loads) {
    for (const [i, { outlet }] of load.feeds.entries()) {
      if (outlet === null) continue;
      const other = taken.get(outlet);
      if (other === undefined) taken.set(outlet, load.id);
      else findings.say(["loads", load.id, "feeds", i, "outlet"], `${outlet} feeds ${other} already`);
    }
  }
}

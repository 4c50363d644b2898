/** A shed out of a response's source, held against the power tree, the loads and the gate. */
import { deviceOf } from "../core/reading.ts";
import type { ShedAction } from "../core/respond/response.ts";
import type { Load, NodeId, PowerTree } from "../core/topology/power.ts";
import { under } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import type { Wish } from "./darkened.ts";
import type { ShedSource } from "./responses.ts";
import { termsOf } from "./steps.ts";
import type { Survey } from "./survey.ts";
import { isCommanded } from "./survey.ts";
import { closed } from "./tree.ts";
import { said } from "./words.ts";

interface Setting {
  readonly survey: Survey;
  readonly tree: PowerTree;
}

export function shedOf(setting: Setting, path: Path, source: ShedSource, acts: boolean): ShedAction {
  checkRelieved(setting, [...path, "relieve"], source, acts);
  checkListed(setting, [...path, "order"], source);
  checkReleased(setting, [...path, "release"], source);
  if (source.restore) checkClosable(setting, [...path, "restore"], source.relieve);
  const { within, usual, settle, deadline, order, release } = source;
  const restore = source.restore && termsOf(setting.survey, [...path, "restore"], source.restore);
  const relieve = source.relieve.map((relief) => ({ ...said(relief), node: relief.node as NodeId }));
  return {
    kind: "shed",
    relieve,
    within,
    settle,
    ...said({ usual, deadline, order, release: release && said(release), restore }),
  };
}

/** What a shed says of the loads that it may take. */
export const wishOf = ({ relieve, order }: ShedSource): Wish => ({
  relieve: relieve.map(({ node }) => ({ node: node as NodeId })),
  order,
});

function checkRelieved(setting: Setting, path: Path, { relieve }: ShedSource, acts: boolean): void {
  const { findings } = setting.survey;
  const seen = new Set<string>();
  for (const [i, { node, toKw }] of relieve.entries()) {
    const at = [...path, i, "node"];
    if (!findings.refer(at, "power", node)) continue;
    if (seen.has(node)) findings.say(at, `${node} is relieved once`);
    seen.add(node);
    const { ratedKw = Number.POSITIVE_INFINITY } = setting.tree.nodes.get(node as NodeId) ?? {};
    if (toKw >= ratedKw) findings.say([...path, i, "toKw"], `relieves nothing: ${node} is rated ${ratedKw} kW`);
    checkSwitchable(setting, at, node as NodeId, acts);
  }
}

function checkSwitchable({ survey, tree }: Setting, path: Path, node: NodeId, acts: boolean): void {
  const { findings, source } = survey;
  // An entry that has been found wrong may be the very outlet that is missed here.
  if (hasLostOutlet(survey, tree) || findings.hasBroken("loads")) return;
  const below = under(tree, node);
  const outlets = tree.loads
    .filter(({ importance }) => importance !== "protected")
    .flatMap(({ feeds }) => feeds.filter((feed) => below.has(feed.node)).flatMap(({ outlet }) => outlet ?? []));
  if (outlets.length === 0) findings.say(path, `nothing below ${node} may be switched off`);
  if (!acts || findings.isBrokenSection("gate")) return;
  for (const device of new Set(outlets.map(deviceOf)))
    if (!source.gate.allow.includes(device))
      findings.say(path, `would switch outlets of ${device}, which gate.allow does not name`);
}

/** Whether an outlet was written that could not be found. The tree has the file's loads in the file's order. */
const hasLostOutlet = ({ source }: Survey, tree: PowerTree): boolean =>
  Object.values(source.loads).some(({ feeds }, i) =>
    feeds.some(({ outlet }, n) => outlet !== undefined && tree.loads[i]?.feeds[n]?.outlet === null),
  );

/** A list names loads that can help, each once, and none that is never shed. */
function checkListed({ survey, tree }: Setting, path: Path, { order = [], relieve }: ShedSource): void {
  const { findings } = survey;
  if (hasLostOutlet(survey, tree) || findings.hasBroken("loads")) return;
  const below = belowAny(tree, relieve);
  const loads = new Map<string, Load>(tree.loads.map((load) => [load.id, load]));
  for (const [i, id] of order.entries()) {
    const load = loads.get(id);
    const at = [...path, i];
    if (order.indexOf(id) !== i) findings.say(at, `${id} stands in the list already`);
    else if (!findings.refer(at, "loads", id) || !load) continue;
    else if (load.importance === "protected") findings.say(at, `${id} is protected: it is never shed`);
    else if (!load.feeds.some(({ node, outlet }) => outlet !== null && below.has(node)))
      findings.say(
        at,
        `${id} has no outlet below ${relieve.map(({ node }) => node).join(", ")}: opening it helps none of them`,
      );
  }
}

/** What comes back by itself needs a command that closes its outlet, and meters that show when it may. */
function checkReleased({ survey, tree }: Setting, path: Path, { release, relieve }: ShedSource): void {
  if (!release) return;
  const { findings } = survey;
  for (const { node } of relieve)
    if (tree.nodes.get(node as NodeId)?.power === null)
      findings.say(path, `${node} has no meter: nobody would see when load may come back`);
  checkClosable({ survey, tree }, path, relieve);
}

function checkClosable({ survey, tree }: Setting, path: Path, relieve: ShedSource["relieve"]): void {
  const below = belowAny(tree, relieve);
  // A load that goes dark leaves all its feeds, and comes back by all of them.
  const outlets = tree.loads
    .filter(({ importance, feeds }) => importance !== "protected" && feeds.some(({ node }) => below.has(node)))
    .flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  for (const outlet of outlets)
    if (!isCommanded(survey, outlet, closed))
      survey.findings.say(path, `${outlet} cannot be closed: no command does it`);
}

const belowAny = (tree: PowerTree, relieve: ShedSource["relieve"]): ReadonlySet<string> =>
  new Set(relieve.flatMap(({ node }) => (tree.nodes.has(node as NodeId) ? [...under(tree, node as NodeId)] : [])));

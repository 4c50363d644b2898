/**
 * Root cause over the power tree. When a node is lost, all that is lost below it is its consequence,
 * and so are the alarms of those nodes: people are told of one event, under the topmost node that
 * explains it. Nodes are polled at different moments, so that what is lost within one slow poll of
 * what stands above it belongs to it. Nothing is taken from an alarm: an event only says what
 * belongs together. It is worked out when a point has changed that tells of a node, and not else.
 * A failed assertion in it faults the event that was to be told, or all of them where nobody can say
 * what is lost, in sight; the scan goes on, with alarms that are folded under nothing.
 */
import type { AlarmDefinition } from "../alarm/definition.ts";
import { underlyingStatusOf } from "../alarm/lifecycle.ts";
import { claimOf } from "../assert.ts";
import type { Image } from "../image.ts";
import type { AlarmState, Notice, Plant, Watched } from "../plant.ts";
import { deviceOf } from "../reading.ts";
import type { Instant } from "../time.ts";
import { after, seconds } from "../time.ts";
import { lossInWords } from "./cause-text.ts";
import type { Sight } from "./live.ts";
import { isLive, sightOf } from "./live.ts";
import type { CauseEvent, Causes, Loss, LostNode, Told } from "./loss.ts";
import { lossOf } from "./loss.ts";
import type { NodeId, PowerNode } from "./power.ts";
import { deadKw } from "./power.ts";

/** A node above may be heard of this much later than what follows from it: a normal poll of 10 s, and a retry. */
export const together = seconds(15);
/** What stands for less is a transfer, and what stands for longer has been heard from the fast points around it. */
const settle = seconds(2);
/** More alarms than these in a line are only counted. */
const namedMax = 5;

type LostNodes = ReadonlyMap<NodeId, LostNode>;

/** Takes note of a reading, or the silence, of a point that tells of a node. */
export function noteTeller({ causes, now }: Plant, watched: Watched): void {
  const reading = watched.isUsable(now, watched.rule.maxAge) ? watched.latest : null;
  const value = reading && reading.quality !== "bad" ? reading.value : null;
  const says = value === null || watched.teller === "state" ? value : Number(Math.abs(value) > deadKw);
  if (says === watched.says) return;
  watched.says = says;
  causes.isDirty = true;
}

/** Works out what is lost and from what it follows, and tells what is new of it. */
export function followCauses(plant: Plant, image: Image, notices: Notice[]): void {
  const { causes, site } = plant;
  if (!causes.isDirty) return;
  causes.isDirty = false;
  try {
    follow(plant, image, notices);
    causes.faulted = null;
  } catch (error) {
    const text = claimOf(error);
    if (causes.faulted !== text) notices.push(faultOf(plant, site.id, text));
    causes.events = [];
    causes.faulted = text;
  }
}

/** How many faults of ours stand in what is known of losses. */
export const faultsIn = ({ events, faulted }: Causes): number =>
  (faulted === null ? 0 : 1) + events.filter((event) => isFaulted(event)).length;

const isFaulted = ({ faulted }: CauseEvent): boolean => (faulted ?? null) !== null;

const faultOf = ({ now }: Plant, id: string, claim: string): Notice => ({
  at: now,
  about: "fault",
  id,
  event: "faulted",
  text: `what follows from what cannot be said, and alarms are folded under nothing of it: ${claim}`,
});

function follow(plant: Plant, image: Image, notices: Notice[]): void {
  const { causes, site, index } = plant;
  const sight = sightOf(site.power, image, site.points, index.power.below);
  const before = new Map(causes.lost.map((lost) => [lost.node, lost]));
  const lost = lostNow(plant, sight, before);
  if (lost.size === 0 && before.size === 0) return;
  const gone = causes.events.filter(({ node }) => lost.get(node)?.of !== node);
  causes.lost = [...lost.values()];
  causes.events = eventsOf(plant, lost, before);
  for (const event of gone) if (event.told !== null) notices.push(farewell(plant, event, lost, before));
  for (const event of causes.events) tell(plant, sight, event, notices);
}

function lostNow({ now, index }: Plant, sight: Sight, before: LostNodes): LostNodes {
  const lost = new Map<NodeId, LostNode>();
  const counted = new Set(index.power.counted.map(({ id }) => id));
  const isGone = (id: NodeId): boolean => (counted.has(id) ? lost.get(id)?.is === "dead" : isLive(sight, id) === false);
  for (const node of index.power.counted) {
    const known = before.get(node.id);
    const is = stillOf(lossOf(sight, node, isGone), known?.is);
    if (is === undefined) continue;
    const since = known?.since ?? now;
    lost.set(node.id, { node: node.id, is, since, of: causeOf(node, since, known, lost) });
  }
  return lost;
}

/** Silence neither loses a node nor brings it back. */
function stillOf(seen: Told, known: Loss | undefined): Loss | undefined {
  if (seen === "unknown") return known;
  if (seen === "carrying") return known === "battery" ? known : undefined;
  return seen === "none" ? undefined : seen;
}

/** The topmost lost node that explains this one. What an event has taken in stays in it while both stand, though supply came back between them. */
function causeOf(node: PowerNode, since: Instant, known: LostNode | undefined, lost: LostNodes): NodeId {
  const above = node.from.map((from) => lost.get(from)).find((one) => one && one.since <= after(since, together));
  if (above) return above.of;
  const last = known && known.of !== node.id ? lost.get(known.of) : undefined;
  return last?.of ?? node.id;
}

function eventsOf(plant: Plant, lost: LostNodes, before: LostNodes): readonly CauseEvent[] {
  const known = new Map(plant.causes.events.map((event) => [event.node, event]));
  const members = new Map<NodeId, NodeId[]>();
  for (const { node, of } of lost.values()) members.set(of, [...(members.get(of) ?? []), node]);
  return [...members].map(([node, nodes]) => {
    const event = known.get(node) ?? begun(plant, lost.get(node)!, before.get(node));
    event.nodes = [...new Set([node, ...event.nodes, ...nodes])];
    const isNews = sayingOf(plant, event) !== event.told;
    if (!isNews) event.tellAt = null;
    else if (event.tellAt === null) event.tellAt = planned(plant, settle);
    return event;
  });
}

/** What is left of an event that has ended may only be slow to come back, and why a UPS is on its battery may be heard late. */
function begun(plant: Plant, { node, since, is }: LostNode, before: LostNode | undefined): CauseEvent {
  const isLeft = before !== undefined && before.of !== node;
  const tellAt = planned(plant, isLeft || is === "battery" ? together : settle);
  return { node, since, nodes: [], tellAt, told: null };
}

function planned({ agenda, now }: Plant, wait: typeof settle): Instant {
  const at = after(now, wait);
  agenda.add(at, { kind: "cause" });
  return at;
}

/** The nodes that are lost in an event now, the cause first. */
export const lostIn = ({ causes }: Plant, { node }: CauseEvent): readonly LostNode[] =>
  causes.lost.filter(({ of }) => of === node);

const sayingOf = (plant: Plant, event: CauseEvent): string =>
  lostIn(plant, event)
    .map(({ node, is }) => `${node} ${is}`)
    .join(", ");

function tell(plant: Plant, sight: Sight, event: CauseEvent, notices: Notice[]): void {
  if (event.tellAt === null || event.tellAt > plant.now) return;
  event.tellAt = null;
  try {
    const text = lossInWords(sight, lostIn(plant, event));
    const happened = event.told === null ? "began" : "changed";
    notices.push({ at: plant.now, about: "cause", id: event.node, event: happened, text });
    event.told = sayingOf(plant, event);
    event.faulted = null;
  } catch (error) {
    const claim = claimOf(error);
    if (event.faulted !== claim) notices.push(faultOf(plant, event.node, claim));
    // What has not been told is tried again as soon as anything changes.
    event.told = null;
    event.faulted = claim;
  }
}

/** An event ends when its cause does, or when that turns out to follow from another. */
function farewell(plant: Plant, event: CauseEvent, lost: LostNodes, before: LostNodes): Notice {
  const about = { at: plant.now, about: "cause", id: event.node } as const;
  const above = lost.get(event.node);
  if (above) return { ...about, event: "folded", text: `it follows from ${above.of}` };
  const left = event.nodes.filter((node) => before.get(node)?.of === event.node);
  const nodes = left.flatMap((node) => lost.get(node) ?? []).map(({ node, is }) => `${node} ${inState[is]}`);
  const alarms = followersOf(plant, event).map((at) => plant.site.alarms[at]!.id);
  const more = alarms.length > namedMax ? [`${alarms.length - namedMax} alarms more`] : [];
  const standing = [...nodes, ...alarms.slice(0, namedMax), ...more].join(", ");
  return { ...about, event: "ended", text: standing === "" ? "nothing of it stands" : `still standing: ${standing}` };
}

const inState: Readonly<Record<Loss, string>> = { dead: "without power", battery: "on battery" };

/** The standing alarms that follow from an event, by number: raised since it began, by devices of nodes that were lost in it. */
export function followersOf(plant: Plant, event: CauseEvent): readonly number[] {
  if (isFaulted(event)) return [];
  const nodes = new Set(event.nodes);
  const isOfEvent = (device: string): boolean =>
    plant.index.power.nodesOf.get(device)?.some((node) => nodes.has(node)) ?? false;
  return plant.alarms.flatMap((state, at) => {
    const { raisedAt } = state.alarm;
    if (raisedAt === null || underlyingStatusOf(state.alarm) === "normal") return [];
    const isSince = after(raisedAt, together) >= event.since;
    return isSince && speakersIn(plant.site.alarms[at]!, state).every(isOfEvent) ? [at] : [];
  });
}

/** The devices that speak for an alarm; where none does now, all that could. */
function speakersIn({ channels }: AlarmDefinition, { verdicts }: AlarmState): readonly string[] {
  const abnormal = channels.filter((_, i) => verdicts[i] === "abnormal");
  return (abnormal.length > 0 ? abnormal : channels).map(({ point }) => deviceOf(point));
}

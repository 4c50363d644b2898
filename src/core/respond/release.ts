/**
 * What a shed holds afterwards, where the site file asks for it: three bands. Above the cap it sheds
 * again; below the lowest, and only when every node has been seen there for long enough and no alarm
 * calls or is blind, loads come back one at a time, the most important first and equal ones in an
 * order drawn from the response's id, so that two sites, or two runs, do not all start the same rack.
 * What is not seen is never released, and nothing but what this run has itself opened.
 */
import type { Test } from "../command.ts";
import type { PointId } from "../reading.ts";
import type { Instant } from "../time.ts";
import { after, seconds } from "../time.ts";
import type { Load, LoadFeed, NodeId } from "../topology/power.ts";
import { carriedKw, importances, isOpen } from "../topology/power.ts";
import type { Campaign, Hold, Sent } from "./campaign.ts";
import type { Release, ShedAction } from "./response.ts";
import { atMostOf, limitKw } from "./rooms.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say, wakeAfter } from "./turn.ts";
import { waysOf } from "./ways.ts";

/** What is held is looked at this often: a fast poll. */
export const look = seconds(1);
const closed = 1;

export const isHeld = ({ hold }: Campaign): boolean => (hold ?? null) !== null;

/** Whether a shed goes on to hold what it has opened. */
export const mayHold = ({ campaign }: Turn, { release }: ShedAction): boolean =>
  release !== undefined && openedBy(campaign).size > 0;

export function beginHold(turn: Turn, because: string): void {
  turn.campaign.hold = { calmSince: null, notBefore: turn.plant.now };
  turn.campaign.outlook = null;
  say(turn, "holding", `${because}; ${openedBy(turn.campaign).size} outlets stay open until there is room for them`);
  wakeAfter(turn, look);
}

/** Looks at what is held: true where a node is seen above its cap, and load must be shed again. */
export function moveHold(turn: Turn, action: ShedAction, isCalm: boolean): boolean {
  const { campaign, plant } = turn;
  const hold = campaign.hold!;
  wakeAfter(turn, look);
  forgetReleased(campaign);
  // Time in which nobody watched counts for nothing.
  if (hold.calmSince !== null && hold.calmSince < plant.holdUntil) hold.calmSince = null;
  if (!isCalm || !isBelow(turn, action)) hold.calmSince = null;
  else hold.calmSince ??= plant.now;
  if (openedBy(campaign).size === 0) {
    say(turn, "done", "all that it opened is closed again, or left to a person");
    enter(turn, "done", null);
    return false;
  }
  if (isDue(hold, action.release!, plant.now)) releaseOne(turn, action);
  // Both are looked at: what is blind is told of even while another node is over its cap.
  const mustTighten = isTightened(turn, action);
  return isOverCap(turn, action) || mustTighten;
}

/** Whether a node that nobody has seen for long enough may carry more than its cap, by all that may hang on it. */
function isTightened(turn: Turn, { relieve, release }: ShedAction): boolean {
  const { campaign, plant, image } = turn;
  const wait = release?.tightenAfter;
  if (wait === undefined) return false;
  const before = campaign.blindSince ?? {};
  const blind = relieve.filter(({ node }) => seenKw(turn, node) === null);
  const since = Object.fromEntries(blind.map(({ node }) => [node, before[node] ?? plant.now]));
  campaign.blindSince = since;
  for (const { node } of blind)
    if (before[node] === undefined)
      say(turn, "blind", `${node} is not seen: nothing comes back, and in ${wait / 1000} s it counts with all on it`);
  const { power } = plant.site;
  return blind.some(
    ({ node, toKw, capKw = toKw }) => plant.now >= after(since[node]!, wait) && carriedKw(power, node, image) > capKw,
  );
}

/** What the meter of a node shows, kW; null where it has none, or that says nothing. */
function seenKw({ image, plant }: Turn, node: NodeId): number | null {
  const { power } = plant.site.power.nodes.get(node)!;
  return power === null ? null : image.valueOf(power);
}

/** Whether a node is seen to carry more than its cap. */
const isOverCap = (turn: Turn, { relieve }: ShedAction): boolean =>
  relieve.some(({ node, toKw, capKw = toKw }) => (seenKw(turn, node) ?? 0) > capKw);

const isBelow = (turn: Turn, { relieve }: ShedAction): boolean =>
  relieve.every(({ node, uncapKw }) => {
    const kw = seenKw(turn, node);
    return kw !== null && uncapKw !== undefined && kw < uncapKw;
  });

const isDue = ({ calmSince, notBefore }: Hold, release: Release, now: Instant): boolean =>
  calmSince !== null && now >= after(calmSince, release.after) && now >= notBefore;

/** The outlets that this run has opened and not closed again; those of which a closing failed are left to a person. */
export function openedBy({ sent }: Campaign): ReadonlySet<PointId> {
  const opened = new Set<PointId>();
  for (const { command, state } of sent) {
    if (command.value === closed) opened.delete(command.point);
    else if (state === "confirmed") opened.add(command.point);
  }
  return opened;
}

/** What has been closed again is this run's no more, and may be opened by it once more. */
function forgetReleased(campaign: Campaign): void {
  const isReleased = ({ command, state }: Sent): boolean => command.value === closed && state === "confirmed";
  const released = new Set(campaign.sent.filter(isReleased).map(({ command }) => command.point));
  if (released.size > 0) campaign.sent = campaign.sent.filter(({ command }) => !released.has(command.point));
}

function releaseOne(turn: Turn, action: ShedAction): void {
  const { campaign, plant } = turn;
  const opened = openedBy(campaign);
  const isOurs = ({ outlet }: LoadFeed): boolean => outlet !== null && opened.has(outlet);
  const candidates = plant.site.power.loads.filter((load) => load.feeds.some(isOurs));
  const atMost = atMostOf(action);
  const load = inTurn(turn, candidates).find((one) => hasRoom(turn, one, one.feeds.filter(isOurs), atMost));
  if (!load) return;
  campaign.stage += 1;
  campaign.hold!.notBefore = after(plant.now, action.release!.every);
  say(turn, "release", `${campaign.stage}: ${load.id} comes back`);
  for (const feed of load.feeds.filter(isOurs)) {
    const expect = { ...shownClosed(feed), within: action.within };
    issue(turn, String(campaign.stage), { point: feed.outlet!, value: closed, why: `${load.id} comes back`, expect });
  }
}

/** What shows that a feed is closed. */
export const shownClosed = ({ outlet, closed: contact }: LoadFeed): Test => ({
  point: contact ?? outlet!,
  is: "=",
  value: closed,
});

/** Dark loads before those that were moved, the most important first, and equal ones as the response's id has it. */
function inTurn({ response, campaign, image }: Turn, loads: readonly Load[]): readonly Load[] {
  const isDark = ({ feeds }: Load): number => Number(feeds.every((feed) => isOpen(feed, image)));
  const drawn = new Map(loads.map(({ id }) => [id, drawFrom(`${response.id}#${campaign.run}/${id}`)]));
  return loads.toSorted(
    (a, b) =>
      isDark(b) - isDark(a) ||
      importances.indexOf(b.importance) - importances.indexOf(a.importance) ||
      drawn.get(a.id)! - drawn.get(b.id)!,
  );
}

/** Whether all that the load may draw has room on every way to it, as it is seen: no node goes over its rating, nor over what it may carry at most. */
export function hasRoom(
  { plant, image }: Turn,
  { ratedKw }: Load,
  feeds: readonly LoadFeed[],
  atMost: ReadonlyMap<NodeId, number>,
): boolean {
  const { power } = plant.site;
  const ways = waysOf(power, image);
  return feeds.every(({ node: at }) =>
    ways.wayOf(at).every((node) => {
      const kw = node.power === null ? null : image.valueOf(node.power);
      // A node without a meter has its room in that of those above it, and of the UPS, which must be seen.
      if (kw === null) return node.power === null && node.kind !== "ups";
      return kw + ratedKw <= limitKw(node, atMost);
    }),
  );
}

/** A number that hangs on a text and on nothing else (FNV-1a, 32 bits). */
function drawFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}

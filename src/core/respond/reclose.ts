/**
 * A shed restored: a person has asked for it, and all that its site file waits for has held. What it has opened is
 * closed again, what was opened last first, one load at a time and each so long after the one before, because what
 * starts draws more than what runs. A load for which a node on its way has no room stays open, and so does one whose
 * outlet does not close; both are named, and may be asked for again.
 */
import type { PointId } from "../reading.ts";
import { after } from "../time.ts";
import type { Load, LoadFeed } from "../topology/power.ts";
import { listed } from "../topology/subject.ts";
import type { Campaign, Sent } from "./campaign.ts";
import { waiting } from "./campaign.ts";
import { hasRoom, shownClosed } from "./release.ts";
import type { Restore, ShedAction } from "./response.ts";
import type { Turn } from "./turn.ts";
import { enter, issue, say, wakeAfter } from "./turn.ts";

const opened = 0;
const closed = 1;

/** The outlets that a shed has opened, in this run or before, and that are not seen to be closed; the first that was opened first. */
export const leftOpen = (turn: Pick<Turn, "campaign" | "image">): readonly PointId[] =>
  openedSoFar(turn).filter((point) => turn.image.valueOf(point) !== closed);

/** As {@link leftOpen}, with what is out and may be open yet: what the next run is not to forget. */
export function openedSoFar({ campaign, image }: Pick<Turn, "campaign" | "image">): readonly PointId[] {
  const isBack = (point: PointId): boolean => {
    const last = campaign.sent.findLast(({ command }) => command.point === point);
    return last?.command.value === closed && last.state === "confirmed";
  };
  const own = campaign.sent
    .filter(({ command, state }) => state !== "failed" || image.valueOf(command.point) === opened)
    .map(({ command }) => command.point);
  return [...new Set([...(campaign.opened ?? []), ...own])].filter((point) => !isBack(point));
}

/** The next of a shed that is being restored. */
export function moveReclose(turn: Turn, { within }: ShedAction, { every }: Restore): void {
  const { campaign, plant } = turn;
  const undo = campaign.undo!;
  if (waiting(campaign).length > 0) return;
  const tried = triedIn(campaign, undo.from);
  const left = leftOpen(turn).filter((point) => !tried.has(point));
  const loads = lastFirst(plant.site.power.loads, left);
  if (loads.length > 0 && plant.now < (undo.notBefore ?? plant.now)) return;
  const next = loads.find(({ load, feeds }) => hasRoom(turn, load, feeds, new Map()));
  campaign.outlook = next ? { stage: next.load.id, kw: null } : null;
  if (!next) return end(turn, loads);
  if (every !== undefined) {
    campaign.undo = { ...undo, notBefore: after(plant.now, every) };
    wakeAfter(turn, every);
  }
  const { load, feeds } = next;
  campaign.stage += 1;
  say(turn, "undo", `${campaign.stage}: ${load.id} comes back`);
  for (const feed of feeds)
    issue(turn, String(campaign.stage), {
      point: feed.outlet!,
      value: closed,
      why: undo.by,
      expect: { ...shownClosed(feed), within },
    });
}

const triedIn = ({ sent }: Campaign, from: number): ReadonlySet<PointId> =>
  new Set(sent.slice(from).map(({ command }) => command.point));

interface Closing {
  readonly load: Load;
  readonly feeds: readonly LoadFeed[];
}

/** Loads with the outlets of theirs that are left open, the load of the last of them first. */
function lastFirst(loads: readonly Load[], left: readonly LoadFeed["outlet"][]): readonly Closing[] {
  const placeOf = ({ outlet }: LoadFeed): number => left.indexOf(outlet);
  const last = ({ feeds }: Closing): number => Math.max(...feeds.map(placeOf));
  return loads
    .map((load) => ({ load, feeds: load.feeds.filter((feed) => placeOf(feed) >= 0) }))
    .filter(({ feeds }) => feeds.length > 0)
    .toSorted((a, b) => last(b) - last(a));
}

function end(turn: Turn, roomless: readonly Closing[]): void {
  const { campaign, plant } = turn;
  const made = campaign.sent.slice(campaign.undo!.from);
  const ownersOf = ({ command }: Sent): readonly Load[] =>
    plant.site.power.loads.filter(({ feeds }) => feeds.some(({ outlet }) => outlet === command.point));
  const namesOf = (sent: readonly Sent[]): readonly string[] => [
    ...new Set(sent.flatMap((one) => ownersOf(one).map(({ id }) => id))),
  ];
  const came = namesOf(made.filter(({ state }) => state === "confirmed"));
  const stays = namesOf(made.filter(({ state }) => state === "failed"));
  const text = [
    `back: ${listed(came) || "nothing"}`,
    ...(stays.length > 0 ? [`not confirmed: ${listed(stays)}`] : []),
    ...(roomless.length > 0 ? [`no room for ${listed(roomless.map(({ load }) => load.id))}`] : []),
  ].join("; ");
  campaign.undo = null;
  say(turn, "done", text);
  enter(turn, "done", null);
}

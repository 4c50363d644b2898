import type { Cut, MoveState } from "../core/topology/cut.ts";
import { cutOf } from "../core/topology/cut.ts";
import { listed, roomMeantBy } from "../core/topology/subject.ts";
import type { AnswerWords } from "./answer.ts";
import { askedOf, drilledSite, found, line, tell } from "./answer.ts";
import type { DrillsWords } from "./drills-file.ts";
import { printTable } from "./table.ts";

/** `haechi cut SITE SPACE`: what is lost when power to a zone is cut now, and when what can move will have. */
export async function cut(file: string, room: string, words: AnswerWords & DrillsWords): Promise<number> {
  const site = drilledSite(file, words);
  const space = found(roomMeantBy(site.grounds, room));
  const answer =
    words.url === undefined
      ? cutOf(site.grounds, space, null)
      : await askedOf<Cut>(words.url, `/api/v1/cut/${encodeURIComponent(space)}`, site);
  tell({ ...answer, ...site.shown }, [...linesOf(answer), ...site.told], words);
  if (!words.json && answer.services.length > 0) printServices(answer);
  return 0;
}

function linesOf({ at, spaces, racks, services, notMoved, isOrdered, readyInMs }: Cut): readonly string[] {
  const fixed = services.filter(({ state }) => state === "fixed").map(({ id }) => id);
  const movable = services.length - fixed.length;
  const ready = readyInMs === null ? "nobody knows when they will have" : `ready in ${clock(readyInMs)}`;
  const order = isOrdered || notMoved === 0 ? "" : ", if they are ordered now";
  const isSeen = at !== null;
  return [
    `if power to ${listed(spaces)} is cut ${isSeen ? "now" : "(by the site file alone)"}`,
    ...line("racks", [
      ["dark", racks.dark],
      ["dark when batteries are empty", racks.battery],
      ["on one feed", racks.single],
      ["unknown", racks.unknown],
    ]),
    ...(services.length === 0 ? ["services  none loses anything"] : []),
    ...(movable > 0 ? [`services  ${notMoved} of ${movable} not yet moved; ${ready}${order}`] : []),
    ...(fixed.length > 0 ? [`          ${listed(fixed)} cannot be moved`] : []),
    ...(isSeen ? [] : ["          where they are was not looked at: --url asks a running service"]),
  ];
}

const stateWords: Readonly<Record<MoveState, string>> = {
  moved: "moved",
  moving: "moving",
  late: "moving, later than drills were",
  ordered: "ordered",
  here: "not ordered",
  unknown: "nobody knows where it is",
  fixed: "cannot be moved",
};

function printServices({ services }: Cut): void {
  console.log();
  printTable(
    ["service", "tier", "is", "move", "ready in"],
    services.map(({ id, tier, is, state, readyInMs }) => [
      id,
      String(tier),
      is,
      stateWords[state],
      readyInMs === null ? "not known" : clock(readyInMs),
    ]),
  );
}

/** Minutes and seconds, "04:10". */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

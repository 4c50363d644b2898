/** What a question is about: a part of the site, found by its id, and what is struck when it is. */
import { closest, hintAt } from "../closest.ts";
import type { Strike } from "./fallout.ts";
import { noStrike } from "./fallout.ts";
import type { NodeId } from "./power.ts";
import type { Grounds, Premises } from "./premises.ts";

/** In the order in which an id is looked for; "ups-room" may be written "space:ups-room" where two are called alike. */
export const subjectKinds = ["space", "node", "loop", "route", "compartment", "plenum", "site"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** A room that is struck, and why it is: "itself", "compartment b3" or "plenum b3". */
export interface StruckRoom {
  readonly space: string;
  readonly because: string;
}

/** Why nothing is found, with what was most likely meant. */
export interface Wrong {
  readonly wrong: string;
}

/** The subject that a text means: "ups-room", or "space:ups-room". */
export function meantBy({ premises }: Grounds, text: string): Subject | Wrong {
  const [first = "", second] = text.split(":");
  const kinds = second === undefined ? subjectKinds : subjectKinds.filter((kind) => kind === first);
  const id = second ?? first;
  const kind = kinds.find((one) => idsOf(premises, one).has(id));
  if (kind !== undefined) return { kind, id };
  const known = subjectKinds.flatMap((one) => [...idsOf(premises, one)]);
  return nothing("space, node, loop, route, compartment or plenum", text, closest(id, known));
}

/** The room of an id. */
export function roomMeantBy({ premises: { rooms } }: Grounds, text: string): string | Wrong {
  return rooms.has(text) ? text : nothing("space", text, closest(text, rooms.keys()));
}

const nothing = (what: string, text: string, meant: string | undefined): Wrong => ({
  wrong: `there is no ${what} "${text}"${hintAt(meant)}`,
});

function idsOf({ rooms, routes, loops, power }: Premises, kind: SubjectKind): ReadonlySet<string> {
  const shared = (of: "compartment" | "plenum"): ReadonlySet<string> =>
    new Set([...rooms.values()].flatMap((room) => room[of] ?? []));
  switch (kind) {
    case "space":
      return new Set(rooms.keys());
    case "node":
      return new Set(power.nodes.keys());
    case "loop":
      return new Set(loops.keys());
    case "route":
      return new Set(routes.keys());
    case "site":
      return new Set(["site"]);
    case "compartment":
    case "plenum":
      return shared(kind);
  }
}

/** The rooms of a room's compartment, which burn and are cut with it; itself alone where none is said. */
export function zoneOf({ rooms }: Premises, space: string): readonly string[] {
  const compartment = rooms.get(space)?.compartment ?? null;
  if (compartment === null) return [space];
  return [...rooms].filter(([, room]) => room.compartment === compartment).map(([id]) => id);
}

/** The rooms that go with a room: its zone, and those that share the plenum of any of it, which its smoke and heat reach. */
function reachOf(premises: Premises, from: string): readonly StruckRoom[] {
  const { rooms } = premises;
  const zone = zoneOf(premises, from);
  const reached = new Map(
    zone.map((id) => [id, id === from ? "itself" : `compartment ${rooms.get(from)!.compartment}`]),
  );
  const plenums = new Set(zone.flatMap((id) => rooms.get(id)?.plenum ?? []));
  for (const [id, { plenum }] of rooms)
    if (plenum !== null && plenums.has(plenum) && !reached.has(id)) reached.set(id, `plenum ${plenum}`);
  return [...reached].map(([space, because]) => ({ space, because }));
}

/** The rooms that are struck with a subject; none for a node or a loop. */
export function struckRooms(premises: Premises, { kind, id }: Subject): readonly StruckRoom[] {
  const { rooms } = premises;
  if (kind === "space") return reachOf(premises, id);
  if (kind === "site") return [...rooms.keys()].map((space) => ({ space, because: "site" }));
  if (kind !== "compartment" && kind !== "plenum") return [];
  return [...rooms].filter(([, room]) => room[kind] === id).map(([space]) => ({ space, because: `${kind} ${id}` }));
}

/** What is struck with a subject; every route through a struck room is cut. */
export function strikeOf(premises: Premises, subject: Subject): Strike {
  const { kind, id } = subject;
  if (kind === "node") return { ...noStrike, nodes: new Set([id as NodeId]) };
  if (kind === "loop") return { ...noStrike, loops: new Set([id]) };
  if (kind === "route") return { ...noStrike, routes: new Set([id]) };
  return strikeOn(
    premises,
    struckRooms(premises, subject).map(({ space }) => space),
  );
}

/** What is struck with these rooms. */
export function strikeOn({ routes }: Premises, spaces: readonly string[]): Strike {
  const struck = new Set(spaces);
  const cut = [...routes].filter(([, { through }]) => through.some((space) => struck.has(space))).map(([id]) => id);
  return { ...noStrike, spaces: struck, routes: new Set(cut) };
}

/** Names that a person still reads in one line. */
const listedMax = 8;

/** Names in a line: the first of them, and how many more there are. */
export const listed = (ids: readonly string[]): string =>
  ids.length <= listedMax ? ids.join(", ") : `${ids.slice(0, listedMax).join(", ")} and ${ids.length - listedMax} more`;

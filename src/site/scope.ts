/**
 * What is too much for a machine to do alone: one alarm that empties the whole site or more than one of
 * its groups, or sheds that may darken most of it over both feeds. A person decides such things, by a
 * yes in the moment or by a reason in the site file (accept); until then what is too much of it is held.
 */
import type { Mode } from "../core/respond/response.ts";
import { feedsOf, isAlone, servicesMin, shareMax } from "../core/respond/scope.ts";
import type { PowerTree } from "../core/topology/power.ts";
import type { Wish } from "./darkened.ts";
import { darkened } from "./darkened.ts";
import { said } from "./words.ts";

/** A response as far as its scope goes; `moves` are the services that it moves. */
export interface Doer {
  readonly id: string;
  readonly when: readonly string[];
  readonly mode: Mode;
  readonly moves: readonly string[];
  readonly accept?: string | undefined;
}

/** Responses that one alarm starts, or several where none does alone, and that between them move too much without a person: all there is, or these groups. */
export interface Emptying {
  readonly alarm: string | null;
  readonly responses: readonly string[];
  readonly groups: readonly string[] | "all";
}

/** Each service that can be moved, with the group that it is of. */
export type Movables = ReadonlyMap<string, string | null>;

export function emptyings(doers: readonly Doer[], movable: Movables): readonly Emptying[] {
  const acting = doers.filter(({ moves, ...doer }) => moves.length > 0 && isAlone(said(doer), { byHand: false }));
  const alone = [...new Set(acting.flatMap(({ when }) => when))].flatMap((alarm) => {
    const started = acting.filter(({ when }) => when.includes(alarm));
    return emptyingBy(alarm, started, movable) ?? [];
  });
  return alone.length > 0 ? alone : [emptyingBy(null, acting, movable) ?? []].flat();
}

function emptyingBy(alarm: string | null, started: readonly Doer[], movable: Movables): Emptying | null {
  const moved = new Set(started.flatMap(({ moves }) => moves));
  const groups = [...new Set([...moved].flatMap((id) => movable.get(id) ?? []))];
  const isAll = movable.size >= servicesMin && moved.size === movable.size;
  if (!isAll && groups.length < 2) return null;
  return { alarm, responses: started.map(({ id }) => id), groups: isAll ? "all" : groups };
}

/** A shed as far as its scope goes. */
export interface Shedder extends Wish {
  readonly id: string;
  readonly when: readonly string[];
}

/** Sheds that one alarm starts, or several where none does alone, and the share of all that racks are rated that they may darken between them. */
export interface Dimming {
  readonly alarm: string | null;
  readonly responses: readonly string[];
  readonly share: number;
}

/** Several sheds that together may darken too much; `accepted` are those that one reason speaks of, and for them nobody need be asked. */
export function dimmings(
  sheds: readonly Shedder[],
  tree: PowerTree,
  accepted: readonly (readonly string[])[],
): readonly Dimming[] {
  const darkening = sheds.filter((shed) => darkened(tree, shed).length > 0);
  const dimmingBy = (alarm: string | null, started: readonly Shedder[]): readonly Dimming[] => {
    const responses = started.map(({ id }) => id);
    const isAccepted = accepted.some((sum) => responses.every((id) => sum.includes(id)));
    const share = responses.length < 2 || isAccepted ? null : shareAtStake(started, tree);
    return share === null ? [] : [{ alarm, responses, share }];
  };
  const alone = [...new Set(darkening.flatMap(({ when }) => when))].flatMap((alarm) =>
    dimmingBy(
      alarm,
      darkening.filter(({ when }) => when.includes(alarm)),
    ),
  );
  return alone.length > 0 ? alone : dimmingBy(null, darkening);
}

/** What share of all that racks are rated sheds may darken between them, where they relieve more than one feed and that is too much; else null. */
export function shareAtStake(wishes: readonly Wish[], tree: PowerTree): number | null {
  if (feedsOf(tree, wishes).size < 2) return null;
  const dark = new Set(wishes.flatMap((wish) => darkened(tree, wish)));
  const ratedKw = (loads: PowerTree["loads"]): number => loads.reduce((sum, { ratedKw: kw }) => sum + kw, 0);
  const share = ratedKw(tree.loads.filter(({ id }) => dark.has(id))) / ratedKw(tree.loads);
  return share > shareMax ? share : null;
}

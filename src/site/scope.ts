/**
 * What is too much for a machine to do alone: one alarm that empties the whole site or more than one of
 * its groups, or one shed that may darken most of it over both feeds. A person decides such things, by a
 * yes in the moment or by a reason in the site file (accept); until then what is too much of it is held.
 */
import type { Mode } from "../core/respond/response.ts";
import { feedsOf, isAlone, servicesMin, shareMax } from "../core/respond/scope.ts";
import type { NodeId, PowerTree } from "../core/topology/power.ts";
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

interface Wish {
  readonly relieve: readonly { readonly node: NodeId }[];
}

/** What share of all that racks are rated a shed may darken, where it relieves more than one feed and that is too much; else null. */
export function shareAtStake({ relieve }: Wish, tree: PowerTree): number | null {
  const nodes = relieve.flatMap(({ node }) => tree.nodes.get(node) ?? []);
  if (feedsOf(tree, [{ relieve }]).size < 2) return null;
  const dark = new Set(
    darkened(
      tree,
      nodes.map(({ id }) => id),
    ),
  );
  const ratedKw = (loads: PowerTree["loads"]): number => loads.reduce((sum, { ratedKw: kw }) => sum + kw, 0);
  const share = ratedKw(tree.loads.filter(({ id }) => dark.has(id))) / ratedKw(tree.loads);
  return share > shareMax ? share : null;
}

/**
 * What is too much for a machine to do alone: one alarm that empties the whole site, or one shed that may
 * darken most of it over both feeds. A person decides such things, by a yes in the moment (mode advise)
 * or by a reason in the site file (accept).
 */
import type { Mode } from "../core/respond/response.ts";
import type { NodeId, PowerTree } from "../core/topology/power.ts";
import { darkened } from "./darkened.ts";

/** A shed that may darken more than this share of what all racks are rated is of the whole site. */
const shareMax = 0.5;
/** A single service is not a site. */
const servicesMin = 2;

/** A response as far as its scope goes; `moves` are the services that it moves. */
export interface Doer {
  readonly id: string;
  readonly when: readonly string[];
  readonly mode: Mode;
  readonly moves: readonly string[];
  readonly accept?: string | undefined;
}

/** Responses that one alarm starts, and that between them move every service that can be moved, without a person. */
export interface Emptying {
  readonly alarm: string;
  readonly responses: readonly string[];
  readonly isAccepted: boolean;
}

export function emptyings(doers: readonly Doer[], movable: readonly string[]): readonly Emptying[] {
  if (movable.length < servicesMin) return [];
  const acting = doers.filter(({ mode, moves }) => mode === "act" && moves.length > 0);
  return [...new Set(acting.flatMap(({ when }) => when))].flatMap((alarm) => {
    const started = acting.filter(({ when }) => when.includes(alarm));
    const moved = new Set(started.flatMap(({ moves }) => moves));
    if (!movable.every((id) => moved.has(id))) return [];
    const isAccepted = started.some(({ accept }) => accept !== undefined);
    return [{ alarm, responses: started.map(({ id }) => id), isAccepted }];
  });
}

interface Wish {
  readonly relieve: readonly { readonly node: NodeId }[];
}

/** What share of all that racks are rated a shed may darken, where it relieves more than one feed and that is too much; else null. */
export function shareAtStake({ relieve }: Wish, tree: PowerTree): number | null {
  const nodes = relieve.flatMap(({ node }) => tree.nodes.get(node) ?? []);
  if (new Set(nodes.map(({ feed, id }) => feed ?? id)).size < 2) return null;
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

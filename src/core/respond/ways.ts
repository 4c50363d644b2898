/** The ways by which power comes to a node: the one it takes now, and all those that it might take. */
import { assert } from "../assert.ts";
import type { Image } from "../image.ts";
import type { NodeId, PowerNode, PowerTree } from "../topology/power.ts";
import { deadKw } from "../topology/power.ts";

export interface Ways {
  /** The nodes through which power comes to this one: itself first, the topmost last. Of several supplies it is the first that is not seen to be dark. */
  readonly wayOf: (id: NodeId) => readonly PowerNode[];
  /** The node itself, and all through which power might come to it. */
  readonly aboveOf: (id: NodeId) => ReadonlySet<NodeId>;
  /** Whether a node that must carry this one's power is seen to carry nothing. */
  readonly isDark: (id: NodeId) => boolean;
  /** Whether nobody sees what its supply carries: its UPS or, where there is none, the topmost node. */
  readonly isUnseen: (id: NodeId) => boolean;
}

export function waysOf(tree: PowerTree, image: Image): Ways {
  const nodeAt = (id: NodeId): PowerNode => {
    const node = tree.nodes.get(id);
    assert(node !== undefined, `${id} is a node of the power tree`);
    return node;
  };
  const isDead = ({ power }: PowerNode): boolean => {
    const kw = power === null ? null : image.valueOf(power);
    return kw !== null && kw <= deadKw;
  };
  const wayOf = remembered((id): readonly PowerNode[] => {
    const node = nodeAt(id);
    const above = node.from.find((from) => !isDead(nodeAt(from))) ?? node.from[0];
    return above === undefined ? [node] : [node, ...wayOf(above)];
  });
  const aboveOf = remembered(
    (id): ReadonlySet<NodeId> => new Set([id, ...nodeAt(id).from.flatMap((from) => [...aboveOf(from)])]),
  );
  const isDark = remembered((id) => upToSupply(wayOf(id)).some(isDead));
  const isUnseen = remembered((id) => {
    const { power } = upToSupply(wayOf(id)).at(-1)!;
    return power === null || image.valueOf(power) === null;
  });
  return { wayOf, aboveOf, isDark, isUnseen };
}

/** Up to and with the UPS: what stands above it may be dark while its battery lasts. */
function upToSupply(way: readonly PowerNode[]): readonly PowerNode[] {
  const at = way.findIndex(({ kind }) => kind === "ups");
  return at < 0 ? way : way.slice(0, at + 1);
}

/** The same answers, each worked out once. */
export function remembered<T>(of: (node: NodeId) => T): (node: NodeId) => T {
  const known = new Map<NodeId, T>();
  return (node) => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const now = of(node);
    known.set(node, now);
    return now;
  };
}

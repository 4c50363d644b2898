import type { Delta, Snapshot } from "../serve/api.ts";

/** The snapshot as it is after a delta. */
export function apply(snapshot: Snapshot, delta: Delta): Snapshot {
  return {
    ...snapshot,
    ...delta,
    points: delta.points ? { ...snapshot.points, ...delta.points } : snapshot.points,
    nodes: delta.nodes ? { ...snapshot.nodes, ...delta.nodes } : snapshot.nodes,
  };
}

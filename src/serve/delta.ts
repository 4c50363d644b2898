import type { Delta, Live } from "./api.ts";

/** What has changed from one state to the next; null when nothing but the time has. */
export function deltaOf(before: Live, after: Live): Delta | null {
  const delta: { -readonly [K in keyof Live]?: Live[K] } = {};
  const points = changed(before.points, after.points);
  const nodes = changed(before.nodes, after.nodes);
  if (points) delta.points = points;
  if (nodes) delta.nodes = nodes;
  if (before.mode !== after.mode) delta.mode = after.mode;
  if (differs(before.racks, after.racks)) delta.racks = after.racks;
  if (differs(before.alarms, after.alarms)) delta.alarms = after.alarms;
  if (differs(before.causes, after.causes)) delta.causes = after.causes;
  if (differs(before.firstOuts, after.firstOuts)) delta.firstOuts = after.firstOuts;
  if (differs(before.flood, after.flood)) delta.flood = after.flood;
  if (differs(before.counts, after.counts)) delta.counts = after.counts;
  if (differs(before.responses, after.responses)) delta.responses = after.responses;
  if (differs(before.health, after.health)) delta.health = after.health;
  return Object.keys(delta).length === 0 ? null : { ...delta, at: after.at };
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

function changed<T extends object>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Record<string, T> | null {
  const found: Record<string, T> = {};
  let any = false;
  for (const [key, value] of Object.entries(after)) {
    if (isSame(before[key], value)) continue;
    found[key] = value;
    any = true;
  }
  return any ? found : null;
}

/** Flat records only: cheaper than their JSON for the thousands of points that have not moved. */
function isSame<T extends object>(a: T | undefined, b: T): boolean {
  if (a === undefined) return false;
  for (const key in b) if (a[key] !== b[key]) return false;
  return true;
}

/** A member of every circle that references go in: the one at which a walk, in the order given, comes round again. */
export function circlesIn<T extends { readonly id: string }>(
  items: readonly T[],
  next: (item: T) => readonly string[],
): readonly string[] {
  const byId = new Map<string, T>(items.map((item) => [item.id, item]));
  const over = new Set<string>();
  return items.flatMap((item) => walk(item, byId, over, next));
}

/** A stack of its own and no recursion: a file may chain thousands. */
function walk<T extends { readonly id: string }>(
  from: T,
  byId: ReadonlyMap<string, T>,
  over: Set<string>,
  next: (item: T) => readonly string[],
): readonly string[] {
  const found: string[] = [];
  const trail = new Set<string>();
  const open: { readonly id: string; readonly left: string[] }[] = [];
  const enter = (item: T): void => {
    trail.add(item.id);
    open.push({ id: item.id, left: [...next(item)] });
  };
  if (!over.has(from.id)) enter(from);
  for (let at = open.at(-1); at; at = open.at(-1)) {
    const id = at.left.shift();
    const to = id === undefined ? undefined : byId.get(id);
    if (id === undefined) {
      trail.delete(at.id);
      over.add(at.id);
      open.pop();
    } else if (trail.has(id)) found.push(id);
    else if (to && !over.has(id)) enter(to);
  }
  return found;
}

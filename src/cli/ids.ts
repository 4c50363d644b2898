/** Longer ones are no longer read. */
const ID_LENGTH = 40;

/** A name as an id of a site file: small letters, digits, - and _; empty where nothing of it is left. */
export const plainId = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^[-_]+|-+$/g, "")
    .slice(0, ID_LENGTH);

/** An id that none of those taken has, and takes it. */
export function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n += 1) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

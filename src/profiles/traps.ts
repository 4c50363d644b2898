/**
 * What a trap is called. Version 1 names it by an enterprise and a number, and RFC 3584 puts a zero
 * between them; many vendors' own names of version 2 have none. Both are one name here.
 */
import type { Profile } from "./profile.ts";

/** An object identifier of a notification, the zero before its last number left out. */
export const notificationName = (oid: string): string => oid.replace(/\.0\.(\d+)$/, ".$1");

/** The points that each notification hurries, as `nameOf` calls those of one device. */
export function hurriedBy(
  { traps }: Pick<Profile, "traps">,
  namesOf: (point: string) => readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(traps).map(([oid, { poll }]) => [notificationName(oid), poll.flatMap(namesOf)]),
  );
}

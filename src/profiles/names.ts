/** Point names with an instance: written "outlet[n].state" in a profile, "outlet[3].state" or, by a table's index, "outlet[1.3].state" on a device. */

/** The letter of a repeated point's instance; null for a point that there is once. */
export const letterOf = (name: string): string | null => /\[([a-z])\]/.exec(name)?.[1] ?? null;

/** A name, or an object identifier, with its instance filled in. */
export const withInstance = (text: string, letter: string, instance: number | string): string =>
  text.replaceAll(`[${letter}]`, `[${instance}]`).replaceAll(`{${letter}}`, String(instance));

/** What all instances of a point are called alike: "outlet[].state". */
export const familyOf = (name: string): string => name.replace(/\[[^\]]*\]/, "[]");

/** What `npm run mutate` is asked for by one argument. */

export interface Asked {
  readonly file: string;
  /** The lines to be changed, in Stryker's form "12-14"; none where it is the whole file. */
  readonly lines: readonly string[];
}

/** Takes "FILE" or "FILE:12,20-24", so that after new tests only what had survived is asked again. Throws at another form. */
export function askedOf(argument: string): Asked {
  const [file = "", ranges, ...rest] = argument.split(":");
  const lines = ranges?.split(",") ?? [];
  if (rest.length > 0 || !lines.every((one) => /^\d+(-\d+)?$/.test(one)))
    throw new Error(`${argument} is neither FILE nor FILE:LINE,LINE-LINE`);
  return { file, lines: lines.map((one) => (one.includes("-") ? one : `${one}-${one}`)) };
}

/** The patterns of it that Stryker takes. */
export const patternsOf = ({ file, lines }: Asked): readonly string[] =>
  lines.length === 0 ? [file] : lines.map((one) => `${file}:${one}`);

/** What the command line gives each of its parts. */
export interface CommandTools {
  readonly ends: (code: number | Promise<number>) => Promise<void>;
  readonly number: (text: string) => number;
}

/** The word by which a command prints for programs. */
export const json = ["--json", "print JSON"] as const;

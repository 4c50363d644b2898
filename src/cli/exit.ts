/** What a command's exit code means; the numbers are those of sysexits.h where it has one. */
export const exit = {
  done: 0,
  /** A check, a promise or a comparison did not hold. */
  failed: 1,
  /** Wrong words on the command line. */
  usage: 2,
  /** Nothing answers at that address. */
  unavailable: 69,
  /** A fault of this program. */
  internal: 70,
  /** Another instance holds the state folder. */
  running: 75,
  /** The site file (or scenario) is wrong; nothing was opened. */
  config: 78,
} as const;

/** An error whose message is meant for the user as it stands, with the exit code it ends in. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** Which node may act. Every back end keeps the same contract, so that the service knows nothing of how it is decided. */
export interface Leadership {
  /**
   * Whether this node leads now, and the fencing token of its term. Tokens only ever rise, also over
   * restarts; a node that no longer leads holds a token that the gate refuses.
   */
  current(): { readonly leads: boolean; readonly token: number };
  /** Gives leadership back. A node that is killed instead loses it without being asked. */
  release(): Promise<void>;
}

/** Another instance holds the place that was asked for. A process that gets this exits with `exitCode`. */
export class LeadershipTaken extends Error {
  override name = "LeadershipTaken";
  /** EX_TEMPFAIL: a supervisor may try again. */
  readonly exitCode = 75;
}

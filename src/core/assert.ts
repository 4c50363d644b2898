/** States what must be true here. A failure is a bug in this program, never a fault of the plant. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new AssertionError(claim);
}

/** Thrown by {@link assert}; its message is the claim that did not hold. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** The claim that did not hold; any other error is no matter of ours, and goes on. */
export function claimOf(error: unknown): string {
  if (!(error instanceof AssertionError)) throw error;
  return error.message;
}

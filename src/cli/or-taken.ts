import { exit, Refusal } from "./exit.ts";

/** Turns a port that is taken, or not ours to open, into a refusal in the words that are given for it. */
export async function orTaken<T>(opening: Promise<T>, says: (error: Error, code: string) => string): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES") throw new Refusal(says(error, code), exit.unavailable);
    throw error;
  }
}

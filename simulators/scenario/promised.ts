/** The promises of a file, whatever it is that makes them: what they are read against, and what is wrong at which line. */
import type { Document, Problem } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import type { Ground, Promised } from "../promises/index.ts";
import { readPromise } from "../promises/index.ts";

/** A site, on a day with its times and labels, as promises are read against it. */
export const promiseGround = (
  { model, services, premises }: Site,
  day: Pick<Ground, "starts" | "wallTime" | "labels">,
): Ground => ({ site: model, services: services.map(({ id }) => id), premises, ...day });

/** Reads the sentences that stand under a file's `promises`. */
export function promisesIn(
  document: Document,
  sentences: readonly string[],
  ground: Ground,
): { readonly promises: readonly Promised[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const promises = sentences.flatMap((sentence, i) => {
    const promise = readPromise(sentence, ground);
    if (!("wrong" in promise)) return promise;
    problems.push(document.problemAt(["promises", i], promise.wrong, promise.meant));
    return [];
  });
  return { promises, problems };
}

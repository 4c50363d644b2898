/** A swarm that breaks a law, made as small as it can be and still break it. */
import type { Swarm } from "./swarm.ts";

/** Whether a swarm still does what it was found for. */
export type StillBreaks = (swarm: Swarm) => Promise<boolean>;

/** No more than so many are tried: each costs a run. */
const triesMost = 400;

/** Leaves out deeds, half of them at first and one by one at last; then all else that need not be there; then time. */
export async function shrink(swarm: Swarm, stillBreaks: StillBreaks): Promise<Swarm> {
  let tries = 0;
  let best = swarm;
  const attempt = async (smaller: Swarm): Promise<boolean> => {
    if (tries >= triesMost) return false;
    tries += 1;
    if (!(await stillBreaks(smaller))) return false;
    best = smaller;
    return true;
  };
  const lacking = (from: number, count: number): Swarm => ({
    ...best,
    deeds: best.deeds.filter((_, i) => i < from || i >= from + count),
  });
  for (let count = Math.ceil(best.deeds.length / 2); count >= 1; count = count === 1 ? 0 : Math.ceil(count / 2)) {
    for (let from = 0; from < best.deeds.length; ) if (!(await attempt(lacking(from, count)))) from += count;
  }
  for (const plain of plainer) await attempt(plain(best));
  for (let lastsMs = best.lastsMs / 2; lastsMs >= 1000 && (await attempt(shortened(best, lastsMs))); )
    lastsMs = best.lastsMs / 2;
  for (let i = 0; i < 4; i += 1) await attempt(shortened(best, best.lastsMs * 0.8));
  return best;
}

const plainer: readonly ((swarm: Swarm) => Swarm)[] = [
  (swarm) => ({ ...swarm, operator: { acknowledgesMs: null, resetsMs: null, approvesMs: null } }),
  (swarm) => ({ ...swarm, advised: [] }),
  (swarm) => ({ ...swarm, observed: [] }),
  (swarm) => ({ ...swarm, unarmed: [] }),
  (swarm) => ({ ...swarm, boldInBlindness: [] }),
  (swarm) => ({ ...swarm, guarded: [] }),
];

/** Whole seconds, so that a scenario file can say them. */
const shortened = (swarm: Swarm, lastsMs: number): Swarm => ({
  ...swarm,
  lastsMs: Math.ceil(lastsMs / 1000) * 1000,
});

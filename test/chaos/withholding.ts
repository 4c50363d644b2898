/**
 * People who withhold: on some sites two of them are needed for some alarms. They shelve, take out of
 * service and bypass one sensor of a vote, together, alone, too late or at odds, while that very
 * sensor may show what is not so; and give back, or leave it to end by itself.
 */
import type { Chance } from "./chance.ts";
import { chance } from "./chance.ts";
import type { Ask, Deed } from "./deed.ts";
import type { Names, Sensed } from "./names.ts";
import { sensorLies } from "./stories.ts";

const first = "Kim";
const others = ["Lee", "Lee", "Lee", "Lee", "Kim", " kim "] as const;
const backOf = { bypass: "restore", shelve: "unshelve", outOfService: "returnToService" } as const;
type Kind = keyof typeof backOf;

interface Withholding {
  /** Alarms that two people are needed to withhold. */
  readonly guarded: readonly string[];
  readonly deeds: readonly Deed[];
}

/** What a seed has people withhold. Drawn for itself, so that a seed's other draws are what they were before. */
export function withholdingOf(seed: number, names: Names, lastsMs: number): Withholding {
  const luck = chance(seed + 2_000_003);
  if (luck.odds(0.4)) return { guarded: [], deeds: [] };
  const guarded = names.alarms.filter(() => luck.odds(0.3));
  const deeds = Array.from({ length: luck.whole(1, 5) }, () => {
    const sensed = luck.pick(names.channels);
    return withheld(luck, { ...names, judged: [sensed] }, luck.whole(1000, Math.floor(lastsMs * 0.7)));
  });
  return { guarded, deeds: deeds.flat() };
}

function withheld(luck: Chance, names: Names, atMs: number): readonly Deed[] {
  const [sensed] = names.judged as readonly Sensed[];
  const { alarm, point: channel } = sensed!;
  const kind = luck.pick<Kind>(["bypass", "bypass", "bypass", "shelve", "shelve", "outOfService"]);
  const ask = (after: number, asks: Kind | (typeof backOf)[Kind], by: string): Deed => {
    const forMs = 1000 * luck.whole(5, 180);
    const asked: Ask = { of: "alarm", alarm, asks, forMs, by, ...(asks === "bypass" ? { channel } : {}) };
    return { atMs: atMs + after, does: "ask", ask: asked };
  };
  const signedAfter = luck.pick([0, 500, 5000, 30_000, 59_900, 60_500, 90_000]);
  const deeds = [ask(0, kind, first)];
  if (luck.odds(0.85)) deeds.push(ask(signedAfter, luck.odds(0.9) ? kind : "shelve", luck.pick(others)));
  if (luck.odds(0.3)) deeds.push(ask(signedAfter + 1000 * luck.whole(1, 60), backOf[kind], first));
  const isSaid = !channel.includes("/link.") && luck.odds(0.6);
  return isSaid ? [...deeds, ...sensorLies({ luck, names, atMs: atMs + 1000 * luck.whole(0, 60) })] : deeds;
}

/** How an alarm votes, comes, goes and is withheld, as a site file writes it; what can never work is refused. */
import { z } from "zod";
import type { Duration } from "../core/time.ts";
import { hours } from "../core/time.ts";
import { wait } from "./words.ts";

/** What is looked at again after more than this is nobody's alarm any more. */
const RE_ALARM_MAX = hours(24);
/** Over a longer time nothing flaps: it comes and goes. */
const FLAP_MAX = hours(24);
/** Beyond it the count is a statistic. */
const FLAP_COUNT_MAX = 100;

const voteForm = /^[1-9]\d*oo[1-9]\d*$/;

export const voting = {
  ifBad: z.enum(["hold", "vote", "exclude"]).optional(),
  /** As the vote is once one channel is out: 2oo3 becomes 2oo2 or 1oo2. */
  degradeTo: z.string().regex(voteForm, "a vote is written like 1oo2").optional(),
  diverse: z.boolean().optional(),
};

export const ways = {
  safety: z.boolean().optional(),
  reAlarm: wait(RE_ALARM_MAX).optional(),
  flap: z
    .strictObject({ count: z.int().min(2).max(FLAP_COUNT_MAX), within: wait(FLAP_MAX), hold: wait(FLAP_MAX) })
    .optional(),
};

type Say = (path: string[], message: string) => void;

interface Vote extends z.output<z.ZodObject<typeof voting>> {
  readonly need?: number | undefined;
  readonly channels?: readonly { readonly stale?: true | undefined }[] | undefined;
}

/** Says what of a vote's terms can never be, whatever its channels are. */
export function checkVoting({ ifBad, degradeTo, diverse, need, channels }: Vote, say: Say): void {
  const terms = { ifBad, degradeTo, diverse };
  const [written] = Object.entries(terms).find(([, value]) => value !== undefined) ?? [];
  if (written === undefined) return;
  if (!channels || channels.length === 1) return say([written], "a single point takes no vote");
  if (need === undefined || need > channels.length) return;
  const choices = degradedTo(need, channels.length);
  const allowed = diverse ? choices.filter((choice) => Number.parseInt(choice, 10) > 1) : choices;
  if (diverse && need < 2) say(["diverse"], "two different senses are asked of a vote that needs one channel");
  if (diverse && ifBad === "exclude" && allowed.length === 0)
    return say(["ifBad"], `with a channel left out of ${need}oo${channels.length} no two different senses are left`);
  if (ifBad === "exclude" && degradeTo === undefined)
    return say(["ifBad"], `say what ${need}oo${channels.length} becomes then: degradeTo ${allowed.join(" or ")}`);
  if (degradeTo !== undefined && voteForm.test(degradeTo) && !allowed.includes(degradeTo))
    say(["degradeTo"], `${need}oo${channels.length} less one channel is ${allowed.join(" or ") || "no such vote"}`);
  if (ifBad === "vote" && need === 1)
    say(["ifBad"], "a bad channel votes only beside one that is seen, and one is all that this vote needs");
  if (ifBad !== undefined && ifBad !== "hold" && channels.some(({ stale }) => stale))
    say(["ifBad"], "a channel that is judged by stale is never bad: that is what it tells");
}

/** What a vote may be with one channel less: as many of those that are left, or one less of them. */
function degradedTo(need: number, of: number): readonly string[] {
  const left = of - 1;
  return [...new Set([need, Math.max(1, need - 1)])].filter((n) => n <= left).map((n) => `${n}oo${left}`);
}

interface Ways extends z.output<z.ZodObject<typeof ways>> {
  readonly onDelay: Duration;
  readonly offDelay: Duration;
}

/** Says what of an alarm's ways can never be reached beside its delays. */
export function checkWays({ flap, onDelay, offDelay }: Ways, say: Say): void {
  if (!flap) return;
  const inSeconds = (duration: number): string => `${duration / 1000} s`;
  if (flap.hold <= offDelay)
    say(["flap", "hold"], `must be more than the offDelay of ${inSeconds(offDelay)}, or it holds nothing`);
  const least = (flap.count - 1) * (onDelay + offDelay);
  if (least > flap.within)
    say(["flap", "within"], `with its delays ${flap.count} times take ${inSeconds(least)}: that can never be`);
}

/** What each channel of an alarm has to say in its vote as the plant stands, and a vote that is not whole, in words. */
import type { Plant } from "../plant.ts";
import type { Ballot } from "../vote.ts";
import { architectureOf } from "../vote.ts";
import type { Channel } from "./definition.ts";
import { pointsOf } from "./definition.ts";

/** A list of more channels than this is not read by anybody. */
const namedMax = 4;

/** The ballots of one alarm, by its number, in the order of its channels. */
export function ballotsOf(plant: Plant, at: number): readonly Ballot[] {
  const { alarm, verdicts, isolated } = plant.alarms[at]!;
  if (alarm.bypassed === null && !verdicts.includes("unknown") && !isolated.includes(true)) return verdicts;
  const bypassed = alarm.bypassed && plant.now < alarm.bypassed.until ? alarm.bypassed.channel : null;
  return plant.site.alarms[at]!.channels.map((channel, i): Ballot => {
    if (channel.point === bypassed) return "bypassed";
    if (isolated[i]) return "isolated";
    return verdicts[i] === "unknown" && isAwaited(plant, channel) ? "waiting" : verdicts[i]!;
  });
}

/** Whether a point has never spoken and still has time to: until then nobody is called blind. */
function isAwaited({ index }: Plant, channel: Channel): boolean {
  return pointsOf(channel).some((point) => {
    const watched = index.points.get(point);
    return watched !== undefined && !watched.isKnown && watched.isAgeing;
  });
}

const inWords: Readonly<Partial<Record<Ballot, string>>> = {
  unknown: "bad",
  bypassed: "bypassed",
  isolated: "isolated",
};

/**
 * "2oo3 judged as 1oo2: smoke-2/smoke.level is bad"; null where every channel votes. Bad channels that
 * leave the outcome open are no other vote, so that there "1oo1 is left" to raise the alarm.
 */
export function degradationOf(plant: Plant, at: number, ballots: readonly Ballot[]): string | null {
  const out = ballots.flatMap((ballot, i) => (inWords[ballot] === undefined ? [] : [i]));
  // Of a single channel that is bad its blindness says it all.
  if (out.length === 0 || (ballots.length === 1 && ballots[0] === "unknown")) return null;
  const { channels, need } = plant.site.alarms[at]!;
  const rule = plant.index.rules[at]!;
  const as = architectureOf(rule, ballots);
  const isOpen = rule.ifBad === "hold" && ballots.includes("unknown");
  const told = as ? `${isOpen ? "left with" : "judged as"} ${as.need}oo${as.of}` : "cannot be raised";
  const whole = `${need}oo${channels.length}`;
  if (out.length > namedMax) return `${whole} ${as ? "degraded" : told}: more than ${namedMax} of its channels are out`;
  return `${whole} ${told}: ${out.map((i) => `${channels[i]!.point} is ${inWords[ballots[i]!]}`).join(", ")}`;
}

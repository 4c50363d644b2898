/** The terms of an alarm's vote, as its definition has them. */
import { quantityOf } from "../quantity.ts";
import type { PointId } from "../reading.ts";
import { pointNameOf } from "../reading.ts";
import type { VoteRule } from "../vote.ts";
import type { AlarmDefinition } from "./definition.ts";

/** What a definition leaves open, filled in. */
export const ruleOf = ({ channels, need, ifBad, degradeTo, diverse }: AlarmDefinition): VoteRule => ({
  need,
  ifBad: ifBad ?? "hold",
  degradeTo: degradeTo ?? need,
  senses: diverse ? channels.map(({ point }) => senseOf(point)) : null,
});

/** Units of which a point senses the same thing whatever part of a plant it sits on. */
const sensed: ReadonlySet<string> = new Set(["Cel", "K", "V", "A", "kW", "Hz", "kPa", "Pa"]);

/**
 * What a point senses, for votes that demand two different things: warmth and smoke are, two levels
 * of one smoke detector are not, nor are two voltages.
 */
export function senseOf(point: PointId): string {
  const name = pointNameOf(point);
  const words = name.replaceAll(/\[[^\]]*\]/g, "").split(".");
  if (words.includes("temperature")) return "Cel";
  const unit = quantityOf(name)?.unit ?? null;
  return unit !== null && sensed.has(unit) ? unit : (words[0] ?? name);
}

/**
 * What calls for a response. An active alarm does. A blind one does only where the site file says so
 * (`ifBlind: act`), and loss of sight is not loss of power: before load is taken for it, a second witness
 * must be seen to say what the silent device cannot. It is a point of a device that the blind alarm does
 * not look at; one that is silent, in doubt or says otherwise is no witness.
 */
import type { AlarmDefinition } from "../alarm/definition.ts";
import { pointsOf } from "../alarm/definition.ts";
import type { Test } from "../command.ts";
import { passes } from "../command.ts";
import type { Image, PointRule } from "../image.ts";
import { valueInWords } from "../image.ts";
import type { Plant } from "../plant.ts";
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import type { Response } from "./response.ts";

/** An alarm that calls for a response, and the witness without which it would not: null where it needs none. */
export interface Caller {
  readonly alarm: string;
  readonly witness: Test | null;
}

/** The first alarm that calls; else what is lacking, in words, where one is blind and no witness is seen. */
export interface Call {
  readonly caller: Caller | null;
  readonly lacks: string | null;
}

type Sight = Pick<Plant, "site" | "index" | "alarms">;

export function callFor(plant: Sight, image: Image, response: Response): Call {
  let lacks: string | null = null;
  for (const id of response.when) {
    const call = callBy(plant, image, response, plant.index.alarmAt.get(id)!);
    if (call.caller) return call;
    lacks ??= call.lacks;
  }
  return { caller: null, lacks };
}

const silent: Call = { caller: null, lacks: null };

/** Shelving silences an alarm; it does not disarm it. Only taking it out of service does. */
export function callBy(plant: Sight, image: Image, response: Response, at: number): Call {
  const { alarm } = plant.alarms[at]!;
  const definition = plant.site.alarms[at]!;
  if (alarm.outOfService !== null) return silent;
  if (alarm.active) return { caller: { alarm: definition.id, witness: null }, lacks: null };
  if (!(alarm.blind && response.ifBlind === "act")) return silent;
  const asked = witnessesFor(response, definition);
  if (asked === null) return { caller: { alarm: definition.id, witness: null }, lacks: null };
  const witness = asked.find((test) => isSeen(image, test));
  if (witness) return { caller: { alarm: definition.id, witness }, lacks: null };
  const said = asked.map((test) => saying(image, test, plant.site.points)).join(", ");
  return { caller: null, lacks: `${definition.id} is blind, and no second witness says so: ${said || "it has none"}` };
}

/** The witnesses that may stand beside one alarm: on devices that it does not look at; null where none is asked for. */
export function witnessesFor(
  { witness, action }: Pick<Response, "witness" | "action">,
  { channels }: Pick<AlarmDefinition, "channels">,
): readonly Test[] | null {
  if (witness === undefined) return action.kind === "shed" ? [] : null;
  const looksAt = new Set(channels.flatMap(pointsOf).map(deviceOf));
  return witness.filter(({ point }) => !looksAt.has(deviceOf(point)));
}

function isSeen(image: Image, test: Test): boolean {
  const reading = image.readingOf(test.point);
  return reading.quality === "good" && passes(test, reading.value);
}

/** A figure would be another with every reading, and this is told whenever it changes. */
function saying(image: Image, test: Test, rules: ReadonlyMap<PointId, PointRule>): string {
  const { quality } = image.readingOf(test.point);
  const is = quality === "bad" ? "not seen" : quality === "uncertain" ? "in doubt" : "seen not to be so";
  return `${inWords(test, rules)} (${is})`;
}

/** A test in words: "ups-a/ups.mode = online". */
export const inWords = ({ point, is, value }: Test, rules: ReadonlyMap<PointId, PointRule>): string =>
  `${point} ${is} ${valueInWords(value, rules.get(point))}`;

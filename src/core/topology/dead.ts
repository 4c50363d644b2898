/**
 * What the readings of a power tree say of an opening of an isolation plan: that its side is off, that
 * there is no voltage, that nothing is drawn, or the contrary. What stands above a board speaks for it
 * as long as nothing else could feed it.
 */
import type { PointId } from "../reading.ts";
import type { IsolationStep } from "./isolation.ts";
import type { Sight } from "./live.ts";
import { speakersOf } from "./live.ts";
import type { LoadFeed, NodeId, PowerNode } from "./power.ts";
import { deadKw, isTransferSwitch } from "./power.ts";
import type { Grounds } from "./premises.ts";

export type Says = "is off" | "has no voltage" | "draws nothing";

/** A reading's word; null where it says that there is power. */
export interface Word {
  readonly point: PointId;
  readonly says: Says | null;
}

/** What may still be touched (IEC 61140: 50 V of alternating current), with room for induced voltage in an open cable. */
const deadV = 25;
/** The most phases that a device tells of. */
const phasesMax = 3;
/** A string that is parted shows no more than its sensor's offset, A. */
const deadA = 0.5;

/** What is said of one opening now. */
export function wordsOn(grounds: Grounds, { key, loads }: IsolationStep, sight: Sight): readonly Word[] {
  const [first = "", second = ""] = key.split(" ");
  const node = (id: string): PowerNode | undefined => sight.tree.nodes.get(id as NodeId);
  if (first === "battery") return ofBattery(sight, node(second));
  if (first === "outlets") return ofOutlets(grounds, sight, node(second), loads);
  if (first === "source") return ofSource(sight, node(second));
  const [above, below] = [node(first), node(key.split(" > ")[1] ?? "")];
  return above && below ? [...ofSupply(sight, above), ...ofEnd(sight, below)] : [];
}

/** A good reading's word where it passes; any usable one's where it says the contrary. */
function word(sight: Sight, point: PointId, says: Says, isDead: (value: number) => boolean): readonly Word[] {
  if (!sight.rules.has(point)) return [];
  const reading = sight.image.readingOf(point);
  if (reading.quality === "bad") return [];
  if (!isDead(reading.value)) return [{ point, says: null }];
  return reading.quality === "good" ? [{ point, says }] : [];
}

/** Only what says that it is off: that a supply lives says nothing of a way that is opened below it. */
const offWords = (sight: Sight, node: PowerNode): readonly Word[] => {
  const states = offStates[node.kind];
  const words = speakersOf(node).flatMap((point) =>
    word(sight, point, "is off", (value) => states.includes(sight.rules.get(point)?.states?.[value] ?? "")),
  );
  const isOff = words.every(({ says }) => says !== null);
  return isOff && words.length === speakersOf(node).filter((point) => sight.rules.has(point)).length ? words : [];
};

/** In which states a node gives no power. A UPS on battery or bypass does, and so may one in a state of its own. */
const offStates: Readonly<Record<PowerNode["kind"], readonly string[]>> = {
  utility: [],
  generator: ["stopped"],
  ats: ["no"],
  sts: ["no"],
  ups: ["off"],
  pdu: ["open"],
};

const pointOf = (device: string | null, name: string): readonly PointId[] =>
  device === null ? [] : [`${device}/${name}` as PointId];

function noVoltage(sight: Sight, device: string | null, name: string): readonly Word[] {
  const phases = Array.from({ length: phasesMax }, (_, i) => pointOf(device, `${name}[${i + 1}]`)).flat();
  const known = phases.filter((point) => sight.rules.has(point));
  const words = known.flatMap((point) => word(sight, point, "has no voltage", (value) => Math.abs(value) < deadV));
  // One phase that says nothing may be the one that is live.
  return words.length === known.length || words.some(({ says }) => says === null) ? words : [];
}

/** A supply, and what stands above it while nothing else could feed it. */
function ofSupply(sight: Sight, node: PowerNode): readonly Word[] {
  const own = offWords(sight, node);
  const output = node.kind === "ups" ? noVoltage(sight, node.device, "output.voltage") : [];
  const dead = output.every(({ says }) => says !== null) ? output : [];
  const above = node.from.length === 1 && node.kind === "pdu" ? sight.tree.nodes.get(node.from[0]!) : undefined;
  return [...own, ...dead, ...(above ? ofSupply(sight, above) : [])];
}

/** The far end of a way, where that way alone feeds it. */
function ofEnd(sight: Sight, node: PowerNode): readonly Word[] {
  if (node.from.length !== 1 || isTransferSwitch(node)) return [];
  if (node.kind === "ups") return noVoltage(sight, node.device, "input.voltage");
  const drawn = node.power === null ? [] : word(sight, node.power, "draws nothing", isNothing);
  return [...drawn, ...noVoltage(sight, node.device, "input.voltage"), ...noVoltage(sight, node.device, "voltage")];
}

const isNothing = (kw: number): boolean => Math.abs(kw) <= deadKw;

/** Whether a UPS is parted from its battery: by what the battery's management says, and by what flows. */
function ofBattery(sight: Sight, node: PowerNode | undefined): readonly Word[] {
  const [connection] = pointOf(node?.battery ?? null, "battery.connection");
  const [current] = pointOf(node?.battery ?? null, "battery.current");
  if (!node || connection === undefined || current === undefined) return [];
  const isParted = (value: number): boolean => sight.rules.get(connection)?.states?.[value] === "disconnected";
  return [
    ...word(sight, connection, "is off", isParted),
    ...word(sight, current, "draws nothing", (value) => Math.abs(value) <= deadA),
    ...offWords(sight, node),
  ];
}

function ofSource(sight: Sight, node: PowerNode | undefined): readonly Word[] {
  if (!node) return [];
  const drawn = node.power === null ? [] : word(sight, node.power, "draws nothing", isNothing);
  return [...offWords(sight, node), ...noVoltage(sight, node.device, "voltage"), ...drawn];
}

/** Outlets of one node: all of them are open, or none says anything for the rest. */
function ofOutlets(
  { loads }: Grounds,
  sight: Sight,
  node: PowerNode | undefined,
  ids: readonly string[],
): readonly Word[] {
  if (!node) return [];
  const feeds = ids.flatMap((id) => loads.get(id)?.feeds.filter((feed) => feed.node === node.id) ?? []);
  const words = feeds.map((feed) => ofFeed(sight, feed));
  const against = words.flat().filter(({ says }) => says === null);
  const isAll = words.every((of) => of.some(({ says }) => says === "is off"));
  return [...ofSupply(sight, node), ...(isAll ? words.flat().filter(({ says }) => says !== null) : []), ...against];
}

function ofFeed(sight: Sight, { outlet, closed, power }: LoadFeed): readonly Word[] {
  const contact = closed ?? outlet;
  return [
    ...(contact === null ? [] : word(sight, contact, "is off", (value) => value === 0)),
    ...(power === null ? [] : word(sight, power, "draws nothing", isNothing)),
  ];
}

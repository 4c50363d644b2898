/**
 * What can happen to a plant, as plain data: the vocabulary of scenario files. Names in an event are checked against
 * the plant by `strangerIn`, so that the file that holds them can be told where and what was meant.
 */
import { z } from "zod";
import { assert } from "../../src/core/assert.ts";
import type { PointId } from "../../src/core/reading.ts";
import { deviceOf, pointNameOf } from "../../src/core/reading.ts";
import { applyToBattery, batteryEvents, namesInBattery } from "./battery/battery-events.ts";
import { gaugesOf, snapshotOf } from "./gauge.ts";
import type { Plant } from "./plant.ts";
import { applyToPower, namesInPower, powerEvents } from "./power/power-events.ts";
import type { RoomEvent } from "./rooms/room-events.ts";
import { applyToRooms, roomEventSchemas, roomNamesIn } from "./rooms/room-events.ts";
import { targetConditions } from "./targets.ts";

const name = z.string().min(1);

export const eventSchema = z.union([
  ...powerEvents,
  ...batteryEvents,
  /** A device stops answering; its connection stays open. */
  z.strictObject({ sensor: name, silent: z.boolean() }),
  /** A device answers, and always the same. */
  z.strictObject({ freeze: name, on: z.boolean().default(true) }),
  /** One point ("device/point") shows this instead of the truth; null, no reading; "truth" ends it. */
  z.strictObject({ reading: name, shows: z.union([z.number(), z.null(), z.literal("truth")]) }),
  /** A target that takes orders and never arrives, refuses them, or does not answer; "sound" ends it. */
  z.strictObject({ target: name, is: z.enum(targetConditions) }),
  ...roomEventSchemas,
]);

/** One thing that happens. */
export type PlantEvent = z.infer<typeof eventSchema>;

/** A name in an event that the plant does not know, with those that it does; null where all is known. */
export function strangerIn(plant: Plant, event: PlantEvent): { name: string; known: readonly string[] } | null {
  const [said, known] = namesIn(plant, event);
  return said === null || known.includes(said) ? null : { name: said, known };
}

const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

function namesIn(plant: Plant, event: PlantEvent): readonly [said: string | null, known: readonly string[]] {
  const power = namesInPower(plant, event);
  if (power) return power;
  const devices = ids(plant.layout.devices);
  if ("battery" in event) return namesInBattery(plant, event);
  if ("target" in event) return [event.target, ids(plant.targets)];
  if ("sensor" in event) return [event.sensor, devices];
  if ("freeze" in event) return [event.freeze, devices];
  if ("reading" in event) return hasPoint(plant, event.reading) ? [null, []] : [event.reading, everyPoint(plant)];
  return roomNamesIn(plant, event as RoomEvent);
}

const hasPoint = (plant: Plant, id: string): boolean => {
  const asked = id as PointId;
  return gaugesOf(plant).get(deviceOf(asked))?.[pointNameOf(asked)] !== undefined;
};

const everyPoint = (plant: Plant): readonly string[] =>
  [...gaugesOf(plant)].flatMap(([device, gauges]) => Object.keys(gauges).map((point) => `${device}/${point}`));

/** It happens, now. Every name in it must be known to the plant. */
export function apply(plant: Plant, event: PlantEvent): void {
  const stranger = strangerIn(plant, event);
  assert(stranger === null, `the plant knows "${stranger?.name}", which an event names`);
  applyToPower(plant, event);
  applyToBatteries(plant, event);
  if ("target" in event) find(plant.targets, event.target).condition = event.is;
  applyToRooms(plant, event as RoomEvent);
  applyToInstruments(plant, event);
}

function applyToBatteries(plant: Plant, event: PlantEvent): void {
  if ("battery" in event) applyToBattery(find(plant.batteries, event.battery), event);
}

function applyToInstruments(plant: Plant, event: PlantEvent): void {
  const { silent, frozen, shown } = plant.faults;
  if ("sensor" in event) {
    if (event.silent) silent.add(event.sensor);
    else silent.delete(event.sensor);
  } else if ("freeze" in event) {
    if (event.on) frozen.set(event.freeze, snapshotOf(plant, event.freeze));
    else frozen.delete(event.freeze);
  } else if ("reading" in event) {
    if (event.shows === "truth") shown.delete(event.reading);
    else shown.set(event.reading, event.shows);
  }
}

function find<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  assert(found !== undefined, `the plant has ${id}`);
  return found;
}

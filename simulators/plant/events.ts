/**
 * What can happen to a plant, as plain data: the vocabulary of scenario files. Names in an event are checked against
 * the plant by `strangerIn`, so that the file that holds them can be told where and what was meant.
 */
import { z } from "zod";
import { assert } from "../../src/core/assert.ts";
import type { Battery } from "./battery.ts";
import { gaugesOf, snapshotOf } from "./gauge.ts";
import type { Plant } from "./plant.ts";
import { applyToPower, namesInPower, powerEvents } from "./power-events.ts";
import { startFault } from "./runaway.ts";

const name = z.string().min(1);
const percent = z.number().min(0).max(100);

export const eventSchema = z.union([
  ...powerEvents,
  z.strictObject({ cooling: name, fail: z.boolean() }),
  z.strictObject({ battery: name, archetype: z.enum(["drift", "vent", "short"]) }),
  /** Smoke that is made in a room, %/m a minute; 0 ends it. */
  z.strictObject({ smoke: z.strictObject({ room: name, rate: z.number().min(0).max(60) }) }),
  z.strictObject({ humidity: z.strictObject({ room: name, percent }) }),
  z.strictObject({ leak: name, on: z.boolean() }),
  /** A device stops answering; its connection stays open. */
  z.strictObject({ sensor: name, silent: z.boolean() }),
  /** A device answers, and always the same. */
  z.strictObject({ freeze: name, on: z.boolean().default(true) }),
  /** One point ("device/point") shows this instead of the truth; null, no reading; "truth" ends it. */
  z.strictObject({ reading: name, shows: z.union([z.number(), z.null(), z.literal("truth")]) }),
  z.strictObject({ airflow: name, percent: z.number().min(0).max(200) }),
  z.strictObject({ service: name, stuck: z.boolean() }),
  z.strictObject({ suppression: z.enum(["release", "reset"]) }),
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
  if ("cooling" in event) return [event.cooling, ids(plant.coolers)];
  if ("battery" in event) return [event.battery, ids(plant.batteries)];
  if ("smoke" in event) return [event.smoke.room, ids(plant.rooms)];
  if ("humidity" in event) return [event.humidity.room, ids(plant.rooms)];
  if ("leak" in event) return [event.leak, ids(plant.rooms)];
  if ("sensor" in event) return [event.sensor, devices];
  if ("freeze" in event) return [event.freeze, devices];
  if ("reading" in event) return [event.reading, everyPoint(plant)];
  if ("airflow" in event) return [event.airflow, ids(plant.samplers)];
  if ("service" in event) return [event.service, ids(plant.services)];
  return [null, []];
}

const everyPoint = (plant: Plant): readonly string[] =>
  [...gaugesOf(plant)].flatMap(([device, gauges]) => Object.keys(gauges).map((point) => `${device}/${point}`));

/** It happens, now. Every name in it must be known to the plant. */
export function apply(plant: Plant, event: PlantEvent): void {
  const stranger = strangerIn(plant, event);
  assert(stranger === null, `the plant knows "${stranger?.name}", which an event names`);
  applyToPower(plant, event);
  applyToRooms(plant, event);
  applyToInstruments(plant, event);
}

function applyToRooms(plant: Plant, event: PlantEvent): void {
  if ("cooling" in event) find(plant.coolers, event.cooling).failed = event.fail;
  else if ("battery" in event) fail(find(plant.batteries, event.battery), event.archetype);
  else if ("smoke" in event) find(plant.rooms, event.smoke.room).smokeRate = event.smoke.rate;
  else if ("humidity" in event) find(plant.rooms, event.humidity.room).usualHumidityPercent = event.humidity.percent;
  else if ("leak" in event) find(plant.rooms, event.leak).leaking = event.on;
  else if ("service" in event) find(plant.services, event.service).stuck = event.stuck;
  else if ("airflow" in event) find(plant.samplers, event.airflow).usualAirflowPercent = event.percent;
  else if ("suppression" in event) {
    for (const room of plant.rooms) {
      if (room.kind !== "battery-room") continue;
      room.suppression.released = event.suppression === "release";
      room.suppression.countS = 0;
    }
  }
}

function applyToInstruments(plant: Plant, event: PlantEvent): void {
  const { silent, frozen, shown } = plant.faults;
  if ("sensor" in event) silent[event.sensor] = event.silent;
  else if ("freeze" in event) {
    if (event.on) frozen[event.freeze] = snapshotOf(plant, event.freeze);
    else delete frozen[event.freeze];
  } else if ("reading" in event) {
    if (event.shows === "truth") delete shown[event.reading];
    else shown[event.reading] = event.shows;
  }
}

function find<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  assert(found !== undefined, `the plant has ${id}`);
  return found;
}

function fail(battery: Battery, archetype: "drift" | "vent" | "short"): void {
  battery.fault ??= startFault(archetype, 0, battery.strings[0]!.temperatureC);
}

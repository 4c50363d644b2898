/**
 * Days in the life of a plant in which nothing is wrong, for detectors that must keep quiet: the simulated plant with its
 * load and its weather, and laid over what it shows, what it is too clean for. Every month a UPS is put on its battery
 * for a test, its strings are discharged until they are empty and charged again, the utility is away for half an hour, and
 * the battery room is heated by 10 K. Every value is noisy, weak cells sag under load, worn modules warm more than others,
 * one reading in 20,000 is nonsense, and one poll in 2,000 gets no answer. The same seed gives the same life.
 */
import type { Dice } from "../../../simulators/plant/dice.ts";
import { between, dice } from "../../../simulators/plant/dice.ts";
import type { Plant, PlantEvent } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant } from "../../../simulators/plant/index.ts";
import type { VirtualDevice } from "../../../simulators/wire/virtual.ts";
import { virtualSource } from "../../../simulators/wire/virtual.ts";
import { quantityOf } from "../../../src/core/quantity.ts";
import type { PointId, Reading } from "../../../src/core/reading.ts";
import { deviceOf } from "../../../src/core/reading.ts";
import type { Instant } from "../../../src/core/time.ts";
import { instant, seconds } from "../../../src/core/time.ts";

export interface Life {
  readonly siteText: string;
  /** Those that are read; the others live unseen. */
  readonly devices: readonly VirtualDevice[];
  /** The devices that are banks of batteries, with the UPS that each is behind. */
  readonly banks: Readonly<Record<string, string>>;
  /** The room that gets hot. */
  readonly room: string;
  readonly days: number;
  readonly seed: number;
  /** What happens besides, by the second of the life. */
  readonly also?: Readonly<Record<number, readonly PlantEvent[]>>;
}

/** All that was read at one instant. */
export interface Moment {
  readonly at: Instant;
  readonly readings: readonly Reading[];
}

/** Nine in the morning of 2026-03-02 in Seoul, when every plant of the demo begins. */
const startsAt = Date.UTC(2026, 2, 2);
const hourS = 3600;
const dayS = 24 * hourS;
const monthDays = 30;

/** A life, second by second. */
export function* normalLife(life: Life): Generator<Moment> {
  const plant = demoPlant(life.seed, life.siteText);
  const source = virtualSource(plant, life.devices);
  const veil = veilOver(plant, life);
  for (let s = 0; s < life.days * dayS; s++) {
    for (const event of [...happeningAt(life, s), ...(life.also?.[s] ?? [])]) apply(plant, event);
    heatRoom(plant, life.room, s);
    advance(plant, seconds(1));
    const at = instant(startsAt + s * 1000);
    yield { at, readings: veil(source.readings(at)) };
  }
}

/** What happens in every month: on its first day the tests and the generator's run, on its second the strings are emptied. */
const first = 0;
const second = 1;
/** A battery test takes so long; an empty string takes an hour at any load; generators are run for half an hour. */
const testS = 300;
const emptyS = hourS;
const generatorS = hourS / 2;
/** From one UPS to the next, and when it is the generator's turn. */
const betweenS = 3 * hourS;
const generatorAtS = 12 * hourS;

function happeningAt({ banks }: Life, s: number): readonly PlantEvent[] {
  const [day, now] = [Math.floor(s / dayS) % monthDays, s % dayS];
  if (day === first && now === generatorAtS) return [{ utility: "fail" }];
  if (day === first && now === generatorAtS + generatorS) return [{ utility: "restore" }];
  if (day !== first && day !== second) return [];
  const lasts = day === first ? testS : emptyS;
  return Object.values(banks).flatMap((ups, i): PlantEvent[] => {
    const from = hourS + i * betweenS;
    if (now === from) return [{ ups, rectifier: "fail" }];
    return now === from + lasts ? [{ ups, rectifier: "repair" }] : [];
  });
}

/** Kilowatts of a heater in the room in the second night of the month, for six hours: some 10 K at the end. */
const heaterKw = 18;
const heatedAtS = 12 * hourS;
const heatedS = 6 * hourS;

function heatRoom(plant: Plant, id: string, s: number): void {
  const now = (s % dayS) - heatedAtS;
  if (Math.floor(s / dayS) % monthDays !== second || now < 0 || now >= heatedS) return;
  const room = plant.rooms.find((one) => one.id === id);
  if (room) room.airC += heaterKw / room.airKjK;
}

/** Noise of a value, ± in its unit. */
const noise: Readonly<Record<string, number>> = { Cel: 0.3, V: 0.002, A: 0.1 };
const nonsense = 1 / 20_000;
const unanswered = 1 / 2000;
/** A weak cell has so much more resistance than its fellows, Ω, and lies so far under them when the charge is low, V. */
const weakOhm = 0.0008;
const weakV = 0.15;
const lowPercent = 20;
/** A worn module warms so much more than its fellows over the room. */
const worn = 0.2;

/** What is laid over one point: looked up once. */
interface Veil {
  readonly device: string;
  /** Null for a state, which is told as it is. */
  readonly range: readonly [low: number, high: number] | null;
  readonly about: number;
  readonly truer: (value: number) => number;
}

/** Lays what the plant is too clean for over what it shows. */
function veilOver(plant: Plant, life: Life): (readings: readonly Reading[]) => readonly Reading[] {
  const chance = dice(life.seed ^ 0x11fe);
  const veils = new Map<PointId, Veil>();
  const lost = new Map<string, boolean>();
  return (readings) => {
    lost.clear();
    return readings.map((reading) => {
      const veil = veils.get(reading.point) ?? veilOf(plant, life, reading.point);
      veils.set(reading.point, veil);
      const isLost = lost.get(veil.device) ?? between(chance, 0, 1) < unanswered;
      lost.set(veil.device, isLost);
      if (reading.quality === "bad") return reading;
      if (isLost) return { point: reading.point, at: reading.at, quality: "bad", reason: "noCommunication" };
      return { ...reading, value: seen(veil, reading.value, chance) };
    });
  };
}

function seen({ range, about, truer }: Veil, value: number, chance: Dice): number {
  if (range === null) return value;
  if (between(chance, 0, 1) < nonsense) return between(chance, ...range);
  return truer(value) + between(chance, -about, about);
}

function veilOf(plant: Plant, { banks }: Life, point: PointId): Veil {
  const device = deviceOf(point);
  const name = point.slice(device.length + 1);
  const quantity = quantityOf(name);
  const bank = device in banks ? plant.batteries.find(({ id }) => id === device) : undefined;
  return {
    device,
    range: quantity && !quantity.states && !name.startsWith("link.") ? quantity.range : null,
    about: noise[quantity?.unit ?? ""] ?? 0,
    truer: bank ? truerIn(plant, bank, name) : (value) => value,
  };
}

/** A bank whose cells and modules are not all alike. */
function truerIn(plant: Plant, bank: Plant["batteries"][number], name: string): Veil["truer"] {
  const room = plant.rooms[bank.room];
  if (name.endsWith("module.temperature.max"))
    return (value) => value + worn * Math.max(0, value - (room?.airC ?? value));
  if (name !== "cell.voltage.min") return (value) => value;
  return (value) => {
    const ampere = bank.current / bank.strings.length;
    const empty = Math.max(0, 1 - (100 * Math.min(...bank.strings.map(({ soc }) => soc))) / lowPercent);
    return value - weakOhm * ampere - weakV * empty * empty;
  };
}

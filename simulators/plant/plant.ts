/**
 * The plant whole: the grid with its utilities, generators, transfer switches and UPS with their strings, racks,
 * coolers, rooms, smoke, services and people, as plain data. It moves in steps of its own, power every tenth of a
 * second and heat, smoke and chance every second, so that what happens does not depend on how its time is dealt out to
 * it.
 */
import type { Battery } from "./battery/battery.ts";
import type { Dice } from "./dice.ts";
import type { Layout } from "./layout.ts";
import type { Generator } from "./power/generator.ts";
import type { Grid } from "./power/grid.ts";
import type { Rack } from "./power/load.ts";
import type { Transfer } from "./power/transfer.ts";
import type { Ups } from "./power/ups.ts";
import type { Utility } from "./power/utility.ts";
import type { ChilledWater } from "./rooms/chilled-water.ts";
import type { Cooler } from "./rooms/cooling.ts";
import type { Sampler } from "./rooms/detectors.ts";
import type { People } from "./rooms/people.ts";
import type { Room } from "./rooms/room.ts";
import type { Estate, MovableService } from "./rooms/services.ts";
import type { Weather } from "./rooms/weather.ts";
import type { PlantTarget } from "./targets.ts";

export interface Plant {
  readonly layout: Layout;
  /** Steps of a tenth of a second since the beginning. */
  steps: number;
  /** Milliseconds that are due and not yet a step. */
  owedMs: number;
  readonly chance: Dice;
  readonly people: People;
  readonly weather: Weather;
  readonly grid: Grid;
  readonly utilities: readonly Utility[];
  readonly generators: readonly Generator[];
  readonly transfers: readonly Transfer[];
  readonly ups: readonly Ups[];
  readonly batteries: readonly Battery[];
  readonly racks: readonly Rack[];
  readonly coolers: readonly Cooler[];
  readonly loops: readonly ChilledWater[];
  readonly rooms: readonly Room[];
  /** Pairs of rooms under one plenum, by their places. */
  readonly neighbours: readonly (readonly [one: number, other: number])[];
  readonly samplers: readonly Sampler[];
  readonly services: readonly MovableService[];
  readonly estate: Estate;
  readonly targets: readonly PlantTarget[];
  /** Relays that feed no rack, and whether each is on (1). */
  readonly contacts: Map<string, number>;
  readonly faults: Faults;
}

/** What is wrong with the instruments, and not with the plant. */
interface Faults {
  readonly silent: Set<string>;
  /** Device → what its points showed when it froze. */
  readonly frozen: Map<string, Readonly<Record<string, number | null>>>;
  /** "device/point" → what it shows instead of the truth. */
  readonly shown: Map<string, number | null>;
}

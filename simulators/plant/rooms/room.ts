/**
 * A room as plain data: its stores of heat, what is in its air, its door and dampers, and its detectors. A hall is made
 * from its racks: each brings 14 kJ/K of air (and of what is as quick as air) in either aisle, 250 kJ/K of racks
 * and servers and 1,500 kJ/K of floor and walls, coupled by 0.31 and 0.06 kW/K. The figures are fitted to Opengate's
 * study of 2007: without cooling, racks of 5 kW stop after 3 min 09 s and racks of 10 kW and more within a minute,
 * where the stop, of which the study does not say the temperature, is taken as 40 °C of inlet air.
 */
import { moistureAt } from "./moisture.ts";

export interface Room {
  readonly id: string;
  readonly kind: string;
  readonly plenum: string | null;
  /** Under the sky: its air is the outdoor air. */
  readonly outdoor: boolean;
  readonly volumeM3: number;
  /** Heat stores, kJ/K: air (a hall's cold aisles), hot aisles (0 where there are none), what stands in it, walls. */
  readonly airKjK: number;
  readonly hotKjK: number;
  readonly massKjK: number;
  readonly wallKjK: number;
  /** Couplings, kW/K: air to what stands in it, air to walls, walls to the house, ventilation to the house. */
  readonly massKwK: number;
  readonly wallKwK: number;
  readonly lossKwK: number;
  readonly ventKwK: number;
  /** Air at the racks' inlets; the room's air where it has no racks. */
  airC: number;
  hotC: number;
  massC: number;
  wallC: number;
  /** This second's heat into it and out of it through its coolers, kW. */
  heatKw: number;
  cooledKw: number;
  /** Air moved by the racks' fans and by the coolers, kW/K. */
  rackKwK: number;
  coolerKwK: number;
  /** All heat that has left by walls and ventilation or come in by them (negative), and from its neighbours, kJ. */
  lostKj: number;
  gainedKj: number;
  /** Water in its air, g/kg, and what that wanders about. */
  moistureGkg: number;
  usualMoistureGkg: number;
  /** A pipe drips. */
  leaking: boolean;
  /** Water that a hose or a sprinkler gives, l/s, and what lies on the floor, l. */
  waterLs: number;
  floorL: number;
  /** Smoke in the air, %/m of obscuration. */
  smoke: number;
  /** Smoke that an event makes, %/m a minute. */
  smokeRate: number;
  /** Electrolyte vapour and its fellows, and hydrogen, % of the air's volume. */
  vapourPercent: number;
  hydrogenPercent: number;
  /** What an event lets into it, m³/s. */
  vapourM3s: number;
  hydrogenM3s: number;
  /** Whether there are flames, and the seconds for which they have been about. */
  flames: boolean;
  flameS: number;
  /** Heat of combustion and of cells in runaway, kW. */
  fireKw: number;
  exploded: boolean;
  doorOpen: boolean;
  /** Its ventilation has power and is not held off by a fire panel. */
  ventilated: boolean;
  readonly spots: Spots;
  readonly suppression: Suppression;
}

/** What the house keeps its ordinary air at, °C. */
export const houseC = 22;
const houseHumidity = 45;
/** A hot aisle above a cold one on an ordinary day, K. */
const usualRiseK = 8.5;
const rack = { airKjK: 14, massKjK: 250, massKwK: 0.31, wallKjK: 1500, wallKwK: 0.06, m3: 20, lossKwK: 0.0025 };
/** A room of 150 m³ without racks: its walls are 170 m² of concrete, 0.1 m deep, at 7 W/(m²·K). */
const plain = { airKjK: 420, massKjK: 280, massKwK: 5, wallKjK: 34_000, wallKwK: 1.2, lossKwK: 0.3, m3: 150 };
/** A plain room is as large as its UPS need: one for each so many kW. */
const plainUpsKw = 160;

export interface RoomPlace {
  readonly id: string;
  readonly kind: string;
  readonly plenum: string | null;
  /** Racks that stand in it; a load of more than twenty kilowatts counts as several. */
  readonly racks: number;
  /** Rating of the UPS that stand in it, kW. */
  readonly upsKw: number;
}

/** A room as it stands on an ordinary day. */
export function makeRoom({ id, kind, plenum, racks, upsKw }: RoomPlace): Room {
  const moisture = moistureAt(houseC, houseHumidity);
  return {
    id,
    kind,
    plenum,
    outdoor: kind === "generator-yard",
    ...(racks > 0 ? hallStores(racks) : plainStores(Math.max(1, upsKw / plainUpsKw))),
    airC: houseC,
    hotC: houseC + (racks > 0 ? usualRiseK : 0),
    massC: houseC + (racks > 0 ? usualRiseK : 0),
    wallC: houseC,
    heatKw: 0,
    cooledKw: 0,
    rackKwK: 0,
    coolerKwK: 0,
    lostKj: 0,
    gainedKj: 0,
    moistureGkg: moisture,
    usualMoistureGkg: moisture,
    leaking: false,
    waterLs: 0,
    floorL: 0,
    smoke: 0,
    smokeRate: 0,
    vapourPercent: 0,
    hydrogenPercent: 0,
    vapourM3s: 0,
    hydrogenM3s: 0,
    flames: false,
    flameS: 0,
    fireKw: 0,
    exploded: false,
    doorOpen: false,
    ventilated: true,
    spots: makeSpots(houseC),
    suppression: makeSuppression(),
  };
}

const hallStores = (racks: number) => ({
  volumeM3: racks * rack.m3,
  airKjK: racks * rack.airKjK,
  hotKjK: racks * rack.airKjK,
  massKjK: racks * rack.massKjK,
  wallKjK: racks * rack.wallKjK,
  massKwK: racks * rack.massKwK,
  wallKwK: racks * rack.wallKwK,
  lossKwK: racks * rack.lossKwK,
  ventKwK: 0,
});

const plainStores = (size: number) => ({
  volumeM3: size * plain.m3,
  airKjK: size * plain.airKjK,
  hotKjK: 0,
  massKjK: size * plain.massKjK,
  wallKjK: size * plain.wallKjK,
  massKwK: size * plain.massKwK,
  wallKwK: size * plain.wallKwK,
  lossKwK: size * plain.lossKwK,
  ventKwK: size,
});

/** A room's spot detectors, as one of each kind. */
interface Spots {
  /** Highest level of the room's aspirating detectors, this second. */
  level: number;
  smokeSeen: number;
  smoke: boolean;
  /** The heat detector's element, and the same a minute ago. */
  elementC: number;
  beforeC: number;
  heat: boolean;
  /** The sprinkler's link, and whether it has gone. */
  linkC: number;
  sprinkling: boolean;
  /** Vapour at the off-gas sensor, and what its reference has grown used to, ppm. */
  vapourPpm: number;
  referencePpm: number;
  offGas: boolean;
  /** Flammable gas at the gas detector, % of the lower explosive limit, and its alarm steps: 0, 1 or 2. */
  gasPercent: number;
  gasStep: number;
}

const makeSpots = (airC: number): Spots => ({
  level: 0,
  smokeSeen: 0,
  smoke: false,
  elementC: airC,
  beforeC: airC,
  heat: false,
  linkC: airC,
  sprinkling: false,
  vapourPpm: 0,
  referencePpm: 0,
  offGas: false,
  gasPercent: 0,
  gasStep: 0,
});

/** A room's releasing panel. */
interface Suppression {
  /** Kinds of detector that have seen a fire: 0, 1 or 2. */
  knocks: number;
  /** Air handling off and dampers closed. */
  fireSignal: boolean;
  countS: number;
  /** Somebody holds the abort switch. */
  held: boolean;
  /** The agent's pressure switch. */
  released: boolean;
  agentPercent: number;
}

const makeSuppression = (): Suppression => ({
  knocks: 0,
  fireSignal: false,
  countS: 0,
  held: false,
  released: false,
  agentPercent: 0,
});

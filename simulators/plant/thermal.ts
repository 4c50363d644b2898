/**
 * Rooms as two heat stores, air and mass: C_a·dT/dt = heat - cooling - G·(T - T_mass) - U·(T - 22 °C). With
 * cooling lost the air climbs fast and then settles to the rate of both stores together. Stores are 35 kJ/K
 * for each rated kW of a hall (10 kW and 350 kJ/K give 1.7 °C/min, as measured rooms do): a hall of 40 kW
 * rated that draws 30 kW climbs by 1.3 °C/min. Rooms under one ceiling plenum give heat to each other.
 */
import { setPointC } from "./cooling.ts";

export interface Room {
  readonly id: string;
  readonly kind: string;
  readonly plenum: string | null;
  readonly airKjK: number;
  readonly massKjK: number;
  /** Losses to the building and its ventilation, kW/K. */
  readonly lossKwK: number;
  airC: number;
  massC: number;
  humidityPercent: number;
  /** What the humidity wanders about, %. */
  usualHumidityPercent: number;
  leaking: boolean;
  /** Smoke in the air, %/m of obscuration. */
  smoke: number;
  /** Smoke that an event makes, %/m a minute. */
  smokeRate: number;
  /** Seconds for which electrolyte vapour, and flames, have been about. */
  gasS: number;
  flameS: number;
  suppression: { countS: number; released: boolean };
}

/** Air to mass, kW/K for each kJ/K of the room's air. */
const mixing = 0.012;
/** Rooms under one plenum, kW/K. */
const plenumKwK = 0.15;
const hallKjPerKw = 35;
const plainKjK = 700;

/** A room as it stands on an ordinary day; `ratedKw` is that of the racks in it. */
export function makeRoom(id: string, kind: string, plenum: string | null, ratedKw: number): Room {
  const kjK = ratedKw > 0 ? ratedKw * hallKjPerKw : plainKjK;
  const air = ratedKw > 0 ? 0.5 : 0.6;
  return {
    id,
    kind,
    plenum,
    airKjK: kjK * air,
    massKjK: kjK * (1 - air),
    lossKwK: ratedKw > 0 ? 0.02 : 1.2,
    airC: setPointC,
    massC: setPointC,
    humidityPercent: 45,
    usualHumidityPercent: 45,
    leaking: false,
    smoke: 0,
    smokeRate: 0,
    gasS: 0,
    flameS: 0,
    suppression: { countS: 0, released: false },
  };
}

/** A second of one room: net heat into its air, kW. */
export function warm(room: Room, netKw: number): void {
  const toMassKw = mixing * room.airKjK * (room.airC - room.massC);
  room.airC += (netKw - toMassKw - room.lossKwK * (room.airC - setPointC)) / room.airKjK;
  room.massC += toMassKw / room.massKjK;
}

/** Heat that goes over between rooms that share a plenum, in one second. */
export function shareHeat(one: Room, other: Room): void {
  const kw = plenumKwK * (one.airC - other.airC);
  one.airC -= kw / one.airKjK;
  other.airC += kw / other.airKjK;
}

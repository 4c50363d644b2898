/**
 * A bank of lithium strings behind one UPS, laid out as the Galaxy cabinet of Schneider's 990-55224: 17
 * modules of 8 cells in series (340 to 582 V). Autonomy is 6 minutes at the UPS's rating and follows
 * t = t_rated · load^-1.05, the lithium law, so charge falls by (load)^1.05 / t_rated. Voltage is the
 * cells' open-circuit voltage less 0.15 Ω a string. Trips and their delays are those of the cabinet:
 * 75 °C 3 s, cell below 2.5 V 3 s, cells 100 mV apart near full 5 s. A trip stays until it is reset.
 */
export interface Battery {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly strings: readonly BatteryString[];
  /** The cell that is failing, if one is. */
  fault: CellFault | null;
  voltage: number;
  /** Positive while it discharges, A. */
  current: number;
  kw: number;
  /** Counts up once a second while the management system runs. */
  heartbeat: number;
  /** What the converter leaves on the bus, A: no two readings of a living string are alike. */
  rippleA: number;
  energyOutKwh: number;
  energyInKwh: number;
}

/** How a cell fails: over hours, by overcharge, or all at once. */
export type Archetype = "drift" | "vent" | "short";

/** One failing cell. */
export interface CellFault {
  readonly archetype: Archetype;
  /** The string that the cell sits in. */
  readonly string: number;
  ageS: number;
  coreC: number;
  /** What the nearest module sensor shows above the string's bulk, °C: a lagging fraction of the core's excess. */
  sensedC: number;
  /** What the cell has lost of its voltage, V. */
  sagV: number;
  /** Seconds since runaway; 0 before. */
  burningS: number;
}

interface BatteryString {
  connected: boolean;
  tripped: boolean;
  /** Charge, 0 to 1. */
  soc: number;
  current: number;
  temperatureC: number;
  /** Seconds for which each trip's condition has stood. */
  hotS: number;
  lowS: number;
  apartS: number;
}

const cellsInSeries = 136;
const ratedAutonomyS = 360;
const peukert = 1.05;
const stringOhm = 0.15;
/** Charge to open-circuit voltage of a nickel-manganese-cobalt cell, V. */
const openCircuit: readonly (readonly [soc: number, volt: number])[] = [
  [0, 3.0],
  [0.1, 3.45],
  [0.5, 3.68],
  [0.9, 4.05],
  [1, 4.15],
];
/** What comes back of what is charged. */
const chargeEfficiency = 0.96;
const heatCapacityKjK = 500;
const lossKwK = 0.1;
const trips = { hotC: 75, hotS: 3, lowV: 2.5, lowS: 3, apartV: 0.1, apartAboveV: 3.8, apartS: 5 };

export interface BatteryPlace {
  readonly id: string;
  readonly room: number;
  readonly ratedKw: number;
  readonly strings: number;
}

export const makeBattery = ({ id, room, ratedKw, strings }: BatteryPlace): Battery => ({
  id,
  room,
  ratedKw,
  strings: Array.from({ length: strings }, () => ({
    connected: true,
    tripped: false,
    soc: 1,
    current: 0,
    temperatureC: 25,
    hotS: 0,
    lowS: 0,
    apartS: 0,
  })),
  fault: null,
  voltage: cellsInSeries * 4.15,
  current: 0,
  kw: 0,
  heartbeat: 0,
  rippleA: 0,
  energyOutKwh: 0,
  energyInKwh: 0,
});

/** Open-circuit voltage of one cell at a charge between 0 and 1. */
export function cellVoltage(soc: number): number {
  for (let i = 1; i < openCircuit.length; i++) {
    const [low, lowV] = openCircuit[i - 1]!;
    const [high, highV] = openCircuit[i]!;
    if (soc <= high) return lowV + ((highV - lowV) * Math.max(0, soc - low)) / (high - low);
  }
  return 4.15;
}

export function connectedStrings(battery: Battery): number {
  let count = 0;
  for (const string of battery.strings) if (string.connected) count += 1;
  return count;
}

/** Mean charge of all strings, 0 to 1. */
export function chargeOf(battery: Battery): number {
  let sum = 0;
  for (const string of battery.strings) sum += string.soc;
  return sum / battery.strings.length;
}

/** Whether it can give power. */
export const isBatteryGood = (battery: Battery): boolean =>
  battery.strings.some((string) => string.connected && string.soc > 0);

/** Share of its charge that a load of `kw` takes out of each connected string in a second. */
function drain(battery: Battery, kw: number, connected: number): number {
  const share = connected / battery.strings.length;
  // Not by **, whose last digit is not the same in every version of V8.
  return Math.exp(peukert * Math.log(kw / (battery.ratedKw * share))) / ratedAutonomyS;
}

/** How long it would last at a load, s. */
export function runtimeS(battery: Battery, kw: number): number {
  const connected = battery.strings.filter((string) => string.connected);
  if (connected.length === 0) return 0;
  const charge = connected.reduce((sum, string) => sum + string.soc, 0) / connected.length;
  return kw <= 0 ? Number.POSITIVE_INFINITY : charge / drain(battery, kw, connected.length);
}

/** A step at a power that is positive out of the bank. */
export function runBattery(battery: Battery, kw: number, dtS: number): void {
  const connected = connectedStrings(battery);
  battery.kw = connected > 0 ? kw : 0;
  const open = cellsInSeries * cellVoltage(chargeOf(battery));
  battery.current = connected > 0 ? (battery.kw * 1000) / battery.voltage + battery.rippleA : 0;
  battery.voltage = connected > 0 ? open - (battery.current / connected) * stringOhm : open;
  if (connected === 0) {
    for (const string of battery.strings) string.current = 0;
    return;
  }
  const change = kw > 0 ? -drain(battery, kw, connected) : (-kw * chargeEfficiency) / storedKws(battery, connected);
  for (const string of battery.strings) {
    string.current = string.connected ? battery.current / connected : 0;
    if (string.connected) string.soc = Math.min(1, Math.max(0, string.soc + change * dtS));
  }
  if (kw > 0) battery.energyOutKwh += (kw * dtS) / 3600;
  else battery.energyInKwh -= (kw * dtS) / 3600;
}

/** What the connected strings hold when full and drawn at the rating, kW·s. */
const storedKws = (battery: Battery, connected: number): number =>
  (battery.ratedKw * ratedAutonomyS * connected) / battery.strings.length;

/** Heat in the strings and the cabinet's own trips, once a second. `sensorC(i)` is the hottest module of string i. */
export function mindBattery(battery: Battery, roomC: number, cells: (string: number) => HottestAndLowest): void {
  battery.heartbeat = (battery.heartbeat + 1) % 65_536;
  battery.strings.forEach((string, i) => {
    const heatKw = (string.current * string.current * stringOhm) / 1000;
    string.temperatureC += (heatKw - lossKwK * (string.temperatureC - roomC)) / heatCapacityKjK;
    const { hottestC, lowestV, highestV } = cells(i);
    string.hotS = hottestC >= trips.hotC ? string.hotS + 1 : 0;
    string.lowS = lowestV <= trips.lowV ? string.lowS + 1 : 0;
    const apart = highestV >= trips.apartAboveV && highestV - lowestV >= trips.apartV;
    string.apartS = apart ? string.apartS + 1 : 0;
    if (string.hotS > trips.hotS || string.lowS > trips.lowS || string.apartS > trips.apartS) openString(string);
  });
}

/** What the management system sees of one string's cells. */
export interface HottestAndLowest {
  readonly hottestC: number;
  readonly lowestV: number;
  readonly highestV: number;
}

function openString(string: BatteryString): void {
  string.tripped = true;
  string.connected = false;
}

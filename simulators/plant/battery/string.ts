/**
 * One string of a bank as plain data: its charge, its ageing, the warmth of its modules, and what its management
 * system last saw. A lithium string holds charge in one place and lags by a resistor and a capacitor; in a
 * lead-acid one charge that is ready and charge that has yet to diffuse stand apart.
 */
import type { Chemistry } from "./chemistry.ts";
import { along } from "./chemistry.ts";

export interface BatteryString {
  readonly chemistry: Chemistry;
  readonly ratedKw: number;
  /** How much bigger than its chemistry's figures its modules are. */
  readonly size: number;
  connected: boolean;
  tripped: boolean;
  /** No load may draw more from it until it has been charged. */
  spent: boolean;
  /** Charge, 0 to 1 of what it can hold; more where a charger has gone too far. */
  soc: number;
  /** Lead-acid: the charge that is ready, and that which is slow to come, each 0 to 1. */
  ready: number;
  slow: number;
  /** Lithium: how far its voltage lags behind, V. */
  lagV: number;
  /** Cells that still give a voltage. */
  cells: number;
  capacityAh: number;
  ohm: number;
  /** Positive while it discharges, A. */
  amperes: number;
  /** What its instrument shows, A: the converter's ripple is in it. */
  current: number;
  temperatureC: number;
  ageing: Ageing;
  /** Lead-acid: current that floats at 2.27 V a cell in its present state, that which floats now, and what of it is gas, A. */
  usualFloatA: number;
  floatA: number;
  gasA: number;
  /** What its modules give to the air, kW. */
  airKw: number;
  /** Lead-acid: seconds for which its jars have boiled. */
  boiledS: number;
  /** Heat that awaits its modules, and what has left as gas since the beginning, J. */
  heatJ: number;
  gasJ: number;
  /** Heat since the beginning, J. */
  warmedJ: number;
  readonly coreC: Float64Array;
  readonly shellC: Float64Array;
  readonly view: CellView;
  /** Seconds for which the condition of each trip has stood. */
  readonly tripS: Float64Array;
}

/** What time, use and drying out have done. */
interface Ageing {
  /** Years, as if all had passed at 25 °C. */
  years: number;
  /** Full cycles. */
  cycles: number;
  /** Lead-acid: 0 wet, 1 dry, and how much drier each second. */
  dry: number;
  dryingS: number;
}

/** Cells and modules as a string's management system reports them. */
export interface CellView {
  highestV: number;
  lowestV: number;
  meanV: number;
  hottestC: number;
  coolestC: number;
  meanC: number;
}

const usualC = 25;
const tripCount = 11;
/** A lithium cabinet of full size is rated for so much; smaller UPS get no smaller cabinet. */
const cabinetKw = 200;

/** A new string, full and at 25 °C. */
export function makeString(chemistry: Chemistry, ratedKw: number): BatteryString {
  const fullV = along(chemistry.openV, 1);
  return {
    chemistry,
    ratedKw,
    size: chemistry.kind === "lead" ? ratedKw : Math.max(1, ratedKw / cabinetKw),
    connected: true,
    tripped: false,
    spent: false,
    soc: 1,
    ready: 1,
    slow: 1,
    lagV: 0,
    cells: chemistry.modules * chemistry.cellsPerModule,
    capacityAh: chemistry.ahPerKw * ratedKw,
    ohm: chemistry.ohmKw / ratedKw,
    amperes: 0,
    current: 0,
    temperatureC: usualC,
    ageing: { years: 0, cycles: 0, dry: 0, dryingS: 0 },
    usualFloatA: 0,
    floatA: 0,
    gasA: 0,
    airKw: 0,
    boiledS: 0,
    heatJ: 0,
    gasJ: 0,
    warmedJ: 0,
    coreC: new Float64Array(chemistry.modules).fill(usualC),
    shellC: new Float64Array(chemistry.modules).fill(usualC),
    view: { highestV: fullV, lowestV: fullV, meanV: fullV, hottestC: usualC, coolestC: usualC, meanC: usualC },
    tripS: new Float64Array(tripCount),
  };
}

/** Heat for the string's modules, J. */
export function heat(string: BatteryString, joule: number): void {
  string.heatJ += joule;
  string.warmedJ += joule;
}

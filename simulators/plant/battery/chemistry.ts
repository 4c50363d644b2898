/**
 * What the strings of a bank are made of. Three kinds: nickel-manganese-cobalt (NMC) as in the UPS cabinets of
 * Samsung's U6A4 specification (17 modules of 8 cells, 34.6 kWh), iron-phosphate (LFP), and valve-regulated
 * lead-acid (40 jars of 6 cells). Runaway figures are those of heater tests on NCM523 and LFP cells: peaks of 1052
 * and 534 °C, 10.5 and 0.79 °C/s; self-heating is dT/dt = A·exp(-E/T), through 0.02 °C/min at 90 and 110 °C and
 * 60 °C/min at 210 and 250 °C. Twelve NMC cells of a module went in 43 minutes; LFP takes 5 to 20 a cell. Vent gas: 149 and 50 mmol of cells of 1.5 and 1.1 Ah (Golubkov and others, 2014).
 */

/** A quantity over charge, 0 to 1 in even steps; beyond full it goes on as it went. */
export interface Curve {
  readonly at: Float64Array;
  /** Its integral from 0. */
  readonly sum: Float64Array;
}

/** What both kinds of string have. */
interface Make {
  readonly modules: number;
  readonly cellsPerModule: number;
  /** Open-circuit voltage of a cell at 25 °C. */
  readonly openV: Curve;
  /** A charger's setting, and the lowest that a load may draw a cell to, V. */
  readonly chargeV: number;
  readonly emptyV: number;
  /** Ampere hours of a string for each kW that it is rated for, and its resistance times those kW. */
  readonly ahPerKw: number;
  readonly ohmKw: number;
  /** How fast resistance falls with warmth, K. */
  readonly warmingK: number;
  /** What warmth does to the open-circuit voltage of a cell, V/K. */
  readonly voltK: number;
  /** Heat that a module's cells, and its shell, hold, kJ/K; from cells to shell, and from shell to air, kW/K. */
  readonly coreKjK: number;
  readonly shellKjK: number;
  readonly innerKwK: number;
  readonly outerKwK: number;
  /** Years at 25 °C to 80 % of the capacity. */
  readonly lifeYears: number;
}

/** What a lithium cell in runaway does. */
export interface Kinetics {
  /** K, and °C a minute. */
  readonly activation: number;
  readonly rate: number;
  readonly noReturnC: number;
  readonly ventC: number;
  readonly peakC: number;
  /** °C a second on the way to the peak. */
  readonly fierce: number;
  /** From one cell of a module to the next, s. */
  readonly nextCellS: number;
  /** A cell's heat as it goes, kW at once and then less; the share of it that needs no flame. */
  readonly flareKw: number;
  readonly flamelessShare: number;
  /** Whether what it vents takes fire by itself. */
  readonly flaming: boolean;
  /** Litres of gas from each Wh, and the share of hydrogen in it. */
  readonly gasLWh: number;
  readonly hydrogen: number;
}

export interface Lithium extends Make {
  readonly kind: "lithium";
  readonly kinetics: Kinetics;
  /** The cabinet's limits for a cell, V: over, under, and where cells may not be 100 mV apart. */
  readonly overV: number;
  readonly underV: number;
  readonly apartAboveV: number;
  /** Wh of a full-size module, which is what burns however little of it a small UPS is rated for. */
  readonly moduleWh: number;
}

export interface Lead extends Make {
  readonly kind: "lead";
}

export type Chemistry = Lithium | Lead;

const steps = 40;

/** A curve through knots of charge and value. */
function curve(...knots: readonly (readonly [soc: number, value: number])[]): Curve {
  const at = Float64Array.from({ length: steps + 1 }, (_, i) => between(knots, i / steps));
  const sum = new Float64Array(steps + 1);
  for (let i = 1; i <= steps; i++) sum[i] = sum[i - 1]! + (at[i - 1]! + at[i]!) / 2 / steps;
  return { at, sum };
}

function between(knots: readonly (readonly [soc: number, value: number])[], soc: number): number {
  const next = Math.max(
    1,
    knots.findIndex(([at]) => soc <= at),
  );
  const [low, lowValue] = knots[next - 1]!;
  const [high, highValue] = knots[next]!;
  return lowValue + ((highValue - lowValue) * (soc - low)) / (high - low);
}

/** Where a charge stands among a curve's steps. */
const stepOf = (soc: number): number => Math.min(steps - 1, Math.max(0, Math.floor(soc * steps)));

/** A curve's value. */
export function along({ at }: Curve, soc: number): number {
  const i = stepOf(soc);
  return at[i]! + (at[i + 1]! - at[i]!) * (Math.max(0, soc) * steps - i);
}

/** A curve's integral from 0. */
export function under({ at, sum }: Curve, soc: number): number {
  const i = stepOf(soc);
  const into = Math.max(0, soc) * steps - i;
  return sum[i]! + ((at[i]! + ((at[i + 1]! - at[i]!) * into) / 2) * into) / steps;
}

/** Modules of a full-size cabinet: half a tonne of cells and steel, cooled by their fans. */
const cabinet = { coreKjK: 20, shellKjK: 9, innerKwK: 0.12, outerKwK: 0.006 };

export const nmc: Lithium = {
  kind: "lithium",
  modules: 17,
  cellsPerModule: 8,
  openV: curve([0, 3.0], [0.1, 3.45], [0.5, 3.68], [0.9, 4.05], [1, 4.15]),
  chargeV: 4.15,
  emptyV: 2.55,
  ahPerKw: 0.2137,
  ohmKw: 16,
  warmingK: 2500,
  voltK: -0.0001,
  ...cabinet,
  lifeYears: 15,
  overV: 4.28,
  underV: 2.5,
  apartAboveV: 3.8,
  moduleWh: 2035,
  kinetics: {
    activation: 11_706,
    rate: 2.0e12,
    noReturnC: 210,
    ventC: 150,
    peakC: 1052,
    fierce: 10.5,
    nextCellS: 215,
    flareKw: 60,
    flamelessShare: 1 / 3,
    flaming: true,
    gasLWh: 0.66,
    hydrogen: 0.33,
  },
};

export const lfp: Lithium = {
  ...nmc,
  modules: 16,
  cellsPerModule: 10,
  openV: curve([0, 2.8], [0.05, 3.1], [0.1, 3.2], [0.2, 3.25], [0.4, 3.29], [0.7, 3.32], [0.95, 3.34], [1, 3.45]),
  chargeV: 3.45,
  ahPerKw: 0.206,
  overV: 3.75,
  apartAboveV: 3.4,
  kinetics: {
    activation: 11_463,
    rate: 1.97e11,
    noReturnC: 250,
    ventC: 160,
    peakC: 534,
    fierce: 0.79,
    nextCellS: 600,
    flareKw: 13,
    flamelessShare: 1,
    flaming: false,
    gasLWh: 0.34,
    hydrogen: 0.38,
  },
};

/**
 * Ten minutes at its rating, as the 12 V, 7.8 Ah jar of Panasonic's UP-PW1245 gives 258 W: capacity and resistance
 * are that jar's, scaled. Jars hold about 30 kJ/K and lose 2 W/K for each 100 Ah; 10 kW of rating are 7.2 Ah.
 */
export const lead: Lead = {
  kind: "lead",
  modules: 40,
  cellsPerModule: 6,
  openV: curve(
    ...Array.from({ length: steps + 1 }, (_, i): readonly [number, number] => {
      const ready = i / steps;
      return [ready, 2.14 - 0.309 * (1 - ready) - 0.07 * Math.exp(-ready / 0.077)];
    }),
  ),
  chargeV: 2.27,
  emptyV: 1.7,
  ahPerKw: 0.717,
  ohmKw: 14.05,
  warmingK: 600,
  voltK: 0.0002,
  coreKjK: 0.18,
  shellKjK: 0.035,
  innerKwK: 0.000_12,
  outerKwK: 0.000_014_3,
  lifeYears: 10,
};

/** Profiles of strings that are not NMC. A monitor of jars stands for the lead strings that it watches. */
const byProfile: Readonly<Record<string, Chemistry>> = {
  "battery/byd-c130": lfp,
  "battery/huawei-esm": lfp,
  "battery/pylontech-powercube-m2": lfp,
  "battery/soltaro-single-c": lfp,
  "battery/ietf-battery-mib": lead,
  "battery-monitor/alber-bdsu": lead,
};

/** What the strings behind a device are made of, by the id of its profile; NMC where nothing says otherwise. */
export const chemistryOf = (profile: string): Chemistry => byProfile[profile] ?? nmc;

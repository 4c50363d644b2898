/**
 * Water in air. Saturation pressure is Magnus' formula over water, p = 0.6112·exp(17.62·T / (243.12 + T)) kPa, which keeps
 * within 0.1 % of the steam tables from 0 to 50 °C; water content is 622·p/(101.325 - p) g/kg, and the dew point its inverse.
 */
const kpaAtZero = 0.6112;
const slope = 17.62;
const offsetC = 243.12;
const airKpa = 101.325;
const massRatio = 622;

const saturationKpa = (airC: number): number => kpaAtZero * Math.exp((slope * airC) / (offsetC + airC));

/** What air of a temperature and a relative humidity holds, g/kg. */
export function moistureAt(airC: number, percent: number): number {
  const kpa = (saturationKpa(airC) * percent) / 100;
  return (massRatio * kpa) / (airKpa - kpa);
}

const vapourKpa = (gkg: number): number => (airKpa * gkg) / (massRatio + gkg);

/** Relative humidity of air that holds `gkg`, %; 100 where it can hold no more. */
export const humidityPercent = (airC: number, gkg: number): number =>
  Math.min(100, (100 * vapourKpa(gkg)) / saturationKpa(airC));

/** The temperature at which air that holds `gkg` gives dew, °C. */
export function dewPointC(gkg: number): number {
  const log = Math.log(Math.max(1e-6, vapourKpa(gkg)) / kpaAtZero);
  return (offsetC * log) / (slope - log);
}

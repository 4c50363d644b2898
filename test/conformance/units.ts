/** Units as recordings' expectations and as profiles write them: what each measures, and in what part of one common unit. */
type Measure = readonly [kind: string, size: number];

/** Active, reactive and apparent power are held against one another, and so is their energy: recordings call all three watts. */
const measures: Readonly<Record<string, Measure>> = {
  A: ["current", 1],
  mA: ["current", 0.001],
  uA: ["current", 1e-6],
  V: ["voltage", 1],
  mV: ["voltage", 0.001],
  kV: ["voltage", 1000],
  W: ["power", 1],
  kW: ["power", 1000],
  "V.A": ["power", 1],
  VA: ["power", 1],
  "kV.A": ["power", 1000],
  var: ["power", 1],
  kvar: ["power", 1000],
  "W.h": ["energy", 1],
  "kW.h": ["energy", 1000],
  kWh: ["energy", 1000],
  Wh: ["energy", 1],
  "kV.A.h": ["energy", 1000],
  "kvar.h": ["energy", 1000],
  "MW.h": ["energy", 1e6],
  "°C": ["temperature", 1],
  Cel: ["temperature", 1],
  // A difference of two temperatures.
  K: ["temperature", 1],
  Hz: ["frequency", 1],
  kHz: ["frequency", 1000],
  "%": ["number", 0.01],
  "1": ["number", 1],
  "A.h": ["charge", 1],
  ms: ["time", 0.001],
  s: ["time", 1],
  min: ["time", 60],
  h: ["time", 3600],
  d: ["time", 86_400],
  "l/s": ["flow", 1],
  "l/m": ["flow", 1 / 60],
  "l/min": ["flow", 1 / 60],
  "l/h": ["flow", 1 / 3600],
  "m3/h": ["flow", 1 / 3.6],
  "m3/s": ["flow", 1000],
  cfm: ["flow", 0.471_947_443_2],
  Pa: ["pressure", 1],
  hPa: ["pressure", 100],
  kPa: ["pressure", 1000],
  bar: ["pressure", 100_000],
  rpm: ["speed", 1],
  "r/min": ["speed", 1],
  m: ["length", 1],
  mm: ["length", 0.001],
  dBm: ["level", 1],
  dB: ["level", 1],
  Ohm: ["resistance", 1],
  kOhm: ["resistance", 1000],
};

/** A value of one unit in another one; null where the two do not measure the same. */
export function inUnit(value: number, from: string, to: string): number | null {
  if (from === to) return value;
  // What a battery holds: recordings have no unit for it, and call it a number or a current.
  if (from === "A.h" && (to === "1" || to === "A")) return value;
  const [a, b] = [measures[from], measures[to]];
  if (!a || !b || a[0] !== b[0]) return null;
  return a[1] === b[1] ? value : (value * a[1]) / b[1];
}

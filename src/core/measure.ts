/**
 * Names made of parts. Makers number rectifiers, banks, inlets and circuits in more ways than a list
 * of names could hold, so a name may also be put together: parts of a plant, from the whole to the
 * piece, and last what is measured there: "bank[n].current", "rectifier[n].output.voltage",
 * "battery.breaker.status". At most one part has an instance.
 */
export interface Quantity {
  /** UCUM code; "1" for a plain number. Null for a state. */
  readonly unit: string | null;
  /** Values outside are not believed without doubt. */
  readonly range: readonly [number, number];
  readonly states?: readonly string[];
}

/** A number's quantity: its unit, and between which values it is believed. */
export const number = (unit: string, low: number, high: number): Quantity => ({ unit, range: [low, high] });

/** A state's quantity. A state's value is its place here, so that states may only ever be appended. */
export const state = (...states: readonly string[]): Quantity => ({
  unit: null,
  range: [0, states.length - 1],
  states,
});

/** What can be measured at any part, by the last word of a name. */
export const measures: Readonly<Record<string, Quantity>> = {
  voltage: number("V", -100_000, 100_000),
  current: number("A", -100_000, 100_000),
  power: number("kW", -100_000, 100_000),
  apparent_power: number("kV.A", -100_000, 100_000),
  reactive_power: number("kvar", -100_000, 100_000),
  power_factor: number("1", -1, 1),
  energy: number("kW.h", 0, 1e12),
  apparent_energy: number("kV.A.h", 0, 1e12),
  reactive_energy: number("kvar.h", -1e12, 1e12),
  frequency: number("Hz", 0, 1000),
  load: number("%", 0, 300),
  charge: number("%", 0, 100),
  health: number("%", 0, 100),
  charge_capacity: number("A.h", 0, 1e6),
  charge_moved: number("A.h", -1e9, 1e9),
  efficiency: number("%", 0, 110),
  distortion: number("%", 0, 1000),
  imbalance: number("%", 0, 1000),
  crest_factor: number("1", 0, 100),
  k_factor: number("1", 0, 1000),
  quality_factor: number("1", -1000, 1000),
  ratio: number("1", -1e6, 1e6),
  percent: number("%", -100, 1000),
  level: number("%", 0, 200),
  duty: number("%", 0, 150),
  resistance: number("mOhm", 0, 1e12),
  temperature: number("Cel", -100, 1500),
  temperature_difference: number("K", -200, 200),
  humidity: number("%", 0, 100),
  dewpoint: number("Cel", -100, 100),
  absolute_humidity: number("g/m3", 0, 1000),
  pressure: number("kPa", -1000, 100_000),
  pressure_difference: number("Pa", -100_000, 100_000),
  flow: number("l/s", 0, 1_000_000),
  airflow: number("l/s", -1_000_000, 1_000_000),
  air_speed: number("m/s", -200, 200),
  speed: number("r/min", 0, 1_000_000),
  cooling: number("kW", 0, 100_000),
  heating: number("kW", 0, 100_000),
  sound: number("dB", 0, 300),
  light: number("lx", 0, 1_000_000),
  volume: number("l", 0, 1e9),
  distance: number("m", -100_000, 100_000),
  concentration: number("[ppm]", 0, 1_000_000),
  particles: number("ug/m3", 0, 1e6),
  weight: number("kg", -1e6, 1e6),
  runtime: number("s", 0, 1e10),
  duration: number("s", 0, 1e10),
  age: number("s", 0, 1e10),
  count: number("1", -1e12, 1e12),
  signal: number("1", -1e12, 1e12),
  /** How a part fares, in every maker's words for it. */
  status: state("unknown", "normal", "warning", "alarm", "fault", "off", "other"),
  state: state("off", "on", "standby", "fault", "unknown", "other"),
  alarm: state("normal", "alarm", "other"),
  contact: state("open", "closed", "other"),
  presence: state("absent", "present", "other"),
  connection: state("disconnected", "connected", "other"),
  enabled: state("no", "yes", "other"),
  role: state("none", "main", "standby", "other"),
  control: state("off", "auto", "manual", "remote", "local", "test", "other"),
  feed: state("none", "a", "b", "utility", "generator", "bypass", "battery", "other"),
  charging: state("none", "float", "boost", "equalize", "discharging", "resting", "test", "other"),
  test: state("none", "running", "passed", "aborted", "failed", "other"),
};

/** The parts of a plant that a name may be put together of. */
export const parts: ReadonlySet<string> = new Set(
  `ac acoustic air aisle alarm ambient analog angle apparent aux average balance bank battery block board bottom branch
  breaker bus bypass cabinet cable calibration capacitor cell charger chiller circuit coil cold communication compressor
  condensate condenser contact contactor container control converter coolant cord core current damper day dc dcdc
  defective dehumidifier delta detector device diesel differential digital discharge display distribution door drive
  earth economizer emergency energy engine environment evaporator exhaust external factor fan fault feed filter fire
  first floor fluid fourth free frequency front fuel fuse gas generator glycol grid ground group heat heater heatsink
  high hot humidifier humidity inlet input internal inverter isolation ladder lamp leak left light lightning limit line
  link load lockout low main mains maintenance maximum measurement middle minimum mode module monitor motion motor
  nearest network neutral nominal oil outdoor outlet output pack panel parallel peak phase plant plug pole port power
  pressure probe pulse pump rack rated rear rectifier redundancy refrigerant relay residual restart return right room
  rope sag second secondary segment selected sensor service setpoint shelf side smoke software solar source spare stage
  static stator step storage string suction summer sump supply suppression surge switch system tamper tank temperature
  temporary test thermal third threshold timer today top total transfer transformer unit ups utility valve ventilation
  vibration voltage wall water wind window zone`.split(/\s+/),
);

/** The quantity of a name that is put together; undefined for one that is not made of known parts and a measure. */
export function measureOf(name: string): Quantity | undefined {
  const words = name.split(/\.(?![^[]*\])/);
  const bare = words.map((word) => word.replace(/\[[a-z0-9.]+\]$/, ""));
  if (words.filter((word, i) => word !== bare[i]).length > 1) return undefined;
  const measure = bare.at(-1) ?? "";
  if (words.length < 2 || !bare.slice(0, -1).every((word) => parts.has(word))) return undefined;
  return Object.hasOwn(measures, measure) ? measures[measure] : undefined;
}

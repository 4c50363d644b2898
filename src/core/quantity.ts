/**
 * What can be measured, under one name for every vendor. A profile maps registers and objects to
 * these names; alarms, dashboards and the wall know nothing else. `[n]` stands for an instance
 * number. A state's value is its place in `states`, which may only ever be appended to: history
 * and journals hold the numbers.
 */
export interface Quantity {
  /** UCUM code; "1" for a plain number. Null for a state. */
  readonly unit: string | null;
  /** Values outside are not believed without doubt. */
  readonly range: readonly [number, number];
  readonly states?: readonly string[];
}

const number = (unit: string, low: number, high: number): Quantity => ({ unit, range: [low, high] });
const state = (...states: readonly string[]): Quantity => ({ unit: null, range: [0, states.length - 1], states });

const onOff = state("off", "on");
const alarmed = state("normal", "alarm");
const noYes = state("no", "yes");

/** Every standard point name. */
export const quantities: Readonly<Record<string, Quantity>> = {
  "ups.mode": state("off", "online", "bypass", "battery", "boost", "buck", "other"),
  "ups.alarms": number("1", 0, 1000),
  "input.voltage[n]": number("V", 0, 1000),
  "input.frequency[n]": number("Hz", 0, 100),
  "output.voltage[n]": number("V", 0, 1000),
  "output.current[n]": number("A", 0, 10_000),
  "output.power[n]": number("kW", 0, 10_000),
  "output.load[n]": number("%", 0, 300),
  "output.power": number("kW", 0, 10_000),
  "output.load": number("%", 0, 300),
  "output.frequency": number("Hz", 0, 100),
  "battery.status": state("unknown", "normal", "low", "depleted"),
  "battery.charge": number("%", 0, 100),
  "battery.runtime": number("s", 0, 86_400),
  "battery.time_on_battery": number("s", 0, 864_000),
  "battery.voltage": number("V", 0, 1500),
  "battery.current": number("A", -5000, 5000),
  "battery.power": number("kW", -5000, 5000),
  "battery.temperature": number("Cel", -40, 120),
  "battery.health": number("%", 0, 100),
  "battery.state": state("off", "standby", "charging", "discharging", "holding", "fault", "other"),
  "battery.alarms": number("1", 0, 4_294_967_295),
  "battery.heartbeat": number("1", 0, 65_535),
  "battery.connection": state("disconnected", "connected", "partly", "fault"),
  "cell.voltage.max": number("V", 0, 6),
  "cell.voltage.min": number("V", 0, 6),
  "cell.voltage.mean": number("V", 0, 6),
  "module.temperature.max": number("Cel", -40, 1500),
  "module.temperature.min": number("Cel", -40, 1500),
  "module.temperature.mean": number("Cel", -40, 1500),
  "string[n].voltage": number("V", 0, 1500),
  "string[n].current": number("A", -5000, 5000),
  "string[n].charge": number("%", 0, 100),
  "string[n].module.temperature.max": number("Cel", -40, 1500),
  "string[n].connection": state("disconnected", "connected"),
  "power.active": number("kW", -100_000, 100_000),
  "power.apparent": number("kV.A", 0, 100_000),
  "power.reactive": number("kvar", -100_000, 100_000),
  "power.factor": number("1", -1, 1),
  "energy.active": number("kW.h", 0, 1e12),
  "voltage[n]": number("V", 0, 100_000),
  "current[n]": number("A", 0, 100_000),
  frequency: number("Hz", 0, 100),
  "outlet[n].state": onOff,
  "outlet[n].power": number("kW", 0, 100),
  "outlet[n].current": number("A", 0, 100),
  "relay[n].state": onOff,
  "contact[n].state": state("open", "closed"),
  "temperature.ambient": number("Cel", -40, 200),
  "temperature.supply": number("Cel", -40, 120),
  "temperature.return": number("Cel", -40, 120),
  "temperature.inlet": number("Cel", -40, 120),
  "humidity.ambient": number("%", 0, 100),
  "cooling.mode": state("off", "standby", "idle", "on", "fault"),
  "cooling.output": number("kW", 0, 10_000),
  "cooling.demand": number("kW", 0, 10_000),
  "cooling.alarms": number("1", 0, 1000),
  "fan.speed": number("%", 0, 150),
  airflow: number("l/s", 0, 1_000_000),
  "water.temperature.in": number("Cel", -40, 120),
  "water.temperature.out": number("Cel", -40, 120),
  "water.flow": number("l/s", 0, 100_000),
  "smoke.level": state("normal", "alert", "action", "fire1", "fire2"),
  "smoke.obscuration": number("%/m", 0, 100),
  "smoke.fault": alarmed,
  "smoke.airflow": number("%", 0, 400),
  "smoke.isolated": alarmed,
  "offgas.state": alarmed,
  "leak.state": alarmed,
  "suppression.released": alarmed,
  "flame.state": alarmed,
  "ats.on_utility": noYes,
  "ats.on_generator": noYes,
  "contactor[n].state": onOff,
  "generator.mode": state("stop", "auto", "manual", "test", "other"),
  "generator.state": state("stopped", "starting", "running", "cooling", "fault", "other"),
  "generator.alarm": state("normal", "warning", "shutdown", "trip"),
  "generator.power": number("kW", -1000, 100_000),
  "generator.voltage": number("V", 0, 100_000),
  "generator.frequency": number("Hz", 0, 100),
  "engine.speed": number("r/min", 0, 5000),
  "engine.runtime": number("s", 0, 1e10),
  "engine.oil_pressure": number("kPa", 0, 5000),
  "engine.coolant_temperature": number("Cel", -50, 200),
  "engine.battery_voltage": number("V", 0, 60),
  "fuel.level": number("%", 0, 130),
  "service.site": number("1", 0, 100),
  "device.reboots": number("1", 0, 1e10),
  "link.state": state("down", "up"),
  "link.latency": number("ms", 0, 1e6),
  "link.misses": number("1", 0, 1e9),
  "link.period": number("ms", 0, 1e9),
  "load.state": state("low", "normal", "near_overload", "overload"),
  "smoke.airflow_fault": alarmed,
  "scan.time": number("ms", 0, 1e6),
  "scan.overruns": number("1", 0, 1e12),
  "loop.lag": number("ms", 0, 1e6),
  "journal.size": number("MB", 0, 1e9),
  "spool.size": number("MB", 0, 1e9),
  "memory.resident": number("MB", 0, 1e6),
};

/** The quantity of a point by its name, with or without its instance filled in: "outlet[3].state" as "outlet[n].state". */
export const quantityOf = (name: string): Quantity | undefined => quantities[name.replace(/\[[a-z0-9]+\]/, "[n]")];

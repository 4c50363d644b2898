/**
 * What a device of each class must offer, whoever made it. Alarms, dashboards and the wall build on
 * these points without asking for the vendor; a profile that lacks one is not yet a profile of its class.
 */
/** Each entry is one requirement: any one of its points fulfils it. */
const required = {
  // Where a card gives no numbers, it must at least say whether the battery carries the load, is low, and is overloaded.
  ups: [
    ["ups.mode", "ups.on_battery"],
    ["battery.charge", "battery.status"],
    ["battery.runtime", "battery.status"],
    ["output.load", "output.load[n]", "output.current[n]", "load.state"],
  ],
  // A site controller tells of several batteries, and of none of their cells.
  battery: [
    ["battery.charge", "string[n].charge", "battery[n].charge_capacity", "string[n].charge_capacity"],
    ["battery.voltage", "string[n].voltage", "battery[n].voltage"],
    ["battery.current", "string[n].current", "battery[n].current", "string[n].current.status"],
    [
      "module.temperature.max",
      "cell.temperature.max",
      "battery.temperature",
      "string[n].temperature",
      "battery[n].temperature",
      "string[n].ambient.temperature",
    ],
    ["cell.voltage.min", "module[n].voltage", "battery[n].voltage", "string[n].voltage"],
  ],
  "battery-monitor": [["string[n].thermal_runaway"], ["string[n].discharging"], ["string[n].offline"]],
  "power-shelf": [["device.alarm"], ["output.power", "battery.state"]],
  breaker: [["breaker.state"], ["breaker.trip"]],
  // A PDU switches its outlets, or says what goes through it; many do one of the two.
  pdu: [
    [
      "outlet[n].state",
      "power.active",
      "outlet[n].power",
      "unit[n].power",
      "outlet[n].current",
      "inlet[n].current",
      "phase[n].current",
      "line[n].current",
      "bank[n].current",
      "circuit[n].current",
    ],
  ],
  "transfer-switch": [
    ["source.feed", "output.feed", "switch[n].feed", "feed.status", "a.status", "source[n].status", "input[n].status"],
  ],
  // Rectifiers, their bus and their batteries.
  "dc-power": [
    [
      "dc.voltage",
      "output.voltage",
      "battery.voltage",
      "bus.voltage",
      "battery[n].voltage",
      "bus[n].voltage",
      "circuit[n].voltage",
      "output[n].voltage",
    ],
  ],
  // Temperature, humidity, gas, doors and contacts, whoever made them.
  environment: [
    [
      "temperature.ambient",
      "temperature.ambient[n]",
      "sensor[n].temperature",
      "probe[n].temperature",
      "humidity.ambient[n]",
      "contact[n].state",
      "sensor[n].status",
      "leak.state",
      "gas.alarm",
      "rack[n].front.temperature",
    ],
  ],
  // Air to racks, coolant to racks, and the water behind both: does it run, and is what it gives cold?
  cooling: [
    ["cooling.mode", "fan.fault", "fan[n].status", "unit[n].state"],
    [
      "temperature.supply",
      "temperature.inlet",
      "temperature.supply.high",
      "supply[n].temperature",
      "temperature.return",
    ],
  ],
  cdu: [
    ["cooling.mode", "coolant.flow", "pump[n].fault"],
    ["coolant.temperature.supply", "coolant.temperature.high"],
  ],
  chiller: [["cooling.mode"], ["coolant.temperature.supply", "coolant.temperature.high"]],
  leak: [
    ["leak.state", "leak[n].status"],
    ["leak.fault", "leak[n].status"],
  ],
  // A detector of its own, or a panel's many.
  fire: [
    ["smoke.level", "detector[n].alarm"],
    ["smoke.fault", "detector[n].fault.alarm"],
  ],
  "remote-io": [["contact[n].state", "relay[n].state", "analog[n].signal"]],
  meter: [["power.active", "power.active[n]", "circuit[n].power"]],
  // A gateway tells of several; where no power is told there must at least be a current.
  generator: [
    ["generator.state", "generator.frequency", "generator[n].frequency"],
    ["generator.power", "generator[n].power", "generator.phase[n].current"],
    ["generator.alarm", "device.alarm", "generator.state", "generator[n].control"],
    ["fuel.level", "engine.battery_voltage", "generator[n].fuel.level"],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;

export type DeviceClass = keyof typeof required;

export const deviceClasses = Object.keys(required) as [DeviceClass, ...DeviceClass[]];

/** The requirements of its class that a profile does not fulfil, each as "a or b". */
export function missingPoints(profile: {
  readonly class: DeviceClass;
  readonly points: Readonly<Record<string, unknown>>;
}): readonly string[] {
  const offered = new Set(Object.keys(profile.points).map((name) => name.replace(/\[[a-z0-9]+\]/, "[n]")));
  const requirements: readonly (readonly string[])[] = required[profile.class];
  return requirements.filter((names) => !names.some((name) => offered.has(name))).map((names) => names.join(" or "));
}

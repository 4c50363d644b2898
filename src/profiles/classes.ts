/**
 * What a device of each class must offer, whoever made it. Alarms, dashboards and the wall build on
 * these points without asking for the vendor; a profile that lacks one is not yet a profile of its class.
 */
/** Each entry is one requirement: any one of its points fulfils it. */
const required = {
  ups: [["ups.mode"], ["battery.charge"], ["battery.runtime"], ["output.load", "output.load[n]"]],
  battery: [
    ["battery.charge"],
    ["battery.voltage"],
    ["battery.current"],
    ["module.temperature.max", "battery.temperature"],
    ["cell.voltage.min"],
  ],
  pdu: [["outlet[n].state"], ["power.active", "outlet[n].power"]],
  cooling: [["cooling.mode"], ["temperature.supply", "temperature.inlet"]],
  fire: [["smoke.level"], ["smoke.fault"]],
  "remote-io": [["contact[n].state", "relay[n].state"]],
  meter: [["power.active"]],
  generator: [["generator.state"], ["generator.power"], ["generator.alarm"], ["fuel.level"]],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;

export type DeviceClass = keyof typeof required;

export const deviceClasses = Object.keys(required) as [DeviceClass, ...DeviceClass[]];

/** The requirements of its class that a profile does not fulfil, each as "a or b". */
export function missingPoints(profile: {
  readonly class: DeviceClass;
  readonly points: Readonly<Record<string, unknown>>;
}): readonly string[] {
  const offered = new Set(Object.keys(profile.points).map((name) => name.replace(/\[[a-z]\]/, "[n]")));
  const requirements: readonly (readonly string[])[] = required[profile.class];
  return requirements.filter((names) => !names.some((name) => offered.has(name))).map((names) => names.join(" or "));
}

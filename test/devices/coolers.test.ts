import { describe, expect, it } from "vitest";
import { bindDevice, decodeSnmp, loadLibrary } from "../../src/profiles/index.ts";

const { profiles } = loadLibrary();

/** What a point at a fixed object makes of a raw answer: states by name, faults as they are called. */
function reads(id: string, name: string, raw: number): number | string {
  const profile = profiles.get(id);
  const point = profile && bindDevice(profile).points.find((one) => one.name === name);
  if (!point) throw new Error(`${id} has no ${name}`);
  const sample = decodeSnmp(point, { type: 2, value: raw });
  if ("fault" in sample) return sample.fault;
  return point.states?.[sample.value] ?? Number(sample.value.toPrecision(9));
}

describe("coolers over SNMP", () => {
  it.each([
    // PowerNet-MIB: tenths of degrees and kilowatts, -1 for what a unit lacks, 1 standby, 2 on, 3 idle.
    ["cooling/apc-inrow-rd", "temperature.supply", 194, 19.4],
    ["cooling/apc-inrow-rd", "temperature.supply", -1, "sensorFailure"],
    ["cooling/apc-inrow-rd", "cooling.output", 108, 10.8],
    ["cooling/apc-inrow-rd", "cooling.mode", 1, "standby"],
    ["cooling/apc-inrow-sc-snmp", "cooling.mode", 3, "idle"],
    ["cooling/apc-inrow-sc-snmp", "leak.state", 2, "alarm"],
    // PowerNet-MIB, airFM: the lowest number of 32 bits is what a unit's make-up has not.
    ["cooling/apc-network-air-fm", "temperature.setpoint", 222, 22.2],
    ["cooling/apc-network-air-fm", "temperature.setpoint", -2_147_483_648, "sensorFailure"],
    ["cooling/apc-network-air-fm", "cooling.enabled", 3, "yes"],
    // KELVIN-pCOWeb-Chiller-MIB: tenths of degrees, of litres a minute, of kilowatts and of bars.
    ["chiller/rittal-pcoweb", "coolant.temperature.supply", 179, 17.9],
    ["chiller/rittal-pcoweb", "coolant.flow", 1413, 2.35500471],
    ["chiller/rittal-pcoweb", "cooling.output", 339, 33.9],
    ["chiller/rittal-pcoweb", "coolant.pressure.supply", 37, 370],
    // LIEBERT-GP-ENVIRONMENTAL-MIB: 1 on, 2 off, 3 standby; whole per cent.
    ["cooling/liebert-lgp", "cooling.mode", 3, "standby"],
    ["cooling/liebert-lgp", "fan.duty", 50, 50],
    // DANTHERM-COOLING-MIB: whole degrees, volts and per cent; fan state 2 is the emergency speed.
    ["cooling/dantherm-free-cooling", "temperature.return", 19, 19],
    ["cooling/dantherm-free-cooling", "cooling.mode", 2, "on"],
    // SCS-ks-MIB: -1 is a state that the controller does not know.
    ["cooling/scs-ks", "fan.fault", 1, "alarm"],
    ["cooling/scs-ks", "fan.fault", -1, "sensorFailure"],
  ])("%s has %s as %d for %s", (id, name, raw, meaning) => {
    expect(reads(id, name, raw)).toBe(meaning);
  });
});

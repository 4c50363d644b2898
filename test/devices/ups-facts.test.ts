/** What UPS of the library make of raw answers, by the figures of their makers' MIBs. */
import { describe, expect, it } from "vitest";
import type { PointModel } from "../../src/profiles/index.ts";
import { bindDevice, decodeSnmp, loadLibrary } from "../../src/profiles/index.ts";

const { profiles } = loadLibrary();

/** Every form of a point: one that stands where it stands, or those that are looked up on the device. */
function formsOf(profile: string, name: string): readonly PointModel[] {
  const { points, tables = [] } = bindDevice(profiles.get(profile)!);
  const lookedUp = tables.flatMap((table) => table.points).filter((point) => point.name === name);
  return lookedUp.length > 0 ? lookedUp : points.filter((point) => point.name === name);
}

/** What the first form makes of a raw answer, states by name. */
function reads(profile: string, name: string, raw: number | string): number | string | undefined {
  const [point] = formsOf(profile, name);
  if (!point) throw new Error(`${profile} has no ${name}`);
  const answer = typeof raw === "string" ? { type: 4, value: Buffer.from(raw) } : { type: 2, value: raw };
  const sample = decodeSnmp(point, answer);
  if ("fault" in sample) return sample.fault;
  return point.states?.[sample.value] ?? Number(sample.value.toFixed(6));
}

/** APC's 64 flags, all clear but those that are set, counted from 1. */
const flags = (...set: readonly number[]): string =>
  Array.from({ length: 64 }, (_, i) => (set.includes(i + 1) ? "1" : "0")).join("");

describe("a UPS", () => {
  it.each([
    ["ups/ietf-ups-mib", "battery.current", -20, -2],
    ["ups/ietf-ups-mib", "battery.current", 65_535, "sensorFailure"],
    ["ups/ietf-ups-mib", "battery.temperature", -273, "sensorFailure"],
    ["ups/ietf-ups-mib", "bypass.power[2]", 1500, 1.5],
    ["ups/ietf-ups-mib", "ups.test", 3, "failed"],
    ["ups/apc-powernet", "ups.mode", 3, "battery"],
    ["ups/apc-powernet", "ups.mode", 16, "bypass"],
    ["ups/apc-powernet", "ups.mode", 15, "other"],
    ["ups/apc-powernet", "battery.runtime", 456_000, 4560],
    ["ups/apc-powernet", "battery.temperature", 2550, "sensorFailure"],
    ["ups/apc-powernet", "ups.efficiency", -2, "sensorFailure"],
    ["ups/apc-powernet", "cell.voltage.min", 3310, 3.31],
    ["ups/apc-powernet-whole", "output.load", 42, 42],
    ["ups/eaton-xups", "output.load[1]", 31, 31],
    ["ups/eaton-xups", "output[1].current", 47, 4.7],
    ["ups/eaton-mge", "ups.on_battery", 1, "yes"],
    ["ups/eaton-mge", "output.voltage[n]", 2290, 229],
    ["ups/liebert-gp-power", "phase[n].crest_factor", 14, 1.4],
    ["ups/socomec-netvision", "ups.on_battery", 5, "yes"],
    ["ups/socomec-netvision", "output.power", 65_534, "sensorFailure"],
    ["ups/riello-rups", "battery.external.temperature", 20, 20],
    ["ups/delta-dups", "input.voltage[3]", 2313, 231.3],
    ["ups/delta-mini-snmp", "input.voltage[1]", 2313, 231.3],
    ["ups/cyberpower", "battery.runtime", 174_000, 1740],
    ["ups/cyberpower", "temperature.ambient", 215, 21.5],
    ["ups/megatec-xppc", "ups.mode", 8, "off"],
    ["ups/megatec-xppc", "ups.on_bypass", 13, "yes"],
    ["ups/powerwalker-eppc", "ups.mode", 5, "battery"],
    ["ups/webpower-usha", "battery.temperature", 285, 28.5],
    ["ups/tripplite-poweralert", "output.current[n]", 140, 1.4],
    ["ups/tripplite-snmpwebcard", "battery.service.count", "4.6", 4.6],
    ["ups/voltronic-company", "output.total.power", 12_000, 1.2],
    ["ups/huawei-hwups", "output.frequency", 5000, 50],
    ["ups/dell-ups", "battery.runtime", 11_179, 11_179],
    ["ups/hpe-cpqpower", "battery.state", 2, "discharging"],
  ] as const)("%s reads %s %j as %j", (profile, name, raw, meaning) => expect(reads(profile, name, raw)).toBe(meaning));

  it("of APC tells its flags from the left", () => {
    const told = (name: string, set: number) => reads("ups/apc-powernet", name, flags(set));
    expect(told("output.load.alarm", 9)).toBe("alarm");
    expect(told("output.load.alarm", 10)).toBe("normal");
    expect(told("battery.presence", 33)).toBe("absent");
    expect(reads("ups/apc-powernet", "fan.fault", "UNKNOWN")).toBe("sensorFailure");
  });

  it("of Huawei counts hertz in hundredths where a reading has four digits, and else in tenths", () => {
    const [hundredths, tenths] = formsOf("ups/huawei-hwups", "output.frequency");
    expect(decodeSnmp(hundredths!, { type: 2, value: 4990 })).toMatchObject({ value: 49.9 });
    expect(decodeSnmp(tenths!, { type: 2, value: 499 })).toMatchObject({ value: 49.9 });
  });
});

import { describe, expect, it } from "vitest";
import type { DeviceModel, ModbusAddress } from "../../src/profiles/index.ts";
import { bindDevice, decodeModbus, loadLibrary, registerImage } from "../../src/profiles/index.ts";

const { profiles } = loadLibrary();

function bound(id: string): DeviceModel {
  const profile = profiles.get(id);
  if (!profile) throw new Error(`no profile ${id}`);
  return bindDevice(profile, { protocol: "modbus" });
}

type Table = ModbusAddress["table"];

/** What a point makes of words from an address on, states by name. */
function reads(id: string, name: string, table: Table, addr: number, words: readonly number[]): number | string {
  const point = bound(id).points.find((one) => one.name === name);
  if (!point) throw new Error(`${id} has no ${name}`);
  const registers = registerImage();
  for (const [i, word] of words.entries()) registers.set(table, addr + i, word);
  const sample = decodeModbus(point, registers, new Map([[804, 40_100]]));
  if ("fault" in sample) return sample.fault;
  return point.states?.[sample.value] ?? sample.value;
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);

/** Profile, point, where its words lie, the words, and what the vendor's table says that they mean. */
const known: readonly (readonly [string, string, Table, number, readonly number[], number | string])[] = [
  ["ups/apc-smt-smx", "battery.charge", "holding", 130, [51_200], 100],
  ["ups/apc-smt-smx", "battery.runtime", "holding", 128, [0, 3600], 3600],
  ["ups/apc-smt-smx", "ups.mode", "holding", 1, [0b100], "battery"],
  ["ups/apc-smt-smx", "ups.mode", "holding", 1, [0x2002], "online"],
  ["ups/apc-smt-smx", "ups.mode", "holding", 1, [0], "other"],
  ["ups/apc-smt-smx", "load.state", "holding", 0, [0b10_0000], "overload"],
  ["ups/apc-smt-smx", "device.alarm", "holding", 20, [0, 0b1000], "normal"],
  ["ups/apc-smt-smx", "device.alarm", "holding", 20, [0, 0b1_0000], "alarm"],
  ["ups/apc-smt-smx", "battery.test", "holding", 23, [0b1000], "failed"],
  ["ups/apc-smt-smx", "ups.efficiency", "holding", 154, [0xfffe], "sensorFailure"],
  ["ups/apc-smt-smx", "outlet[2].state", "holding", 13, [2], "off"],
  ["ups/huawei-ups2000", "ups.mode", "holding", 11_024, [5], "online"],
  ["ups/huawei-ups2000", "ups.mode", "holding", 11_024, [4], "deviceFailure"],
  ["ups/huawei-ups2000", "battery.runtime", "holding", 12_004, [0, 420], 420],
  ["ups/huawei-ups2000", "output.load", "holding", 11_021, [0x7fff], "sensorFailure"],
  ["ups/huawei-ups2000", "battery.fault", "holding", 41_187, [0, 0, 0, 0, 0, 0, 0, 0b1_0000], "alarm"],
  ["ups/huawei-ups2000", "battery.fault", "holding", 41_187, [0, 0b1000, 0, 0, 0, 0, 0, 0], "alarm"],
  ["ups/huawei-ups2000", "load.state", "holding", 41_197, [0b10_0000], "near_overload"],
  ["ups/socomec-jbus", "ups.mode", "holding", 0x1020, [0b10_1000], "battery"],
  ["ups/socomec-jbus", "battery.runtime", "holding", 0x1077, [7], 420],
  ["ups/socomec-jbus", "battery.runtime", "holding", 0x1077, [0xffff], "sensorFailure"],
  ["ups/socomec-jbus", "device.alarm", "holding", 0x1040, [1, 0x8000, 0, 0], "alarm"],
  ["ups/socomec-jbus", "battery.voltage", "holding", 0x1074, [4096], 409.6],
  ["ups/socomec-masterys-gp4", "ups.mode", "holding", 0x30, [0b1000], "bypass"],
  ["ups/socomec-masterys-gp4", "battery.runtime", "holding", 0x58, [10], 600],
  ["ups/socomec-masterys-gp4", "battery.fault", "holding", 0x32, [0], "alarm"],
  ["ups/riello-netman204", "ups.mode", "holding", 0, [0x2000], "battery"],
  ["ups/riello-netman204", "ups.mode", "holding", 0, [0x8200], "online"],
  ["ups/riello-netman204", "input.fault", "holding", 1, [0x1000], "normal"],
  ["ups/riello-netman204", "device.alarm", "holding", 0, [0, 0x8000], "alarm"],
  ["ups/liebert-aps", "battery.runtime", "input", 436, [12], 720],
  ["ups/liebert-aps", "ups.on_battery", "input", 441, [2], "yes"],
  ["ups/liebert-aps", "power_module[2].alarm", "input", 545, [4], "fault"],
  ["ups/liebert-aps", "battery_module[2].temperature", "input", 671, [0xff9c], -10],
  ["ups/liebert-hinet", "ups.on_battery", "discrete", 127, [1], "yes"],
  ["ups/liebert-hinet", "battery.status", "discrete", 151, [1], "low"],
  ["ups/liebert-hinet", "output.frequency", "input", 107, [500], 50],
  ["ups/phoenix-quint4", "ups.mode", "holding", 0x2000, [0b100], "battery"],
  ["ups/phoenix-quint4", "output.voltage[1]", "holding", 0x2006, [24_100], 24.1],
  ["ups/phoenix-quint4", "battery.temperature", "holding", 0x200d, [298], 25],
  ["ups/phoenix-quint4", "battery.status", "holding", 0x3001, [0], "normal"],
  ["ups/phoenix-quint4", "battery.status", "holding", 0x3001, [0b1_0100], "depleted"],
  ["battery/byd-c130", "battery.voltage", "holding", 0x2100, [7532], 753.2],
  ["battery/byd-c130", "battery.current", "holding", 0x2101, [0xff9c], -10],
  ["battery/byd-c130", "cell.voltage.min", "holding", 0x2108, [3312], 3.312],
  ["battery/byd-c130", "battery.alarm", "holding", 0x2140, [1, 0, 0, 0, 0, 0, 0, 0], "warning"],
  ["battery/byd-c130", "battery.alarm", "holding", 0x2140, [1, 0, 0, 0b1000, 0, 0, 0, 0], "alarm"],
  ["battery/byd-c130", "battery.alarm", "holding", 0x2140, [0, 0, 0xffff, 0, 0, 0, 0, 0], "normal"],
  ["battery/soltaro-single-c", "cell.temperature.max", "holding", 0x210a, [312], 31.2],
  ["battery/soltaro-single-c", "battery.alarm", "holding", 0x2140, [1, 0, 0], "alarm"],
  ["battery/soltaro-single-c", "battery.alarm", "holding", 0x2140, [0, 1, 0], "warning"],
  ["battery/pylontech-powercube-m2", "battery.current", "holding", 0x1104, [0xffff, 0xf830], -20],
  ["battery/pylontech-powercube-m2", "battery.discharge_limit", "holding", 0x110d, [0xffff, 0xd8f0], 100],
  ["battery/pylontech-powercube-m2", "battery.state", "holding", 0x1100, [0b1000_0000_0010], "discharging"],
  ["battery/pylontech-powercube-m2", "battery.alarm", "holding", 0x1100, [2, 0b1000_0000, 1], "alarm"],
  ["battery/pylontech-powercube-m2", "battery.alarm", "holding", 0x1100, [2, 0, 1], "warning"],
  ["battery/sunspec-804", "battery.connection", "holding", 40_105, [2], "connected"],
  ["battery/sunspec-804", "battery.cycles", "holding", 40_110, [0, 77], 77],
  ["battery-monitor/alber-bdsu", "string[1].thermal_runaway", "discrete", 576, [1], "alarm"],
  ["battery-monitor/alber-bdsu", "string[32].hotter_than_room", "discrete", 3263, [1], "alarm"],
  ["battery-monitor/alber-bdsu", "device.alarm", "input", 9025, [64], "deviceFailure"],
  ["power-shelf/ocp-orv3-psu", "output.voltage[1]", "holding", 79, [51_200], 50],
  ["power-shelf/ocp-orv3-psu", "output.power", "holding", 82, [20_000], 2.5],
  ["power-shelf/ocp-orv3-psu", "temperature.inlet", "holding", 69, [3200], 25],
  ["power-shelf/ocp-orv3-bbu", "battery.state", "holding", 107, [0b110], "discharging"],
  ["power-shelf/ocp-orv3-bbu", "battery.status", "holding", 108, [0b10_0000_0000], "low"],
  ["power-shelf/ocp-orv3-bbu", "device.alarm", "holding", 104, [0b1000_0000, 0], "warning"],
  ["breaker/schneider-masterpact-mtz", "breaker.state", "holding", 32_000, [1], "closed"],
  ["breaker/schneider-masterpact-mtz", "breaker.trip", "holding", 32_000, [0b110], "fault"],
  ["breaker/schneider-nsx-bscm", "breaker.trip", "holding", 562, [0b010], "tripped"],
  ["breaker/schneider-nsx-bscm", "breaker.control", "holding", 563, [0b10_0000], "local"],
  ["breaker/schneider-micrologic-active", "breaker.state", "holding", 660, [0], "open"],
  ["breaker/schneider-micrologic-active", "breaker.operation", "holding", 669, [1], "auto"],
  ["cdu/ocp-orv3-rpu", "coolant.temperature.supply", "holding", 0x9001, [350], 35],
  ["cdu/ocp-orv3-rpu", "coolant.flow", "holding", 0x9000, [600], 1],
  ["cdu/ocp-orv3-rpu", "leak.state", "holding", 37_378, [0b1111], "normal"],
  ["cdu/ocp-orv3-rpu", "leak.state", "holding", 37_378, [0b1_0000], "alarm"],
  ["cdu/ocp-orv3-rpu", "leak.latched", "holding", 6565, [0, 0, 0, 0, 1, 0, 0, 0], "alarm"],
  ["cdu/ocp-orv3-rpu", "device.alarm", "holding", 37_375, [0, 0, 0x100, 0xffff, 0], "alarm"],
  ["cdu/ocp-orv3-rpu", "device.alarm", "holding", 37_375, [0, 0, 0, 0xffff, 1], "warning"],
  ["cdu/liebert-xdc", "coolant.temperature.supply", "input", 386, [132], 13.2],
  ["cdu/liebert-xdc", "dewpoint.ambient[2]", "input", 397, [98], 9.8],
  ["cdu/liebert-xdc", "device.alarm", "input", 421, [32], "alarm"],
  ["cdu/liebert-xdp", "pump[2].fault", "discrete", 1, [1], "alarm"],
  ["cdu/liebert-xdp", "leak.state", "discrete", 20, [1], "alarm"],
  ["cdu/liebert-xdp", "device.alarm", "discrete", 0, [0, 0, 1, 0, 1, 0, 0, 0, 0, 0], "warning"],
  ["cdu/liebert-xdp", "device.alarm", "discrete", 0, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0], "alarm"],
  ["chiller/thermal-care-accuchiller-eq", "cooling.mode", "discrete", 0, [1], "on"],
  ["chiller/thermal-care-accuchiller-eq", "coolant.fault", "discrete", 12, [1], "alarm"],
  ["chiller/thermal-care-accuchiller-eq", "device.alarm", "discrete", 8, [...zeros(14), 1], "alarm"],
  ["cooling/liebert-icom", "temperature.supply.high", "discrete", 208, [1], "alarm"],
  ["cooling/liebert-icom", "humidity.return", "input", 129, [456], 45.6],
  ["cooling/apc-inrow-sc", "temperature.supply", "holding", 94, [0, 680], 20],
  ["cooling/apc-inrow-sc", "temperature.inlet", "holding", 92, [0, 320], 0],
  ["cooling/apc-inrow-sc", "cooling.output", "holding", 88, [0, 123], 12.3],
  ["cooling/apc-inrow-sc", "device.alarm", "holding", 0, [2], "normal"],
  ["cooling/apc-inrow-sc", "device.alarm", "holding", 0, [4], "warning"],
  ["leak/rle-seahawk-10k", "leak.state", "input", 0, [1], "alarm"],
  ["leak/rle-seahawk-10k", "leak.fault", "input", 0, [0b10], "alarm"],
  ["leak/rle-seahawk-10k", "leak.distance", "input", 1, [235], 23.5],
  ["leak/rle-seahawk-10k", "device.units", "input", 2, [1], "imperial"],
  ["meter/eastron-sdm630", "voltage[3]", "input", 4, [0x4366, 0x199a], 230.1],
  ["meter/eastron-sdm630", "power.active", "input", 52, [0x447a, 0], 1],
  ["meter/abb-b-series", "voltage[1]", "holding", 0x5b00, [0, 2301], 230.1],
  ["meter/abb-b-series", "power.active", "holding", 0x5b14, [0xfffe, 0x7960], -1],
  ["meter/abb-b-series", "energy.active", "holding", 0x5000, [0xffff, 0xffff, 0xffff, 0xffff], "sensorFailure"],
  ["meter/janitza-umg96", "power.active", "holding", 19_026, [0x447a, 0], 1],
  ["meter/janitza-umg96", "frequency", "holding", 19_050, [0x4248, 0], 50],
  ["meter/janitza-umg604", "voltage[1]", "holding", 1317, [0x4366, 0x199a], 230.1],
  ["meter/janitza-umg604", "energy.active", "holding", 9851, [0x447a, 0], 1],
  ["meter/siemens-pac2200", "power.active", "holding", 65, [0x447a, 0], 1],
  ["meter/siemens-pac2200", "energy.active", "holding", 801, [0x412e, 0x8480, 0, 0], 1000],
  ["meter/socomec-diris-a14", "power.active", "holding", 0xc568, [0xffff, 0xff9c], -1],
  ["meter/socomec-diris-a14", "current[2]", "holding", 0xc562, [0, 12_345], 12.345],
  ["meter/carlo-gavazzi-em24", "voltage[1]", "holding", 0, [2301, 0], 230.1],
  ["meter/carlo-gavazzi-em24", "power.active", "holding", 40, [0x86a0, 1], 10],
  ["meter/carlo-gavazzi-em24", "phase.sequence", "holding", 50, [0xffff], "reversed"],
  ["generator/comap-intelilite4", "generator.state", "holding", 1298, [8], "running"],
  ["generator/comap-intelilite4", "generator.state", "holding", 1298, [2], "fault"],
  ["generator/comap-intelilite4", "engine.oil_pressure", "holding", 1008, [42], 420],
  ["generator/comap-intelilite4", "fuel.level", "holding", 1055, [0x8000], "sensorFailure"],
  ["generator/comap-intelilite4", "engine.runtime", "holding", 1013, [0, 10], 3600],
  ["generator/deif-agc150", "generator.frequency", "input", 507, [5001], 50.01],
  ["generator/deif-agc150", "engine.speed", "input", 593, [0], "sensorFailure"],
  ["generator/deif-agc150", "device.alarm", "input", 1000, [...zeros(9), 1], "alarm"],
  ["generator/deif-agc150", "device.units", "holding", 4797, [1], "imperial"],
  ["generator/cat-emcp4", "generator.frequency", "holding", 101, [6400], 50],
  ["generator/cat-emcp4", "generator.power", "holding", 105, [0x7735, 0x9400], 0],
  ["generator/cat-emcp4", "engine.coolant_temperature", "holding", 200, [11_424], 84],
  ["generator/cat-emcp4", "engine.oil_pressure", "holding", 199, [0xffff], "sensorFailure"],
  ["generator/cat-emcp4", "fuel.level", "holding", 197, [38_528], 50],
  ["remote-io/advantech-adam-6050", "contact[11].state", "discrete", 11, [1], "closed"],
  ["remote-io/advantech-adam-6050", "relay[0].state", "coil", 16, [1], "on"],
  ["remote-io/kmtronic-8-relay", "relay[1].state", "coil", 0, [1], "on"],
  ["remote-io/kmtronic-8-relay", "relay[8].state", "coil", 7, [0], "off"],
  ["remote-io/wago-750", "contact[3].state", "discrete", 3, [1], "closed"],
  ["remote-io/wago-750", "relay[0].state", "coil", 512, [1], "on"],
  ["remote-io/moxa-iologik-e1240", "analog[0].signal", "input", 0, [65_535], 65_535],
  ["remote-io/moxa-iologik-e1240", "analog[7].signal", "input", 7, [12], 12],
  ["generator/basler-dgc2020", "generator.frequency", "holding", 132, [600], 60],
  ["generator/basler-dgc2020", "generator.power", "holding", 127, [1250], 1250],
  ["generator/basler-dgc2020", "generator.alarm", "holding", 81, [0b1000], "shutdown"],
  ["environment/honeywell-sensepoint-xcl", "gas.alarm", "holding", 105, [0b10], "alarm"],
  ["environment/honeywell-sensepoint-xcl", "detector.status", "input", 10, [1], "normal"],
  ["environment/honeywell-sensepoint-xcd", "gas.status", "holding", 5, [0b1_0000], "warning"],
  ["environment/honeywell-sensepoint-xcd", "detector.temperature", "holding", 16, [0xfffb], -5],
  ["environment/igd-toc-635", "gas[1].level", "input", 0, [600], 50],
  ["environment/igd-toc-635", "gas[3].alarm", "input", 3002, [0b100], "alarm"],
  ["environment/igd-toc-635", "gas[3].supply.voltage", "input", 1002, [2410], 24.1],
  ["fire/notifier-modbus-gw", "detector[2].alarm", "holding", 1, [0x0810], "alarm"],
  ["fire/notifier-modbus-gw", "detector[2].fault.alarm", "holding", 1, [0x2000], "alarm"],
  ["fire/notifier-modbus-gw", "module[1].enabled", "holding", 200, [0x0200], "no"],
  ["remote-io/weidmueller-ur20", "analog[2].signal", "holding", 0x8040, [0b101], 5],
  ["remote-io/weidmueller-ur20", "output[0].signal", "holding", 0x9000, [7], 7],
];

describe("registers as the vendor's table has them", () => {
  it.each(known)("%s: %s is at %s %i, and %j is %s", (id, name, table, addr, words, expected) =>
    expect(reads(id, name, table, addr, words)).toBe(expected),
  );

  it("are held here at two places or more for every Modbus device that is not held elsewhere", () => {
    const elsewhere = [
      "battery/sunspec-802-803",
      "fire/honeywell-faast-8100",
      "generator/dse-gencomm",
      "meter/schneider-iem3000",
      "remote-io/moxa-iologik-e1210",
      "remote-io/moxa-iologik-e1214",
    ];
    for (const { id, points } of profiles.values()) {
      if (elsewhere.includes(id) || !Object.values(points).some(({ modbus }) => modbus)) continue;
      const held = known.filter(([profile]) => profile === id).map(([, name]) => name);
      expect([id, new Set(held).size]).toSatisfy(() => new Set(held).size >= 2);
    }
  });
});

/** Profile, command, where it writes, the words on the wire, and the point that shows it. */
const written: readonly (readonly [string, string, Table, number, number, string])[] = [
  ["ups/apc-smt-smx", "outlet[0].off", "holding", 1538, 0x204, "outlet[0].state"],
  ["ups/apc-smt-smx", "outlet[2].on", "holding", 1538, 0x802, "outlet[2].state"],
  ["battery/soltaro-single-c", "battery.disconnect", "holding", 0x2010, 0, "battery.connection"],
  ["battery/sunspec-802-803", "battery.disconnect", "holding", 50, 2, "battery.connection"],
  ["battery/sunspec-802-803", "string[2].disconnect", "holding", 89, 2, "string[2].connection"],
  ["battery/sunspec-804", "battery.connect", "holding", 37, 1, "battery.connection"],
  ["cooling/apc-inrow-sc", "cooling.standby", "holding", 7, 0, "cooling.enabled"],
  ["chiller/thermal-care-accuchiller-eq", "cooling.start", "coil", 0, 1, "cooling.mode"],
  ["generator/dse-gencomm", "generator.start", "holding", 4104, 35_732 * 65_536 + (65_535 - 35_732), "generator.state"],
  ["generator/dse-gencomm", "generator.stop", "holding", 4104, 35_733 * 65_536 + (65_535 - 35_733), "generator.state"],
  ["generator/comap-intelilite4", "generator.start", "coil", 4700, 1, "generator.state"],
  ["generator/deif-agc150", "generator.start", "holding", 6, 2049, "generator.state"],
  ["remote-io/advantech-adam-6050", "relay[0].off", "coil", 16, 0, "relay[0].state"],
  ["remote-io/wago-750", "relay[1].on", "coil", 513, 1, "relay[1].state"],
  ["remote-io/kmtronic-8-relay", "relay[8].on", "coil", 7, 1, "relay[8].state"],
];

describe("commands as the vendor's table has them", () => {
  it.each(written)("%s: %s writes to %s %i the value %i, shown by %s", (id, name, table, addr, raw, point) =>
    expect(bound(id).commands.find((command) => command.name === name)).toMatchObject({
      point,
      hazard: "load",
      write: { at: { table, addr }, raw },
    }),
  );

  it("are none for breakers, leak panels, meters and fire detectors", () => {
    for (const profile of profiles.values())
      if (["breaker", "leak", "meter", "fire"].includes(profile.class))
        expect([profile.id, profile.commands]).toEqual([profile.id, {}]);
  });

  it("take two words in one write where a device wants a pair", () => {
    const start = bound("generator/dse-gencomm").commands.find(({ name }) => name === "generator.start");
    expect(start?.write.at).toMatchObject({ type: "u32", count: 2 });
    const string = bound("battery/sunspec-802-803").commands.find(({ name }) => name === "string[1].disconnect");
    expect(string?.write.at).toMatchObject({ model: 803, addr: 57, count: 1 });
  });
});

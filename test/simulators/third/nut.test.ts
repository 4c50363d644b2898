import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../../setup/available.ts";
import { demoKeys } from "../demo-site.ts";
import { readByNut, snmpUps } from "./nut.ts";
import type { ShownSite } from "./shown.ts";
import { devicesOf, showSite } from "./shown.ts";

let site: ShownSite;
beforeAll(async () => {
  site = await showSite("snmp");
});
afterAll(() => site.served.close());

const read = (device: string, ...lines: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  readByNut([`port = 127.0.0.1:${site.served.addresses.get(device)!.port}`, "community = public", ...lines]);

/** A variable of NUT, our point of the same thing, and what NUT's unit is of ours. The step is what the device says it in. */
type Same = readonly [variable: string, point: string, each: number, step: number];

const ofUpsMib: readonly Same[] = [
  ["battery.charge", "battery.charge", 1, 1],
  ["battery.runtime", "battery.runtime", 1, 60],
  ["battery.voltage", "battery.voltage", 1, 0.1],
  ["battery.current", "battery.current", 1, 0.1],
  ["battery.temperature", "battery.temperature", 1, 1],
  ["input.frequency", "input.frequency[1]", 1, 0.1],
  ["input.voltage", "input.voltage[1]", 1, 1],
  ["input.current", "input.current[1]", 1, 0.1],
  ["input.realpower", "input.power[1]", 0.001, 0.001],
  ["input.bypass.frequency", "bypass.frequency", 1, 0.1],
  ["input.bypass.voltage", "bypass.voltage[1]", 1, 1],
  ["input.bypass.current", "bypass.current[1]", 1, 0.1],
  ["output.frequency", "output.frequency", 1, 0.1],
  ["output.voltage", "output.voltage[1]", 1, 1],
  ["output.current", "output.current[1]", 1, 0.1],
  ["output.realpower", "output.power", 0.001, 0.001],
  ["output.power.nominal", "rated.apparent_power", 0.001, 0.001],
  ["output.realpower.nominal", "rated.power", 0.001, 0.001],
  ["ups.load", "output.load", 1, 1],
];

const lines = ["1", "2", "3"];
/** Its battery.current is left out: NUT takes a card's amperes for tenths, which those of old firmware are. */
const ofXups: readonly Same[] = [
  ["battery.charge", "battery.charge", 1, 1],
  ["battery.runtime", "battery.runtime", 1, 1],
  ["battery.voltage", "battery.voltage", 1, 1],
  ["input.frequency", "input.frequency", 1, 0.1],
  ["input.bypass.frequency", "bypass.frequency", 1, 0.1],
  ["output.frequency", "output.frequency", 1, 0.1],
  ["ups.load", "output.load", 1, 1],
  ["ups.realpower.nominal", "rated.power", 0.001, 0.001],
  ["ups.temperature", "temperature.ambient", 1, 1],
  ...lines.flatMap((n): Same[] => [
    [`input.L${n}-N.voltage`, `input.voltage[${n}]`, 1, 1],
    [`input.L${n}.current`, `input.current[${n}]`, 1, 1],
    [`input.L${n}.realpower`, `input[${n}].power`, 0.001, 0.001],
    [`input.bypass.L${n}-N.voltage`, `bypass.voltage[${n}]`, 1, 1],
    [`output.L${n}-N.voltage`, `output.voltage[${n}]`, 1, 1],
    [`output.L${n}.current`, `output.current[${n}]`, 1, 1],
    [`output.L${n}.realpower`, `output.power[${n}]`, 0.001, 0.001],
  ]),
];

/** What NUT says otherwise than the plant. It prints at most two decimals. */
function otherwise(device: string, same: readonly Same[], said: ReadonlyMap<string, string>): readonly string[] {
  return same.flatMap(([variable, point, each, step]) => {
    const truth = site.truth(device, point);
    const value = Number(said.get(variable) ?? Number.NaN) * each;
    return Math.abs(value - truth) <= step / 2 + 0.005 * each ? [] : `${variable}: ${value}, truly ${truth}`;
  });
}

describeWith(snmpUps, "Network UPS Tools agrees with the plant", () => {
  test.each(["v1", "v2c"])("a UPS by RFC 1628, in %s", async (version) => {
    const said = await read("ups-a", `snmp_version = ${version}`, "mibs = ietf");
    expect(otherwise("ups-a", ofUpsMib, said)).toEqual([]);
    expect(said.get("ups.status")).toBe("OB");
    expect(said.get("ups.test.result")).toBe("no test initiated");
  });

  test("a UPS by RFC 1628, in v3", async () => {
    const user = devicesOf("snmp").find(({ id }) => id === "pdu-a1")!.address.snmp!;
    const secured = await showSite("snmp", (address) => ({ ...address, snmp: user }));
    onTestFinished(() => secured.served.close());
    const said = await readByNut([
      `port = 127.0.0.1:${secured.served.addresses.get("ups-a")!.port}`,
      "snmp_version = v3\nsecLevel = authPriv\nsecName = haechi\nauthProtocol = SHA\nprivProtocol = AES",
      `authPassword = ${demoKeys.HAECHI_DEMO_AUTH}\nprivPassword = ${demoKeys.HAECHI_DEMO_PRIV}\nmibs = ietf`,
    ]);
    expect(otherwise("ups-a", ofUpsMib, said)).toEqual([]);
  });

  // In v1, where an object that is not there is an error: NUT 2.8.0 takes v2c's exception for a sensor that is there,
  // and counts the sensors of a card that has none without an end.
  test("a UPS behind an Eaton card, which it recognises by itself", async () => {
    const said = await read("ups-b", "snmp_version = v1");
    expect(said.get("driver.version.data")).toMatch(/^pw MIB/);
    expect(otherwise("ups-b", ofXups, said)).toEqual([]);
    expect(said.get("ups.status")).toBe("OB DISCHRG");
    expect(said.get("input.phases")).toBe("3");
  });
});

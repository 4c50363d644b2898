import { beforeAll, describe, expect, test } from "vitest";
import type { Plant } from "../../simulators/plant/index.ts";
import { advance, demoPlant, measure } from "../../simulators/plant/index.ts";
import type { Served } from "../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../simulators/wire/index.ts";
import { seconds } from "../../src/core/time.ts";
import { freePort } from "../setup/services.ts";
import { demoDevices } from "../simulators/demo-site.ts";
import { haechi } from "./haechi.ts";

/** A point as `probe --json` has it. */
interface Told {
  readonly name: string;
  readonly source: string;
  readonly raw: unknown;
  readonly value?: number;
  readonly state?: string | null;
  readonly unit: string | null;
  readonly quality: string;
}

let plant: Plant;
let served: Served;

beforeAll(async () => {
  plant = demoPlant(1);
  advance(plant, seconds(30));
  const wanted = ["meter-main", "asd-battery", "ups-b"];
  const devices = demoDevices().filter(({ id }) => wanted.includes(id));
  served = await serveDevices(devices, accessTo(plant), { ports: "free" });
  return () => served.close();
});

const portOf = (device: string): number => served.addresses.get(device)!.port;

async function pointsOf(address: string, profile: string): Promise<readonly Told[]> {
  const ended = await haechi(["probe", address, "--profile", profile, "--json"]);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return (JSON.parse(ended.stdout) as { points: readonly Told[] }).points;
}

/** Every value is that of the plant, as fine as the device says it. */
function expectTruth(device: string, points: readonly Told[]): void {
  const shows = measure(plant);
  for (const { name, value, quality } of points) {
    const truth = shows(device, name)!;
    expect(quality, name).toBe("good");
    // What devices count in whole units, the rest to a thousandth.
    expect(Math.abs(value! - truth), name).toBeLessThanOrEqual(Math.max(0.6, Math.abs(truth) / 1000));
  }
}

describe("haechi probe, as a user has it", () => {
  test("reads every point of a Modbus device as the plant has it, and says where each one stands", async () => {
    const points = await pointsOf(`modbus://127.0.0.1:${portOf("meter-main")}/1`, "meter/schneider-iem3000");
    expect(points.length).toBeGreaterThan(5);
    expectTruth("meter-main", points);
    expect(points.find(({ name }) => name === "power.active")).toMatchObject({
      source: "holding 3059 f32",
      unit: "kW",
    });
  });

  test("reads every point of an SNMP device as the plant has it, states in words", async () => {
    const points = await pointsOf(`snmp://127.0.0.1:${portOf("ups-b")}`, "ups/eaton-xups");
    expectTruth("ups-b", points);
    expect(points.find(({ name }) => name === "ups.mode")).toMatchObject({ state: "online", quality: "good" });
  });

  test("prints a table for people, with raw values beside those in engineering units", async () => {
    const address = `modbus://127.0.0.1:${portOf("asd-battery")}/1`;
    const ended = await haechi(["probe", address, "--profile", "fire/honeywell-faast-8100"]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^point +value +raw +source +quality$/m);
    expect(ended.stdout).toMatch(/^smoke\.level +normal +\S+ .* good$/m);
  });

  test("writes nothing to anything", () => {
    for (const device of served.addresses.keys()) expect(served.writesSeen(device)).toBe(0);
  });

  test("ends with 69 where nothing answers, over either protocol, and calls every point bad", async () => {
    const port = await freePort();
    const [modbus, snmp] = await Promise.all([
      haechi(["probe", `modbus://127.0.0.1:${port}`, "--profile", "meter/schneider-iem3000", "--json"]),
      haechi(["probe", `snmp://127.0.0.1:${port}`, "--profile", "ups/eaton-xups"]),
    ]);
    expect([modbus.code, snmp.code]).toEqual([69, 69]);
    expect(modbus.stderr).toContain("does not answer: connect ECONNREFUSED");
    expect(snmp.stderr).toContain("does not answer");
    const { points } = JSON.parse(modbus.stdout) as { points: readonly Told[] };
    expect(points.every((p) => p.quality === "bad" && !("value" in p))).toBe(true);
  });

  test("ends with 2 for a profile or an address that there is not, and says what was meant", async () => {
    const [profile, address, protocol] = await Promise.all([
      haechi(["probe", "modbus://127.0.0.1:1", "--profile", "meter/schneider-iem300"]),
      haechi(["probe", "127.0.0.1", "--profile", "meter/schneider-iem3000"]),
      haechi(["probe", "snmp://127.0.0.1", "--profile", "meter/schneider-iem3000"]),
    ]);
    expect([profile.code, address.code, protocol.code]).toEqual([2, 2, 2]);
    expect(profile.stderr).toContain('did you mean "meter/schneider-iem3000"?');
    expect(address.stderr).toContain("write modbus://HOST[:PORT][/UNIT]");
    expect(protocol.stderr).toContain("snmp");
  });
});

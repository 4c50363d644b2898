import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { advance, demoPlant } from "../../simulators/plant/index.ts";
import type { Served } from "../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../simulators/wire/index.ts";
import { type DiscoverWords, discover } from "../../src/cli/discover.ts";
import { type InitWords, init } from "../../src/cli/init.ts";
import type { Found } from "../../src/cli/survey.ts";
import { seconds } from "../../src/core/time.ts";
import { freePort } from "../setup/services.ts";
import { demoDevices } from "../simulators/demo-site.ts";
import { folderWith } from "./folder.ts";
import { told } from "./told.ts";

/** Addresses of the loopback where devices stand; those between them are empty. */
const PLACES: Readonly<Record<string, string>> = { "ups-b": "127.0.7.2", "crac-1": "127.0.7.4", "bat-a": "127.0.7.3" };

let port: number;
let served: Served;

beforeAll(async () => {
  const plant = demoPlant(1);
  advance(plant, seconds(30));
  port = await freePort();
  const devices = demoDevices()
    .filter(({ id }) => id in PLACES)
    .map((device) => ({ ...device, address: { ...device.address, host: PLACES[device.id]!, port } }));
  served = await serveDevices(devices, accessTo(plant), { ports: "site" });
  return () => served.close();
});

afterEach(() => void vi.restoreAllMocks());

const words: Omit<DiscoverWords, "port"> = { community: "public", units: "1", atOnce: 16 };

async function discovering(protocol: string, range: string, over: Partial<DiscoverWords> = {}) {
  const progress: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => progress.push(String(text)) > 0);
  const { out, code } = await told(() => discover(protocol, range, { ...words, port, json: true, ...over }));
  return { found: over.json === false ? [] : (JSON.parse(out) as Found[]), out, code, progress };
}

describe("haechi discover", () => {
  test("finds the agents of a range in their order, what they are, and how far it is", async () => {
    const { found, code, progress } = await discovering("snmp", "127.0.7.1-6");
    expect(code).toBe(0);
    expect(found.map(({ host, fits }) => [host, fits[0]?.profile])).toEqual([
      ["127.0.7.2", "ups/eaton-xups"],
      ["127.0.7.4", "cooling/apc-inrow"],
    ]);
    expect(found[0]?.description).toBeTruthy();
    expect(progress.at(-1)).toBe("snmp: 6 of 6 addresses, 2 found\n");
  });

  test("finds the units that answer behind Modbus addresses; a device that answers for all is told once for each", async () => {
    const { found } = await discovering("modbus", "127.0.7.1-4", { units: "1,3" });
    expect(found.map(({ address, fits }) => [address, fits[0]?.profile])).toEqual([
      [`modbus://127.0.7.3:${port}/1`, "battery/sunspec-802-803"],
      [`modbus://127.0.7.3:${port}/3`, "battery/sunspec-802-803"],
    ]);
  });

  test("prints a table for people, with what to do next", async () => {
    const { out } = await discovering("snmp", "127.0.7.2", { json: false });
    expect(out).toMatch(/^address +profile +also +says of itself$/m);
    expect(out).toContain("haechi init FILE");
  });

  test("ends with 69 where nothing answers", async () => {
    const { found, code } = await discovering("snmp", "127.0.7.1");
    expect([found, code]).toEqual([[], 69]);
  });

  test.each([
    ["bacnet", "127.0.0.1", {}, '"bacnet" is no protocol to look for: say snmp or modbus'],
    ["modbus", "127.0.0.1", { units: "9-3" }, '"9-3" are no units'],
    ["modbus", "127.0.0.1", { units: "256" }, '"256" are no units'],
    ["snmp", "127.0.0.1/7", {}, "more than 65536 addresses"],
  ])("refuses %s %s %j in words", async (protocol, range, over, message) => {
    await expect(discover(protocol, range, { ...words, ...over })).rejects.toThrow(message);
  });
});

describe("haechi init", () => {
  const initWords = (over: Partial<InitWords> = {}): InitWords => ({ ...words, ...over });

  test("writes a site file of what answers, which is good as it stands, and says what is left to do", async () => {
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    const file = join(folderWith(), "Seoul 1.yaml");
    const found = { snmp: "127.0.7.1-4", modbus: "127.0.7.3", snmpPort: port, modbusPort: port };
    const { out, code } = await told(() => init(file, initWords(found)));
    expect(code).toBe(0);
    expect(out).toContain(`${file}: 3 devices of 3 that answer`);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("site: { id: seoul-1,");
    expect(text).toContain("# taken for this because");
    expect(text).toContain("profile: battery/sunspec-802-803, space: unplaced, modbus: { host: 127.0.7.3");
  });

  test("replaces no file", async () => {
    const file = join(folderWith(), "site.yaml");
    writeFileSync(file, "mine");
    await expect(init(file, initWords({ snmp: "127.0.7.2", snmpPort: port }))).rejects.toThrow("is left as it is");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("has to be told where to look", async () => {
    const file = join(folderWith(), "site.yaml");
    await expect(init(file, initWords())).rejects.toThrow("say where to look");
    expect(existsSync(file)).toBe(false);
  });
});

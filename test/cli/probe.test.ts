import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Plant } from "../../simulators/plant/index.ts";
import { advance, demoPlant, measure } from "../../simulators/plant/index.ts";
import type { Served } from "../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../simulators/wire/index.ts";
import { type ProbeWords, probe } from "../../src/cli/probe.ts";
import { seconds } from "../../src/core/time.ts";
import { exception, HOST, peer, reply } from "../collect/fixture.ts";
import { agentThat, answer, realAgent, USER } from "../collect/snmp/fixture.ts";
import { freePort } from "../setup/services.ts";
import { demoDevices } from "../simulators/demo-site.ts";
import { told } from "./told.ts";

/** A point as `probe --json` has it. */
interface ToldPoint {
  readonly name: string;
  readonly source: string;
  readonly raw: unknown;
  readonly value?: number;
  readonly state?: string | null;
  readonly unit: string | null;
  readonly quality: string;
}

interface ToldDevice {
  readonly profile: string;
  readonly because: string;
  readonly others: readonly { readonly profile: string }[];
  readonly points: readonly ToldPoint[];
}

let plant: Plant;
let served: Served;

beforeAll(async () => {
  plant = demoPlant(1);
  advance(plant, seconds(30));
  const wanted = ["meter-main", "asd-battery", "ups-b", "bat-a", "crac-1"];
  const devices = demoDevices().filter(({ id }) => wanted.includes(id));
  served = await serveDevices(devices, accessTo(plant), { ports: "free" });
  return () => served.close();
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

const kept = <T extends { close(): Promise<void> }>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

const addressOf = (scheme: "modbus" | "snmp", device: string): string =>
  `${scheme}://${HOST}:${served.addresses.get(device)!.port}`;

const probing = (address: string, words: Partial<ProbeWords> = {}) =>
  told(() => probe(address, { community: "public", profile: "auto", ...words }));

async function deviceAt(address: string, words: Partial<ProbeWords> = {}): Promise<ToldDevice> {
  const { code, out, err } = await probing(address, { ...words, json: true });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as ToldDevice;
}

/** Every value is that of the plant, as fine as the device says it. */
function expectTruth(device: string, points: readonly ToldPoint[]): void {
  const shows = measure(plant);
  expect(points.length).toBeGreaterThan(5);
  for (const { name, value, quality } of points) {
    const truth = shows(device, name)!;
    expect(quality, name).toBe("good");
    // What devices count in whole units, the rest to a thousandth.
    expect(Math.abs(value! - truth), name).toBeLessThanOrEqual(Math.max(0.6, Math.abs(truth) / 1000));
  }
}

describe("haechi probe", () => {
  test("reads every point of a Modbus device as the plant has it, and says where each one stands", async () => {
    const { points } = await deviceAt(addressOf("modbus", "meter-main"), { profile: "meter/schneider-iem3000" });
    expectTruth("meter-main", points);
    expect(points.find(({ name }) => name === "power.active")).toMatchObject({
      source: "holding 3059 f32",
      unit: "kW",
    });
  });

  test("reads every point of an SNMP device as the plant has it, states in words", async () => {
    const { points } = await deviceAt(addressOf("snmp", "ups-b"), { profile: "ups/eaton-xups" });
    expectTruth("ups-b", points);
    expect(points.find(({ name }) => name === "ups.mode")).toMatchObject({ state: "online", quality: "good" });
  });

  test("prints a table for people, with raw values beside those in engineering units", async () => {
    const { code, out } = await probing(addressOf("modbus", "asd-battery"), { profile: "fire/honeywell-faast-8100" });
    expect(code).toBe(0);
    expect(out).toMatch(/^point +value +raw +source +quality$/m);
    expect(out).toMatch(/^smoke\.level +normal +\S+ .* good$/m);
  });

  test.each([
    ["snmp", "crac-1", "cooling/apc-inrow", "it has objects under 1.3.6.1.4.1.318.1.1.13.3.2.2"],
    ["snmp", "ups-b", "ups/eaton-xups", "it has objects under 1.3.6.1.4.1.534.1.4"],
    ["modbus", "bat-a", "battery/sunspec-802-803", "it has SunSpec model 802"],
  ] as const)("finds out by itself over %s what %s is, and says why", async (scheme, device, profile, because) => {
    const { out, code } = await probing(addressOf(scheme, device));
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toContain(`${profile}: `);
    expect(out.split("\n")[0]).toContain(because);
  });

  test("takes the profile that says most exactly what a device is, and names the others", async () => {
    const agent = kept(
      await agentThat((request) =>
        answer(
          request,
          request.oids.map(() => 1),
        ),
      ),
    );
    const { profile, others } = await deviceAt(`snmp://${HOST}:${agent.port}`);
    // A maker's object goes before a standard's.
    expect(profile).not.toMatch(/\/ietf-/);
    expect(others.map((other) => other.profile)).toEqual(
      expect.arrayContaining(["ups/eaton-xups", "ups/ietf-ups-mib"]),
    );
  });

  test("ends with 1 where a device answers and no profile says that it knows it", async () => {
    const words = { v3: USER.name, auth: "sha", priv: "aes" } as const;
    vi.stubEnv("HAECHI_AUTH_KEY", USER.authKey);
    vi.stubEnv("HAECHI_PRIV_KEY", USER.privKey);
    const agent = kept(await realAgent());
    const meter = kept(await peer((request, socket) => socket.write(reply(request, [7, 7].slice(0, request[11])))));
    for (const address of [`snmp://${HOST}:${agent.port}`, `modbus://${HOST}:${meter.port}`]) {
      const { code, err } = await probing(address, words);
      expect([address, code]).toEqual([address, 1]);
      expect(err).toContain("fits no profile: say --profile");
    }
  });

  test("writes nothing to anything", () => {
    for (const device of served.addresses.keys()) expect(served.writesSeen(device)).toBe(0);
  });

  test("ends with 69 where nothing answers, over either protocol, and calls every point bad", async () => {
    const port = await freePort();
    const [modbus, snmp, unknown] = [
      await probing(`modbus://${HOST}:${port}`, { profile: "meter/schneider-iem3000", json: true }),
      await probing(`snmp://${HOST}:${port}`, { profile: "ups/eaton-xups" }),
      await probing(`modbus://${HOST}:${port}`),
    ];
    expect([modbus.code, snmp.code, unknown.code]).toEqual([69, 69, 69]);
    expect(modbus.err).toContain("does not answer: connect ECONNREFUSED");
    expect(unknown.err).toContain("does not answer: connect ECONNREFUSED");
    expect(snmp.err).toContain("does not answer");
    const { points } = JSON.parse(modbus.out) as ToldDevice;
    expect(points.every((point) => point.quality === "bad" && !("value" in point))).toBe(true);
  });

  test("ends with 2 for a profile or an address that there is not, and says what was meant", async () => {
    const profile = await probing(`modbus://${HOST}:1`, { profile: "meter/schneider-iem300" });
    const address = await probing(HOST, { profile: "meter/schneider-iem3000" });
    const protocol = await probing(`snmp://${HOST}`, { profile: "meter/schneider-iem3000" });
    expect([profile.code, address.code, protocol.code]).toEqual([2, 2, 2]);
    expect(profile.err).toContain('did you mean "meter/schneider-iem3000"?');
    expect(address.err).toContain("write modbus://HOST[:PORT][/UNIT]");
    expect(protocol.err).toContain("snmp");
  });
});

test("haechi probe says what the device has taught about how it can be asked", async () => {
  const server = kept(
    await peer((request, socket) => {
      const count = request.readUInt16BE(10);
      socket.write(count > 4 ? exception(request, 3) : reply(request, Array.from<number>({ length: count }).fill(1)));
    }),
  );
  const address = `modbus://${HOST}:${server.port}/1`;
  const words = { community: "public", profile: "meter/schneider-iem3000" };
  expect((await told(() => probe(address, words))).out).toContain("the device takes at most ");
  const { out } = await told(() => probe(address, { ...words, json: true }));
  const { learned } = JSON.parse(out) as { learned: readonly string[] };
  expect(learned[0]).toMatch(/^takes at most \d+ words in a request, where its profile says \d+$/);
});

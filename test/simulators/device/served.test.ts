import { afterEach, describe, expect, test } from "vitest";
import { type Alone, serveAlone } from "../../../simulators/device/served.ts";
import { type Fault, parseFault } from "../../../simulators/wire/fault.ts";
import { realClock } from "../../../src/clock.ts";
import { makeCollector, readOnce } from "../../../src/collect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import {
  type AskedProtocol,
  bindDevice,
  type DeviceLink,
  encodeModbus,
  encodeSnmp,
  loadLibrary,
  type Profile,
  registerImage,
} from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { freePort, freeUdpPort } from "../../setup/services.ts";
import { program } from "../wire/program.ts";

const { profiles } = loadLibrary();

const spoken = (profile: Profile): readonly AskedProtocol[] =>
  (["modbus", "snmp"] as const).filter((protocol) => Object.values(profile.points).some((point) => point[protocol]));

const every = [...profiles.values()].flatMap((profile) => spoken(profile).map((p) => [profile.id, p] as const));

const open: Alone[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Standing {
  readonly alone: Alone;
  readonly link: DeviceLink;
}

async function serve(id: string, protocol: AskedProtocol, ...faults: readonly string[]): Promise<Standing> {
  const profile = profiles.get(id)!;
  const port = await (protocol === "modbus" ? freePort() : freeUdpPort());
  const address = { host: "127.0.0.1", port, ...(protocol === "modbus" ? { unit: 3 } : {}) };
  const read = faults.map((text) => parseFault(text, protocol) as Fault);
  const alone = await serveAlone(profile, { protocol, address, rows: 2, seed: 7, faults: read });
  open.push(alone);
  const model = bindDevice(profile, { protocol });
  // Faults are waited for: shortly.
  const link = { ...model.link, timeout: 150 as typeof model.link.timeout, retries: 0 };
  return { alone, link: { id: "device", model: faults.length > 0 ? { ...model, link } : model, address } };
}

describe("every device of the library, simulated from its profile alone", () => {
  test.each(every)("%s over %s is read back good, point for point", async (id, protocol) => {
    const { alone, link } = await serve(id, protocol);
    const { points, fault } = await readOnce(link);
    expect(fault).toBeNull();
    const served = alone.model.points.map(({ name }) => name).toSorted();
    expect(points.map(({ name }) => name).toSorted()).toEqual(served);
    expect(
      points.flatMap(({ name, raw, reading }) => (reading.quality === "good" ? [] : [{ name, raw, reading }])),
    ).toEqual([]);
  });
});

const meter = "meter/schneider-iem3000";
const pdu = "pdu/apc-rpdu2";

describe("a simulated device's values", () => {
  test("follow from the seed, move slowly, and can be set", async () => {
    const { alone, link } = await serve(meter, "modbus");
    const other = await serve(meter, "modbus");
    const power = (of: Standing): number => of.alone.shown.look("device", "power.active")()!;
    expect(power({ alone, link })).toBeCloseTo(power(other), 1);
    expect(alone.shown.set("power.active", 17)).toBe(true);
    expect(alone.shown.set("power.nothing", 17)).toBe(false);
    const { points } = await readOnce(link);
    expect(points.find(({ name }) => name === "power.active")?.reading).toMatchObject({ quality: "good", value: 17 });
  });

  test("stand still while they are frozen", async () => {
    const { alone, link } = await serve(meter, "modbus", "frozen");
    const powerNow = async () => (await readOnce(link)).points.find(({ name }) => name === "power.active")?.reading;
    const before = await powerNow();
    alone.shown.set("power.active", 17);
    expect({ ...(await powerNow()), at: 0 }).toEqual({ ...before, at: 0 });
  });

  test.each(["modbus", "snmp"] as const)(
    "leap and are wrongly scaled over %s, each point or one of them",
    async (protocol) => {
      const [id, name] = protocol === "modbus" ? [meter, "power.active"] : ["ups/ietf-ups-mib", "battery.charge"];
      const read = async (...faults: readonly string[]): Promise<ReadonlyMap<string, number>> => {
        const { link } = await serve(id, protocol, ...faults);
        const { points } = await readOnce(link);
        return new Map(points.flatMap((one) => (one.reading.quality === "bad" ? [] : [[one.name, one.reading.value]])));
      };
      const truth = await read();
      const scaled = await read("wrong-scale=0.1");
      const leaping = await read(`${name}:spike=0.5`);
      expect(scaled.get(name)! / truth.get(name)!).toBeCloseTo(0.1, 1);
      expect(leaping.get(name)! / truth.get(name)!).toBeCloseTo(0.5, 1);
      const others = [...truth].filter(([other]) => other !== name);
      expect(others.some(([other, value]) => Math.abs(leaping.get(other)! - value) > Math.abs(value) * 0.1)).toBe(
        false,
      );
    },
  );

  test("take the commands that the profile has, over the wire", async () => {
    const { alone, link } = await serve(pdu, "snmp");
    const { write, point } = alone.model.commands.find(({ name }) => name === "outlet[2].off")!;
    const oid = write.at.protocol === "snmp" ? write.at.oid : "";
    const access = ["-v2c", "-c", "public", `127.0.0.1:${link.address.port}`];
    expect((await program("snmpset", [...access, oid, "i", String(write.raw)])).code).toBe(0);
    const { points } = await readOnce(link);
    expect(points.find(({ name }) => name === point)?.reading).toMatchObject({ quality: "good", value: 0 });
    expect((await program("snmpset", [...access, oid, "i", "99"])).text).toContain("wrongValue");
  });
});

describeWith("mbpoll", "mbpoll at a simulated device", () => {
  test("reads words as the profile encodes the values, of the one unit that is served", async () => {
    const { alone, link } = await serve(meter, "modbus");
    alone.shown.set("voltage[1]", 231.5);
    const point = alone.model.points.find(({ name }) => name === "voltage[1]")!;
    const registers = registerImage();
    encodeModbus(point, 231.5, registers, new Map());
    const addr = point.at.protocol === "modbus" ? point.at.addr : 0;
    const ask = (unit: number) =>
      program("mbpoll", [
        "-a",
        String(unit),
        "-0",
        "-r",
        String(addr),
        "-c",
        "2",
        "-t",
        "4",
        "-1",
        "-o",
        "0.5",
        "-p",
        String(link.address.port),
        "127.0.0.1",
      ]);
    const { text } = await ask(3);
    const words = [...text.matchAll(/^\[\d+\]:\s+(\d+)/gm)].map(([, word]) => Number(word));
    expect(words).toEqual([registers.get("holding", addr), registers.get("holding", addr + 1)]);
    expect((await ask(4)).text).toMatch(/timed out/i);
  });
});

describeWith("snmpbulkwalk", "Net-SNMP's tools at a simulated device", () => {
  test("find every point as the profile encodes it, rows of walked tables among them", async () => {
    const { alone, link } = await serve(pdu, "snmp");
    for (const { name, map, range } of alone.model.points) if (!map) alone.shown.set(name, Math.min(range[1], 12));
    const access = ["-v2c", "-c", "public", "-On", "-Oe", "-m", "", `127.0.0.1:${link.address.port}`];
    const walked = (await program("snmpbulkwalk", [...access, ".1.3.6.1.4.1"])).text;
    for (const point of alone.model.points) {
      const value = alone.shown.look("device", point.name)()!;
      const oid = point.at.protocol === "snmp" ? point.at.oid : "";
      const said = walked.split("\n").find((line) => line.startsWith(`.${oid} = `));
      expect(said, point.name).toMatch(new RegExp(`: "?${String(encodeSnmp(point, value).value)}"?$`));
    }
    expect(alone.model.points.filter(({ name }) => name.startsWith("outlet["))).not.toEqual([]);
    const first = alone.model.points[0]!.at;
    const one = await program("snmpget", [...access, first.protocol === "snmp" ? first.oid : ""]);
    expect(walked).toContain(one.text.trim());
  });
});

/** Readings of the device's own points until it has been asked several times over. */
async function collected(link: DeviceLink): Promise<readonly Reading[]> {
  const stop = new AbortController();
  const readings: Reading[] = [];
  await makeCollector(link, realClock(20)).collect(stop.signal, (batch) => {
    readings.push(...batch.filter(({ point }) => !point.includes("/link.")));
    if (readings.length > 3 * link.model.points.length) stop.abort();
  });
  return readings;
}

/** Faults that spoil every answer, by protocol. A delay is longer than the collectors' patience. */
const spoiling: readonly (readonly [string, AskedProtocol, string])[] = [
  ...["delay=400ms", "drop", "wrong-id", "half-frame", "reset", "exception=6"].map(
    (fault) => [meter, "modbus", fault] as const,
  ),
  ...["delay=400ms", "drop", "wrong-id", "half-frame", "reset", "error=genErr"].map(
    (fault) => ["ups/eaton-xups", "snmp", fault] as const,
  ),
];

describe("our collectors, before a device of which every answer is spoiled", () => {
  test.each(spoiling)("%s over %s with %s: no reading is good", async (id, protocol, fault) => {
    const { link } = await serve(id, protocol, fault);
    const { points } = await readOnce(link);
    expect(points.length).toBeGreaterThan(5);
    expect(points.filter(({ reading }) => reading.quality !== "bad")).toEqual([]);
    const readings = await collected(link);
    expect(readings.filter(({ quality }) => quality !== "bad")).toEqual([]);
  });
});

describe("our collectors, before a device of which some answers are spoiled", () => {
  test.each(["modbus", "snmp"] as const)(
    "over %s: what is good is what the device shows, and never of another point",
    async (protocol) => {
      const id = protocol === "modbus" ? meter : "ups/eaton-xups";
      const faults = ["wrong-id@0.2", "half-frame@0.2", "drop=0.2", "delay=200ms@0.2"];
      const { alone, link } = await serve(id, protocol, ...faults);
      const readings = await collected(link);
      for (const reading of readings) {
        if (reading.quality === "bad") continue;
        const name = reading.point.slice("device/".length);
        const shown = alone.shown.look("device", name)()!;
        const scale = alone.model.points.find((point) => point.name === name)!.scale;
        expect(Math.abs(reading.value - shown), name).toBeLessThanOrEqual(
          Math.max(Math.abs(scale), Math.abs(shown) * 0.02),
        );
      }
      expect(readings.some(({ quality }) => quality === "bad")).toBe(true);
    },
  );
});

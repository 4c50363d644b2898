import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import type { Served } from "../../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../../simulators/wire/index.ts";
import { seconds } from "../../../src/core/time.ts";
import { decodeSnmp } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { demoDevices, demoKeys } from "../demo-site.ts";
import { program } from "./program.ts";

const devices = demoDevices().filter(({ model }) => model.protocol === "snmp");
let plant: Plant;
let served: Served;

beforeAll(async () => {
  plant = demoPlant(12);
  served = await serveDevices(devices, accessTo(plant), { ports: "free" });
});
afterAll(() => served.close());

const at = (device: string): string => `127.0.0.1:${served.addresses.get(device)!.port}`;

function access(device: string): readonly string[] {
  const { snmp } = devices.find(({ id }) => id === device)!.address;
  if (snmp?.version !== "3") return ["-v2c", "-c", "public"];
  const keys = ["-a", "SHA", "-A", demoKeys.HAECHI_DEMO_AUTH, "-x", "AES", "-X", demoKeys.HAECHI_DEMO_PRIV];
  return ["-v3", "-l", "authPriv", "-u", "haechi", ...keys];
}

const snmp = (tool: string, device: string, ...args: readonly string[]) =>
  program(tool, [...access(device), "-r1", "-t2", "-On", "-Oe", "-Ot", "-m", "", at(device), ...args]);

/** Net-SNMP's lines, ".1.3.6.1… = TYPE: value", as bindings. */
function bindings(text: string): Map<string, { type: string; value: string }> {
  const lines = text.matchAll(/^\.([\d.]+) = (?:(\w+): )?(.*)$/gm);
  const found = new Map<string, { type: string; value: string }>();
  // A walk's end repeats the last identifier.
  for (const [, oid, type = "", value] of lines) if (!found.has(oid!)) found.set(oid!, { type, value: value! });
  return found;
}

const compareOids = (a: string, b: string): number => {
  const [one, other] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let i = 0; i < Math.min(one.length, other.length); i++) if (one[i] !== other[i]) return one[i]! - other[i]!;
  return one.length - other.length;
};

const asdOid = "1.3.6.1.4.1.318.1.1.26.9.2";

describeWith("snmpwalk", "Net-SNMP's tools read simulated devices", () => {
  test.each(devices.map(({ id }) => id))(
    "%s: a walk gives every point of the profile with the plant's truth",
    async (id) => {
      const { model } = devices.find((device) => device.id === id)!;
      const walked = bindings((await snmp("snmpwalk", id, ".1")).text);
      for (const point of model.points) {
        const oid = point.at.protocol === "snmp" ? point.at.oid : "";
        const sample = decodeSnmp(point, { type: 2, value: Number(walked.get(oid)?.value) });
        const truth = measure(plant)(id, point.name)!;
        const value = "value" in sample ? sample.value : Number.NaN;
        const step = Math.max(point.scale, Math.abs(truth) * 0.01, 0.01);
        expect(Math.abs(value - truth), `${id}/${point.name}: ${value}, truly ${truth}`).toBeLessThanOrEqual(step);
      }
    },
  );

  test("a walk by GETBULK gives the same objects in the same order, and that order is the right one", async () => {
    const one = [...bindings((await snmp("snmpwalk", "ups-a", ".1")).text).keys()];
    const other = [...bindings((await snmp("snmpbulkwalk", "ups-a", "-Cr7", ".1")).text).keys()];
    expect(one).toEqual(other);
    expect(one).toEqual(one.toSorted(compareOids));
    expect(one.length).toBeGreaterThan(30);
  });

  test("types are those of the standard", async () => {
    const walked = bindings((await snmp("snmpwalk", "ups-a", ".1")).text);
    expect(walked.get("1.3.6.1.2.1.1.2.0")?.type).toBe("OID");
    expect(walked.get("1.3.6.1.2.1.33.1.6.1.0")?.type).toBe("Gauge32");
    expect(walked.get("1.3.6.1.2.1.33.1.2.4.0")?.type).toBe("INTEGER");
    expect((await program("snmpget", [...access("ups-a"), at("ups-a"), "1.3.6.1.2.1.1.3.0"])).text).toContain(
      "Timeticks",
    );
  });

  test("what is not there is said to be not there, by each version's own means", async () => {
    expect((await snmp("snmpget", "crac-1", "1.3.6.1.4.1.99999.1.0")).text).toContain("No Such Instance");
    const old = await program("snmpget", ["-v1", "-c", "public", "-r1", at("crac-1"), "1.3.6.1.4.1.99999.1.0"]);
    expect(old.text).toContain("noSuchName");
    const past = await program("snmpgetnext", ["-v1", "-c", "public", "-r1", at("crac-1"), "1.3.6.1.9"]);
    expect(past.text).toContain("noSuchName");
  });

  test("a wrong community, a wrong key and a weaker level get nothing", async () => {
    const wrong = await program("snmpget", ["-v2c", "-c", "guess", "-r0", "-t1", at("crac-1"), "1.3.6.1.2.1.1.5.0"]);
    expect(wrong.text).toContain("Timeout");
    const v3 = ["-v3", "-u", "haechi", "-r0", "-t1", at("pdu-a1"), "1.3.6.1.2.1.1.5.0"];
    const key = await program("snmpget", ["-l", "authNoPriv", "-a", "SHA", "-A", "not-the-key-at-all", ...v3]);
    expect(key.code).not.toBe(0);
    const level = await program("snmpget", ["-l", "noAuthNoPriv", ...v3]);
    expect(level.code).not.toBe(0);
    const clear = await program("snmpget", ["-v2c", "-c", "public", "-r0", "-t1", at("pdu-a1"), "1.3.6.1.2.1.1.5.0"]);
    expect(clear.text).toContain("Timeout");
  });

  test("a SET of an outlet's command switches it; its state is read elsewhere and in other numbers", async () => {
    const before = served.writesSeen("pdu-a1");
    expect((await snmp("snmpset", "pdu-a1", `${asdOid}.4.1.5.5`, "i", "2")).code).toBe(0);
    advance(plant, seconds(1));
    expect(bindings((await snmp("snmpget", "pdu-a1", `${asdOid}.3.1.5.5`)).text).get(`${asdOid}.3.1.5.5`)?.value).toBe(
      "1",
    );
    expect(measure(plant)("pdu-a1", "outlet[5].power")).toBe(0);
    expect(served.writesSeen("pdu-a1")).toBe(before + 1);
  });

  test("a SET of anything else is refused and counted", async () => {
    expect((await snmp("snmpset", "pdu-a1", `${asdOid}.4.1.5.5`, "i", "9")).text).toContain("wrongValue");
    expect((await snmp("snmpset", "ups-a", "1.3.6.1.2.1.33.1.8.2.0", "i", "0")).text).toContain("notWritable");
    expect(served.writesSeen("ups-a")).toBe(1);
  });

  test("a silent device does not answer, discovery included; an unreadable datagram ends nothing", async () => {
    apply(plant, { sensor: "pdu-b1", silent: true });
    const keys = access("pdu-b1");
    const silence = await program("snmpget", [...keys, "-r0", "-t1", at("pdu-b1"), "1.3.6.1.2.1.1.5.0"]);
    expect(silence.text).toContain("Timeout");
    apply(plant, { sensor: "pdu-b1", silent: false });
    const socket = createSocket("udp4");
    for (const bytes of [[], [0x30], [0x30, 0x82, 0xff, 0xff, 0x02], [0x30, 0x03, 0x02, 0x01, 0x01]]) {
      await new Promise((sent) =>
        socket.send(Buffer.from(bytes), served.addresses.get("pdu-b1")!.port, "127.0.0.1", sent),
      );
    }
    socket.close();
    expect((await snmp("snmpget", "pdu-b1", "1.3.6.1.2.1.1.5.0")).text).toContain("pdu-b1");
  });
});

describeWith("upsc", "Network UPS Tools reads a simulated UPS", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "haechi-nut-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The driver's own dump of what it reads. */
  async function dump(device: string, mibs: string): Promise<Map<string, string>> {
    const keys = `driver = snmp-ups\nport = ${at(device)}\ncommunity = public\nsnmp_version = v2c\nmibs = ${mibs}\n`;
    writeFileSync(join(folder, "ups.conf"), `[${device}]\n${keys}`);
    const text = await new Promise<string>((resolve) => {
      const env = { ...process.env, NUT_CONFPATH: folder, NUT_STATEPATH: folder };
      const driver = spawn("/lib/nut/snmp-ups", ["-a", device, "-u", "root", "-d", "1"], { env, timeout: 25_000 });
      let said = "";
      driver.stdout.on("data", (data: Buffer) => {
        said += data.toString();
      });
      driver.on("close", () => resolve(said));
    });
    return new Map([...text.matchAll(/^([\w.-]+): (.*)$/gm)].map(([, name, value]) => [name!, value!]));
  }

  test("on line, with the plant's charge, runtime and load", async () => {
    const said = await dump("ups-a", "ietf");
    const truth = measure(plant);
    expect(said.get("ups.status")).toContain("OL");
    expect(said.get("ups.mfr")).toBe("Haechi");
    expect(Number(said.get("battery.charge"))).toBeCloseTo(truth("ups-a", "battery.charge")!, 0);
    expect(Math.abs(Number(said.get("battery.runtime")) - truth("ups-a", "battery.runtime")!)).toBeLessThanOrEqual(30);
    expect(Math.abs(Number(said.get("battery.voltage")) - truth("ups-a", "battery.voltage")!)).toBeLessThan(1);
    expect(Number(said.get("output.phases"))).toBe(1);
    expect(Number(said.get("input.voltage"))).toBeCloseTo(220, -1);
  });

  test("and on battery when the utility has failed", async () => {
    apply(plant, { generator: "refuse-start" });
    apply(plant, { utility: "fail" });
    advance(plant, seconds(30));
    expect((await dump("ups-a", "ietf")).get("ups.status")).toContain("OB");
    apply(plant, { utility: "restore" });
    apply(plant, { generator: "repair" });
    advance(plant, seconds(60));
  });
});

describe("the addresses of served devices", () => {
  test("are those of the site file but for the port", () => {
    for (const { id, address } of devices) {
      expect({ ...served.addresses.get(id), port: 0 }).toEqual({ ...address, port: 0 });
    }
  });
});

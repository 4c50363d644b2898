import { describe, expect, onTestFinished, test } from "vitest";
import { samplesOf } from "../../../simulators/device/pattern.ts";
import { serveAlone } from "../../../simulators/device/served.ts";
import { readOnce } from "../../../src/collect/index.ts";
import { bindDevice, type Profile, parseProfile } from "../../../src/profiles/index.ts";
import { freeUdpPort } from "../../setup/services.ts";

const profileOf = (points: string): Profile => {
  const parsed = parseProfile(
    "devices/meter/rows.yaml",
    `profile: meter/rows
class: meter
name: A meter of tables
source: none
evidence: unproven
identify: { snmp: [{ under: 1.3.6.1.4.1.99999 }] }
scan: { safety: 1s, fast: 2s, normal: 10s, slow: 60s }
points:
${points}`,
  );
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
};

/** What is read of a device that is simulated from these points. */
async function readBack(points: string, rows = 2) {
  const profile = profileOf(points);
  const address = { host: "127.0.0.1", port: await freeUdpPort() };
  const alone = await serveAlone(profile, { protocol: "snmp", address, rows, seed: 3, faults: [] });
  onTestFinished(() => alone.close());
  const { points: read } = await readOnce({ id: "device", model: bindDevice(profile), address });
  expect(read.filter(({ reading }) => reading.quality !== "good")).toEqual([]);
  return { names: read.map(({ name }) => name).toSorted(), without: alone.without, read };
}

const mains = `  power.active: { unit: kW, scan: fast, snmp: { oid: 1.3.6.1.4.1.99999.1.0, scale: 0.001 } }\n`;

describe("a simulated agent's tables", () => {
  test("have rows of every kind that the profile tells apart, each with what makes it one", async () => {
    const { names, without } = await readBack(`${mains}
  "temperature.ambient[n]":
    unit: Cel
    scan: fast
    repeat: { n: { by: walk, index: last } }
    snmp:
      - { oid: "1.3.6.1.4.1.99999.2.1.3.{n}", where: { oid: "1.3.6.1.4.1.99999.2.1.2.{n}", in: [8] }, scaleBy: { oid: "1.3.6.1.4.1.99999.2.1.4.{n}", as: digits } }
      - { oid: "1.3.6.1.4.1.99999.2.1.3.{n}", scale: 0.5556, plus: -17.78, where: { oid: "1.3.6.1.4.1.99999.2.1.2.{n}", in: [9] } }
  "humidity.ambient[n]":
    unit: "%"
    scan: fast
    repeat: { n: { by: walk, index: last } }
    snmp: { oid: "1.3.6.1.4.1.99999.2.1.3.{n}", where: { oid: "1.3.6.1.4.1.99999.2.1.2.{n}", matches: "^(Rel|Abs)\\\\.? [Hh]um" } }
`);
    expect(names).toEqual([
      "humidity.ambient[3]",
      "humidity.ambient[4]",
      "power.active",
      "temperature.ambient[1]",
      "temperature.ambient[2]",
    ]);
    expect(without).toEqual([]);
  });

  test("number their rows as the profile's conditions want them, and take a factor where one is said", async () => {
    const { names } = await readBack(`${mains}
  "voltage[n]":
    unit: V
    scan: fast
    repeat: { n: { by: walk, index: 2 } }
    snmp: { oid: "1.3.6.1.4.1.99999.3.1.{n}", where: { index: '^1\\.\\d+\\.4$' }, scaleBy: { oid: 1.3.6.1.4.1.99999.9.0, map: { 3: 0.1, 5: 1 } } }
`);
    expect(names).toEqual(["power.active", "voltage[1]", "voltage[2]"]);
  });

  test("go by the rows that are asked for, and by words where states are said in words", async () => {
    const { names, read } = await readBack(
      `${mains}
  "outlet[n].state":
    scan: fast
    repeat: { n: walk }
    snmp: { oid: "1.3.6.1.4.1.99999.4.1.{n}", type: string, texts: { "switched off": "off", "switched on": "on" } }
`,
      5,
    );
    expect(names.length).toBe(6);
    expect(read.find(({ name }) => name === "outlet[5].state")?.raw).toBe("switched on");
  });

  test("say of themselves what they are asked: several conditions of one object, and objects that are points as well", async () => {
    const { names, without, read } = await readBack(`${mains}
  "contact[n].state":
    scan: safety
    repeat: { n: { from: 1, to: 3 } }
    snmp: { oid: "1.3.6.1.4.1.99999.11.{n}.0", where: { oid: 1.3.6.1.4.1.99999.11.2.0, matches: "^" } }
    map: { 0: open, 1: closed }
  "outlet[n].state":
    scan: fast
    repeat: { n: walk }
    snmp:
      oid: "1.3.6.1.4.1.99999.12.1.{n}"
      where: [{ index: '^5\\.' }, { oid: "1.3.6.1.4.1.99999.12.1.{n}", in: [3, 4] }, { oid: "1.3.6.1.4.1.99999.12.1.{n}", not: [3] }]
    map: { 3: "off", 4: "on" }
`);
    expect(names.filter((name) => name !== "power.active")).toEqual([
      "contact[1].state",
      "contact[2].state",
      "contact[3].state",
      "outlet[5.1].state",
      "outlet[5.2].state",
    ]);
    expect(read.find(({ name }) => name === "outlet[5.2].state")?.raw).toBe(4);
    expect(without).toEqual([]);
  });

  test("give slots that can be of several kinds one kind after the other", async () => {
    const { names, without } = await readBack(`${mains}
  "sensor[n].temperature":
    unit: Cel
    scan: fast
    repeat: { n: { from: 1, to: 4 } }
    snmp: { oid: "1.3.6.1.4.1.99999.13.{n}.1", where: { oid: "1.3.6.1.4.1.99999.13.{n}.2", in: [1] } }
  "sensor[n].humidity":
    unit: "%"
    scan: normal
    repeat: { n: { from: 1, to: 4 } }
    snmp: { oid: "1.3.6.1.4.1.99999.13.{n}.1", where: { oid: "1.3.6.1.4.1.99999.13.{n}.2", in: [2] } }
`);
    expect(names).toEqual([
      "power.active",
      "sensor[1].temperature",
      "sensor[2].humidity",
      "sensor[3].temperature",
      "sensor[4].humidity",
    ]);
    expect(without).toEqual([]);
  });

  test("leave out, and tell of, what can be no row beside the others", async () => {
    const { without } = await readBack(`${mains}
  frequency: { unit: Hz, scan: fast, snmp: { oid: 1.3.6.1.4.1.99999.5.0, where: { oid: 1.3.6.1.4.1.99999.6.0, in: [1] } } }
  energy.active: { unit: kW.h, scan: slow, snmp: { oid: 1.3.6.1.4.1.99999.7.0, where: { oid: 1.3.6.1.4.1.99999.6.0, in: [2] } } }
`);
    expect(without).toEqual(["energy.active"]);
  });

  test("say together what several points take from one object", async () => {
    const { read } = await readBack(`${mains}
  ups.mode: { scan: safety, snmp: { oid: 1.3.6.1.4.1.99999.8.0 }, map: { 4: battery, 3: online, 2: "off" } }
  ups.on_battery: { scan: safety, snmp: { oid: 1.3.6.1.4.1.99999.8.0 }, map: { 2: "no", 4: "yes" } }
  battery.fault: { scan: safety, snmp: { oid: 1.3.6.1.4.1.99999.10.0, bit: 0 }, map: { 0: normal, 1: alarm } }
  input.fault: { scan: fast, snmp: { oid: 1.3.6.1.4.1.99999.10.0, bit: 3 }, map: { 1: normal, 0: alarm } }
`);
    const raws = Object.fromEntries(read.map(({ name, raw }) => [name, raw]));
    expect([raws["ups.mode"], raws["battery.fault"]]).toEqual([2, 8]);
  });
});

describe("a text for an expression", () => {
  test("fits what profiles write", () => {
    for (const pattern of [
      "^Temp",
      "^(UPS|Rack) [A-Z]{2}\\d+$",
      "a?b+c*",
      "^(?!not)yes",
      "\\.1$",
      "^[^0-9]+$",
      "x(?:1|2)",
    ])
      expect([pattern, samplesOf(pattern).some((text) => new RegExp(pattern).test(text))]).toEqual([pattern, true]);
    expect(samplesOf("^1\\.\\d+\\.4$", 12)).toEqual(["1.12.4"]);
  });
});

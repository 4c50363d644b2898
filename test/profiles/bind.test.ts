import { describe, expect, it } from "vitest";
import { ms } from "../../src/core/time.ts";
import { bindAlarms, bindDevice, bindProblems, notificationName } from "../../src/profiles/index.ts";
import { pduText, profileOf } from "./fixtures.ts";

const commands = `commands:
  "outlet[n].off":
    hazard: load
    write: { snmp: { oid: "1.3.9.{n}", type: gauge, raw: 2 }, modbus: { table: coil, addr: 200, stride: 3, raw: 0 } }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
    inverse: "outlet[n].on"
  "outlet[n].on":
    hazard: load
    write: { snmp: { oid: "1.3.9.{n}", raw: 1 } }
    expect: { point: "outlet[n].state", equals: "on", within: 5s }
`;
const pdu = profileOf(pduText({ rest: commands, head: "link: { snmp: { oids: 7 }, modbus: { gap: 10ms } }\n" }));
const contacts = profileOf(
  `profile: remote-io/test
class: remote-io
name: Test
source: a test
evidence: B
scan: { safety: 1s, fast: 2s, normal: 10s, slow: 60s }
points:
  "contact[n].state":
    scan: safety
    repeat: { n: { from: 0, to: 3 } }
    modbus: { table: discrete, addr: 0, stride: 1, type: bit, map: { 0: open, 1: closed } }
alarms:
  open:
    title: { en: Open }
    point: "contact[n].state"
    on: == open
    onDelay: 0s
    offDelay: 0s
    priority: low
    cause: a
    consequence: b
    response: c
`,
  "devices/remote-io/test.yaml",
);

describe("a device", () => {
  it("has as many instances as are fitted, numbered as the vendor numbers them", () => {
    const model = bindDevice(pdu, { protocol: "snmp", fitted: { n: 2 } });
    expect(model.points.map(({ name, at }) => [name, at.protocol === "snmp" && at.oid])).toEqual([
      ["power.active", "1.3.6.1.4.1.1.0"],
      ["outlet[1].state", "1.3.6.1.4.1.2.1"],
      ["outlet[2].state", "1.3.6.1.4.1.2.2"],
    ]);
  });

  it("has all instances where nothing is said", () =>
    expect(bindDevice(pdu, { protocol: "snmp" }).points).toHaveLength(9));

  it("strides through its registers", () => {
    const { points } = bindDevice(pdu, { protocol: "modbus", fitted: { n: 3 } });
    expect(points.map(({ at }) => at.protocol === "modbus" && at.addr)).toEqual([5, 100, 102, 104]);
  });

  it("speaks one protocol, with the scale, map and link rules of that one", () => {
    const snmp = bindDevice(pdu, { protocol: "snmp" });
    const modbus = bindDevice(pdu, { protocol: "modbus" });
    expect([snmp.points[0]?.scale, modbus.points[0]?.scale]).toEqual([0.01, 1]);
    expect([snmp.points[1]?.map, modbus.points[1]?.map]).toEqual([
      new Map([
        [1, 0],
        [2, 1],
      ]),
      new Map([
        [0, 0],
        [1, 1],
      ]),
    ]);
    expect(snmp.link).toMatchObject({ oids: 7, gap: 0 });
    expect(modbus.link).toMatchObject({ oids: 20, gap: 10, maxGap: 0, timeout: 1000 });
  });

  it("has commands that write what the file says and expect what it says", () => {
    const model = bindDevice(pdu, { protocol: "snmp", fitted: { n: 2 } });
    expect(model.commands[1]).toEqual({
      name: "outlet[2].off",
      point: "outlet[2].state",
      value: 0,
      hazard: "load",
      write: { at: { protocol: "snmp", oid: "1.3.9.2", type: "gauge" }, raw: 2 },
      within: 5000,
      inverse: "outlet[2].on",
    });
    expect(model.commands[3]).toMatchObject({ name: "outlet[2].on", value: 1, inverse: null });
  });

  it("has no command that its protocol cannot write", () => {
    const { commands: written } = bindDevice(pdu, { protocol: "modbus", fitted: { n: 2 } });
    expect(
      written.map(({ name, write }) => [name, write.at.protocol === "modbus" && write.at.addr, write.raw]),
    ).toEqual([
      ["outlet[1].off", 200, 0],
      ["outlet[2].off", 203, 0],
    ]);
  });

  it("writes pairs of words, to a SunSpec model, or to each instance its own value, as the file says", () => {
    const written = (modbus: string): unknown =>
      bindDevice(
        profileOf(
          pduText({
            rest: `commands:
  "outlet[n].off":
    hazard: load
    write: { modbus: ${modbus} }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
`,
          }),
        ),
        { protocol: "modbus", fitted: { n: 2 } },
      ).commands.map(({ write }) => write);
    expect(written("{ table: holding, addr: 7, stride: 0, type: u32, raw: [1, 2, 3, 4, 5, 6, 7, 8] }")).toMatchObject([
      { at: { addr: 7, type: "u32", count: 2, model: null }, raw: 1 },
      { at: { addr: 7, type: "u32", count: 2, model: null }, raw: 2 },
    ]);
    expect(written("{ table: holding, model: 803, offset: 57, stride: 32, raw: 2 }")).toMatchObject([
      { at: { addr: 57, type: "u16", count: 1, model: 803 }, raw: 2 },
      { at: { addr: 89, type: "u16", count: 1, model: 803 }, raw: 2 },
    ]);
  });

  it("has flags for bits whose highest counts, runs of them written out", () => {
    const flagged = (highest: string): unknown => {
      const text = pduText({
        points: `  load.state: { scan: fast, modbus: { table: holding, addr: 1, type: bits, highest: ${highest} } }\n`,
      });
      const { at, map } = bindDevice(profileOf(text)).points[0]!;
      return [at, [...(map ?? [])]];
    };
    expect(flagged("{ 4: overload, 1-2: near_overload }")).toMatchObject([
      { type: "flags", count: 1, flags: [1, 2, 4] },
      [
        [0, 0],
        [2, 2],
        [3, 2],
        [5, 3],
      ],
    ]);
    expect(flagged("{ none: normal, 0: overload }")).toMatchObject([
      { flags: [0] },
      [
        [0, 1],
        [1, 3],
      ],
    ]);
  });

  it("takes the names that the site gives its points, with their states", () => {
    const rename = { "contact[0].state": "offgas.state", "contact[1].state": "ats.on_utility" };
    const { points } = bindDevice(contacts, { rename, fitted: { n: 3 } });
    expect(points.map(({ name, states }) => [name, states])).toEqual([
      ["offgas.state", ["normal", "alarm"]],
      ["ats.on_utility", ["no", "yes"]],
      ["contact[2].state", ["open", "closed"]],
    ]);
    expect(points[0]?.map).toEqual(points[2]?.map);
  });

  it("may be read more often", () => {
    const [point] = bindDevice(contacts, { periods: { safety: ms(250) } }).points;
    expect(point).toMatchObject({ scan: "safety", period: 250 });
  });

  it("is refused as a bug where its options do not fit", () =>
    expect(() => bindDevice(contacts, { fitted: { n: 9 } })).toThrow("fitted n: 9 is not 1 to 4"));
});

describe("what a site says of a device", () => {
  it.each([
    [{}, "say which protocol: modbus or snmp"],
    [{ protocol: "snmp", fitted: { n: 9 } }, "fitted n: 9 is not 1 to 8"],
    [{ protocol: "snmp", fitted: { n: 0 } }, "fitted n: 0 is not 1 to 8"],
    [{ protocol: "snmp", fitted: { n: 1.5 } }, "fitted n: 1.5 is not 1 to 8"],
    [{ protocol: "snmp", fitted: { m: 1 } }, 'nothing in it is repeated over "m"'],
    [
      { protocol: "snmp", rename: { "outlet[1].stat": "leak.state" } },
      'it has no point "outlet[1].stat" (did you mean "outlet[1].state"?)',
    ],
    [
      { protocol: "snmp", fitted: { n: 1 }, rename: { "outlet[2].state": "leak.state" } },
      'it has no point "outlet[2].state" (did you mean "outlet[1].state"?)',
    ],
    [
      { protocol: "snmp", rename: { "outlet[1].state": "leek.state" } },
      '"leek.state" is no standard quantity (did you mean "leak.state"?)',
    ],
    [
      { protocol: "snmp", rename: { "power.active": "frequency" } },
      '"power.active" cannot stand for "frequency": their units or states differ',
    ],
    [
      { protocol: "snmp", rename: { "outlet[1].state": "outlet[2].state" } },
      'two of its points would be "outlet[2].state"',
    ],
    [
      { protocol: "snmp", periods: { safety: ms(5000) } },
      "safety points are read every 1000 ms and may not be read more slowly",
    ],
  ] as const)("%j is refused", (options, message) => expect(bindProblems(pdu, options)).toEqual([message]));

  it("is refused in a protocol that the profile lacks", () =>
    expect(bindProblems(contacts, { protocol: "snmp" })).toEqual(["it does not speak snmp, but modbus"]));

  it("is accepted where it fits", () => {
    expect(bindProblems(contacts, {})).toEqual([]);
    expect(bindProblems(contacts, { periods: { safety: ms(500), fast: ms(9000) }, fitted: { n: 4 } })).toEqual([]);
  });
});

describe("the alarms of a device", () => {
  it("are one for every instance that is fitted and keeps its name", () => {
    const model = bindDevice(contacts, { fitted: { n: 3 }, rename: { "contact[1].state": "leak.state" } });
    expect(bindAlarms(contacts, model).map(({ id, point }) => [id, point])).toEqual([
      ["open[0]", "contact[0].state"],
      ["open[2]", "contact[2].state"],
    ]);
  });
});

describe("the traps of a device", () => {
  const traps = `traps:
  1.3.6.1.4.1.9.0.1: { poll: [power.active, "outlet[n].state"] }
`;
  const profile = profileOf(pduText({ rest: traps }));

  it("hurry the points that are fitted, by the names that they have here", () => {
    const rename = { "outlet[2].state": "relay[2].state" };
    const model = bindDevice(profile, { protocol: "modbus", fitted: { n: 2 }, rename });
    expect(model.traps).toEqual({ "1.3.6.1.4.1.9.1": ["power.active", "outlet[1].state", "relay[2].state"] });
  });

  it("are absent where the profile has none", () => {
    expect(bindDevice(pdu, { protocol: "modbus" })).not.toHaveProperty("traps");
  });

  it("hurry all rows of a table that is walked, whichever those are", () => {
    const walked = profileOf(
      `profile: pdu/walked
class: pdu
name: Test
source: a test
evidence: B
scan: { safety: 1s, fast: 2s, normal: 10s, slow: 60s }
points:
  "outlet[n].state":
    scan: safety
    repeat: { n: walk }
    snmp: { oid: "1.3.6.1.4.1.9.4.{n}", map: { 1: "off", 2: "on" } }
traps:
  1.3.6.1.4.1.9.0.1: { poll: ["outlet[n].state"] }
`,
      "devices/pdu/walked.yaml",
    );
    expect(bindDevice(walked).traps).toEqual({ "1.3.6.1.4.1.9.1": ["outlet[n].state"] });
  });
});

it("a notification has one name with the zero of RFC 3584 and without it", () => {
  expect(notificationName("1.3.6.1.2.1.33.2.0.1")).toBe(notificationName("1.3.6.1.2.1.33.2.1"));
  expect(notificationName("1.3.6.1.4.1.318.0.5")).toBe("1.3.6.1.4.1.318.5");
  expect(notificationName("1.3.6.1.4.1.10.1")).toBe("1.3.6.1.4.1.10.1");
});

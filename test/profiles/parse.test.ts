import { describe, expect, it } from "vitest";
import { pduText, problemsIn, profileOf } from "./fixtures.ts";

const command = (body: string): string =>
  pduText({
    rest: `commands:
  "outlet[n].off": ${body}
  "outlet[n].on":
    hazard: load
    write: { snmp: { oid: "1.3.9.{n}", raw: 1 } }
    expect: { point: "outlet[n].state", equals: "on", within: 5s }
`,
  });

const alarm = (body: string): string =>
  pduText({
    rest: `alarms:
  high: {
    title: { en: High }, point: power.active, onDelay: 1s, offDelay: 5s,
    priority: high, cause: c, consequence: d, response: e, ${body} }
`,
  });

const point = (line: string): string => pduText({ points: `  ${line}\n` });

describe("a profile", () => {
  it("is read whole", () => {
    const profile = profileOf(
      pduText({
        head: `boost: { when: power.active > 3, classes: { slow: 10s } }
link: { snmp: { oids: 5, gap: 20ms } }
firmware: { snmp: { oid: 1.3.6.1.4.1.9.0 } }
`,
        rest: `traps:
  1.3.6.1.4.1.9.1: { poll: [power.active] }
variants:
  - when: { firmware: <6.74 }
    points: { power.active: { snmp: { oid: 1.3.6.1.4.1.5.0 } } }
`,
      }),
    );
    expect(profile).toMatchObject({
      id: "pdu/test",
      class: "pdu",
      evidence: "unproven",
      scan: { safety: 1000, fast: 2000, normal: 10_000, slow: 60_000 },
      boost: { point: "power.active", test: { is: ">", limit: 3 }, classes: { slow: 10_000 } },
      link: { snmp: { oids: 5, gap: 20 } },
      traps: { "1.3.6.1.4.1.9.1": { poll: ["power.active"] } },
      variants: [{ when: { firmware: "<6.74" } }],
    });
  });

  it("says everything that is wrong with its form at once, by line and column", () =>
    expect(
      problemsIn(`profile: pdu/test
class: pud
name: ""
evidence: C
scan: { safety: 1, fast: 2s, normal: 10x, slow: 60s }
points:
  power.active: { unit: kW, scann: fast, scan: quick, snmp: { oid: one.two } }
`),
    ).toEqual([
      "devices/pdu/test.yaml:1:1 source: missing: a text is needed",
      expect.stringMatching(/^devices.pdu.test.yaml:2:8 class: must be one of ups, .*\(did you mean "pdu"\?\)$/),
      "devices/pdu/test.yaml:3:7 name: must not be empty",
      "devices/pdu/test.yaml:4:11 evidence: must be one of A, B, unproven",
      "devices/pdu/test.yaml:5:17 scan.safety: a text is needed",
      'devices/pdu/test.yaml:5:38 scan.normal: "10x" is no duration; write one like 800ms, 1s, 5min or 2h',
      'devices/pdu/test.yaml:7:29 points.power.active.scann: unknown key "scann" (did you mean "scan"?)',
      "devices/pdu/test.yaml:7:48 points.power.active.scan: must be one of safety, fast, normal, slow",
      "devices/pdu/test.yaml:7:68 points.power.active.snmp.oid: not an object identifier like 1.3.6.1.2.1.33.1.2.1.0",
    ]));

  it("must lie where its id says", () => {
    expect(problemsIn(pduText(), "devices/pdu/other.yaml")).toEqual([
      `devices/pdu/other.yaml:1:10 profile: a profile's id is its path: this file's is "pdu/other"`,
    ]);
    expect(problemsIn(pduText(), "/somewhere/devices/pdu/test.yaml")).toEqual([]);
  });

  it("must lie in the folder of its class", () =>
    expect(problemsIn(pduText().replace("class: pdu", "class: meter"))).toEqual([
      "devices/pdu/test.yaml:2:8 class: the first part of the id is the class",
    ]));
});

describe("a point of a profile", () => {
  it.each([
    [
      "is a standard quantity",
      "power.actve: { unit: kW, scan: fast, snmp: { oid: 1.3.1 } }",
      'no standard quantity (did you mean "power.active"?)',
    ],
    [
      "has the unit of its quantity",
      "power.active: { unit: W, scan: fast, snmp: { oid: 1.3.1 } }",
      "active.unit: its unit is kW",
    ],
    ["says its unit", "power.active: { scan: fast, snmp: { oid: 1.3.1 } }", "power.active: its unit is kW"],
    [
      "has no unit if it is a state",
      "leak.state: { unit: m, scan: fast, snmp: { oid: 1.3.1, map: { 0: normal } } }",
      "a state has no unit",
    ],
    ["has an address", "power.active: { unit: kW, scan: fast }", "has no address"],
    [
      "has a map if it is a state",
      "leak.state: { scan: fast, snmp: { oid: 1.3.1 } }",
      "a state needs a map of raw values to normal, alarm",
    ],
    [
      "has no map if it is a number",
      "frequency: { unit: Hz, scan: fast, snmp: { oid: 1.3.1, map: { 0: off } } }",
      "a number has no map",
    ],
    [
      "maps to states of its quantity",
      "leak.state: { scan: fast, snmp: { oid: 1.3.1, map: { 0: normal, 1: alarms } } }",
      'map.1: "alarms" is none of its states: normal, alarm (did you mean "alarm"?)',
    ],
    [
      "maps whole numbers",
      "leak.state: { scan: fast, snmp: { oid: 1.3.1, map: { x: normal } } }",
      "a raw value must be a whole number",
    ],
    [
      "has no scale if it is a state",
      "leak.state: { scan: fast, snmp: { oid: 1.3.1, scale: 2, map: { 0: normal } } }",
      "a state has no scale",
    ],
    [
      "has a scale that leaves a value",
      "frequency: { unit: Hz, scan: fast, snmp: { oid: 1.3.1, scale: 0 } }",
      "a scale of 0 leaves no value",
    ],
    [
      "assumes a state of its quantity",
      "leak.state: { scan: fast, otherwise: wet, snmp: { oid: 1.3.1, map: { 0: normal } } }",
      'otherwise: "wet" is none of its states',
    ],
    [
      "is uncertain only where a state says so",
      "leak.state: { scan: fast, otherwise: uncertain, snmp: { oid: 1.3.1, map: { 0: normal } } }",
      "name the state to assume: normal, alarm",
    ],
    [
      "has a range that goes upwards",
      "frequency: { unit: Hz, scan: fast, range: [60, 40], snmp: { oid: 1.3.1 } }",
      "the lower end comes first",
    ],
    [
      "says over what it is repeated",
      '"voltage[n]": { unit: V, scan: fast, snmp: { oid: "1.3.{n}" } }',
      'over which instances "n" runs',
    ],
    [
      "is repeated over its own letter",
      '"voltage[p]": { unit: V, scan: fast, repeat: { n: { from: 1, to: 3 } }, snmp: { oid: "1.3.{p}" } }',
      'over which instances "p" runs',
    ],
    [
      "is not repeated without a letter",
      "frequency: { unit: Hz, scan: fast, repeat: { n: { from: 1, to: 3 } }, snmp: { oid: 1.3.1 } }",
      "has no instance to repeat",
    ],
    [
      "has its instance in its identifier",
      '"voltage[n]": { unit: V, scan: fast, repeat: { n: { from: 1, to: 3 } }, snmp: { oid: 1.3.1 } }',
      "must hold its instance: {n}",
    ],
    [
      "has no instance that stands for nothing",
      'frequency: { unit: Hz, scan: fast, snmp: { oid: "1.3.{n}" } }',
      "{n} stands for nothing here",
    ],
    [
      "has a stride where it is repeated",
      '"current[n]": { unit: A, scan: slow, repeat: { n: { from: 1, to: 3 }}, modbus: { table: input, addr: 1, type: u16}}',
      "a repeated point needs its stride",
    ],
    [
      "has no stride where it is not",
      "frequency: { unit: Hz, scan: fast, modbus: { table: input, addr: 1, stride: 2, type: u16 } }",
      "a point without instances has no stride",
    ],
    [
      "runs over a bounded number of instances",
      '"voltage[n]": { unit: V, scan: fast, repeat: { n: { from: 1, to: 900 } }, snmp: { oid: "1.3.{n}" } }',
      "1 to 128 instances",
    ],
    [
      "stands at an address or in a model",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, type: u16 } }",
      "needs either addr or, for SunSpec, model and offset",
    ],
    [
      "does not stand at both",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 1, model: 802, offset: 2, type: u16 } }",
      "needs either addr or",
    ],
    [
      "says which bit it is",
      "leak.state: { scan: fast, modbus: { table: holding, addr: 1, type: bit, map: { 0: normal } } }",
      "says which bit",
    ],
    [
      "is a bit if it is a coil",
      "leak.state: { scan: fast, modbus: { table: coil, addr: 1, type: u16, map: { 0: normal } } }",
      "a coil is of type bit",
    ],
    [
      "has a mask if it is bits",
      "leak.state: { scan: fast, modbus: { table: holding, addr: 1, type: bits, map: { 0: normal } } }",
      "has a mask or highest",
    ],
    [
      "says how long a text is",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 1, type: string } }",
      "say how many words they take",
    ],
    [
      "has sentinels that its type can hold",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 1, type: u16, invalid: [0x10000] } }",
      "no u16 holds such a value",
    ],
    [
      "has runs of sentinels that end",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 1, type: u16, invalid: [[0, 65535]] } }",
      "at most 64",
    ],
    [
      "has an address that a wire can carry",
      "frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 65536, type: u16 } }",
      "must be at most 65535",
    ],
  ])("%s", (_, line, expected) => expect(problemsIn(point(line)).join("\n")).toContain(expected));
});

describe("a command of a profile", () => {
  const write = 'write: { snmp: { oid: "1.3.9.{n}", raw: 2 } }';
  const expected = 'expect: { point: "outlet[n].state", equals: "off", within: 5s }';

  it("is accepted where it can be confirmed and undone", () =>
    expect(problemsIn(command(`{ hazard: load, ${write}, ${expected}, inverse: "outlet[n].on" }`))).toEqual([]));

  it("is refused for a fire device, whatever it would write", () => {
    const fire = command(`{ hazard: harmless, ${write}, ${expected} }`).replaceAll("pdu", "fire");
    expect(problemsIn(fire, "devices/fire/test.yaml")).toEqual([
      expect.stringContaining("commands.outlet[n].off: a fire device is read and never written to"),
      expect.stringContaining("commands.outlet[n].on: a fire device is read and never written to"),
    ]);
  });

  it.each([
    [
      "has an inverse that exists",
      `{ hazard: load, ${write}, ${expected}, inverse: "outlet[n].onn" }`,
      '(did you mean "outlet[n].on"?)',
    ],
    [
      "shows its effect in a point",
      `{ hazard: load, ${write}, expect: { point: "outlet[n].stat", equals: x, within: 5s } }`,
      'there is no point "outlet[n].stat" (did you mean "outlet[n].state"?)',
    ],
    [
      "makes a state that there is",
      `{ hazard: load, ${write}, expect: { point: "outlet[n].state", equals: of, within: 5s } }`,
      '"of" is none of its states',
    ],
    ["writes something", `{ hazard: load, write: {}, ${expected} }`, "says nothing to write"],
    [
      "writes to each instance",
      `{ hazard: load, write: { snmp: { oid: 1.3.9, raw: 2 } }, ${expected} }`,
      "must hold its instance",
    ],
    [
      "strides as its point does",
      `{ hazard: load, write: { modbus: { table: coil, addr: 1, raw: 0 } }, ${expected} }`,
      "must have a stride",
    ],
    [
      "writes a bit to a coil",
      `{ hazard: load, write: { modbus: { table: coil, addr: 1, stride: 1, raw: 2 } }, ${expected} }`,
      "must be 0 to 1",
    ],
    [
      "never writes to an input",
      `{ hazard: load, write: { modbus: { table: discrete, addr: 1, stride: 1, raw: 1 } }, ${expected} }`,
      "must be one of coil, holding",
    ],
    ["says what it endangers", `{ hazard: none, ${write}, ${expected} }`, "must be one of load, setting, harmless"],
  ])("%s", (_, body, message) => expect(problemsIn(command(body)).join("\n")).toContain(message));

  it("runs over the instances of its point", () =>
    expect(
      problemsIn(
        pduText({
          rest: `commands:
  all.off:
    hazard: load
    write: { snmp: { oid: "1.3.9.{n}", raw: 2 } }
    expect: { point: "outlet[n].state", equals: "off", within: 5s }
`,
        }),
      ),
    ).toEqual([expect.stringContaining('must run over the instances of "outlet[n].state"')]));
});

describe("an alarm of a profile", () => {
  it("becomes what a detector needs", () => {
    const [high] = profileOf(alarm('on: "> 4.1", off: "< 4"')).alarms;
    expect(high).toMatchObject({
      id: "high",
      point: "power.active",
      latch: false,
      detect: { kind: "limit", side: "above", limit: 4.1, deadband: 0.1 },
    });
    expect(profileOf(alarm('on: "< 4"')).alarms[0]?.detect).toMatchObject({ side: "below", deadband: 0 });
  });

  it("on a state holds the places of the states", () => {
    const text = alarm('on: "== off"').replace("point: power.active", 'point: "outlet[n].state"');
    expect(profileOf(text).alarms[0]?.detect).toEqual({ kind: "state", among: [0] });
  });

  it.each([
    ["tests something", 'on: "high"', "is no test"],
    ["tests a number by a limit", 'on: "== on"', "a number is tested with > or <"],
    ["returns within its limit", 'on: "> 40", off: "< 41"', "must lie within the limit"],
    ["returns on the other side", 'on: "> 40", off: "> 39"', 'must be the other side of ">"'],
    ["has a text for people", 'on: "> 4", off: "< 3", title: { ko: x }', "keys must be unique"],
  ])("%s", (_, body, message) => expect(problemsIn(alarm(body)).join("\n").toLowerCase()).toContain(message));

  it.each(["cause", "consequence", "response", "priority"])("is refused without its %s", (key) => {
    const text = alarm('on: "> 4"').replace(new RegExp(`${key}: \\w+, `), "");
    expect(problemsIn(text)).toEqual([expect.stringContaining(`alarms.high.${key}: `)]);
  });

  it("has an English title", () =>
    expect(problemsIn(alarm('on: "> 4"').replace("en: High", "ko: x"))).toEqual([
      expect.stringContaining("a title needs an English text (en)"),
    ]));

  it("names a point that there is", () =>
    expect(problemsIn(alarm('on: "> 4"').replace("point: power.active", "point: power.activ"))).toEqual([
      expect.stringContaining('alarms.high.point: there is no point "power.activ" (did you mean "power.active"?)'),
    ]));
});

describe("what else a profile mentions", () => {
  it.each([
    [
      "a trap hurries points that there are",
      { rest: "traps:\n  1.3.1: { poll: [power.activ] }\n" },
      'traps.1.3.1.poll.0: there is no point "power.activ"',
    ],
    [
      "a boost watches a point that there is",
      { head: "boost: { when: ups.mode == battery, classes: {} }\n" },
      'boost.when: there is no point "ups.mode"',
    ],
    ["a boost is a test", { head: "boost: { when: on battery, classes: {} }\n" }, "must be a point and a test"],
    [
      "a boost tests a number by a limit",
      { head: "boost: { when: power.active == high, classes: {} }\n" },
      "a number is tested with > or <",
    ],
  ])("%s", (_, change, message) => expect(problemsIn(pduText(change)).join("\n")).toContain(message));
});

import { describe, expect, test } from "vitest";
import { seconds } from "../../src/core/time.ts";
import { formatProblem } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { library, problemsAfter, siteAfter, siteText } from "./fixture.ts";

const batteryEnd = "modbus: { host: 10.0.0.3 }, fitted: { n: 1 }";

describe("a device", () => {
  test("is bound to its profile with what the site says of it", () => {
    const { devices } = siteAfter([
      batteryEnd,
      "modbus: { host: 10.0.0.3, unit: 7 }, fitted: { n: 2 }, periods: { safety: 500ms }",
    ]);
    const battery = devices.find(({ id }) => id === "bat-a");
    expect(battery).toMatchObject({ space: "battery-room", address: { host: "10.0.0.3", port: 502, unit: 7 } });
    expect(battery?.model.class).toBe("battery");
    expect(battery?.model.points.find(({ name }) => name === "battery.voltage")?.period).toBe(500);
    expect(battery?.model.points.filter(({ name }) => /^string\[\d+\]\.charge$/.test(name))).toHaveLength(2);
  });

  test("is asked for a point in the scan class that the site says", () => {
    const { devices } = siteAfter([
      "10.0.0.6, version: 2c, community: public }, fitted: { n: 2 }",
      '10.0.0.6, version: 2c, community: public }, fitted: { n: 2 }, scan: { "outlet[2].power": safety }',
    ]);
    const points = devices.find(({ id }) => id === "pdu-b")?.model.points ?? [];
    const asked = (name: string) => points.find((one) => one.name === name);
    expect(asked("outlet[2].power")).toMatchObject({ scan: "safety", period: 1000 });
    expect(asked("outlet[1].power")).toMatchObject({ scan: "fast", period: 2000 });
  });

  test("has those instances that the site lists, and no others", () => {
    const { devices } = siteAfter([
      "10.0.0.6, version: 2c, community: public }, fitted: { n: 2 }",
      "10.0.0.6, version: 2c, community: public }, fitted: { n: [1, 2, 40] }",
    ]);
    const names = devices.find(({ id }) => id === "pdu-b")?.model.points.map(({ name }) => name) ?? [];
    expect(names.filter((name) => name.endsWith("].state"))).toEqual([1, 2, 40].map((n) => `outlet[${n}].state`));
  });

  test("may stand for another quantity than its profile's", () => {
    const io = siteAfter().devices.find(({ id }) => id === "io");
    expect(io?.model.points[0]?.name).toBe("offgas.state");
  });

  test.each([
    [
      "of an unknown profile",
      "profile: ups/eaton-xups",
      "profile: ups/eaton-xup",
      '8:21 devices.ups-a.profile: there is no profile "ups/eaton-xup" (did you mean "ups/eaton-xups"?)',
    ],
    [
      "in an unknown space",
      "space: hall, snmp: { host: 10.0.0.1",
      "space: hell, snmp: { host: 10.0.0.1",
      '8:44 devices.ups-a.space: there is no space "hell" (did you mean "hall"?)',
    ],
    [
      "that does not speak the protocol",
      "snmp: { host: 10.0.0.1, version: 2c, community: public }",
      "modbus: { host: 10.0.0.1 }",
      "8:58 devices.ups-a.modbus: it does not speak modbus, but snmp",
    ],
    [
      "with instances that its profile does not repeat",
      batteryEnd,
      "modbus: { host: 10.0.0.3 }, fitted: { q: 1 }",
      '10:108 devices.bat-a.fitted.q: nothing in it is repeated over "q"',
    ],
    [
      "with more instances than its profile has",
      "10.0.0.6, version: 2c, community: public }, fitted: { n: 2 }",
      "10.0.0.6, version: 2c, community: public }, fitted: { n: 99 }",
      "13:120 devices.pdu-b.fitted.n: fitted n: 99 is not 1 to 48",
    ],
    [
      "with an instance that its profile has not got",
      "10.0.0.6, version: 2c, community: public }, fitted: { n: 2 }",
      "10.0.0.6, version: 2c, community: public }, fitted: { n: [1, 2, 99] }",
      "13:120 devices.pdu-b.fitted.n: fitted n: it has no n 99",
    ],
    [
      "that renames what it has not got",
      '"contact[0].state"',
      '"contact[99].state"',
      '15:120 devices.io.rename.contact[99].state: it has no point "contact[99].state" (did you mean "contact[9].state"?)',
    ],
    [
      "that renames to what is no quantity",
      "offgas.state }",
      "offgas.sate }",
      '15:119 devices.io.rename.contact[0].state: "offgas.sate" is no standard quantity (did you mean "offgas.state"?)',
    ],
    [
      "that renames a state to a number",
      "offgas.state }",
      "power.active }",
      '15:119 devices.io.rename.contact[0].state: "contact[0].state" cannot stand for "power.active": their units or states differ',
    ],
    [
      "that renames two points to one",
      "offgas.state }",
      'offgas.state, "contact[1].state": offgas.state }',
      '15:97 devices.io.rename: two of its points would be "offgas.state"',
    ],
    [
      "whose safety points would be asked more slowly",
      batteryEnd,
      "modbus: { host: 10.0.0.3 }, periods: { safety: 2s }",
      "10:114 devices.bat-a.periods.safety: safety points are read every 1000 ms and may not be read more slowly",
    ],
    [
      "that asks for a point it has not",
      batteryEnd,
      "modbus: { host: 10.0.0.3 }, scan: { battery.curent: safety }",
      '10:119 devices.bat-a.scan.battery.curent: it has no point "battery.curent" (did you mean "battery.current"?)',
    ],
    [
      "that asks for a point of safety in a slower class",
      batteryEnd,
      "modbus: { host: 10.0.0.3 }, scan: { battery.voltage: slow }",
      "10:120 devices.bat-a.scan.battery.voltage: battery.voltage guards safety and stays in its class",
    ],
    [
      "without an address",
      ", modbus: { host: 10.0.0.4 }",
      "",
      "11:8 devices.asd: needs one address: modbus, snmp or mqtt",
    ],
    [
      "with two addresses",
      ", modbus: { host: 10.0.0.4 }",
      ", modbus: { host: 10.0.0.4 }, snmp: { host: a, version: 1, community: c }",
      "11:8 devices.asd: needs one address: modbus, snmp or mqtt",
    ],
  ])("%s is told so", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("of class battery is asked at least every 10 s, whatever its profile says", () => {
    const profile = library().profiles.get("battery/sunspec-802-803");
    if (!profile) throw new Error("the library has no SunSpec battery");
    const slow = { ...profile, scan: { ...profile.scan, safety: seconds(30) } };
    const loaded = parseSite("s", siteText, {
      ...library(),
      profiles: new Map(library().profiles).set(profile.id, slow),
    });
    expect("problems" in loaded && loaded.problems.map((p) => formatProblem(p)).join("\n")).toMatch(
      /^s:10:\d+ devices\.bat-a\.periods\.safety: \S+ every 30 s is too seldom: a battery is asked at least every 10 s$/,
    );
  });
});

describe("a bus", () => {
  test("that cannot carry what is asked of it is refused, with what guards safety named first", () => {
    const many = Array.from(
      { length: 29 },
      (_, i) =>
        `  bat-${i + 2}: { profile: battery/sunspec-802-803, space: battery-room, modbus: { host: 10.0.0.3, unit: ${i + 2} }, fitted: { n: 4 } }\n`,
    ).join("");
    const problems = problemsAfter(["  asd: {", `${many}  asd: {`]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^39:\d+ devices\.bat-30: safety needs [\d.]+ s of every 1 s on this bus, with what is more urgent too much: modbus 10\.0\.0\.3:502 \(bat-a, bat-2, /,
    );
  });
});

describe("two devices", () => {
  test("cannot be at one SNMP address by one profile", () => {
    expect(problemsAfter(["10.0.0.2", "10.0.0.1"])).toEqual([
      "9:56 devices.ups-b.snmp: ups-a has this address: snmp 10.0.0.1:161",
    ]);
  });

  test("may be one SNMP agent that speaks several MIBs, each by a profile of its own", () => {
    expect(problemsAfter(["10.0.0.7", "10.0.0.6"])).toEqual([]);
  });

  test("cannot be one unit at one Modbus address, whatever this machine is called", () => {
    expect(problemsAfter(["10.0.0.3", "localhost"], ["10.0.0.4", "127.0.0.1"])).toEqual([
      "11:75 devices.asd.modbus: bat-a has this address: modbus 127.0.0.1:502 unit 1",
    ]);
  });

  test("may be two units behind one Modbus address", () => {
    expect(problemsAfter(["{ host: 10.0.0.4 }", "{ host: 10.0.0.3, unit: 2 }"])).toEqual([]);
  });
});

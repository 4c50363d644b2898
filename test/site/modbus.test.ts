import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const open = "modbus: { host: 10.0.0.3 }";
const addressOf = (written: string) =>
  siteAfter([open, `modbus: { ${written} }`]).devices.find(({ id }) => id === "bat-a")?.address;

const files = "ca: /etc/haechi/ca.pem, cert: /etc/haechi/us.pem, key: '${env:MODBUS_KEY}'";
const line = { kind: "serial", baud: 9600, parity: "none", dataBits: 8, stopBits: 1 };

describe("the Modbus address of a device", () => {
  test("is plain TCP where it does not say otherwise", () => {
    expect(addressOf("host: 10.0.0.3")).toEqual({ host: "10.0.0.3", port: 502, unit: 1 });
    expect(addressOf("host: 10.0.0.3, transport: tcp, port: 1502, unit: 17")).toEqual({
      host: "10.0.0.3",
      port: 1502,
      unit: 17,
    });
  });

  test("may be the frames of a serial line over TCP", () => {
    expect(addressOf("host: 10.0.0.3, transport: rtu, port: 4001")).toMatchObject({
      port: 4001,
      transport: { kind: "rtu" },
    });
  });

  test("may be TLS, with certificates and key kept elsewhere", () => {
    expect(addressOf(`host: 10.0.0.3, transport: tls, tls: { ${files}, name: ups.example }`)).toEqual({
      host: "10.0.0.3",
      port: 802,
      unit: 1,
      transport: {
        kind: "tls",
        ca: "${file:/etc/haechi/ca.pem}",
        cert: "${file:/etc/haechi/us.pem}",
        key: "${env:MODBUS_KEY}",
        name: "ups.example",
      },
    });
  });

  test("may be a serial line", () => {
    expect(addressOf("serial: /dev/ttyUSB0, unit: 3")).toEqual({
      host: "/dev/ttyUSB0",
      port: 0,
      unit: 3,
      transport: line,
    });
    expect(addressOf("serial: /dev/ttyS1, baud: 19200, parity: even, dataBits: 8, stopBits: 2")).toMatchObject({
      transport: { ...line, baud: 19_200, parity: "even", stopBits: 2 },
    });
  });

  test("may be shared with other readers", () => {
    expect(addressOf("host: 10.0.0.3, share: { port: 1502 }")).toMatchObject({ share: 1502 });
  });

  test.each([
    ["port: 502", "devices.bat-a.modbus: needs one of host and serial"],
    ["host: h, serial: /dev/ttyS0", "devices.bat-a.modbus: needs one of host and serial"],
    ["serial: ttyUSB0", "devices.bat-a.modbus.serial: a serial port is a path like /dev/ttyUSB0"],
    ["serial: /dev/ttyS0, port: 502", "modbus.port: port belongs to a host, and a serial line has none"],
    ["serial: /dev/ttyS0, transport: rtu", "modbus.transport: transport belongs to a host, and a serial line has none"],
    ["serial: /dev/ttyS0, parity: mark", "modbus.parity: must be one of none, even, odd"],
    ["serial: /dev/ttyS0, dataBits: 7", "modbus.dataBits: must be 8"],
    ["serial: /dev/ttyS0, stopBits: 3", "modbus.stopBits: must be one of 1, 2"],
    ["serial: /dev/ttyS0, baud: 96", "modbus.baud: must be at least 300"],
    ["host: h, baud: 9600", "10:92 devices.bat-a.modbus.baud: baud belongs to a serial line"],
    ["host: h, transport: rtuu", 'modbus.transport: must be one of tcp, rtu, tls (did you mean "rtu"?)'],
    ["host: h, transport: tls", "modbus.transport: transport tls needs tls: { ca, cert, key }"],
    [`host: h, tls: { ${files} }`, "modbus.tls: tls needs transport: tls"],
    ["host: h, transport: tls, tls: { ca: /ca.pem, cert: /us.pem }", "modbus.tls.key: "],
    [
      "host: h, transport: tls, tls: { ca: /ca.pem, cert: /us.pem, key: MIIEvQIBADANBg }",
      "modbus.tls.key: certificates and keys do not stand in this file",
    ],
    ["host: h, share: { port: 0 }", "modbus.share.port: must be at least 1"],
    ["host: h, prot: 502", 'unknown key "prot" (did you mean "port"?)'],
  ])("as { %s } is refused: %s", (written, message) => {
    const problems = problemsAfter([open, `modbus: { ${written} }`]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
    expect(problems[0]).toMatch(/^10:\d+ /);
    expect(problems[0]).not.toContain("MIIEvQ");
  });
});

describe("the addresses of devices at one endpoint", () => {
  const asd = "modbus: { host: 10.0.0.4 }";
  const both = (first: string, second: string): readonly string[] =>
    problemsAfter([open, `modbus: { ${first} }`], [asd, `modbus: { ${second} }`]);

  test("differ in their units", () => {
    expect(both("host: h", "host: h, unit: 2")).toEqual([]);
    expect(both("host: h", "host: H")[0]).toContain("devices.asd.modbus: bat-a has this address: modbus h:502 unit 1");
    expect(both("serial: /dev/ttyS0", "serial: /dev/ttyS0")[0]).toContain("bat-a has this address: modbus /dev/ttyS0");
  });

  test("agree on how it is reached", () => {
    const problems = both("host: h", "host: h, unit: 2, transport: rtu");
    expect(problems).toEqual([
      expect.stringContaining("devices.asd.modbus: bat-a reaches h:502 in another way: there is one connection to it"),
    ]);
    expect(both("serial: /dev/ttyS0", "serial: /dev/ttyS0, unit: 2, baud: 19200")).toHaveLength(1);
  });

  test("share it at one port, which nothing else has", () => {
    expect(both("host: h, share: { port: 1502 }", "host: h, unit: 2, share: { port: 1502 }")).toEqual([]);
    expect(both("host: h, share: { port: 1502 }", "host: h, unit: 2, share: { port: 1503 }")[0]).toContain(
      "devices.asd.modbus.share: h:502 is shared at port 1502 already",
    );
    expect(both("host: h, share: { port: 1502 }", "host: i, share: { port: 1502 }")[0]).toContain(
      "devices.asd.modbus.share.port: port 1502 shares h:502 already",
    );
    expect(both("host: localhost, port: 1502", "host: h, share: { port: 1502 }")[0]).toContain(
      "devices.asd.modbus.share.port: 127.0.0.1:1502 is taken by device bat-a",
    );
    expect(both("host: h, share: { port: 8080 }", "host: i")[0]).toContain(
      "serve.port: 127.0.0.1:8080 is taken by what shares h:502",
    );
  });
});

import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

describe("the gate", () => {
  test("may do what the file says, and never opens both feeds of a protected load", () => {
    expect(siteAfter().gate).toEqual({
      allow: ["pdu-a", "pdu-b", "login"],
      armed: ["move", "shed"],
      armable: [],
      twoPeople: [],
      interlocks: [],
      writesPerMinute: 60,
      // Rack 1 is protected: no plan holds its outlets.
      plans: new Map([
        ["move", new Set(["login/service.site"])],
        ["shed", new Set(["pdu-a/outlet[2].state"])],
      ]),
      neverBoth: [["pdu-a/outlet[1].state", "pdu-b/outlet[1].state"]],
      protectedOutlets: [],
    });
  });

  test("never opens the only outlet of a protected load", () => {
    const site = siteAfter([', outlet: "pdu-b/outlet[1].state", closed: "pdu-b/outlet[1].state"', ""]);
    expect(site.gate).toMatchObject({ neverBoth: [], protectedOutlets: ["pdu-a/outlet[1].state"] });
  });

  test("keeps what the file names closed as well", () => {
    const said =
      '\n  neverBoth: [["pdu-a/outlet[2].state", "pdu-b/outlet[2].state"]]\n  protectedOutlets: ["pdu-b/outlet[2].state"]';
    const { gate } = siteAfter(["armed: [move, shed]", `armed: [move, shed]${said}`]);
    expect(gate.neverBoth[0]).toEqual(["pdu-a/outlet[2].state", "pdu-b/outlet[2].state"]);
    expect(gate.protectedOutlets).toEqual(["pdu-b/outlet[2].state"]);
  });

  test("may do nothing in a site that says nothing of it", () => {
    const site = siteAfter(
      ["mode: act\n    after: 0s", "mode: advise\n    after: 0s"],
      ["mode: act\n    after: 30s", "mode: advise\n    after: 30s"],
      ["gate:\n  allow: [pdu-a, pdu-b, login]\n  armed: [move, shed]\n", ""],
    );
    expect(site.gate).toMatchObject({ allow: [], armed: [], writesPerMinute: 60 });
  });

  test("lets people arm what the file names for that, which may act and is not armed until then", () => {
    expect(siteAfter(["armed: [move, shed]", "armed: [move]\n  armable: [shed]"]).gate).toMatchObject({
      armed: ["move"],
      armable: ["shed"],
    });
    expect(problemsAfter(["armed: [move, shed]", "armed: [move, shed]\n  armable: [shed, shad]"])).toEqual([
      "107:13 gate.armable.0: shed is in gate.armed: it is armed already",
      expect.stringMatching(/^107:19 gate.armable.1: there is no response "shad"/),
    ]);
  });

  test("is not allowed what is on a serial line: the service holds the port", () => {
    expect(
      problemsAfter(
        ["[pdu-a, pdu-b", "[bat-a, pdu-a, pdu-b"],
        ["modbus: { host: 10.0.0.3 }", "modbus: { serial: /dev/ttyS0 }"],
      ),
    ).toEqual([
      "105:11 gate.allow.0: bat-a is on a serial line, which one process can hold: it is read and never written to",
    ]);
  });

  test.each([
    [
      "fire equipment",
      "[pdu-a, pdu-b",
      "[asd, pdu-a, pdu-b",
      "105:11 gate.allow.0: asd is fire equipment, which is read and never written to",
    ],
    [
      "what has no command",
      "[pdu-a, pdu-b",
      "[crac, pdu-a, pdu-b",
      "105:11 gate.allow.0: crac (cooling/apc-inrow) has nothing that can be written",
    ],
    [
      "what is not there",
      "[pdu-a, pdu-b",
      "[pdu-c, pdu-a, pdu-b",
      '105:11 gate.allow.0: there is no device, service or target "pdu-c" (did you mean "pdu-a"?)',
    ],
    [
      "the arming of what is not there",
      "[move, shed]",
      "[move, shed, shef]",
      '106:23 gate.armed.2: there is no response "shef" (did you mean "shed"?)',
    ],
    [
      "the keeping of what cannot be opened",
      "[move, shed]",
      "[move, shed]\n  protectedOutlets: [crac/cooling.mode]",
      "107:22 gate.protectedOutlets.0: crac/cooling.mode cannot be opened at all: no command does it",
    ],
    [
      "a flood of writes",
      "[move, shed]",
      "[move, shed]\n  writesPerMinute: 6000",
      "107:20 gate.writesPerMinute: must be at most 600",
    ],
  ])("is not allowed %s", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });
});

describe("a port", () => {
  test.each([
    [
      "the wall where a device is",
      "armed: [move, shed]\n",
      "armed: [move, shed]\nserve: { host: 10.0.0.3, port: 502 }\n",
      "107:32 serve.port: 10.0.0.3:502 is taken by device bat-a",
    ],
    [
      "the wall where a mover is",
      "armed: [move, shed]\n",
      "armed: [move, shed]\nserve: { host: mover.example, port: 80 }\n",
      "107:37 serve.port: mover.example:80 is taken by service login",
    ],
    [
      "a mover where a device is",
      "http://mover.example/login",
      "http://10.0.0.3:502/login",
      "35:72 services.login.move.url: 10.0.0.3:502 is taken by device bat-a",
    ],
  ])("is not opened twice: %s", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });
});

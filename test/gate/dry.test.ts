import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { instant } from "../../src/core/time.ts";
import type { DryWrite, Reaches } from "../../src/gate/dry.ts";
import { dryGate, wordingOf } from "../../src/gate/dry.ts";
import { serviceMover } from "../../src/gate/http.ts";
import { modbusActuator } from "../../src/gate/modbus.ts";
import { snmpActuator } from "../../src/gate/snmp.ts";
import type { TargetLink } from "../../src/gate/target.ts";
import { modbusServer } from "../collect/fixture.ts";
import { USER } from "../collect/snmp/fixture.ts";
import { order, pduAgent, pduLink, relayLink, stop } from "./device-fixture.ts";
import { command, policy, start } from "./fixture.ts";

const nothing: Reaches = { devices: [], services: [], targets: [] };
const sends = (write: DryWrite): string => ("sends" in write ? write.sends : `refused: ${write.refused}`);

describe("what a gate would send, in words", () => {
  it("is what a Modbus device gets", async () => {
    const written: string[] = [];
    const server = await modbusServer({
      getHoldingRegister: () => 0x0101,
      setCoil: (addr: number, value: boolean, unit: number) =>
        void written.push(`coil ${addr} = ${Number(value)} ${unit}`),
      setRegister: (addr: number, value: number, unit: number) =>
        void written.push(`${addr} = 0x${value.toString(16)} ${unit}`),
    });
    onTestFinished(() => server.close());
    const link = relayLink(server.port);
    const actuator = modbusActuator(link);
    onTestFinished(() => actuator.close());
    const words: string[] = [];
    for (const [point, value] of [
      ["outlet[1].state", 0],
      ["limit", 10_000],
    ] as const) {
      await actuator.write(order(value, point), stop);
      words.push(sends(wordingOf({ ...nothing, devices: [link] }, command({ point: `relay/${point}`, value }))));
    }
    expect(written).toEqual(["coil 0 = 0 7", "4 = 0x1 7", "5 = 0x86a0 7"]);
    const at = `to unit 7 at 127.0.0.1:${server.port}`;
    expect(words).toEqual([`Modbus write coil 0 = 0 ${at}`, `Modbus write holding 4 = 0x0001 0x86a0 ${at}`]);
  });

  it("is what an SNMP agent gets", async () => {
    const agent = await pduAgent({ name: USER.name, level: 1 });
    onTestFinished(() => agent.close());
    const link = pduLink(agent.port, { version: "2c", community: "private" });
    const actuator = snmpActuator(link);
    onTestFinished(() => actuator.close());
    await actuator.write(order(0), stop);
    expect(agent.outlet()).toBe(1);
    expect(sends(wordingOf({ ...nothing, devices: [link] }, command({ point: "pdu/outlet[1].state" })))).toBe(
      `SNMP SET 1.3.6.1.4.1.55555.2.0 = integer 1 to 127.0.0.1:${agent.port}`,
    );
  });

  it("is what a mover gets, and shows no secret", async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on("end", () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as { port: number };
    const link = {
      id: "login",
      url: `http://127.0.0.1:${port}/login`,
      secret: "a-secret-of-the-test",
      sites: ["hq", "b"],
    };
    const moved = command({ point: "login/service.site", value: 1 });
    const mover = serviceMover(link);
    await mover.write({ id: moved.id, point: "service.site", value: 1, expires: moved.expires }, stop);
    mover.close();
    const words = sends(wordingOf({ ...nothing, services: [link] }, moved));
    expect(words).toBe(`POST ${link.url}, signed: ${bodies.join("")}`);
    expect(words).not.toContain(link.secret);
  });

  it("says of each kind of target what is done to it", () => {
    const dns: TargetLink = {
      id: "t",
      kind: "dns",
      point: "records.set",
      states: ["hq", "b"],
      settings: {
        host: "ns.example",
        port: 53,
        zone: "example.org",
        key: { name: "k", secret: "c2VjcmV0" },
        sets: {
          hq: [{ name: "www.example.org", type: "A", ttl: 60, data: ["192.0.2.1"] }],
          b: [{ name: "www.example.org", type: "A", ttl: 60, data: ["192.0.2.2"] }],
        },
      },
    };
    const node: TargetLink = {
      id: "n",
      kind: "kubernetes",
      point: "node.state",
      states: ["schedulable", "cordoned", "drained"],
      settings: { url: "https://k8s.example", token: "t0k3n", node: "n1" },
    };
    const reaches = { ...nothing, targets: [dns, node] };
    expect(sends(wordingOf(reaches, command({ point: "t/records.set", value: 1 })))).toBe(
      "DNS UPDATE of example.org at ns.example:53, signed: www.example.org 60 A 192.0.2.2",
    );
    const drain = sends(wordingOf(reaches, command({ point: "n/node.state", value: 2 })));
    expect(drain).toBe("PATCH https://k8s.example/api/v1/nodes/n1: unschedulable, then an eviction of every pod");
    expect(drain).not.toContain("t0k3n");
    expect(sends(wordingOf(reaches, command({ point: "x/y", value: 2 })))).toBe(
      "refused: nothing here can write to x/y",
    );
  });
});

describe("a gate without hands", () => {
  const devices = [
    { ...relayLink(1), id: "pdu-a" },
    { ...relayLink(1), id: "pdu-b" },
  ];
  const gate = (over: Parameters<typeof policy>[0] = {}) => dryGate(policy(over), { ...nothing, devices });

  it("refuses what the gate would refuse, over what it has admitted before", () => {
    const both = gate({ neverBoth: [["pdu-a/outlet[1].state" as never, "pdu-b/outlet[1].state" as never]] });
    expect(sends(both.take(command()))).toMatch(/^Modbus write coil 0 = 0/);
    const second = command({ id: "shed#1/b=0", point: "pdu-b/outlet[1].state" });
    expect(sends(both.take(second))).toMatch(/^refused: it would open the last feed of/);
    expect(sends(gate({ allow: new Set() }).take(command()))).toBe("refused: pdu-a is not on the allow-list");
    expect(sends(gate({ armed: new Set() }).take(command()))).toBe("refused: shed is not armed");
    const fast = gate({ writesPerMinute: 1 });
    fast.take(command());
    expect(sends(fast.take(command({ id: "shed#1/on", value: 1 })))).toBe("refused: more than 1 writes a minute");
    const later = command({
      id: "shed#1/on",
      value: 1,
      issued: instant(start + 61_000),
      expires: instant(start + 70_000),
    });
    expect(sends(fast.take(later))).toMatch(/^Modbus write/);
  });

  it("takes what people can arm for armed, and what two must say for said", () => {
    const open = gate({ armed: new Set(), armable: new Set(["shed"]), twoPeople: new Set(["shed"]) });
    expect(sends(open.take(command()))).toMatch(/^Modbus write/);
  });
});

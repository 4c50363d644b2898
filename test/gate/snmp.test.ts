import { createSocket } from "node:dgram";
import snmp from "net-snmp";
import { afterEach, describe, expect, it } from "vitest";
import { snmpActuator } from "../../src/gate/snmp.ts";
import { cipherOf } from "../../src/profiles/cipher.ts";
import type { SnmpAccess } from "../../src/profiles/link.ts";
import { freePort, HOST } from "../collect/fixture.ts";
import { agentThat, answer, forged, parse, REPORT, relay, USER, udpPeer } from "../collect/snmp/fixture.ts";
import { order, pduAgent, pduLink, stop } from "./device-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const agentUser: snmp.User = {
  name: USER.name,
  level: snmp.SecurityLevel.authPriv,
  authProtocol: snmp.AuthProtocols.sha,
  authKey: USER.authKey,
  privProtocol: snmp.PrivProtocols.aes,
  privKey: USER.privKey,
};

async function agent(user = agentUser) {
  const made = await pduAgent(user);
  closers.push(() => made.close());
  return made;
}

function actuatorAt(port: number, access: SnmpAccess = { version: "2c", community: "private" }, timeout = 300) {
  const actuator = snmpActuator(pduLink(port, access, { timeout }));
  closers.push(() => actuator.close());
  return actuator;
}

describe("an SNMP agent that is written to", () => {
  it.each([
    ["1", { version: "1", community: "private" }],
    ["2c", { version: "2c", community: "private" }],
    ["3, authenticated and private", { version: "3", user: USER }],
  ] as const)("over version %s has its outlet set and read back", async (_, access) => {
    const { port, outlet } = await agent();
    const actuator = actuatorAt(port, access);
    expect(await actuator.read("outlet[1].state", stop)).toBe(1);
    expect(await actuator.write(order(0), stop)).toEqual({ result: "accepted" });
    expect(outlet()).toBe(1);
    expect(await actuator.read("outlet[1].state", stop)).toBe(0);
  });

  it.each(["des", "aes192b", "aes192r"] as const)(
    "by a user with %s has its outlet set and read back",
    async (priv) => {
      const { port, outlet } = await agent({ ...agentUser, privProtocol: cipherOf(snmp, priv) });
      const actuator = actuatorAt(port, { version: "3", user: { ...USER, privProtocol: priv } });
      expect(await actuator.write(order(0), stop)).toEqual({ result: "accepted" });
      expect(outlet()).toBe(1);
      expect(await actuator.read("outlet[1].state", stop)).toBe(0);
    },
  );

  it("says no for good where it does not let the object be written", async () => {
    const { port } = await agent();
    const outcome = await actuatorAt(port).write(order(0, "locked"), stop);
    expect(outcome).toMatchObject({ result: "refused", detail: /SNMP error status/ });
  });

  it("is not written to where the profile has no such command", async () => {
    const { port, outlet } = await agent();
    expect(await actuatorAt(port).write(order(7), stop)).toMatchObject({ result: "refused" });
    expect(outlet()).toBe(2);
  });

  it("leaves it unsure where it does not answer, and has no value", async () => {
    const actuator = actuatorAt(await freePort(), undefined, 80);
    expect(await actuator.write(order(0), stop)).toMatchObject({ result: "unsure" });
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
  });

  it("is not written to with a wrong key", async () => {
    const { port, outlet } = await agent();
    const user = { ...USER, authKey: "something-else" };
    const actuator = actuatorAt(port, { version: "3", user }, 200);
    expect((await actuator.write(order(0), stop)).result).not.toBe("accepted");
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
    expect(outlet()).toBe(2);
  });

  it("is not asked at all where the site file leaves its user out", async () => {
    const { port } = await agent();
    expect(await actuatorAt(port, { version: "3" }).write(order(0), stop)).toEqual({
      result: "again",
      detail: "SNMPv3 needs a user",
    });
  });

  it("is asked again after one question was lost", async () => {
    const silent = await agentThat((get, number) => (number === 1 ? null : answer(get, [1])));
    closers.push(() => silent.close());
    const actuator = actuatorAt(silent.port, undefined, 80);
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
    expect(await actuator.read("outlet[1].state", stop)).toBe(0);
  });
});

describe("forged datagrams", () => {
  it("from elsewhere than the agent are not heard", async () => {
    const stranger = createSocket("udp4");
    closers.push(() => stranger.close());
    const device = await udpPeer((datagram, from, send) => {
      const get = parse(datagram);
      stranger.send(answer(get, [1]), from.port, HOST, () => send(answer(get, [2])));
    });
    closers.push(() => device.close());
    expect(await actuatorAt(device.port).read("outlet[1].state", stop)).toBe(1);
  });

  it("do not end the process: a Report in a version 2c session is no answer and nothing more", async () => {
    const device = await agentThat((get, number) => answer(get, [2], number === 1 ? { type: REPORT } : {}));
    closers.push(() => device.close());
    const actuator = actuatorAt(device.port);
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
    expect(await actuator.read("outlet[1].state", stop)).toBe(1);
  });

  it("without the protection that was asked for are no read-back", async () => {
    const { port } = await agent();
    const between = await udpPeer((datagram, _, send) => {
      const forgery = forged(datagram, "1.3.6.1.4.1.55555.2.0");
      if (forgery) send(forgery);
      else relay(datagram, port, send);
    });
    closers.push(() => between.close());
    const actuator = actuatorAt(between.port, { version: "3", user: USER }, 200);
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
  });
});

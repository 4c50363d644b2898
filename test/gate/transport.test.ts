import { connect as connectTcp } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { modbusActuator } from "../../src/gate/modbus.ts";
import type { ModbusTransport } from "../../src/profiles/link.ts";
import { HOST, modbusServer, peer, sealed } from "../collect/fixture.ts";
import { type Identity, makeCertificates } from "../collect/modbus/servers/certificates.ts";
import { describeWith } from "../setup/available.ts";
import { order, relayLink, stop } from "./device-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function actuatorOver(transport: ModbusTransport, port: number) {
  const link = relayLink(port, { timeout: 2000 });
  const actuator = modbusActuator({ ...link, address: { ...link.address, transport } });
  closers.push(() => actuator.close());
  return actuator;
}

test("a device behind the frames of a serial line over TCP is written to and read back", async () => {
  let isOn = true;
  const server = await peer((request, socket) => {
    if (request[1] === 5) {
      isOn = request[4] === 0xff;
      socket.write(request);
    } else socket.write(sealed(request[0]!, request[1]!, 1, isOn ? 1 : 0));
  });
  closers.push(() => server.close());
  const actuator = actuatorOver({ kind: "rtu" }, server.port);
  expect(await actuator.read("outlet[1].state", stop)).toBe(1);
  expect(await actuator.write(order(0), stop)).toEqual({ result: "accepted" });
  expect(await actuator.read("outlet[1].state", stop)).toBe(0);
});

test("a device on a serial line is not written to, however often it is asked for", async () => {
  const serial = { kind: "serial", baud: 9600, parity: "none", dataBits: 8, stopBits: 1 } as const;
  const outcome = await actuatorOver(serial, 0).write(order(0), stop);
  expect(outcome).toEqual({ result: "refused", detail: expect.stringContaining("read and never written to") });
});

describeWith("openssl", "a device that speaks TLS", () => {
  async function guarded(ca: Identity, device: Identity) {
    const coils = new Map([[0, true]]);
    const plain = await modbusServer({
      getCoil: (addr: number) => coils.get(addr) ?? false,
      setCoil: (addr: number, value: boolean) => void coils.set(addr, value),
    });
    const server = createTlsServer({ ca: ca.cert, cert: device.cert, key: device.key, requestCert: true }, (socket) => {
      const inner = connectTcp(plain.port, HOST);
      inner.on("error", () => socket.destroy()).pipe(socket);
      socket.on("error", () => inner.destroy()).pipe(inner);
    });
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    closers.push(
      () => plain.close(),
      () => void server.close(),
    );
    return { coils, port: (server.address() as { port: number }).port };
  }

  describe("to the gate", () => {
    test("is written to by the site's certificate, and not under another name", async () => {
      const made = makeCertificates();
      closers.push(() => made.remove());
      const ca = made.authority("gate-ca");
      const us = made.signed(ca, "gate", ["DNS:gate.example"]);
      const { coils, port } = await guarded(ca, made.signed(ca, "relay", ["IP:127.0.0.1"]));
      const access = { kind: "tls", ca: ca.cert, cert: us.cert, key: us.key } as const;
      expect(await actuatorOver(access, port).write(order(0), stop)).toEqual({ result: "accepted" });
      expect(coils.get(0)).toBe(false);
      const outcome = await actuatorOver({ ...access, name: "other.example" }, port).write(order(1), stop);
      expect(outcome).toMatchObject({ result: "again", detail: expect.stringContaining("other.example") });
      expect(coils.get(0)).toBe(false);
    });
  });
});

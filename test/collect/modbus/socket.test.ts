import { connect as connectTcp } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ModbusClient } from "../../../src/collect/modbus/client.ts";
import type { ModbusTransport, TlsAccess } from "../../../src/profiles/link.ts";
import { describeWith } from "../../setup/available.ts";
import { HOST, modbusServer, running } from "../fixture.ts";
import { type Certificates, type Identity, makeCertificates } from "./servers/certificates.ts";
import { PYMODBUS, pymodbus } from "./servers/programs.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const READ = { unit: 1, table: "holding", addr: 10, count: 2, timeoutMs: 5000, gapMs: 0 } as const;

async function connect(port: number, transport: ModbusTransport): Promise<ModbusClient> {
  const target = { host: HOST, port, transport, timeoutMs: 10_000, afterConnectMs: 0 };
  const client = await ModbusClient.connect(target, running());
  closers.push(() => client.close());
  return client;
}

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error("it did not fail"),
    (error: unknown) => error as Error,
  );

describeWith(PYMODBUS, "a Modbus client and pymodbus", () => {
  test.each(["tcp", "rtu"] as const)("speak over %s, with units that are there and one that is not", async (kind) => {
    const server = await pymodbus(kind);
    closers.push(() => server.stop());
    const client = await connect(server.port, { kind });
    expect((await client.read(READ)).words).toEqual([101, 111]);
    expect((await client.read({ ...READ, unit: 17, table: "input", count: 125 })).words.slice(-1)).toEqual([1357]);
    expect((await client.read({ ...READ, unit: 2, table: "coil", addr: 0, count: 5 })).words).toEqual([0, 0, 1, 0, 0]);
    expect((await client.read({ ...READ, table: "discrete", addr: 0, count: 9 })).words[1]).toBe(1);
    expect(await failure(client.read({ ...READ, addr: 999 }))).toMatchObject({ name: "ModbusException", code: 2 });
    expect(await failure(client.read({ ...READ, unit: 3, timeoutMs: 100 }))).toMatchObject({ kind: "silent" });
    expect((await client.read(READ)).words).toEqual([101, 111]);
    expect(client.usable).toBe(true);
  });
});

describeWith("openssl", "Modbus over TLS", () => {
  let made: Certificates;
  let ca: Identity;
  let device: Identity;
  let us: Identity;
  beforeAll(() => {
    made = makeCertificates();
    ca = made.authority("site-ca");
    device = made.signed(ca, "device", ["DNS:ups.example", "IP:127.0.0.1"]);
    us = made.signed(ca, "haechi", ["DNS:haechi.example"]);
  });
  afterAll(() => made.remove());

  const secure = (over: TlsAccess = {}): ModbusTransport => ({
    kind: "tls",
    ca: ca.cert,
    cert: us.cert,
    key: us.key,
    ...over,
  });

  /** A device that lets nobody read who has no certificate of the site's authority. */
  async function guarded(identity = device): Promise<number> {
    const plain = await modbusServer({ getHoldingRegister: (addr: number) => addr + 7 });
    const server = createTlsServer(
      { ca: ca.cert, cert: identity.cert, key: identity.key, requestCert: true, rejectUnauthorized: true },
      (socket) => {
        const inner = connectTcp(plain.port, HOST);
        for (const [from, to] of [
          [socket, inner],
          [inner, socket],
        ] as const) {
          from.on("error", () => to.destroy());
          from.pipe(to);
        }
      },
    );
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    closers.push(
      () => plain.close(),
      () => void server.close(),
    );
    return (server.address() as { port: number }).port;
  }

  test("is read by a client with a certificate of the site's authority", async () => {
    const port = await guarded();
    expect((await (await connect(port, secure())).read(READ)).words).toEqual([17, 18]);
    const named = await connect(port, secure({ name: "ups.example" }));
    expect((await named.read({ ...READ, count: 125 })).words).toHaveLength(125);
  });

  test("is not spoken to when its certificate is of another authority", async () => {
    const stranger = made.authority("another-ca");
    const error = await failure(connect(await guarded(), secure({ ca: stranger.cert })));
    expect(error).toMatchObject({ kind: "broken", asked: false, reason: "configuration" });
    expect(error.message).toContain("the device's certificate is not trusted");
  });

  test("is not spoken to when its certificate bears another name", async () => {
    const error = await failure(connect(await guarded(), secure({ name: "pdu.example" })));
    expect(error).toMatchObject({ kind: "broken", asked: false, reason: "configuration" });
    expect(error.message).toContain("the device's certificate bears another name");
  });

  test.each<[string, () => TlsAccess]>([
    ["without a certificate", () => ({ cert: undefined, key: undefined }) as unknown as TlsAccess],
    [
      "with a certificate of another authority",
      () => {
        const { cert, key } = made.signed(made.authority("strange-ca"), "stranger", ["DNS:stranger.example"]);
        return { cert, key };
      },
    ],
  ])("refuses a client %s, and that is said", async (_, access) => {
    const transport = Object.fromEntries(
      Object.entries(secure(access())).filter(([, value]) => value !== undefined),
    ) as ModbusTransport;
    const error = await failure(connect(await guarded(), transport).then((client) => client.read(READ)));
    expect(error).toMatchObject({ kind: "broken" });
    expect(error.message).toMatch(/TLS was refused: .*certificate|may not accept our certificate/);
  });

  test("is not tried with certificates that are none", async () => {
    const error = await failure(connect(await guarded(), secure({ cert: "no certificate" })));
    expect(error).toMatchObject({ kind: "broken", asked: false, reason: "configuration" });
    expect(error.message).toContain("certificates that cannot be used");
  });

  test("says that a device which speaks no TLS does not", async () => {
    const plain = await modbusServer({ getHoldingRegister: () => 1 });
    closers.push(() => plain.close());
    const target = { host: HOST, port: plain.port, transport: secure(), timeoutMs: 500, afterConnectMs: 0 };
    expect(await failure(ModbusClient.connect(target, running()))).toMatchObject({ kind: "broken", asked: false });
  });

  describe("of a server that is none of ours", () => {
    test("is read with a client's certificate", async () => {
      const server = await pymodbus("tls", [ca.certFile, device.certFile, device.keyFile]);
      closers.push(() => server.stop());
      const client = await connect(server.port, secure());
      expect((await client.read({ ...READ, unit: 17 })).words).toEqual([117, 127]);
    });
  });
});

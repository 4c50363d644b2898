import { spawn } from "node:child_process";
import { connect as connectTcp, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Collecting, openCollecting } from "../../../src/collect/index.ts";
import { ModbusClient } from "../../../src/collect/modbus/client.ts";
import type { DeviceLink } from "../../../src/profiles/link.ts";
import { describeWith } from "../../setup/available.ts";
import { locate } from "../../setup/locate.ts";
import {
  clockAt,
  device,
  exception,
  freePort,
  HOST,
  modbusPoint,
  modbusServer,
  type Peer,
  peer,
  reply,
  running,
} from "../fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const points = [modbusPoint("output.voltage", 0)];

/** Links to units of one endpoint, the first of which says at which port it is shared. */
function linksTo(port: number, share: number, units: readonly number[] = [1]): readonly DeviceLink[] {
  return units.map((unit, n) => {
    const link = device(`unit-${unit}`, port, points, { timeout: 300 });
    return { ...link, address: { ...link.address, unit, ...(n === 0 ? { share } : {}) } };
  });
}

async function shared(links: readonly DeviceLink[]): Promise<Collecting> {
  const collecting = await openCollecting({ links });
  closers.push(() => collecting.close());
  return collecting;
}

async function guest(port: number): Promise<ModbusClient> {
  const client = await ModbusClient.connect({ host: HOST, port, timeoutMs: 5000, afterConnectMs: 0 }, running());
  closers.push(() => client.close());
  return client;
}

const READ = { unit: 1, table: "holding", addr: 10, count: 2, timeoutMs: 5000, gapMs: 0 } as const;
const codeOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 0,
    (error: unknown) => (error as { code: number }).code,
  );

/** What a port answers to bytes as they stand. */
async function raw(port: number, bytes: Uint8Array, enough = 9): Promise<Buffer> {
  const socket: Socket = connectTcp(port, HOST);
  const chunks: Buffer[] = [];
  return await new Promise((resolve) => {
    const end = (): void => {
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= enough) end();
    });
    socket.once("close", end).once("error", end);
    socket.write(bytes);
  });
}

async function device1(answer: (request: Buffer, socket: Socket, number: number) => void): Promise<Peer> {
  const server = await peer(answer);
  closers.push(() => server.close());
  return server;
}

const words = (request: Buffer): number[] =>
  Array.from({ length: request.readUInt16BE(10) }, (_, n) => request.readUInt16BE(8) + n);

describe("a shared Modbus endpoint", () => {
  test("is read by others at its port, all four tables, as it is read directly", async () => {
    const server = await modbusServer({
      getHoldingRegister: (addr: number) => addr,
      getInputRegister: (addr: number) => addr + 1000,
      getCoil: (addr: number) => addr % 3 === 1,
      getDiscreteInput: (addr: number) => addr % 2 === 0,
    });
    closers.push(() => server.close());
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const client = await guest(share);
    const read = async (table: "holding" | "input" | "coil" | "discrete", count: number) =>
      (await client.read({ ...READ, table, count })).words;
    expect(await read("holding", 3)).toEqual([10, 11, 12]);
    expect(await read("input", 125)).toHaveLength(125);
    expect(await read("coil", 12)).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(await read("discrete", 3)).toEqual([1, 0, 1]);
  });

  test("takes one connection, by which the service polls and others read", async () => {
    const server = await device1((request, socket) => socket.write(reply(request, words(request))));
    const share = await freePort();
    const links = linksTo(server.port, share, [1, 2]);
    const collecting = await shared(links);
    const stop = new AbortController();
    let polled = 0;
    const run = collecting.collect(clockAt(), stop.signal, () => {
      polled += 1;
    });
    closers.push(async () => {
      stop.abort();
      await run;
    });
    const clients = await Promise.all([guest(share), guest(share), guest(share)]);
    await expect.poll(() => polled).toBeGreaterThan(4);
    for (let n = 0; n < 20; n += 1) {
      const reads = clients.map((client) => client.read({ ...READ, unit: 1 + (n % 2), addr: n }));
      expect((await Promise.all(reads)).map((answer) => answer.words[1])).toEqual([n + 1, n + 1, n + 1]);
    }
    expect(server.connections).toBe(1);
  });

  test.each([5, 6, 7, 8, 15, 16, 22, 23, 43, 0, 90])(
    "answers function %i with exception 1, and forwards nothing",
    async (code) => {
      const server = await device1((request, socket) => socket.write(reply(request, words(request))));
      const share = await freePort();
      await shared(linksTo(server.port, share));
      const answer = await raw(share, Buffer.from([0, 7, 0, 0, 0, 6, 1, code, 0, 1, 0, 1]));
      expect([...answer]).toEqual([0, 7, 0, 0, 0, 3, 1, code | 0x80, 1]);
      expect([...(await raw(share, Buffer.from([0, 8, 0, 0, 0, 2, 1, code])))].slice(-2)).toEqual([code | 0x80, 1]);
      expect(server.requests).toBe(0);
    },
  );

  test.each<[string, readonly number[], number]>([
    ["too many words", [1, 3, 0, 0, 0, 126], 3],
    ["no words", [1, 3, 0, 0, 0, 0], 3],
    ["half a request", [1, 3, 0, 0], 3],
    ["addresses past the last one", [1, 3, 0xff, 0xff, 0, 2], 2],
    ["a unit that the site does not have", [9, 3, 0, 0, 0, 1], 10],
  ])("does not forward a read of %s", async (_, body, code) => {
    const server = await device1((request, socket) => socket.write(reply(request, words(request))));
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const answer = await raw(share, Buffer.from([0, 1, 0, 0, 0, body.length, ...body]));
    expect([...answer].slice(-3)).toEqual([body[0], 0x83, code]);
    expect(server.requests).toBe(0);
  });

  test("hands on the device's own exceptions", async () => {
    const server = await device1((request, socket) => socket.write(exception(request, 4)));
    const share = await freePort();
    await shared(linksTo(server.port, share));
    expect(await codeOf((await guest(share)).read(READ))).toBe(4);
  });

  test("answers with exception 11 when the device is silent, or is not there at all", async () => {
    const share = await freePort();
    const silent = await device1(() => {});
    const collecting = await shared(linksTo(silent.port, share));
    expect(await codeOf((await guest(share)).read(READ))).toBe(11);
    await collecting.close();
    await shared(linksTo(await freePort(), share));
    expect(await codeOf((await guest(share)).read(READ))).toBe(11);
  });

  test("asks a silent unit no more for others while it is silent for us", async () => {
    const server = await device1((request, socket) => {
      if (request[6] === 1) socket.write(reply(request, words(request)));
    });
    const share = await freePort();
    const links = linksTo(server.port, share, [1, 2]);
    const collecting = await shared(links);
    const stop = new AbortController();
    const run = collecting.collect(clockAt(), stop.signal, () => {});
    closers.push(async () => {
      stop.abort();
      await run;
    });
    const client = await guest(share);
    await expect.poll(() => codeOf(client.read({ ...READ, unit: 2 }))).toBe(11);
    const codes = await Promise.all([1, 2, 3, 4].map(() => codeOf(client.read({ ...READ, unit: 2 }))));
    expect(codes).toEqual([11, 11, 11, 11]);
    expect((await client.read(READ)).words).toEqual([10, 11]);
  });

  test("tells a client that asks faster than it is answered that it is busy", async () => {
    const waiting: (() => void)[] = [];
    const server = await device1((request, socket) => {
      waiting.push(() => socket.write(reply(request, words(request))));
    });
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const request = (n: number): number[] => [0, n, 0, 0, 0, 6, 1, 3, 0, n, 0, 1];
    const answers = await raw(share, Buffer.from([1, 2, 3, 4, 5, 6].flatMap(request)), 18);
    expect([...answers]).toEqual([5, 6].flatMap((n) => [0, n, 0, 0, 0, 3, 1, 0x83, 6]));
  });

  test("lets a client go that does not speak Modbus, and serves the others", async () => {
    const server = await device1((request, socket) => socket.write(reply(request, words(request))));
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const client = await guest(share);
    expect(await raw(share, Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toHaveLength(0);
    expect((await client.read(READ)).words).toEqual([10, 11]);
  });

  test("lets eight clients in and no more", async () => {
    const server = await device1((request, socket) => socket.write(reply(request, words(request))));
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const clients = await Promise.all(Array.from({ length: 8 }, () => guest(share)));
    await Promise.all(clients.map((client) => client.read(READ)));
    const ninth = await guest(share);
    await expect(ninth.read(READ)).rejects.toMatchObject({ kind: "broken" });
    expect((await clients[0]!.read(READ)).words).toEqual([10, 11]);
  });

  test("cannot be shared at a port that is taken, and then nothing stays open", async () => {
    const taken = await device1(() => {});
    const share = await freePort();
    const first = linksTo(await freePort(), share);
    const second = linksTo(await freePort(), taken.port);
    await expect(openCollecting({ links: [...first, ...second] })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await shared(first);
  });

  test("is not reached from other machines", async () => {
    const share = await freePort();
    await shared(linksTo(await freePort(), share));
    const elsewhere = connectTcp(share, "127.0.0.2");
    const outcome = await new Promise((resolve) => {
      elsewhere.once("connect", () => resolve("connected")).once("error", ({ message }) => resolve(message));
    });
    elsewhere.destroy();
    expect(outcome).toContain("ECONNREFUSED");
  });
});

describeWith("mbpoll", "mbpoll at a shared port", () => {
  function mbpoll(port: number, ...args: readonly string[]): Promise<{ status: number | null; said: string }> {
    const child = spawn(locate("mbpoll")!, ["-0", "-1", "-o", "5", "-p", String(port), ...args]);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve) => child.once("close", (status) => resolve({ status, said })));
  }

  test("reads registers and coils, and has its writes refused", async () => {
    let writes = 0;
    const written = (): void => {
      writes += 1;
    };
    const server = await modbusServer({
      getHoldingRegister: (addr: number) => addr * 3,
      getCoil: (addr: number) => addr % 2 === 1,
      setRegister: written,
      setCoil: written,
    });
    closers.push(() => server.close());
    const share = await freePort();
    await shared(linksTo(server.port, share));
    const read = await mbpoll(share, "-t", "4", "-r", "100", "-c", "3", HOST);
    expect(read).toMatchObject({ status: 0 });
    expect(read.said).toMatch(/\[100\]:\s+300\s+\[101\]:\s+303\s+\[102\]:\s+306/);
    expect((await mbpoll(share, "-t", "0", "-r", "0", "-c", "2", HOST)).said).toMatch(/\[0\]:\s+0\s+\[1\]:\s+1/);
    for (const table of ["4", "0"]) {
      const write = await mbpoll(share, "-t", table, "-r", "1", HOST, "1");
      expect(write.status).not.toBe(0);
      expect(write.said).toContain("Illegal function");
    }
    expect(writes).toBe(0);
  });
});

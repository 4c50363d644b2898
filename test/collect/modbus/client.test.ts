import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { LineFault } from "../../../src/collect/line.ts";
import { ModbusClient, ModbusException, type ModbusRead } from "../../../src/collect/modbus/client.ts";
import { WAITING_MOST } from "../../../src/collect/modbus/queue.ts";
import { exception, freePort, HOST, modbusServer, type Peer, peer, reply, running } from "../fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const READ: ModbusRead = { unit: 1, table: "holding", addr: 10, count: 2, timeoutMs: 150, gapMs: 0 };

async function open(port: number): Promise<ModbusClient> {
  const client = await ModbusClient.connect({ host: HOST, port, timeoutMs: 1000, afterConnectMs: 0 }, running());
  closers.push(() => client.close());
  return client;
}

async function against(
  answer: (request: Buffer, socket: Socket, number: number) => void,
): Promise<[ModbusClient, Peer]> {
  const server = await peer(answer);
  closers.push(() => server.close());
  return [await open(server.port), server];
}

const failure = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => null,
    (error: unknown) => error,
  );

describe("a Modbus client and a real server", () => {
  test("read all four tables", async () => {
    const server = await modbusServer({
      getHoldingRegister: (addr: number) => addr,
      getInputRegister: (addr: number) => addr + 1000,
      getCoil: (addr: number) => addr % 2 === 1,
      getDiscreteInput: (addr: number) => addr % 2 === 0,
    });
    closers.push(() => server.close());
    const client = await open(server.port);
    const words = async (table: ModbusRead["table"]) => (await client.read({ ...READ, table, count: 3 })).words;
    expect(await words("holding")).toEqual([10, 11, 12]);
    expect(await words("input")).toEqual([1010, 1011, 1012]);
    expect(await words("coil")).toEqual([0, 1, 0]);
    expect(await words("discrete")).toEqual([1, 0, 1]);
  });

  test("read more than 256 times over one connection", async () => {
    const server = await modbusServer({ getHoldingRegister: (addr: number) => addr });
    closers.push(() => server.close());
    const client = await open(server.port);
    for (let read = 0; read < 300; read++) {
      expect((await client.read({ ...READ, addr: read, count: 1 })).words).toEqual([read]);
    }
  });
});

describe("a Modbus client", () => {
  test("puts its requests one after the other, whoever asks", async () => {
    let open = 0;
    let most = 0;
    const [client] = await against((request, socket) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        socket.write(reply(request, [request.readUInt16BE(8), 0]));
      });
    });
    const answers = await Promise.all([1, 2, 3].map((addr) => client.read({ ...READ, addr })));
    expect(answers.map(({ words }) => words[0])).toEqual([1, 2, 3]);
    expect(most).toBe(1);
  });

  test("gives a request up that is not answered in time, and discards the reply that comes too late", async () => {
    const late: (() => void)[] = [];
    const [client, server] = await against((request, socket, number) => {
      if (number === 1) late.push(() => socket.write(reply(request, [6, 6])));
      else {
        for (const say of late.splice(0)) say();
        socket.write(reply(request, [number, 0]));
      }
    });
    const error = await failure(client.read(READ));
    expect(error).toMatchObject({ kind: "silent", asked: true, message: "no answer in time" });
    expect((await client.read(READ)).words).toEqual([2, 0]);
    expect((await client.read(READ)).words).toEqual([3, 0]);
    expect(client.strays).toBe(1);
    expect(server.connections).toBe(1);
  });

  test("closes a connection on which three requests in a row brought nothing at all", async () => {
    const [client, server] = await against(() => {});
    const errors = await Promise.all([1, 2, 3, 4].map(() => failure(client.read({ ...READ, timeoutMs: 50 }))));
    expect(errors.slice(0, 3)).toMatchObject([{ kind: "silent" }, { kind: "silent" }, { kind: "silent" }]);
    expect(errors[3]).toMatchObject({ kind: "broken", asked: false, message: "no answer to 3 requests in a row" });
    expect(client.usable).toBe(false);
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  test("closes a connection on which a reply stops in its middle", async () => {
    const [client] = await against((request, socket) => socket.write(reply(request, [1, 2]).subarray(0, 10)));
    expect(await failure(client.read(READ))).toMatchObject({ kind: "silent", message: "no answer in time" });
    expect(client.usable).toBe(false);
  });

  test("does not number a request like one whose reply may still come", async () => {
    const held: Buffer[] = [];
    const numbers = new Set<number>();
    const [client] = await against((request, socket, number) => {
      numbers.add(request.readUInt16BE(0));
      if (number === 1) held.push(request);
      else socket.write(reply(request, [1]));
    });
    await failure(client.read({ ...READ, count: 1, timeoutMs: 20 }));
    for (let n = 0; n < 0x1_0000; n += 1) await client.read({ ...READ, count: 1, timeoutMs: 5000 });
    expect(numbers.size).toBe(0x1_0000);
    const last = await client.read({ ...READ, count: 1, timeoutMs: 5000 });
    expect(last.words).toEqual([1]);
    expect(held).toHaveLength(1);
  });

  test("refuses what is asked beyond its bound, and loses nothing of what waits", async () => {
    const [client] = await against((request, socket) => socket.write(reply(request, [1, 2])));
    const asked = Array.from({ length: WAITING_MOST + 10 }, () => client.read({ ...READ, timeoutMs: 5000 }));
    const results = await Promise.allSettled(asked);
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason as LineFault] : []));
    // One of them was in flight at once, and had left the queue.
    expect(refused).toHaveLength(9);
    expect(refused[0]).toMatchObject({ asked: false, message: `${WAITING_MOST} requests wait already` });
  });

  test("keeps the silence that a device wants after its answer", async () => {
    const at: number[] = [];
    const [client] = await against((request, socket) => {
      at.push(performance.now());
      socket.write(reply(request, [1, 2]));
    });
    await Promise.all([1, 2].map(() => client.read({ ...READ, timeoutMs: 5000, gapMs: 50 })));
    // The least that it can be on any machine; a busy one makes it longer.
    expect(at[1]! - at[0]!).toBeGreaterThan(45);
  });

  test("holds the deadline against a server that sends one byte at a time", async () => {
    const timers: NodeJS.Timeout[] = [];
    closers.push(() => timers.forEach(clearInterval));
    const [client] = await against((request, socket) => {
      const bytes = [...reply(request, [1, 2])];
      timers.push(
        setInterval(() => {
          const byte = bytes.shift();
          if (byte !== undefined && !socket.destroyed) socket.write(Buffer.of(byte));
        }, 40),
      );
    });
    expect(await failure(client.read(READ))).toMatchObject({ message: "no answer in time" });
  });

  test("takes an answer that came in time while the process itself had no time to look", async () => {
    const [client] = await against((request, socket) => {
      socket.write(reply(request, [1, 2]));
      const startMs = performance.now();
      while (performance.now() - startMs < 2 * READ.timeoutMs);
    });
    expect((await client.read(READ)).words).toEqual([1, 2]);
  });

  test("takes a reply that comes in single bytes, if it comes in time", async () => {
    const [client] = await against((request, socket) => {
      for (const byte of reply(request, [1, 2])) socket.write(Buffer.of(byte));
    });
    expect((await client.read({ ...READ, timeoutMs: 2000 })).words).toEqual([1, 2]);
  });

  test("takes a reply wherever it is split in two", async () => {
    const [client] = await against((request, socket, number) => {
      const frame = reply(request, [number, 2]);
      socket.write(frame.subarray(0, number), () => setImmediate(() => socket.write(frame.subarray(number))));
    });
    for (let at = 1; at < reply(Buffer.alloc(12), [1, 2]).length; at++) {
      expect((await client.read({ ...READ, timeoutMs: 5000 })).words).toEqual([at, 2]);
    }
    expect(client.strays).toBe(0);
  });

  test("does not take what came behind an answer for the answer to the request after it", async () => {
    const [client] = await against((request, socket, number) => {
      const forged = reply(request, [6, 6], { transaction: (request.readUInt16BE(0) + 1) & 0xffff });
      socket.write(Buffer.concat([reply(request, [number, 0]), number === 1 ? forged : Buffer.of()]));
    });
    // Both wait at once, so that the second goes out as soon as the first is answered.
    const answers = await Promise.all([client.read(READ), client.read(READ)]);
    expect(answers.map(({ words }) => words)).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(client.strays).toBe(1);
  });

  test("does not take for an answer what had begun to come before the request went out", async () => {
    let rest: Buffer = Buffer.of();
    const [client] = await against((request, socket, number) => {
      const forged = reply(request, [6, 6], { transaction: (request.readUInt16BE(0) + 1) & 0xffff });
      if (number === 1) {
        socket.write(Buffer.concat([reply(request, [1, 0]), forged.subarray(0, 10)]));
        rest = forged.subarray(10);
      } else socket.write(Buffer.concat([rest, reply(request, [2, 0])]));
    });
    expect((await client.read(READ)).words).toEqual([1, 0]);
    expect((await client.read(READ)).words).toEqual([2, 0]);
    expect(client.strays).toBe(1);
  });

  test("does not send what lies outside of a table, and says what a device would", async () => {
    const [client, server] = await against((request, socket) => socket.write(reply(request, [1, 2])));
    expect(await failure(client.read({ ...READ, addr: 0xffff }))).toMatchObject({ name: "ModbusException", code: 2 });
    expect(server.requests).toBe(0);
    expect((await client.read({ ...READ, addr: 0xfffe })).words).toEqual([1, 2]);
  });

  test.each<[string, Partial<ModbusRead>]>([
    ["more words than an answer holds", { count: 126 }],
    ["more bits than an answer holds", { table: "coil", count: 2001 }],
    ["nothing", { count: 0 }],
    ["a unit that has no number", { unit: 256 }],
  ])("takes it for a mistake of ours to ask for %s, and can be asked again", async (_, over) => {
    const [client] = await against((request, socket) => socket.write(reply(request, [1, 2])));
    expect(await failure(client.read({ ...READ, ...over }))).toMatchObject({ name: "AssertionError" });
    expect((await client.read(READ)).words).toEqual([1, 2]);
  });

  test("discards and counts a reply to another transaction, and takes the right one behind it", async () => {
    const [client] = await against((request, socket) => {
      const other = reply(request, [7, 7], { transaction: request.readUInt16BE(0) ^ 256 });
      socket.write(Buffer.concat([other, reply(request, [1, 2])]));
    });
    expect((await client.read(READ)).words).toEqual([1, 2]);
    expect(client.strays).toBe(1);
  });

  test("discards a second reply to the same request instead of giving it to the next", async () => {
    const [client] = await against((request, socket, number) => {
      if (number === 1) socket.write(Buffer.concat([reply(request, [1, 1]), reply(request, [9, 9])]));
      else socket.write(reply(request, [2, 2]));
    });
    expect((await client.read(READ)).words).toEqual([1, 1]);
    expect((await client.read(READ)).words).toEqual([2, 2]);
    expect(client.strays).toBe(1);
  });

  test.each<[string, (request: Buffer) => Buffer]>([
    ["another protocol", (request) => reply(request, [1, 2], { protocol: 0x1234 })],
    ["another unit", (request) => reply(request, [1, 2], { unit: 9 })],
    ["another function", (request) => reply(request, [1, 2], { code: 4 })],
    ["too few words", (request) => reply(request, [1])],
    ["too many words", (request) => reply(request, [1, 2, 3])],
    ["a byte count that is too short", (request) => reply(request, [1, 2], { bytes: 2 })],
    ["a byte count that is too long", (request) => reply(request, [1, 2], { bytes: 8 })],
    ["an exception that is too long", (request) => reply(request, [1], { code: 0x83 })],
    [
      "a frame longer than Modbus has",
      (request) => reply(request, Array.from<number>({ length: 200 }).fill(1), { bytes: 0 }),
    ],
    ["a length of nought", (request) => Buffer.concat([request.subarray(0, 4), Buffer.from([0, 0, 1, 3, 4])])],
  ])("takes no value from an answer with %s, and closes the connection", async (_, answer) => {
    const [client] = await against((request, socket) => socket.write(answer(request)));
    const error = await failure(client.read(READ));
    expect(error).toBeInstanceOf(LineFault);
    expect((error as LineFault).message).toContain("the device sent");
    expect(client.usable).toBe(false);
  });

  test.each<[string, (request: Buffer, socket: Socket) => void]>([
    ["half a frame and then the end", (request, socket) => socket.end(reply(request, [1, 2]).subarray(0, 10))],
    [
      "half a frame and then a reset",
      (request, socket) => {
        socket.write(reply(request, [1, 2]).subarray(0, 10), () => socket.resetAndDestroy());
      },
    ],
  ])("takes no value from %s, and does not wait for more", async (_, answer) => {
    const [client] = await against(answer);
    const error = await failure(client.read({ ...READ, timeoutMs: 60_000 }));
    expect(error).toMatchObject({ kind: "broken", asked: true });
    expect((error as Error).message).not.toContain("in time");
    expect(client.usable).toBe(false);
  });

  test("gives an exception by its code and keeps the connection", async () => {
    const [client] = await against((request, socket) => socket.write(exception(request, 2)));
    const error = await failure(client.read(READ));
    expect(error).toBeInstanceOf(ModbusException);
    expect((error as ModbusException).code).toBe(2);
    expect(client.usable).toBe(true);
  });

  test("knows a unit for silent that a gateway does not reach, until it answers", async () => {
    const [client] = await against((request, socket, number) => {
      socket.write(number === 1 ? exception(request, 11) : reply(request, [1, 2]));
    });
    expect(client.isSilent(READ.unit)).toBe(false);
    expect(await failure(client.read(READ))).toMatchObject({ code: 11 });
    expect(client.isSilent(READ.unit)).toBe(true);
    await client.read(READ);
    expect(client.isSilent(READ.unit)).toBe(false);
  });

  test("fails what waits when it is closed, and what is asked afterwards", async () => {
    const [client] = await against(() => {});
    const first = failure(client.read({ ...READ, timeoutMs: 60_000 }));
    const second = failure(client.read({ ...READ, timeoutMs: 60_000 }));
    await new Promise(setImmediate);
    client.close();
    expect(await first).toMatchObject({ kind: "broken" });
    expect(await second).toMatchObject({ kind: "broken", asked: false });
    expect(await failure(client.read(READ))).toMatchObject({ asked: false });
  });

  test("says that nothing listens, without having asked", async () => {
    const port = await freePort();
    const error = await failure(
      ModbusClient.connect({ host: HOST, port, timeoutMs: 1000, afterConnectMs: 0 }, running()),
    );
    expect(error).toMatchObject({ kind: "broken", asked: false });
    expect((error as Error).message).toContain("ECONNREFUSED");
  });

  test("gives up connecting when it is told to stop", async () => {
    const server = await peer(() => {});
    closers.push(() => server.close());
    const stop = new AbortController();
    const target = { host: HOST, port: server.port, timeoutMs: 60_000, afterConnectMs: 60_000 };
    const connecting = failure(ModbusClient.connect(target, stop.signal));
    await expect.poll(() => server.connections).toBe(1);
    stop.abort();
    expect(await connecting).toMatchObject({ kind: "broken" });
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

import type { Socket } from "node:net";
import fc from "fast-check";
import modbusSerial from "modbus-serial";
import { afterEach, expect, test } from "vitest";
import { Dice } from "../../../bench/damage.ts";
import { modbusLineCases, modbusTcpCases } from "../../../bench/fuzz-modbus.ts";
import { LineFault } from "../../../src/collect/line.ts";
import { ModbusClient, ModbusException, type ModbusRead } from "../../../src/collect/modbus/client.ts";
import type { ModbusTransport } from "../../../src/profiles/link.ts";
import { exception, HOST, modbusServer, peer, reply, rtuException, rtuReply, running } from "../fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Longer than any answer takes: every peer here answers, or ends the connection. */
const NEVER_MS = 20_000;

/** Five thousand connections, on a machine that has other things to do. */
const MOST_MS = 240_000;

const connect = (port: number): Promise<ModbusClient> =>
  ModbusClient.connect({ host: HOST, port, timeoutMs: NEVER_MS, afterConnectMs: 0 }, running());

/** One thing that happens to a reply on its way; `at` and `to` are taken modulo its length. */
type Damage = (stream: Buffer) => Buffer;
const place = fc.nat({ max: 0xffff });
const octet = fc.nat({ max: 0xff });
const damages: fc.Arbitrary<Damage> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, octet).map(
      ([at, to]): Damage =>
        (stream) =>
          overwritten(stream, at, [to]),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({ max: 240 }), octet).map(
      ([at, to]): Damage =>
        (stream) =>
          inData(stream, at, to),
    ),
  },
  // Where the fields stand is where damage tells.
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({ max: 8 }), octet).map(
      ([at, to]): Damage =>
        (stream) =>
          overwritten(stream, at, [to]),
    ),
  },
  {
    weight: 2,
    arbitrary: place.map(
      (at): Damage =>
        (stream) =>
          stream.subarray(0, at % (stream.length + 1)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 16 })).map(
      ([at, bytes]): Damage =>
        (stream) =>
          spliced(stream, at, 0, bytes),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.integer({ min: 1, max: 4 })).map(
      ([at, gone]): Damage =>
        (stream) =>
          spliced(stream, at, gone, Uint8Array.of()),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Damage>((stream) => Buffer.concat([stream, stream])) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 600 }).map(
      (bytes): Damage =>
        () =>
          Buffer.from(bytes),
    ),
  },
);

function overwritten(stream: Buffer, at: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(stream);
  for (const [i, byte] of bytes.entries()) if (copy.length > 0) copy[(at + i) % copy.length] = byte;
  return copy;
}

const inData = (stream: Buffer, at: number, to: number): Buffer =>
  stream.length > 9 ? overwritten(stream, 9 + (at % (stream.length - 9)), [to]) : stream;

function spliced(stream: Buffer, at: number, gone: number, bytes: Uint8Array): Buffer {
  const from = at % (stream.length + 1);
  return Buffer.concat([stream.subarray(0, from), bytes, stream.subarray(from + gone)]);
}

/**
 * What a stream says to a read, by the letter of the specification and not by the client's code:
 * frames one after the other, the first of this transaction being the answer, or no answer at all.
 */
function meaning(stream: Buffer, request: Buffer): string {
  for (let rest = stream; rest.length >= 6; rest = rest.subarray(6 + rest.readUInt16BE(4))) {
    const length = rest.readUInt16BE(4);
    if (rest.readUInt16BE(2) !== 0 || length < 3 || length > 254 || rest.length < 6 + length) return "nothing";
    if (rest.readUInt16BE(0) === request.readUInt16BE(0)) return answerIn(rest.subarray(6, 6 + length), request);
  }
  return "nothing";
}

function answerIn(body: Buffer, request: Buffer): string {
  const [unit, code, third] = body;
  if (unit !== request[6]) return "nothing";
  if (code === request[7]! + 128) return body.length === 3 ? `exception ${third}` : "nothing";
  const words = request.readUInt16BE(10);
  if (code !== request[7] || third !== words * 2 || body.length !== 3 + words * 2) return "nothing";
  return `words ${Array.from({ length: words }, (_, i) => body.readUInt16BE(3 + i * 2)).join(" ")}`;
}

const outcome = (answer: Promise<{ words: readonly number[] }>): Promise<string> =>
  answer.then(
    ({ words }) => `words ${words.join(" ")}`,
    (error: unknown) => {
      if (error instanceof ModbusException) return `exception ${error.code}`;
      if (error instanceof LineFault && !error.message.includes("in time")) return "nothing";
      throw error;
    },
  );

test(
  "a Modbus client takes from 5,000 damaged replies what they properly say, and from most of them nothing",
  async () => {
    let damaged: Damage = (stream) => stream;
    let expected = "";
    const server = await peer((request, socket: Socket) => {
      const stream = damaged(request);
      expected = meaning(stream, request);
      socket.end(stream);
    });
    closers.push(() => server.close());
    const told = new Map<string, number>();
    const read = fc.record({ unit: octet, addr: fc.nat({ max: 1000 }), count: fc.integer({ min: 1, max: 125 }) });
    const refused = fc.option(fc.integer({ min: 1, max: 11 }), { freq: 2 });
    const property = fc.asyncProperty(
      read,
      refused,
      fc.array(damages, { minLength: 1, maxLength: 3 }),
      async (asked, code, all) => {
        const words = Array.from({ length: asked.count }, (_, i) => (asked.addr * 7919 + i * 31) & 0xffff);
        damaged = (request) =>
          all.reduce((stream, damage) => damage(stream), code ? exception(request, code) : reply(request, words));
        const client = await connect(server.port);
        const got = await outcome(client.read({ ...asked, table: "holding", timeoutMs: NEVER_MS, gapMs: 0 }));
        client.close();
        const kind = got.split(" ")[0]!;
        told.set(kind, (told.get(kind) ?? 0) + 1);
        expect(got).toBe(expected);
      },
    );
    await fc.assert(property, { seed: 20_260_101, numRuns: 5_000, endOnFailure: true });
    // Damage to the data alone cannot be seen: Modbus TCP has no checksum of its own.
    expect(told.get("nothing")).toBeGreaterThan(2500);
    expect(told.get("words")).toBeGreaterThan(250);
    expect(told.get("exception")).toBeGreaterThan(250);
  },
  MOST_MS,
);

test("a Modbus client reads the same words as modbus-serial does, wherever and however many", async () => {
  const server = await modbusServer({
    getHoldingRegister: (addr: number) => (addr * 40_503) & 0xffff,
    getInputRegister: (addr: number) => (addr * 30_011 + 5) & 0xffff,
    getCoil: (addr: number) => (addr * 40_503) % 7 > 3,
    getDiscreteInput: (addr: number) => (addr * 30_011) % 5 > 1,
  });
  const ours = await connect(server.port);
  const other = new modbusSerial.default();
  await other.connectTCP(HOST, { port: server.port });
  other.setTimeout(NEVER_MS);
  closers.push(
    () => server.close(),
    () => new Promise<void>((closed) => other.close(() => closed())),
    () => ours.close(),
  );
  const reads: Record<ModbusRead["table"], (addr: number, count: number) => Promise<{ data: (number | boolean)[] }>> = {
    coil: (addr, count) => other.readCoils(addr, count),
    discrete: (addr, count) => other.readDiscreteInputs(addr, count),
    holding: (addr, count) => other.readHoldingRegisters(addr, count),
    input: (addr, count) => other.readInputRegisters(addr, count),
  };
  const asked = fc.record({
    table: fc.constantFrom("coil", "discrete", "holding", "input"),
    unit: fc.integer({ min: 1, max: 247 }),
    addr: fc.nat({ max: 0xffff - 125 }),
    count: fc.integer({ min: 1, max: 125 }),
  });
  const property = fc.asyncProperty(asked, async ({ table, unit, addr, count }) => {
    other.setID(unit);
    const theirs = (await reads[table](addr, count)).data.slice(0, count).map(Number);
    expect((await ours.read({ table, unit, addr, count, timeoutMs: NEVER_MS, gapMs: 0 })).words).toEqual(theirs);
  });
  await fc.assert(property, { seed: 7, numRuns: 300 });
});

test.each([
  ["TCP", modbusTcpCases, 30_000],
  ["a serial line", modbusLineCases, 30_000],
] as const)("the frames of %s are taken for what they say, however damaged", async (_, cases, count) => {
  const fuzzed = await cases(count, 7);
  expect(fuzzed).toMatchObject({ count, goodFromBad: 0, badFromGood: 0 });
  expect(fuzzed.answers).toBeGreaterThan(count / 5);
});

/** What a device may do instead of answering as it should; `held` is what it has kept back so far. */
type Trick = (answer: Buffer, held: Buffer[], dice: Dice) => Buffer;

const tricks: readonly Trick[] = [
  (answer) => Buffer.concat([answer, answer]),
  (answer, _, dice) => answer.subarray(0, dice.roll(answer.length)),
  (answer, _, dice) => Buffer.concat([answer, dice.bytes(1 + dice.roll(300))]),
  (_answer, _, dice) => dice.bytes(1 + dice.roll(40)),
  (answer, held) => {
    held.push(answer);
    return Buffer.alloc(0);
  },
];

/** Another unit's answer, and one to another transaction: over TCP, of which a serial line knows nothing. */
const forged: readonly Trick[] = [
  (answer) => Buffer.concat([answer.subarray(0, 6), Buffer.of(answer[6]! ^ 1), answer.subarray(7)]),
  (answer) => Buffer.concat([Buffer.of(answer[0]! ^ 0x80, answer[1]!), answer.subarray(2)]),
];

/** Reads of a device that plays tricks, while each of its answers bears the number of the request that it answers. */
async function tricked(kind: "tcp" | "rtu", reads: number): Promise<{ good: number; stale: number; bad: number }> {
  const dice = new Dice(11);
  const kept = new WeakMap<Socket, Buffer[]>();
  const tricksOf = kind === "tcp" ? [...tricks, ...forged] : tricks;
  const server = await peer((request, socket, number) => {
    // What comes in two pieces comes at once, and not when the first has been acknowledged.
    socket.setNoDelay(true);
    const words = Array.from<number>({ length: request.readUInt16BE(kind === "tcp" ? 10 : 4) }).fill(number);
    const hasTable = kind === "tcp" || request[1]! >= 3;
    const line = hasTable ? rtuReply(request, words) : rtuException(request, 1);
    const answer = kind === "tcp" ? reply(request, words) : line;
    const held = kept.get(socket) ?? [];
    kept.set(socket, held);
    // A device that is late is late with all that it says: what it has kept back goes first.
    const late = held.splice(0);
    const played = dice.roll(2) === 0 ? answer : tricksOf[dice.roll(tricksOf.length)]!(answer, held, dice);
    const isKept = held.length > 0;
    if (isKept) held.unshift(...late);
    const stream = isKept ? played : Buffer.concat([...late, played]);
    const at = dice.roll(stream.length + 1);
    socket.write(stream.subarray(0, at), () => socket.destroyed || socket.write(stream.subarray(at)));
  });
  closers.push(() => server.close());
  const transport: ModbusTransport = { kind };
  const target = { host: HOST, port: server.port, transport, timeoutMs: NEVER_MS, afterConnectMs: 0 };
  let client = await ModbusClient.connect(target, running());
  const told = { good: 0, stale: 0, bad: 0 };
  for (let n = 0; n < reads; n += 1) {
    if (!client.usable) client = await ModbusClient.connect(target, running());
    const before = server.requests;
    const read = { unit: 1 + dice.roll(3), table: "holding", addr: 0, count: 1 + dice.roll(2) } as const;
    await client.read({ ...read, timeoutMs: 15, gapMs: 0 }).then(
      ({ words }) => {
        told[words[0]! > before && words.length === read.count ? "good" : "stale"] += 1;
      },
      (error: unknown) => {
        if (!(error instanceof LineFault)) throw error;
        told.bad += 1;
      },
    );
  }
  client.close();
  return told;
}

test.each(["tcp", "rtu"] as const)(
  "a device that is late, doubled, cut short, merged, forged or mad gives no reading over %s that is not its answer",
  async (kind) => {
    const { good, stale, bad } = await tricked(kind, 300);
    expect(stale).toBe(0);
    expect(good).toBeGreaterThan(50);
    expect(bad).toBeGreaterThan(50);
  },
);

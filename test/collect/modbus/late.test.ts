import type { Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { LineFault } from "../../../src/collect/line.ts";
import { ModbusClient } from "../../../src/collect/modbus/client.ts";
import type { ModbusTransport } from "../../../src/profiles/link.ts";
import { HOST, type Peer, peer, reply, rtuReply, running } from "../fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Deadline of each read; delays reach to several of them. ms */
const TIMEOUT_MS = 12;
const LONGEST_DELAY_MS = 60;

/**
 * A device that answers each request with the number under which it came, after as long as it likes, but one after
 * the other as devices on a serial line do: an answer with an old number is an answer to an old request.
 */
async function slowDevice(delays: () => number, answer: typeof reply | typeof rtuReply): Promise<Peer> {
  let tail: Promise<void> = Promise.resolve();
  const server = await peer((request: Buffer, socket: Socket, number) => {
    const words = Array.from({ length: request.readUInt16BE(request.length === 8 ? 4 : 10) }, () => number);
    tail = tail.then(async () => {
      await new Promise((resolve) => setTimeout(resolve, delays()));
      if (!socket.destroyed) socket.write(answer(request, words));
    });
  });
  closers.push(() => server.close());
  return server;
}

async function tried(kind: "tcp" | "rtu", delays: readonly number[]): Promise<{ words: number; late: number }> {
  let turn = 0;
  const server = await slowDevice(() => delays[turn++ % delays.length]!, kind === "rtu" ? rtuReply : reply);
  const transport: ModbusTransport = { kind };
  const target = { host: HOST, port: server.port, transport, timeoutMs: 5000, afterConnectMs: 0 };
  let client = await ModbusClient.connect(target, running());
  const told = { words: 0, late: 0 };
  for (let n = 0; n < 12; n += 1) {
    if (!client.usable) client = await ModbusClient.connect(target, running());
    const before = server.requests;
    try {
      const { words } = await client.read({
        unit: 1,
        table: "holding",
        addr: 0,
        count: 2,
        timeoutMs: TIMEOUT_MS,
        gapMs: 0,
      });
      expect(words[0], "the number of a request that was sent for this read").toBeGreaterThan(before);
      told.words += 1;
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      told.late += 1;
    }
  }
  client.close();
  await server.close();
  return told;
}

describe.each(["tcp", "rtu"] as const)("over %s", (kind) => {
  test("a reply that comes too late is never taken for the answer to a later request", async () => {
    const all = { words: 0, late: 0 };
    const delay = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: LONGEST_DELAY_MS }));
    const property = fc.asyncProperty(fc.array(delay, { minLength: 3, maxLength: 12 }), async (delays) => {
      const { words, late } = await tried(kind, delays);
      all.words += words;
      all.late += late;
    });
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
    expect(all.words).toBeGreaterThan(20);
    expect(all.late).toBeGreaterThan(20);
  });
});

/**
 * Replies that come late, on a Modbus connection without a wire: the product's framing asks, gives
 * up and takes; a device of its own answers each request with the number under which it was asked,
 * in pieces, late, twice or never. An answer with another number than the request's is a breach.
 */
import type * as FramingModule from "../../src/collect/modbus/framing.ts";
import { chance } from "./chance.ts";

const readsMost = 40;
const functionHolding = 3;

/** What a seed's connection did wrong; null where it did nothing wrong. */
export function lateReplies({ TcpFraming }: typeof FramingModule, seed: number): string | null {
  const luck = chance(seed);
  const got: number[] = [];
  const framing = new TcpFraming({
    words: (words) => void got.push(words[0]!),
    exception: () => undefined,
    wrong: () => undefined,
    again: () => undefined,
  });
  /** Replies on their way, as the wire will bring them. */
  const owed: Buffer[] = [];
  const reads = luck.whole(3, readsMost);
  for (let number = 1; number <= reads; number += 1) {
    got.length = 0;
    const request = framing.ask({ unit: 1, table: "holding", addr: 0, count: 1 });
    owed.push(replyTo(request, number));
    if (luck.odds(0.1)) owed.push(replyTo(request, number));
    if (luck.odds(0.1)) owed.pop();
    // What comes before the deadline: some of what is on the way, the oldest first, cut anywhere.
    for (let n = luck.whole(0, owed.length); n > 0; n -= 1) {
      const reply = owed.shift()!;
      const cut = luck.odds(0.3) ? luck.whole(1, reply.length - 1) : reply.length;
      for (const piece of [reply.subarray(0, cut), reply.subarray(cut)]) {
        if (piece.length > 0 && framing.take(piece, piece.length) !== null) return null;
      }
    }
    if (got.length > 1) return `request ${number} was answered ${got.length} times`;
    if (got.length === 1 && got[0] !== number) return `request ${number} was given the answer to request ${got[0]}`;
    if (got.length === 0 && framing.giveUp() !== null) return null;
  }
  framing.close();
  return null;
}

/** A whole reply with one register: the number. */
function replyTo(request: Uint8Array, number: number): Buffer {
  const reply = Buffer.from([request[0]!, request[1]!, 0, 0, 0, 5, request[6]!, functionHolding, 2, 0, 0]);
  reply.writeUInt16BE(number, 9);
  return reply;
}

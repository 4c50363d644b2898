import type { ReadRequest } from "../src/collect/modbus/frame.ts";
import type { Asker, Framing } from "../src/collect/modbus/framing.ts";
import { TcpFraming } from "../src/collect/modbus/framing.ts";
import { RtuFraming } from "../src/collect/modbus/rtu.ts";
import { crcOf, Dice, damaged, meaningOnLine, meaningOverTcp, nothing, pieces } from "./damage.ts";
import type { Fuzzed } from "./fuzzed.ts";
import { Tally } from "./fuzzed.ts";

/** Serial lines that are tried side by side, so that one silence serves them all. */
const linesAtOnce = 5000;
const silenceMs = 2;

/** What a framing told last. */
class Ear implements Asker {
  told = nothing;
  words(words: readonly number[]): void {
    this.told = `words ${words.join(" ")}`;
  }
  exception(code: number): void {
    this.told = `exception ${code}`;
  }
  wrong(): void {
    this.told = nothing;
  }
  again(): void {
    this.told = "a question that was not asked";
  }
}

/** Damaged replies to a Modbus TCP client; a connection is used until it has to be closed. */
export async function modbusTcpCases(cases: number, seed: number): Promise<Fuzzed> {
  const dice = new Dice(seed);
  const tally = new Tally(nothing);
  const ear = new Ear();
  let framing = new TcpFraming(ear);
  for (let n = 0; n < cases; n += 1) {
    const request = Buffer.from(framing.ask(requestOf(dice)));
    const whole = replyTo(request, 6, dice);
    const stream = damaged(Buffer.concat([request.subarray(0, 4), Buffer.of(0, whole.length), whole]), dice);
    ear.told = nothing;
    const isBroken = heard(framing, stream, dice);
    tally.add(ear.told, meaningOverTcp(stream, request));
    // What is left over of a stream that was answered belongs to the next one only in the device's view.
    const isLeft = ear.told !== nothing && stream.length !== whole.length + 6;
    if (isBroken || isLeft || (ear.told === nothing && framing.giveUp() !== null)) framing = new TcpFraming(ear);
  }
  return tally.end();
}

/** Damaged replies on serial lines, each with a silence behind it. */
export async function modbusLineCases(cases: number, seed: number): Promise<Fuzzed> {
  const dice = new Dice(seed);
  const tally = new Tally(nothing);
  for (let done = 0; done < cases; done += linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, cases - done) }, () => lineCase(dice));
    await new Promise((resolve) => setTimeout(resolve, silenceMs * 2));
    for (const { ear, framing, truth } of lines) {
      tally.add(ear.told, truth);
      framing.close();
    }
  }
  return tally.end();
}

function lineCase(dice: Dice): { readonly ear: Ear; readonly framing: Framing; readonly truth: string } {
  const ear = new Ear();
  const framing = new RtuFraming(ear, silenceMs);
  const request = Buffer.from(framing.ask(requestOf(dice)));
  const whole = replyTo(request, 0, dice);
  const crc = crcOf(whole);
  const stream = damaged(Buffer.concat([whole, Buffer.of(crc & 0xff, crc >> 8)]), dice);
  heard(framing, stream, dice);
  return { ear, framing, truth: meaningOnLine(stream, request) };
}

/** Gives a stream to a framing as it comes; true when the connection cannot go on. */
function heard(framing: Framing, stream: Buffer, dice: Dice): boolean {
  for (const piece of pieces(stream, dice)) if (framing.take(piece, piece.length) !== null) return true;
  return false;
}

function requestOf(dice: Dice): ReadRequest {
  const table = dice.roll(2) === 0 ? "holding" : "input";
  return { unit: dice.roll(256), table, addr: dice.roll(1000), count: 1 + dice.roll(dice.roll(4) === 0 ? 125 : 8) };
}

/** What a sound device says to a request: its unit and function stand at `at`. Once in a while it is an exception. */
function replyTo(request: Buffer, at: number, dice: Dice): Buffer {
  const [unit, code] = [request[at]!, request[at + 1]!];
  if (dice.roll(4) === 0) return Buffer.of(unit, code | 0x80, 1 + dice.roll(11));
  const bytes = request.readUInt16BE(at + 4) * 2;
  return Buffer.concat([Buffer.of(unit, code, bytes), dice.bytes(bytes)]);
}

/** Faults of a Modbus device at its socket: an answer that comes late, half, byte by byte, under another's number, refused, or not at all. */
import type { Socket } from "node:net";
import type { Mishap } from "./faults.ts";

/** The MBAP header up to the unit id; the function code stands behind that. */
const headerBytes = 6;
const functionAt = 7;
const refused = 0x80;

/** Sends one whole frame as far as what befalls it lets it through. It must befall it at all. */
export function sendSpoiled(socket: Socket, frame: Buffer, mishap: Mishap): void {
  if (mishap.isReset) socket.resetAndDestroy();
  if (mishap.isReset || mishap.isLost) return;
  const bytes = spoiled(frame, mishap);
  const send = (): void => {
    if (mishap.pauseMs > 0) drip(socket, bytes, mishap.pauseMs);
    else socket.write(bytes);
  };
  if (mishap.delayMs === 0) send();
  else later(socket, mishap.delayMs, send);
}

/** Byte by byte. A second answer would get in between: the connection bears one at a time, and clients ask for one. */
function drip(socket: Socket, bytes: Buffer, pauseMs: number): void {
  socket.write(bytes.subarray(0, 1));
  if (bytes.length > 1) later(socket, pauseMs, () => drip(socket, bytes.subarray(1), pauseMs));
}

/** Nothing is sent to a connection that is gone by then, and no timer outlives one. */
function later(socket: Socket, waitMs: number, send: () => void): void {
  const end = (): void => {
    clearTimeout(timer);
    socket.off("close", end);
  };
  const timer = setTimeout(() => {
    end();
    if (!socket.destroyed) send();
  }, waitMs);
  socket.on("close", end);
}

function spoiled(frame: Buffer, { refusal, isOfAnother, isHalf }: Mishap): Buffer {
  const answer = refusal === null ? Buffer.from(frame) : exceptionTo(frame, refusal);
  if (isOfAnother) answer.writeUInt16BE((answer.readUInt16BE(0) + 1) & 0xffff, 0);
  return isHalf ? answer.subarray(0, answer.length >> 1) : answer;
}

/** The same question answered by an exception: a length of three, the function marked, the code. */
function exceptionTo(frame: Buffer, code: number): Buffer {
  const answer = Buffer.alloc(headerBytes + 3);
  frame.copy(answer, 0, 0, functionAt + 1);
  answer.writeUInt16BE(3, 4);
  answer[functionAt] = frame[functionAt]! | refused;
  answer[functionAt + 1] = code;
  return answer;
}

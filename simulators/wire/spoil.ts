/** Faults of a Modbus device at its socket: an answer that comes late, half, under another's number, refused, or not at all. */
import type { Server, Socket } from "node:net";
import type { ServerTCP } from "modbus-serial";
import type { Faults, Mishap } from "./faults.ts";

/** The MBAP header up to the unit id; the function code stands behind that. */
const headerBytes = 6;
const functionAt = 7;
const refused = 0x80;

/** Lets faults befall every answer of a server. It writes one whole frame for each, to the socket of its connection. */
export function spoilAnswers(server: ServerTCP, faults: Faults): void {
  // Before the library's own listener, so that all it writes goes this way.
  const { _server: listening } = server as unknown as { readonly _server: Server };
  listening.prependListener("connection", (socket) => spoilWrites(socket, faults));
}

function spoilWrites(socket: Socket, faults: Faults): void {
  const write: (frame: Buffer) => boolean = socket.write.bind(socket);
  const late = new Set<NodeJS.Timeout>();
  socket.once("close", () => {
    for (const timer of late) clearTimeout(timer);
  });
  const answer = (frame: Buffer): boolean => {
    const mishap = faults.next();
    if (mishap.isReset) socket.resetAndDestroy();
    if (mishap.isReset || mishap.isLost) return true;
    const bytes = spoiled(frame, mishap);
    if (mishap.delayMs === 0) return write(bytes);
    const timer = setTimeout(() => {
      late.delete(timer);
      write(bytes);
    }, mishap.delayMs);
    late.add(timer);
    return true;
  };
  socket.write = answer;
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

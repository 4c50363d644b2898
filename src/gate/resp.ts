/** Redis' own protocol (RESP 2), as far as a Sentinel needs it. What is read comes from elsewhere: it is bounded in size and depth. */
import { connect } from "node:net";

/** What a server replies. An error is a reply, too. */
export type RespReply = string | number | null | { readonly error: string } | readonly RespReply[];

/** No reply that is asked for here is longer. */
const repliesMaxBytes = 256 * 1024;
const itemsMax = 4096;
const depthMax = 4;

/** A command as it is sent. */
export const respCommand = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

/** The reply that begins at a place, and where the next begins; null where the rest is still to come. Throws where it is none. */
export function readReply(
  bytes: Buffer,
  at: number,
  depth = 0,
): { readonly reply: RespReply; readonly next: number } | null {
  if (depth > depthMax) throw new Error("a reply that is nested too deep");
  const end = bytes.indexOf("\r\n", at);
  if (end < 0) return null;
  const kind = String.fromCharCode(bytes[at] ?? 0);
  const line = bytes.toString("utf8", at + 1, end);
  const next = end + 2;
  switch (kind) {
    case "+":
      return { reply: line, next };
    case "-":
      return { reply: { error: line }, next };
    case ":":
      return { reply: countIn(line, Number.MAX_SAFE_INTEGER) ?? 0, next };
    case "$":
      return readBulk(bytes, next, countIn(line, repliesMaxBytes));
    case "*":
      return readArray(bytes, { at: next, count: countIn(line, itemsMax), depth });
    default:
      throw new Error("a reply of an unknown kind");
  }
}

function countIn(line: string, max: number): number | null {
  if (!/^-?\d{1,16}$/.test(line)) throw new Error("a count that is none");
  const count = Number(line);
  if (count > max) throw new Error("a reply that is too long");
  return count < 0 ? null : count;
}

function readBulk(bytes: Buffer, at: number, length: number | null): { reply: RespReply; next: number } | null {
  if (length === null) return { reply: null, next: at };
  if (bytes.length < at + length + 2) return null;
  return { reply: bytes.toString("utf8", at, at + length), next: at + length + 2 };
}

function readArray(
  bytes: Buffer,
  { at, count, depth }: { readonly at: number; readonly count: number | null; readonly depth: number },
): { reply: RespReply; next: number } | null {
  if (count === null) return { reply: null, next: at };
  const items: RespReply[] = [];
  let next = at;
  for (let i = 0; i < count; i += 1) {
    const item = readReply(bytes, next, depth + 1);
    if (item === null) return null;
    items.push(item.reply);
    next = item.next;
  }
  return { reply: items, next };
}

export interface RespServer {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Sends commands over a connection of their own, and gives the replies to all of them. Rejects where they do not come in time. */
export function askResp(
  { host, port, timeoutMs }: RespServer,
  commands: readonly (readonly string[])[],
  stop: AbortSignal,
): Promise<readonly RespReply[]> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) return reject(new Error("not asked any more"));
    const socket = connect({ host, port, signal: stop });
    const replies: RespReply[] = [];
    let heard: Buffer = Buffer.alloc(0);
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      socket.destroy();
      settle();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const deadline = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const take = (chunk: Buffer): void => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length > repliesMaxBytes) throw new Error("more replies than were asked for");
      for (let found = readReply(heard, 0); found !== null; found = readReply(heard, 0)) {
        replies.push(found.reply);
        heard = heard.subarray(found.next);
        if (replies.length === commands.length) return end(() => resolve(replies));
      }
    };
    socket.on("error", fail);
    socket.once("close", () => fail(new Error("the server closed the connection")));
    socket.on("data", (chunk) => {
      try {
        take(chunk);
      } catch (error) {
        fail(error as Error);
      }
    });
    socket.write(commands.map(respCommand).join(""));
  });
}

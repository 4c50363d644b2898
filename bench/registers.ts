/** A Modbus TCP server of next to no cost, in a process of its own: every register holds its address. */
import { createServer, type Socket } from "node:net";

const requestBytes = 12;
const headerBytes = 9;

/** What the process tells its parent when it listens. */
export interface Serving {
  readonly port: number;
}

function answer(request: Buffer): Buffer {
  const [addr, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
  const reply = Buffer.allocUnsafe(headerBytes + count * 2);
  request.copy(reply, 0, 0, headerBytes - 1);
  reply.writeUInt16BE(3 + count * 2, 4);
  reply.writeUInt8(count * 2, 8);
  for (let i = 0; i < count; i += 1) reply.writeUInt16BE((addr + i) & 0xffff, headerBytes + i * 2);
  return reply;
}

function serve(socket: Socket): void {
  socket.setNoDelay();
  // A client that is done resets its connections.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    // Clients have one request in flight, and twelve bytes are not split on loopback.
    for (let at = 0; at + requestBytes <= chunk.length; at += requestBytes) socket.write(answer(chunk.subarray(at)));
  });
}

if (process.send) {
  const server = createServer(serve);
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
    const address = server.address();
    if (typeof address === "object" && address) process.send?.({ port: address.port } satisfies Serving);
  });
  process.once("disconnect", () => process.exit());
}

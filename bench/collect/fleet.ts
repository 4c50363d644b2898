/**
 * Many Modbus TCP devices of next to no cost, each at an address of its own on the loopback, and what
 * takes what collectors send on; in a process of its own, so that none of it is counted with them. A
 * device may be good, mute, slow, or one that resets, by its number; some show a fire, and when.
 */
import { createSocket } from "node:dgram";
import { createServer as createHttp } from "node:http";
import { createServer, type Socket } from "node:net";

/** What is to be served. */
export interface FleetWanted {
  readonly devices: number;
  /** Of every hundred devices so many at the front of the count do not answer as they should: mute, slow, resetting in turn. */
  readonly illPercent: number;
}

/** Where it is served. */
export interface FleetAt {
  readonly port: number;
  readonly httpPort: number;
  readonly udpPort: number;
}

const requestBytes = 12;
const headerBytes = 9;
/** The slow ones take longer than collectors wait. */
const slowMs = 3000;
/** A fire lasts as long as the time without it. */
const firePeriodMs = 5000;
/** The register that shows the fire. All others hold a number that follows from their address. */
export const fireRegister = 999;

/** The address of a device by its number. */
export const hostOf = (n: number): string =>
  `127.${16 + (n >> 16)}.${(n >> 8) & 0xff}.${(n & 0xff) + 1}`.replace(/\.256$/, ".0");

/** Devices that do not answer as they should, spread over the fleet. */
export const isIll = (n: number, illPercent: number): boolean => (n * 37) % 100 < illPercent;

/** When a device's fire last began or ended, wall ms, and whether it burns. Known on both sides of the wire without a word. */
export function fireOf(n: number, nowMs: number): { readonly burns: boolean; readonly sinceMs: number } {
  const shifted = nowMs + ((n * 997) % firePeriodMs);
  const turn = Math.floor(shifted / firePeriodMs);
  return { burns: turn % 2 === 1, sinceMs: nowMs - (shifted - turn * firePeriodMs) };
}

/** A tenth of the registers change every second. */
function wordAt(addr: number, second: number): number {
  return (addr * 7 + (addr % 10 === 0 ? second : 0)) & 0x3ff;
}

function answer(request: Buffer, n: number): Buffer {
  const [addr, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
  const reply = Buffer.allocUnsafe(headerBytes + count * 2);
  request.copy(reply, 0, 0, headerBytes - 1);
  reply.writeUInt16BE(3 + count * 2, 4);
  reply.writeUInt8(count * 2, 8);
  const now = Date.now();
  const second = Math.floor(now / 1000);
  for (let i = 0; i < count; i += 1) reply.writeUInt16BE(wordAt(addr + i, second), headerBytes + i * 2);
  if (addr <= fireRegister && fireRegister < addr + count)
    reply.writeUInt16BE(fireOf(n, now).burns ? 1 : 0, headerBytes + (fireRegister - addr) * 2);
  return reply;
}

type Manner = "good" | "mute" | "slow" | "resets";
const ills: readonly Manner[] = ["mute", "slow", "resets"];

function serve(socket: Socket, n: number, manner: Manner): void {
  socket.setNoDelay();
  // A client that is done resets its connections.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    if (manner === "mute") return;
    if (manner === "resets") return void socket.resetAndDestroy();
    // Clients have one request in flight, and twelve bytes are not split on loopback.
    for (let at = 0; at + requestBytes <= chunk.length; at += requestBytes) {
      const reply = answer(chunk.subarray(at), n);
      if (manner === "slow") setTimeout(() => socket.destroyed || socket.write(reply), slowMs);
      else socket.write(reply);
    }
  });
}

const listening = (
  server: { listen(options: object, done: () => void): unknown; address(): unknown },
  options: object,
): Promise<number> =>
  new Promise((resolve) => void server.listen(options, () => resolve((server.address() as { port: number }).port)));

async function open({ devices, illPercent }: FleetWanted): Promise<FleetAt> {
  let port = 0;
  for (let n = 0; n < devices; n += 1) {
    const manner = isIll(n, illPercent) ? ills[n % ills.length]! : "good";
    port = await listening(
      createServer((socket) => serve(socket, n, manner)),
      { host: hostOf(n), port, backlog: 64 },
    );
  }
  const http = createHttp((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  const udp = createSocket("udp4");
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", () => resolve()));
  return { port, httpPort: await listening(http, { host: "127.0.0.1", port: 0 }), udpPort: udp.address().port };
}

if (process.send) {
  process.send(await open(JSON.parse(process.argv[2]!) as FleetWanted));
  process.once("disconnect", () => process.exit());
}

/**
 * Many Modbus TCP devices of next to no cost, each at an address of its own on the loopback, and what
 * takes what collectors send on, and counts what comes over UDP; in a process of its own, so that none
 * of it is counted with them. A device may be good, mute, slow, or one that resets, by its number; some
 * show a fire, and when.
 */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer, type Socket } from "node:net";
import { fireOf, fireRegister, hostOf, isIll } from "./plant.ts";

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

/** What has come over UDP since it was asked last. */
export interface FleetMark {
  readonly values: number;
}

const requestBytes = 12;
const headerBytes = 9;
/** As much as Linux gives to whoever asks. */
const udpBufferBytes = 4 * 1024 * 1024;
/** The slow ones take longer than collectors wait. */
const slowMs = 3000;
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

/** Fields of lines of line protocol: tags and instant are parted from them by a blank each. */
function valuesIn(text: string): number {
  let values = 0;
  for (const line of text.split("\n")) values += line === "" ? 0 : (line.split(" ")[1] ?? "").split(",").length;
  return values;
}

/** Datagrams that the kernel had no room for, on the sockets of a port. */
function droppedAt(port: number): number {
  const own = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/udp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(own))
    .reduce((sum, fields) => sum + Number(fields.at(-1)), 0);
}

/** Takes lines over UDP. What was dropped, because this process was late, counts as what came does on average. */
async function sink(): Promise<{ readonly port: number; readonly take: () => number }> {
  const udp = createSocket({ type: "udp4", recvBufferSize: udpBufferBytes });
  const counted = { values: 0, datagrams: 0, dropped: 0 };
  udp.on("message", (message) => {
    counted.values += valuesIn(message.toString("latin1"));
    counted.datagrams += 1;
  });
  await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", () => resolve()));
  const { port } = udp.address();
  return {
    port,
    take() {
      const dropped = droppedAt(port);
      const { values, datagrams } = counted;
      const lost = datagrams === 0 ? 0 : ((dropped - counted.dropped) * values) / datagrams;
      Object.assign(counted, { values: 0, datagrams: 0, dropped });
      return values + lost;
    },
  };
}

async function open({ devices, illPercent }: FleetWanted, udpPort: number): Promise<FleetAt> {
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
  return { port, httpPort: await listening(http, { host: "127.0.0.1", port: 0 }), udpPort };
}

if (process.send) {
  const { port, take } = await sink();
  process.send(await open(JSON.parse(process.argv[2]!) as FleetWanted, port));
  process.on("message", () => process.send?.({ values: take() } satisfies FleetMark));
  process.once("disconnect", () => process.exit());
}

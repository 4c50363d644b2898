import { createSocket } from "node:dgram";
import { connect, createServer, type Server } from "node:net";

/** What went over a wire to devices: how many requests, and by which function codes or PDU types. */
export interface Seen {
  readonly functions: Map<number, number>;
  /** Hears all that is passed on, either way, with the port of who says it and of who is meant. */
  readonly heard?: (from: number, to: number, bytes: Buffer) => void;
}

/** A tap on the way to one device, at a port of its own. */
export interface Tap {
  readonly port: number;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const HEADER_BYTES = 6;

const count = ({ functions }: Seen, code: number): void => void functions.set(code, (functions.get(code) ?? 0) + 1);

/** Passes Modbus TCP on, and notes the function code of every request. */
export async function tapModbus(port: number, seen: Seen): Promise<Tap> {
  const server = createServer((client) => {
    const device = connect({ host: HOST, port });
    let held = Buffer.alloc(0);
    const { remotePort = 0 } = client;
    client.on("data", (chunk: Buffer) => {
      seen.heard?.(remotePort, port, chunk);
      held = Buffer.concat([held, chunk]);
      while (held.length > HEADER_BYTES && held.length >= HEADER_BYTES + held.readUInt16BE(4)) {
        count(seen, held[HEADER_BYTES + 1]!);
        held = held.subarray(HEADER_BYTES + held.readUInt16BE(4));
      }
      device.write(chunk);
    });
    device.on("data", (chunk: Buffer) => {
      seen.heard?.(port, remotePort, chunk);
      client.write(chunk);
    });
    for (const [one, other] of [[client, device] as const, [device, client] as const]) {
      one.on("error", () => one.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, () => resolve()));
  return { port: portOf(server), close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** Passes SNMP on, and notes the type of every PDU that can be read; what is encrypted is noted as 0. */
export async function tapSnmp(port: number, seen: Seen): Promise<Tap> {
  const front = createSocket("udp4");
  const backs = new Map<number, ReturnType<typeof createSocket>>();
  front.on("message", (datagram, from) => {
    count(seen, pduOf(datagram));
    seen.heard?.(from.port, port, datagram);
    let back = backs.get(from.port);
    if (!back) {
      back = createSocket("udp4");
      back.on("message", (answer) => {
        seen.heard?.(port, from.port, answer);
        front.send(answer, from.port, from.address);
      });
      backs.set(from.port, back);
    }
    back.send(datagram, port, HOST);
  });
  await new Promise<void>((resolve) => front.bind(0, HOST, () => resolve()));
  return {
    port: front.address().port,
    async close() {
      for (const back of backs.values()) back.close();
      front.close();
    },
  };
}

/** The PDU's tag in a message of version 1 or 2c: behind the version and the community. */
function pduOf(datagram: Buffer): number {
  let at = datagram[1]! < 0x80 ? 2 : 2 + (datagram[1]! & 0x7f);
  if (datagram[at] !== 2 || datagram[at + 2] === 3) return 0;
  at += 2 + datagram[at + 1]!;
  return datagram[at + 2 + datagram[at + 1]!] ?? 0;
}

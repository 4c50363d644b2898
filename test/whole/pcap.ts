/**
 * A capture file of what went through taps, as if it had been caught on the wire: no right to capture is needed. The
 * file is classic pcap of bare IPv4 (link type 101); TCP segments and UDP datagrams carry the bytes that were passed on,
 * each connection with its opening and its sequence numbers. Checksums of IPv4 are right, those above are left out.
 */
import { closeSync, openSync, writeSync } from "node:fs";

/** One end of what was said: its port on the loopback. */
export interface Pcap {
  /** Bytes of one direction of a TCP connection, in the order in which they came. */
  segment(from: number, to: number, bytes: Buffer): void;
  datagram(from: number, to: number, bytes: Buffer): void;
  /** Packets that were written. */
  readonly packets: number;
  close(): void;
}

const fileHeader = Buffer.alloc(24);
fileHeader.writeUInt32LE(0xa1b2c3d4, 0);
fileHeader.writeUInt16LE(2, 4);
fileHeader.writeUInt16LE(4, 6);
fileHeader.writeUInt32LE(0x4_0000, 16);
fileHeader.writeUInt32LE(101, 20);

const loopback = 0x7f00_0001;
const protocols = { tcp: 6, udp: 17 } as const;
const flags = { syn: 0x02, synAck: 0x12, ack: 0x10, pushAck: 0x18 } as const;
/** What one IPv4 packet carries behind the headers. */
const segmentMost = 65_000;
/** Written in one go. */
const heldMost = 1024 * 1024;

/** Opens a file; packets are written some at a time. */
export function openPcap(file: string): Pcap {
  const fd = openSync(file, "w");
  const held: Buffer[] = [fileHeader];
  let heldBytes = fileHeader.length;
  let packets = 0;
  const sent = new Map<string, number>();
  const flush = (): void => {
    writeSync(fd, Buffer.concat(held.splice(0)));
    heldBytes = 0;
  };
  const put = (protocol: keyof typeof protocols, header: Buffer, bytes: Buffer): void => {
    const packet = Buffer.concat([
      recordHeader(20 + header.length + bytes.length),
      ipv4(protocol, header, bytes),
      header,
      bytes,
    ]);
    held.push(packet);
    heldBytes += packet.length;
    packets += 1;
    if (heldBytes > heldMost) flush();
  };
  const tcp = (from: number, to: number, flag: number, bytes: Buffer): void => {
    const [own, other] = [`${from}>${to}`, `${to}>${from}`];
    const header = tcpHeader([from, to], [sent.get(own) ?? 0, flag === flags.syn ? 0 : (sent.get(other) ?? 0)], flag);
    put("tcp", header, bytes);
    const isOpening = flag === flags.syn || flag === flags.synAck;
    sent.set(own, ((sent.get(own) ?? 0) + bytes.length + (isOpening ? 1 : 0)) >>> 0);
  };
  const open = (client: number, device: number): void => {
    tcp(client, device, flags.syn, Buffer.alloc(0));
    tcp(device, client, flags.synAck, Buffer.alloc(0));
    tcp(client, device, flags.ack, Buffer.alloc(0));
  };
  return {
    segment(from, to, bytes) {
      if (!sent.has(`${from}>${to}`)) open(from, to);
      for (let at = 0; at < bytes.length; at += segmentMost)
        tcp(from, to, flags.pushAck, bytes.subarray(at, at + segmentMost));
    },
    datagram(from, to, bytes) {
      const header = Buffer.alloc(8);
      header.writeUInt16BE(from, 0);
      header.writeUInt16BE(to, 2);
      header.writeUInt16BE(8 + bytes.length, 4);
      put("udp", header, bytes);
    },
    get packets() {
      return packets;
    },
    close() {
      flush();
      closeSync(fd);
    },
  };
}

function recordHeader(length: number): Buffer {
  const now = Date.now();
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Math.floor(now / 1000), 0);
  header.writeUInt32LE((now % 1000) * 1000, 4);
  header.writeUInt32LE(length, 8);
  header.writeUInt32LE(length, 12);
  return header;
}

function ipv4(protocol: keyof typeof protocols, header: Buffer, bytes: Buffer): Buffer {
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(20 + header.length + bytes.length, 2);
  ip[8] = 64;
  ip[9] = protocols[protocol];
  ip.writeUInt32BE(loopback, 12);
  ip.writeUInt32BE(loopback, 16);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += ip.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  ip.writeUInt16BE(~sum & 0xffff, 10);
  return ip;
}

function tcpHeader(
  [from, to]: readonly [number, number],
  [sequence, acknowledged]: readonly [number, number],
  flag: number,
): Buffer {
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(from, 0);
  tcp.writeUInt16BE(to, 2);
  tcp.writeUInt32BE(sequence, 4);
  tcp.writeUInt32BE(acknowledged, 8);
  tcp[12] = 0x50;
  tcp[13] = flag;
  tcp.writeUInt16BE(0xffff, 14);
  return tcp;
}

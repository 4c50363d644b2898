import { createSocket, type RemoteInfo, type Socket, type SocketType } from "node:dgram";
import { once } from "node:events";
import snmp from "net-snmp";
import { HOST } from "../fixture.ts";

/** A v1 or v2c GET, taken apart as far as a test agent needs. */
export interface Get {
  readonly datagram: Buffer;
  readonly version: number;
  readonly community: Buffer;
  readonly id: Buffer;
  /** GET is 0xa0, GETNEXT 0xa1, GETBULK 0xa5. */
  readonly type: number;
  /** How many objects behind each a GETBULK asks for. */
  readonly rows: number;
  readonly oids: readonly string[];
}

const GET_RESPONSE = 0xa2;
export const REPORT = 0xa8;

const tlv = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

function element(bytes: Buffer, at: number): { content: Buffer; end: number } {
  const first = bytes[at + 1]!;
  const more = first & 0x80 ? first & 0x7f : 0;
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  const start = at + 2 + more;
  return { content: bytes.subarray(start, start + length), end: start + length };
}

function elements(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { content, end } = element(bytes, at);
    found.push(content);
    at = end;
  }
  return found;
}

function oidText(bytes: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = numbers;
  return [Math.floor(first / 40), first % 40, ...rest].join(".");
}

function oidBytes(oid: string): Buffer {
  const [a = 0, b = 0, ...rest] = oid.split(".").map(Number);
  const base128 = (n: number): number[] => (n < 128 ? [n] : [...base128(n >>> 7).map((x) => x | 0x80), n & 0x7f]);
  return Buffer.from([a * 40 + b, ...rest.flatMap(base128)]);
}

export function parse(datagram: Buffer): Get {
  const message = element(datagram, 0).content;
  const [version, community, pdu] = elements(message);
  const [id, , rows, varbinds] = elements(pdu!);
  const oids = elements(varbinds!).map((varbind) => oidText(elements(varbind)[0]!));
  const type = message[message.length - pdu!.length - (pdu!.length < 128 ? 2 : 3)]!;
  return { datagram, version: version![0]!, community: community!, id: id!, type, rows: rows!.at(-1)!, oids };
}

/** The answer to a GET: an integer for each object, or an error status for the object at `index` (from 1). */
export function answer(
  get: Get,
  values: readonly number[],
  over: {
    type?: number;
    status?: number;
    index?: number;
    oids?: readonly string[];
    /** Whole elements in place of the values. */
    elements?: readonly Buffer[];
  } = {},
): Buffer {
  const varbinds = (over.oids ?? get.oids).map((oid, i) => {
    const value = over.elements?.[i] ?? (values[i] === undefined ? tlv(5) : tlv(2, Buffer.from([values[i]])));
    return tlv(0x30, tlv(6, oidBytes(oid)), value);
  });
  const pdu = tlv(
    over.type ?? GET_RESPONSE,
    tlv(2, get.id),
    tlv(2, Buffer.from([over.status ?? 0])),
    tlv(2, Buffer.from([over.index ?? 0])),
    tlv(0x30, ...varbinds),
  );
  return tlv(0x30, tlv(2, Buffer.from([get.version])), tlv(4, get.community), pdu);
}

/** Whether a request is one of version 3 that only wants to know the agent's engine. */
export function isDiscovery(datagram: Buffer): boolean {
  const [version, header] = elements(element(datagram, 0).content);
  return version![0] === 3 && (elements(header!)[2]![0]! & 1) === 0;
}

/** To an authenticated v3 request: a forged PDU without any protection. Null for one without, as in discovery. */
export function forged(datagram: Buffer, oid: string, type = GET_RESPONSE): Buffer | null {
  const [version, header, security] = elements(element(datagram, 0).content);
  const [messageId, , flags] = elements(header!);
  if ((flags![0]! & 1) === 0) return null;
  const [engine, boots, time, user] = elements(element(security!, 0).content);
  const pdu = tlv(
    type,
    tlv(2, messageId!),
    tlv(2, Buffer.from([0])),
    tlv(2, Buffer.from([0])),
    tlv(0x30, tlv(0x30, tlv(6, oidBytes(oid)), tlv(2, Buffer.from([99])))),
  );
  const model = [tlv(2, messageId!), tlv(2, Buffer.from([0, 0xff, 0xe3])), tlv(4, Buffer.of(0)), tlv(2, Buffer.of(3))];
  const plain = [tlv(4, engine!), tlv(2, boots!), tlv(2, time!), tlv(4, user!), tlv(4), tlv(4)];
  const scoped = tlv(0x30, tlv(4, engine!), tlv(4), pdu);
  return tlv(0x30, tlv(2, version!), tlv(0x30, ...model), tlv(4, tlv(0x30, ...plain)), scoped);
}

/** A UDP peer whose every datagram is answered by the test. */
export interface UdpPeer {
  readonly port: number;
  readonly socket: Socket;
  readonly seen: Get[];
  close(): Promise<void>;
}

export async function udpPeer(
  respond: (datagram: Buffer, from: RemoteInfo, send: (bytes: Buffer) => void) => void,
): Promise<UdpPeer> {
  const socket = createSocket("udp4");
  const seen: Get[] = [];
  socket.on("message", (datagram, from) => respond(datagram, from, (bytes) => socket.send(bytes, from.port, HOST)));
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  return { port: socket.address().port, socket, seen, close: () => closing(socket) };
}

/** Asks another agent in one's place, and hands its answer on. */
export function relay(datagram: Buffer, port: number, send: (bytes: Buffer) => void): void {
  const upstream = createSocket("udp4");
  upstream.on("message", (reply) => {
    send(reply);
    upstream.close();
  });
  upstream.send(datagram, port, HOST);
}

/** An agent for v1 and v2c whose every GET is answered by the test; null is silence. */
export async function agentThat(respond: (get: Get, number: number) => Buffer | null): Promise<UdpPeer> {
  const peer = await udpPeer((datagram, _from, send) => {
    const get = parse(datagram);
    peer.seen.push(get);
    const bytes = respond(get, peer.seen.length);
    if (bytes) send(bytes);
  });
  return peer;
}

const closing = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

export const USER = {
  name: "haechi",
  level: "authPriv",
  authProtocol: "sha",
  authKey: "authentication",
  privProtocol: "aes",
  privKey: "confidential",
} as const;

/** An agent of net-snmp's on a port, once it listens there, which it does not say by itself. */
export async function startedAgent(port: number): Promise<ReturnType<typeof snmp.createAgent>> {
  let listening: Promise<unknown> = Promise.resolve();
  const dgramModule = {
    createSocket(type: SocketType): Socket {
      const socket = createSocket(type);
      listening = once(socket, "listening");
      return socket;
    },
  };
  const agent = snmp.createAgent(
    { port, address: HOST, dgramModule } as Parameters<typeof snmp.createAgent>[0],
    () => {},
  );
  await listening;
  return agent;
}

/** A real net-snmp agent with one integer, 42, at {@link OID}.0; `port` 0 asks the system for one. */
export async function realAgent(port = 0): Promise<{ port: number; set(value: number): void; close(): Promise<void> }> {
  const probe = await udpPeer(() => {});
  const chosen = port === 0 ? probe.port : port;
  await probe.close();
  const agent = await startedAgent(chosen);
  agent.getAuthorizer().addCommunity("public");
  agent.getAuthorizer().addUser({
    name: USER.name,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha,
    authKey: USER.authKey,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: USER.privKey,
  });
  agent.registerProvider({
    name: "charge",
    type: snmp.MibProviderType.Scalar,
    oid: OID,
    scalarType: snmp.ObjectType.Integer,
    maxAccess: snmp.MaxAccess["read-only"],
  });
  const set = (value: number): void => agent.getMib().setScalarValue("charge", value);
  set(42);
  return { port: chosen, set, close: () => new Promise((resolve) => agent.close(() => resolve())) };
}

export const OID = "1.3.6.1.4.1.55555.1";

export const COLUMN = `${OID}.9.1.4`;
export const GET = 0xa0;
export const GETNEXT = 0xa1;
export const GETBULK = 0xa5;

/** As an agent with one column whose rows, in order, have these indices; each holds 1. It has one more object behind them. */
export function tableAnswer(request: Get, rows: readonly string[]): Buffer {
  const objects = [...rows.map((row) => `${COLUMN}.${row}`), `${OID}.9.1.5.1`];
  if (request.type === GET)
    return answer(
      request,
      request.oids.map((oid) => (objects.includes(oid) ? 1 : 0)),
    );
  const asked = request.oids[0]!;
  const from = asked.startsWith(`${COLUMN}.`) ? objects.indexOf(asked) + 1 : 0;
  const oids = objects.slice(from, from + (request.type === GETBULK ? request.rows : 1));
  return answer(
    request,
    oids.map(() => 1),
    { oids },
  );
}

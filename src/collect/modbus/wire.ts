/**
 * What carries Modbus: a TCP connection, a TLS connection or a serial port, each as a stream of
 * bytes. What the bytes mean is told by a framing; when to send them, by the client.
 */
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from "node:tls";
import { type DeviceAddress, type ModbusTransport, plainTcp, type TlsAccess, tlsOptions } from "../../profiles/link.ts";
import { LineFault } from "../line.ts";
import { openSerial } from "./serial.ts";

/** First keep-alive probe of an idle connection: well within the minute after which firewalls start to forget. */
const KEEP_ALIVE_MS = 15_000;
/** Bytes taken from the system at once: the longest frame and a stray one before it. */
const CHUNK_BYTES = 520;

/** Where to connect, and how. */
export interface ModbusTarget {
  readonly host: string;
  readonly port: number;
  /** Default: plain TCP. */
  readonly transport?: ModbusTransport;
  /** Real milliseconds in which the connection must stand. */
  readonly timeoutMs: number;
  /** Silence kept after connecting. */
  readonly afterConnectMs: number;
}

/** Something that bytes can be sent over. */
export interface Wire {
  readonly writable: boolean;
  write(bytes: Uint8Array): unknown;
  destroy(): unknown;
}

/** Who is told what comes in. */
export interface WireEnd {
  /** The first `length` bytes of `chunk` came; they are written over afterwards. False stops the flow. */
  receive(chunk: Uint8Array, length: number): boolean;
  /** Nothing more will come, for this reason. May be called more than once. */
  ended(reason: string): void;
}

/** Opens the way to a target; rejects with a {@link LineFault} when that fails, takes too long or `stop` aborts. */
export function openWire(target: ModbusTarget, end: WireEnd, stop: AbortSignal): Promise<Wire> {
  const { transport = plainTcp } = target;
  if (transport.kind === "serial") return openSerial(target.host, transport, end, stop);
  return transport.kind === "tls" ? openTls(target, transport, end, stop) : openTcp(target, end, stop);
}

/** The one name of a target: who uses the same shares a connection. */
export const wireKey = ({ host, port, transport = plainTcp }: Omit<DeviceAddress, "unit">): string =>
  `${transport.kind} ${host} ${port}`;

async function openTcp({ host, port, timeoutMs }: ModbusTarget, end: WireEnd, stop: AbortSignal): Promise<Wire> {
  const callback = (length: number, chunk: Uint8Array): boolean => end.receive(chunk, length);
  const onread = { buffer: new Uint8Array(CHUNK_BYTES), callback };
  const keep = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  const socket = connect({ host, port, ...keep, onread });
  listened(socket, end, () => "closed by the device");
  return await opened(socket, { event: "connect", timeoutMs, reasonOf: plainly }, stop);
}

async function openTls(target: ModbusTarget, access: TlsAccess, end: WireEnd, stop: AbortSignal): Promise<Wire> {
  const socket = tlsSocket(tlsOptions(target, access));
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  let isHeard = false;
  socket.on("data", (chunk: Buffer) => {
    isHeard = true;
    end.receive(chunk, chunk.length);
  });
  // Many do not say that they refuse a client, and just let it go once it has shown its certificate.
  const unheard = "closed by the device before it answered: it may not accept our certificate";
  listened(socket, end, () => (isHeard ? "closed by the device" : unheard));
  const how = { event: "secureConnect", timeoutMs: target.timeoutMs, reasonOf: refusalOf };
  return await opened(socket, how, stop);
}

/** A certificate or key that is none is told when it is used. */
function tlsSocket(options: ConnectionOptions): TLSSocket {
  try {
    return tlsConnect(options);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new LineFault("broken", `certificates that cannot be used: ${words}`, configuration);
  }
}

function listened(socket: Socket, end: WireEnd, closing: () => string): void {
  socket.on("error", (error) => end.ended(refusalOf(error).message));
  socket.on("end", () => end.ended(closing()));
  socket.on("close", () => end.ended(closing()));
}

const configuration = { asked: false, reason: "configuration" } as const;

const plainly = (error: Error): LineFault => new LineFault("broken", error.message, { asked: false });

/** What went wrong with a connection, in words; what only people can set right is of the configuration. */
function refusalOf(error: NodeJS.ErrnoException & { readonly reason?: string }): LineFault {
  const { code = "", message, reason = message } = error;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code.startsWith("ERR_TLS_CERT"))
    return new LineFault("broken", `the device's certificate bears another name: ${message}`, configuration);
  if (/^(ERR_SSL_|ERR_TLS|EPROTO)/.test(code))
    return new LineFault("broken", `TLS was refused: ${reason}`, configuration);
  if (/CERT|SIGNATURE|CRL|ISSUER|CA_/.test(code))
    return new LineFault("broken", `the device's certificate is not trusted: ${message}`, configuration);
  return plainly(error);
}

interface Opening {
  readonly event: string;
  readonly timeoutMs: number;
  readonly reasonOf: (error: Error) => LineFault;
}

function opened(socket: Socket, { event, timeoutMs, reasonOf }: Opening, stop: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = (fault: LineFault | null): void => {
      clearTimeout(deadline);
      stop.removeEventListener("abort", stopped);
      socket.off(event, done).off("error", failed).off("close", gone);
      if (fault === null) return resolve(socket);
      socket.destroy();
      reject(fault);
    };
    const because = (reason: string) => (): void => settle(new LineFault("broken", reason, { asked: false }));
    const done = (): void => settle(null);
    const failed = (error: Error): void => settle(reasonOf(error));
    const stopped = because("stopped");
    const gone = because("closed by the device");
    const deadline = setTimeout(because("no connection in time"), timeoutMs);
    socket.once(event, done).once("error", failed).once("close", gone);
    stop.addEventListener("abort", stopped, { once: true });
    if (stop.aborted) stopped();
  });
}

/** TCP and TLS connections as wires, and what went wrong with them in words. */
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from "node:tls";
import { type TlsAccess, tlsOptions } from "../../profiles/link.ts";
import { LineFault } from "../line.ts";
import type { ModbusTarget, Wire, WireEnd } from "./wire.ts";

/** First keep-alive probe of an idle connection: well within the minute after which firewalls start to forget. */
const KEEP_ALIVE_MS = 15_000;
/** Bytes taken from the system at once: the longest frame and a stray one before it. */
const CHUNK_BYTES = 520;

/** Opens a TCP connection; rejects with a {@link LineFault}. */
export async function openTcp({ host, port, timeoutMs }: ModbusTarget, end: WireEnd, stop: AbortSignal): Promise<Wire> {
  const callback = (length: number, chunk: Uint8Array): boolean => end.receive(chunk, length);
  const onread = { buffer: new Uint8Array(CHUNK_BYTES), callback };
  const keep = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  const socket = connect({ host, port, ...keep, onread });
  listened(socket, end, () => "closed by the device");
  return await opened(socket, { event: "connect", timeoutMs, reasonOf: plainly }, stop);
}

/** Opens a TLS connection, each end with its certificate; rejects with a {@link LineFault}. */
export async function openTls(target: ModbusTarget, access: TlsAccess, end: WireEnd, stop: AbortSignal): Promise<Wire> {
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

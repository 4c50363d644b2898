/**
 * The datagram socket that net-snmp is given. A datagram from elsewhere than the agent is dropped,
 * and whatever the library's listener throws over one (a Report PDU in a v2c session makes it a
 * TypeError) stays in here: no single datagram can end the process.
 */
import { createSocket, type RemoteInfo, type Socket, type SocketType } from "node:dgram";

type Listener = (datagram: Buffer, from: RemoteInfo) => void;

/** What the owner of a guarded socket decides and is told. */
export interface DatagramGuard {
  /** Whether a datagram from there may be the agent's. */
  accepts(from: RemoteInfo): boolean;
  /** The library could not take a datagram; the request that it answered gets no answer. */
  failed(error: unknown): void;
}

/** The part of node:dgram that net-snmp asks for (its `dgramModule` option). */
export const guardedDgram = (guard: DatagramGuard): { createSocket(type: SocketType): GuardedSocket } => ({
  createSocket: (type) => new GuardedSocket(createSocket(type), guard),
});

/** The part of a datagram socket that net-snmp uses. */
class GuardedSocket {
  readonly #socket: Socket;
  readonly #guard: DatagramGuard;

  constructor(socket: Socket, guard: DatagramGuard) {
    this.#socket = socket;
    this.#guard = guard;
  }

  on(event: string, listener: Listener): this {
    if (event === "message") this.#socket.on("message", this.#guarded(listener));
    else this.#socket.on(event, listener);
    return this;
  }

  send(...args: [Buffer, number, number, number, string, (error: Error | null) => void]): void {
    this.#socket.send(...args);
  }

  bind(port?: number, address?: string): void {
    this.#socket.bind(port, address);
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#socket.close();
  }

  #guarded(take: Listener): Listener {
    return (datagram, from) => {
      if (!this.#guard.accepts(from)) return;
      try {
        take(datagram, from);
      } catch (error) {
        this.#guard.failed(error);
      }
    };
  }
}

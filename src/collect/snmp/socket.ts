/**
 * The UDP sockets that all agents are asked through: one for each family of addresses, because a
 * thousand agents need no thousand descriptors and answers that come together are taken together.
 * An answer finds its request by its number; whether it is from the agent is the request's to judge.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { LineFault } from "../line.ts";
import { numberIn } from "./community.ts";
import { idAfter } from "./pdu.ts";

/** Room for the answers of many agents while the process is busy; the system may give less. */
const RECEIVE_BYTES = 1_048_576;
/** Numbers are those of requests in flight, of which there are far fewer than numbers. */
const NUMBERS = 0x7fff_ffff;

export type Family = "udp4" | "udp6";

/** Someone who waits for a datagram with a certain number. */
export interface Awaiting {
  take(datagram: Buffer, from: RemoteInfo, number: number): void;
  /** The socket has failed, and nothing will come. */
  fail(fault: LineFault): void;
}

export class SharedSocket {
  /** Datagrams that answered nothing in flight: noise, answers come late, copies of answers taken. */
  strays = 0;
  readonly #socket: Socket;
  readonly #awaiting = new Map<number, Awaiting>();
  #number = Math.floor(Math.random() * NUMBERS);
  #usable = true;

  private constructor(family: Family) {
    // What is sent to is an address already; node would have the system look it up for every datagram.
    const lookup = (address: string, _options: object, done: (error: null, address: string, family: number) => void) =>
      done(null, address, family === "udp6" ? 6 : 4);
    this.#socket = createSocket({ type: family, lookup });
    this.#socket.on("message", (datagram, from) => this.#receive(datagram, from));
  }

  /** Rejects with a {@link LineFault} when the system gives no socket. */
  static open(family: Family): Promise<SharedSocket> {
    const shared = new SharedSocket(family);
    const socket = shared.#socket;
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        reject(new LineFault("broken", error.message, { asked: false }));
        shared.#fail(error);
      };
      socket.on("error", failed);
      socket.bind(0, () => {
        try {
          socket.setRecvBufferSize(RECEIVE_BYTES);
          resolve(shared);
        } catch (error) {
          failed(error as Error);
        }
      });
    });
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** A number for a request, by which its answer will be known, until it is forgotten. */
  await(awaiting: Awaiting): number {
    do this.#number = idAfter(this.#number);
    while (this.#awaiting.has(this.#number));
    this.#awaiting.set(this.#number, awaiting);
    return this.#number;
  }

  forget(number: number): void {
    this.#awaiting.delete(number);
  }

  /** `done` is told how the system took it. */
  send(
    datagram: Buffer,
    to: { readonly address: string; readonly port: number },
    done: (error: Error | null) => void,
  ): void {
    this.#socket.send(datagram, 0, datagram.length, to.port, to.address, done);
  }

  close(): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.#socket.close();
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const number = numberIn(datagram);
    const awaiting = number === null ? undefined : this.#awaiting.get(number);
    if (awaiting) awaiting.take(datagram, from, number!);
    else this.strays += 1;
  }

  #fail(error: Error): void {
    this.close();
    for (const awaiting of new Set(this.#awaiting.values())) awaiting.fail(new LineFault("broken", error.message));
  }
}

/** One agent's use of a shared socket. */
export interface SocketUse {
  readonly socket: SharedSocket;
  /** Gives the socket back; its last user closes it. May be called twice. */
  release(): void;
}

interface Held {
  readonly opening: Promise<SharedSocket>;
  socket: SharedSocket | null;
  users: number;
}

const held = new Map<Family, Held>();

/** The process's socket of a family, opened if need be. Rejects with a {@link LineFault}. */
export async function acquireSocket(family: Family): Promise<SocketUse> {
  const shared = sound(family) ?? opened(family);
  shared.users += 1;
  try {
    const socket = await shared.opening;
    return { socket, release: releaser(family, shared) };
  } catch (error) {
    forget(family, shared);
    throw error;
  }
}

function sound(family: Family): Held | null {
  const shared = held.get(family);
  return shared && (shared.socket === null || shared.socket.usable) ? shared : null;
}

function opened(family: Family): Held {
  const opening = SharedSocket.open(family).then((socket) => {
    shared.socket = socket;
    return socket;
  });
  const shared: Held = { opening, socket: null, users: 0 };
  held.set(family, shared);
  return shared;
}

function releaser(family: Family, shared: Held): () => void {
  let using = true;
  return () => {
    if (!using) return;
    using = false;
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.socket?.close();
    forget(family, shared);
  };
}

function forget(family: Family, shared: Held): void {
  if (held.get(family) === shared) held.delete(family);
}
